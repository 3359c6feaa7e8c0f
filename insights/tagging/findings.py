"""What a guard-rail finds in a text, and the text with it masked.

A mask says what stood there and nothing of it, but for the last four digits of a card, by which
its owner still knows which one was meant. All masks are in brackets, which belong to no finding, so
that a masked text can be looked at again and nothing of the kind is left in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from insights.text import fold

E_MAIL, PHONE, CARD, NATIONAL_ID = "e-mail", "phone", "card", "national-id"
_MASKS = {E_MAIL: "[e-mail]", PHONE: "[phone]", NATIONAL_ID: "[id number]"}
_WORD_MASK = "[…]"
_SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """``text[start:end]`` is what `key` names: one of the constants above, or ``word:FORM``."""

    key: str
    start: int
    end: int


def masked(text: str, findings: Sequence[Finding]) -> str:
    """The text with a mask in place of each finding; of overlapping ones the first gives the mask.

    The findings are those of this text, in any order.
    """
    pieces: list[str] = []
    done = 0
    for one in sorted(findings, key=lambda finding: (finding.start, -finding.end)):
        if one.start >= done:
            pieces += (text[done : one.start], _mask(text, one))
        done = max(done, one.end)
    return "".join((*pieces, text[done:]))


def _mask(text: str, finding: Finding) -> str:
    if finding.key != CARD:
        return _MASKS.get(finding.key, _WORD_MASK)
    digits = [one for one in fold(text[finding.start : finding.end]) if "0" <= one <= "9"]
    return f"[card …{''.join(digits[-_SHOWN_DIGITS:])}]"
