"""Which kind of note a text looks like, proposed by tell-tale words.

A proposal for the form, never a verdict: the person may choose otherwise. The words below were
chosen by hand; a phrase counts once, wherever it stands, and stands on word boundaries in the
folded text (``insights.text.fold``). A phrase ending in ``*`` stands for every word that begins so.
"""

import re
from typing import Literal

from insights.text import fold

NoteKind = Literal["competitor", "preference", "challenge", "opportunity"]

# In the order in which equal counts are decided: a challenge needs an answer soonest.
_TELL_TALES: dict[NoteKind, tuple[str, ...]] = {
    "challenge": (
        "angry", "at risk", "breaks", "broke", "broken", "bug", "bugs", "cancel*", "cannot",
        "can't", "churn*", "complain*", "confus*", "crash*", "delay*", "difficult*", "disappoint*",
        "downtime", "error*", "fail*", "frustrat*", "hard to", "issue", "issues", "late",
        "missing", "never works", "not happy", "not working", "outage*", "overcharg*", "pain",
        "problem*", "refus*", "shortage*", "slow", "stolen", "struggl*", "theft*", "too expensive",
        "unhappy", "unreliable", "upset", "won't work", "worr*", "wrong",
    ),
    "opportunity": (
        "acquir*", "add locations", "budget", "contract ends", "contract is up", "cross-sell*",
        "demo", "evaluat*", "expand*", "expansion", "expires", "grow", "growing", "hiring",
        "in the market", "interested in", "keen", "lead", "looking for", "looking to",
        "new building", "new location*", "new office*", "new site*", "new store*", "opening",
        "open to", "opportunit*", "pilot", "proposal", "ready to buy", "renewal*", "rfi", "rfp",
        "tender", "trial", "up for grabs", "upgrad*", "upsell*", "wants a quote",
    ),
    "competitor": (
        "beat our", "cheaper than", "competing", "competition", "competitive", "competitor*",
        "instead of us", "is offering", "lost the deal", "lost to", "matched our", "poach*",
        "price match", "rival*", "switched from", "switched to", "switching from", "switching to",
        "their offer", "their price*", "their rep*", "they offer*", "undercut*", "won the deal",
    ),
    "preference": (
        "favour*", "favor", "favorite", "important to", "insist*", "like", "likes", "love",
        "loves", "must have", "nice to have", "prefer*", "rather", "request*", "want", "wants",
        "wish*", "would like", "would love", "would rather",
    ),
}  # fmt: skip


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first, so that "would like" is one tell-tale and not the same as "like".
    ordered = sorted(phrases, key=len, reverse=True)
    alternatives = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in ordered)
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


_PATTERNS = {kind: _pattern(phrases) for kind, phrases in _TELL_TALES.items()}


def guess_kind(text: str, *, names_competitor: bool) -> NoteKind:
    """The kind with the most different tell-tale phrases in the text.

    ``names_competitor`` says that the dictionary found a competitor in it, which counts as one
    phrase for ``competitor``. Equal counts go to ``competitor`` if one is named, then to the
    first of challenge, opportunity, competitor, preference. A text without any tell-tale is a
    ``competitor`` note if it names one, otherwise a ``preference``. Deterministic, linear in the
    text.
    """
    folded = fold(text)
    counts = {kind: len(set(found.findall(folded))) for kind, found in _PATTERNS.items()}
    fallback: NoteKind = "competitor" if names_competitor else "preference"
    counts["competitor"] += names_competitor
    most = max(counts.values())
    if counts[fallback] == most and (names_competitor or most == 0):
        return fallback
    return next(kind for kind, count in counts.items() if count == most)
