"""What the guard-rails found in a text, as a form shows it: each kind once, with the way on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.models import GuardAction
from insights.services import guard_rails
from insights.services.guard_rails import Rule
from insights.tagging.findings import Finding, masked
from insights.text import clean, shorten

EXCERPT_LENGTH = 60
# The value of the button that masks whatever was found.
EVERYTHING = "all"
ASKED = "acknowledged"
QUESTION = "Something in the text should not be there. Mask it, or say that it goes as it is."


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One rule and how the text meets it: first with `excerpt`, for which `mask` can stand.

    `blocked`: not even who confirms it can send it; `acknowledged`: the person has confirmed it.
    """

    key: str
    title: str
    advice: str
    excerpt: str
    mask: str
    count: int
    blocked: bool
    acknowledged: bool


def shown_findings(
    session: Session, text: str, *, acknowledged: Collection[str] = (), former: str = ""
) -> list[ShownFinding]:
    """What is found in a text as it was typed, what keeps it from being sent first.

    What `former`, the text before a change, held already is left out.
    """
    rails, stored = guard_rails.current(session), clean(text)
    found: dict[str, list[Finding]] = {}
    for one in guard_rails.new_findings(rails, stored, former):
        found.setdefault(one.key, []).append(one)
    rows = [
        _shown(rails.rule(key), stored, several, acknowledged) for key, several in found.items()
    ]
    return sorted(rows, key=lambda row: not row.blocked)


def _shown(
    rule: Rule, text: str, found: Sequence[Finding], acknowledged: Collection[str]
) -> ShownFinding:
    first = found[0]
    excerpt = text[first.start : first.end]
    return ShownFinding(
        key=rule.key,
        title=rule.title,
        advice=rule.advice,
        excerpt=shorten(excerpt, EXCERPT_LENGTH),
        mask=masked(excerpt, [Finding(rule.key, 0, len(excerpt))]),
        count=len(found),
        blocked=rule.action is GuardAction.BLOCK,
        acknowledged=rule.key in acknowledged,
    )


def with_question(errors: Mapping[str, str]) -> Mapping[str, str]:
    """The sentences of a form with a short one about what was found: the form tells all of it."""
    return {**errors, ASKED: QUESTION} if ASKED in errors else errors


def masked_text(session: Session, text: str, wanted: str, *, former: str = "") -> str:
    """The typed text, clean, with masks for what is found of the key `wanted`, or for all of it."""
    stored = clean(text)
    found = guard_rails.new_findings(guard_rails.current(session), stored, former)
    return masked(stored, [one for one in found if wanted in (one.key, EVERYTHING)])
