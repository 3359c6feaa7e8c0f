"""Notes as they are listed: who sees which, by which filter, on which page, at what cost."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import NotFound
from insights.models import Audience, Kind, Territory
from insights.services import catalogue, comments, note_cards, notes, sightings
from insights.services.access import Actor
from insights.services.note_cards import CardPage, NoteFilter, Position, list_notes
from tests.drafts import draft, posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    ACME,
    FIBRE_ONE,
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    IONFIELD,
    MEMBER,
    MERCY,
    NEVADA,
    NOW,
    SOUTHEAST,
    TRUCKING,
    WEST,
)

Shelf = dict[str, UUID]


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def shelf(session: Session, characters: Characters) -> Shelf:
    """Four notes, the oldest first; the last one is sealed."""
    owner, member, stranger = characters.owner, characters.member, characters.stranger
    kinds = {"georgia": Kind.CHALLENGE, "florida": Kind.PREFERENCE, "nevada": Kind.OPPORTUNITY}
    return {
        "georgia": posted(session, owner, "Acme", now=days_ago(3), account_id=MERCY,
                          kind=kinds["georgia"]),
        "florida": posted(session, member, "F1", now=days_ago(2), kind=kinds["florida"]),
        "nevada": posted(session, stranger, "Trucking", now=days_ago(1), kind=kinds["nevada"]),
        "sealed": posted(session, owner, "Ionfield", now=NOW, kind=Kind.CHALLENGE,
                         audience=Audience.SEALED),
    }  # fmt: skip


def seen(page: CardPage, shelf: Shelf) -> list[str]:
    names = {note_id: name for name, note_id in shelf.items()}
    return [names[card.id] for card in page.cards]


class TestWhoSees:
    @pytest.mark.parametrize("name", ["owner", "analyst", "manager", "admin"])
    def test_author_manager_analyst_and_admin_see_a_sealed_note(
        self, session: Session, characters: Characters, shelf: Shelf, name: str
    ) -> None:
        page = list_notes(session, getattr(characters, name))
        assert seen(page, shelf) == ["sealed", "nevada", "florida", "georgia"]

    @pytest.mark.parametrize("name", ["member", "stranger"])
    def test_others_see_all_but_the_sealed_one(
        self, session: Session, characters: Characters, shelf: Shelf, name: str
    ) -> None:
        actor = getattr(characters, name)
        assert seen(list_notes(session, actor), shelf) == ["nevada", "florida", "georgia"]
        with pytest.raises(NotFound):
            note_cards.card(session, actor, shelf["sealed"])

    def test_whoever_holds_the_territory_sees_its_sealed_notes(
        self, session: Session, characters: Characters, shelf: Shelf
    ) -> None:
        sealed = posted(session, characters.analyst, territory="FL", audience=Audience.SEALED)
        assert note_cards.card(session, characters.member, sealed).sealed
        with pytest.raises(NotFound):
            note_cards.card(session, characters.owner, sealed)

    def test_cards_are_given_in_the_order_of_their_ids_without_the_hidden_ones(
        self, session: Session, characters: Characters, shelf: Shelf
    ) -> None:
        asked = [shelf["georgia"], uuid4(), shelf["sealed"], shelf["nevada"]]
        cards = note_cards.cards_of(session, characters.member, asked)
        assert [card.id for card in cards] == [shelf["georgia"], shelf["nevada"]]
        assert note_cards.cards_of(session, characters.member, []) == []


class TestFilters:
    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            ({}, ["sealed", "nevada", "florida", "georgia"]),
            ({"territory_id": GEORGIA}, ["sealed", "georgia"]),
            ({"territory_id": SOUTHEAST}, ["sealed", "florida", "georgia"]),
            ({"territory_id": WEST}, ["nevada"]),
            ({"territory_id": 999}, []),
            ({"kind": Kind.CHALLENGE}, ["sealed", "georgia"]),
            ({"competitor_id": ACME}, ["georgia"]),
            ({"competitor_id": IONFIELD}, ["sealed"]),
            ({"product_id": FIBRE_ONE}, ["florida"]),
            ({"segment_id": HEALTHCARE}, ["georgia"]),
            ({"segment_id": TRUCKING}, ["nevada"]),
            ({"account_id": MERCY}, ["georgia"]),
            ({"author_id": MEMBER}, ["florida"]),
            ({"since": days_ago(2)}, ["sealed", "nevada", "florida"]),
            ({"until": days_ago(2)}, ["georgia"]),
            ({"since": days_ago(2), "until": days_ago(1)}, ["florida"]),
            ({"territory_id": SOUTHEAST, "kind": Kind.PREFERENCE}, ["florida"]),
            ({"territory_id": NEVADA, "competitor_id": ACME}, []),
        ],
    )
    def test_each_narrows_the_list(
        self,
        session: Session,
        characters: Characters,
        shelf: Shelf,
        chosen: dict[str, Any],
        expected: list[str],
    ) -> None:
        page = list_notes(session, characters.admin, NoteFilter(**chosen))
        assert seen(page, shelf) == expected

    @pytest.mark.parametrize("field", ["account_id", "author_id", "competitor_id", "territory_id"])
    def test_a_number_larger_than_any_id_finds_nothing(
        self, session: Session, characters: Characters, shelf: Shelf, field: str
    ) -> None:
        for number in (2**31, 2**63, 10**30, -1):
            chosen: dict[str, Any] = {field: number}
            assert list_notes(session, characters.admin, NoteFilter(**chosen)).cards == []

    def test_a_filter_does_not_lift_a_seal(
        self, session: Session, characters: Characters, shelf: Shelf
    ) -> None:
        page = list_notes(session, characters.member, NoteFilter(territory_id=GEORGIA))
        assert seen(page, shelf) == ["georgia"]


def all_pages(session: Session, actor: Actor, size: int) -> list[UUID]:
    """The ids of every page of the list, one after the other."""
    found: list[UUID] = []
    after: Position | None = None
    while True:
        page = list_notes(session, actor, after=after, limit=size)
        found += [card.id for card in page.cards]
        after = page.next
        if after is None:
            return found


class TestPages:
    @settings(
        max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(minutes=st.lists(st.integers(0, 3), max_size=12), size=st.integers(1, 13))
    def test_together_hold_each_note_once_newest_first(
        self, database: Database, characters: Characters, minutes: list[int], size: int
    ) -> None:
        with database.open_session(write=True) as session:
            order = []
            for minute in minutes:
                noted_at = NOW - timedelta(minutes=minute)
                order.append((noted_at, posted(session, characters.owner, now=noted_at)))
            expected = [note_id for _, note_id in sorted(order, reverse=True)]
            assert all_pages(session, characters.member, size) == expected

    def test_go_on_where_they_ended_while_new_notes_arrive(
        self, session: Session, characters: Characters, shelf: Shelf
    ) -> None:
        first = list_notes(session, characters.admin, limit=2)
        posted(session, characters.owner, now=NOW + timedelta(hours=1))
        second = list_notes(session, characters.admin, after=first.next, limit=2)
        assert [*seen(first, shelf), *seen(second, shelf)] == list(reversed(shelf))
        assert second.next is None

    @pytest.mark.parametrize(("asked", "given_out"), [(-1, 1), (0, 1), (3, 3), (10**9, 100)])
    def test_hold_between_one_and_a_hundred_notes(
        self, session: Session, characters: Characters, asked: int, given_out: int
    ) -> None:
        for _ in range(101 if asked > 100 else 4):
            posted(session, characters.owner)
        assert len(list_notes(session, characters.owner, limit=asked).cards) == given_out


class TestACard:
    def test_counts_sightings_and_comments(
        self, session: Session, characters: Characters, shelf: Shelf
    ) -> None:
        note_id, text = shelf["georgia"], "Same here"
        for actor in (characters.member, characters.stranger):
            sightings.add(session, actor, note_id, now=NOW)
            comments.add(session, actor, note_id, comment_id=uuid4(), text=text, now=NOW)
        withdrawn = uuid4()
        comments.add(session, actor, note_id, comment_id=withdrawn, text=text, now=NOW)
        comments.withdraw(session, actor, withdrawn, now=NOW)
        card = note_cards.card(session, characters.member, note_id)
        assert (card.sightings, card.comments, card.sighted_by_me) == (2, 2, True)
        assert not note_cards.card(session, characters.owner, note_id).sighted_by_me

    def test_names_all_that_the_note_is_about(
        self, session: Session, characters: Characters
    ) -> None:
        text = "Acme and Ionfield sell F1 to healthcare and trucking"
        note_id = posted(session, characters.owner, text, account_id=MERCY, external_id="x-1")
        card = note_cards.card(session, characters.admin, note_id)
        named = (*card.segments, *card.competitors, *card.products)
        assert [item.name for item in named] == [
            "Healthcare", "Trucking", "Ionfield", "Acme Telecom", "Fibre One",
        ]  # fmt: skip
        assert (card.author_name, card.territory.name) == ("Olivia Owner", "Georgia")
        assert (card.external_id, card.source, card.known) == ("x-1", "web", "first-hand")

    def test_shows_a_note_of_an_archived_territory(
        self, session: Session, characters: Characters, shelf: Shelf
    ) -> None:
        catalogue.changed(session)
        session.get_one(Territory, FLORIDA).archived_at = NOW
        assert note_cards.card(session, characters.owner, shelf["florida"]).territory.code == "FL"


class TestTheCost:
    def test_of_a_list_is_two_statements_however_many_notes(
        self,
        database: Database,
        session: Session,
        characters: Characters,
        count_queries: Counter,
    ) -> None:
        for count in (1, 40):
            drafts = [draft("Acme at Mercy", account_id=MERCY) for _ in range(count)]
            for one in drafts:
                notes.post(session, characters.owner, one, now=NOW)
            with count_queries(database) as statements:
                assert len(list_notes(session, characters.member, limit=100).cards) >= count
            assert len(statements) == 2  # the catalogue is known already

    def test_of_search_hits_is_the_same(
        self,
        database: Database,
        session: Session,
        characters: Characters,
        shelf: Shelf,
        count_queries: Counter,
    ) -> None:
        catalogue.current(session)
        for ids in ([shelf["georgia"]], list(shelf.values())):
            with count_queries(database) as statements:
                note_cards.cards_of(session, characters.admin, ids)
            assert len(statements) == 2
