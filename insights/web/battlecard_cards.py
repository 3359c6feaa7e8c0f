"""Battlecards as templates show them: where each deed leads, and what a form holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from insights.errors import Invalid
from insights.models import CardSection, LineType
from insights.services.battlecards import SECTIONS, LineView

TYPES: Mapping[LineType, str] = {
    LineType.PRICE: "Prices",
    LineType.PEOPLE: "People",
    LineType.PRODUCT: "Their product",
    LineType.OTHER: "Something else",
}
# What to write, beside an empty section and in its form.
HINTS: Mapping[CardSection, str] = {
    CardSection.FACTS: "What is known for certain: sizes, regions, products, people.",
    CardSection.HOW_WE_WIN: "What has won against them, and where they are weak.",
    CardSection.OBJECTIONS: "What customers say in their favour, and what we answer.",
    CardSection.PRICING: "Prices and discounts that somebody has seen.",
}
FIELDS = ("section", "type", "text", "reply", "shelf_days", "version")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str


def sections() -> Sequence[Option]:
    """The sections as a select takes them."""
    return [Option(one.value, label) for one, label in SECTIONS.items()]


def types() -> Sequence[Option]:
    """The types as a select takes them."""
    return [Option(one.value, label) for one, label in TYPES.items()]


def asked_section(word: str) -> CardSection:
    """The section of that name; facts for what is none."""
    return CardSection(word) if word in set(CardSection) else CardSection.FACTS


def asked_type(word: str) -> LineType | None:
    """The type of that name; None for what is none."""
    return LineType(word) if word in set(LineType) else None


def shelf_days(sent: str) -> int | None:
    """The days of a form's field, None when it was left blank; raises Invalid(shelf_days)."""
    if not sent.strip():
        return None
    if not (sent.strip().isascii() and sent.strip().isdigit() and len(sent.strip()) < 6):
        message = "Give a whole number of days, or leave it empty."
        raise Invalid({"shelf_days": [message]})
    return int(sent)


def sent_fields() -> dict[str, str]:
    """The fields of a line's form as they were sent; those that were not are empty."""
    return {name: request.form.get(name, "") for name in FIELDS}


def as_sent(line: LineView) -> dict[str, str]:
    """What stands in the form of a line at first."""
    return {
        "section": line.section.value,
        "type": line.type.value,
        "text": line.text,
        "reply": line.reply,
        "shelf_days": "" if line.shelf_days is None else str(line.shelf_days),
        "version": str(line.version),
    }
