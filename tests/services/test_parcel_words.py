"""What a message says of its contents."""

from datetime import date

from insights.services import parcel_words
from insights.services.digests import MOST_SIGHTED, Digest
from tests.integrations.cards import card, trend


def lead(trends: int, sighted: int, unanswered: int = 0) -> str:
    seen = tuple(card("They cut the price") for _ in range(sighted))
    monday = date(2026, 3, 9)
    digest = Digest("Southeast", monday, (trend(),) * trends, seen, (), unanswered)
    return parcel_words.digest_lead(digest)


def test_a_digest_counts_what_there_is() -> None:
    assert lead(1, 2, 3) == (
        "1 trend emerged, 2 notes were seen by others too and 3 notes wait for an answer."
    )


def test_a_part_that_is_cut_short_is_not_counted_as_though_it_were_all() -> None:
    assert lead(0, MOST_SIGHTED) == "At least 5 notes were seen by others too."
