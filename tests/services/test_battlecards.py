"""Battlecards: who sees which lines, on what they rest, and how fresh they are."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import NotFound
from insights.models import Audience, CardSection, LineType
from insights.services import (
    battlecard_lines,
    battlecards,
    competitors,
    notes,
    shelf_lives,
    sightings,
)
from insights.services.access import Actor
from insights.services.battlecards import LineView
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ACME, IONFIELD, NOW
from tests.services.battlecard_lines import added
from tests.services.outcomes import EVERYONE

DAY = timedelta(days=1)


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    return characters.analyst


def texts(session: Session, reader: Actor) -> list[str]:
    """What the reader finds on the card of Ionfield."""
    card = battlecards.card(session, reader, IONFIELD, now=NOW)
    return [line.text for line in card.lines]


def read(session: Session, reader: Actor, line: LineView, *, days: int = 0) -> LineView:
    """The line as it reads some days later."""
    return battlecards.line(session, reader, line.id, now=NOW + days * DAY)


class TestSight:
    def test_everyone_reads_what_rests_on_open_notes(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        added(session, characters.analyst, "Open", note_ids=[note_id])
        added(session, characters.analyst, "Unproved")
        found = {name: texts(session, one) for name, one in vars(characters).items()}
        assert found == {name: ["Open", "Unproved"] for name in EVERYONE}

    def test_a_sealed_note_seals_the_line_everywhere(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.owner, "Ionfield", audience=Audience.SEALED)
        line = added(session, characters.analyst, "Secret", note_ids=[sealed])
        seen = {"owner", "analyst", "manager", "admin"}
        for name, actor in vars(characters).items():
            assert texts(session, actor) == (["Secret"] if name in seen else [])
            if name in seen:
                assert read(session, actor, line).text == "Secret"
            else:
                with pytest.raises(NotFound):
                    read(session, actor, line)

    def test_what_is_sealed_is_not_counted_among_the_archived(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.stranger, "Ionfield", audience=Audience.SEALED)
        line = added(session, characters.analyst, note_ids=[sealed])
        battlecard_lines.archive_line(session, characters.analyst, line_id=line.id, now=NOW)
        counts = {
            name: battlecards.count_archived(session, actor, IONFIELD)
            for name, actor in vars(characters).items()
        }
        assert {name for name, count in counts.items() if count} == {"stranger", "analyst", "admin"}
        listed = battlecards.archived(session, characters.manager, IONFIELD, limit=9, now=NOW)
        assert listed == []

    def test_sealing_a_note_later_seals_the_line_and_withdrawing_it_hides_the_note(
        self, session: Session, characters: Characters
    ) -> None:
        owner, member = characters.owner, characters.member
        first, second = (posted(session, owner, text) for text in ("Ionfield 1", "Ionfield 2"))
        line = added(session, characters.analyst, note_ids=[first, second])
        notes.withdraw(session, owner, second, reason="", within=DAY, now=NOW)
        assert [one.note_id for one in read(session, member, line).citations] == [first]
        notes.edit(session, owner, first, {"audience": Audience.SEALED}, now=NOW)
        assert texts(session, member) == []

    def test_the_card_of_a_merged_competitor_is_that_of_the_other_one(
        self, session: Session, analyst: Actor
    ) -> None:
        added(session, analyst, "Theirs", competitor_id=ACME)
        added(session, analyst, "Ours")
        competitors.merge(session, analyst, now=NOW, slug="ionfield", into="acme-telecom")
        assert texts(session, analyst) == ["Theirs", "Ours"]
        competitors.part(session, analyst, now=NOW, slug="ionfield")
        assert texts(session, analyst) == ["Ours"]


class TestTheCard:
    def test_has_its_sections_in_order_and_counts_what_is_stale(
        self, session: Session, analyst: Actor
    ) -> None:
        added(session, analyst, "40 a month", section=CardSection.PRICING)
        added(session, analyst, "Fast", section=CardSection.OBJECTIONS, reply="So are we")
        added(session, analyst, "Local people", section=CardSection.HOW_WE_WIN)
        card = battlecards.card(session, analyst, IONFIELD, now=NOW + 31 * DAY)
        assert [one.title for one in card.sections] == [
            "Facts",
            "How we win",
            "Objections and answers",
            "Pricing seen",
        ]
        assert [len(one.lines) for one in card.sections] == [0, 1, 1, 1]
        assert card.stale == 1
        assert card.sections[3].lines[0].type is LineType.PRICE

    def test_takes_the_same_queries_however_many_lines(
        self, database: Database, characters: Characters, count_queries: Counter
    ) -> None:
        def asked() -> int:
            with database.reading() as session, count_queries(database) as statements:
                battlecards.card(session, characters.member, IONFIELD, now=NOW)
            return len(statements)

        with database.writing() as session:
            added(session, characters.analyst)
        few = asked()
        with database.writing() as session:
            for number in range(9):
                note_id = posted(session, characters.owner, f"Ionfield {number}")
                added(session, characters.analyst, f"Line {number}", note_ids=[note_id])
        assert asked() == few


class TestFreshness:
    def test_of_a_line_without_notes_is_its_own_age(self, session: Session, analyst: Actor) -> None:
        fresh = read(session, analyst, added(session, analyst), days=3).freshness
        assert (fresh.days, fresh.stale, fresh.shelf) == (3, False, 120)
        assert fresh.words == "written 3 days ago, no note yet"

    def test_of_a_line_is_that_of_its_newest_note_and_where_it_was_heard(
        self, session: Session, characters: Characters
    ) -> None:
        old = posted(session, characters.stranger, "Ionfield", now=NOW - 90 * DAY)
        new = posted(session, characters.owner, "Ionfield", now=NOW - 12 * DAY)
        line = added(session, characters.analyst, note_ids=[old, new])
        assert line.freshness.words == "last seen 12 days ago in Georgia"
        assert [one.note_id for one in line.citations] == [new, old]

    def test_is_renewed_by_who_has_seen_it_too(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield", now=NOW - 90 * DAY)
        line = added(session, characters.analyst, note_ids=[note_id])
        sightings.add(session, characters.member, note_id, now=NOW - DAY)
        line = read(session, characters.analyst, line)
        assert line.freshness.words == "last seen 1 day ago in Florida"
        assert line.citations[0].sightings == 1

    def test_ends_with_the_days_of_its_type_or_its_own(
        self, session: Session, analyst: Actor
    ) -> None:
        price = added(session, analyst, section=CardSection.PRICING)
        own = added(session, analyst, section=CardSection.PRICING, shelf_days=60)
        assert not read(session, analyst, price, days=30).freshness.stale
        words = read(session, analyst, price, days=45).freshness.words
        assert words == "stale: nothing new for 45 days; price lines hold for 30"
        assert not read(session, analyst, own, days=45).freshness.stale
        shelf_lives.change(session, analyst, type=LineType.PRICE, days=50, now=NOW)
        assert not read(session, analyst, price, days=45).freshness.stale


def test_a_line_that_never_was_is_not_found(session: Session, analyst: Actor) -> None:
    for number in (0, 99, 10**30):
        with pytest.raises(NotFound):
            battlecards.line(session, analyst, number, now=NOW)


def test_archived_lines_come_in_pages(session: Session, analyst: Actor) -> None:
    ids = [added(session, analyst, f"Line {number}").id for number in range(3)]
    for one in ids:
        battlecard_lines.archive_line(session, analyst, line_id=one, now=NOW)
    first = battlecards.archived(session, analyst, IONFIELD, limit=2, now=NOW)
    rest = battlecards.archived(session, analyst, IONFIELD, limit=2, after=first[-1].id, now=NOW)
    assert [one.id for one in (*first, *rest)] == ids[::-1]
    assert texts(session, analyst) == []


def test_citations_say_who_where_and_when(session: Session, characters: Characters) -> None:
    note_id: UUID = posted(session, characters.owner, "Ionfield " + "x" * 600)
    (cited,) = added(session, characters.analyst, note_ids=[note_id]).citations
    assert (cited.author_name, cited.place.name, len(cited.text)) == (
        "Olivia Owner",
        "Georgia",
        400,
    )
    assert (cited.noted_at, cited.newest_at, cited.sealed) == (NOW, NOW, False)
