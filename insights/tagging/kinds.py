"""Which kind of note a text looks like, proposed by tell-tale words.

A proposal for the form, never a verdict: the person may choose otherwise. The words were chosen by
hand and stand in ``tell_tales.json``, which devices are given as well. A phrase counts once,
wherever it stands, and stands on word boundaries in the folded text (``insights.text.fold``). A
phrase ending in ``*`` stands for every word that begins so.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from insights.text import fold

NoteKind = Literal["competitor", "preference", "challenge", "opportunity"]


def _read() -> dict[NoteKind, tuple[str, ...]]:
    source = Path(__file__).with_name("tell_tales.json").read_text(encoding="utf-8")
    return {kind: tuple(phrases) for kind, phrases in json.loads(source).items()}


# By kind, in the order in which equal counts are decided: a challenge needs an answer soonest.
TELL_TALES: Mapping[NoteKind, tuple[str, ...]] = MappingProxyType(_read())


def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first, so that "would like" is one tell-tale and not the same as "like".
    ordered = sorted(phrases, key=len, reverse=True)
    alternatives = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in ordered)
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


_PATTERNS = {kind: _pattern(phrases) for kind, phrases in TELL_TALES.items()}


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
