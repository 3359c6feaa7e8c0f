"""The inbox: which notes wait for whom, in which order, and how long they waited."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden
from insights.models import (
    Audience,
    Delivery,
    DeliveryMatter,
    DeliveryState,
    Kind,
    TriageState,
)
from insights.services import inbox, notes, triage
from insights.services.access import Actor
from insights.services.inbox import InboxFilter
from tests.drafts import posted
from tests.fixtures.plans import plan_of
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, IONFIELD, NEVADA, NOW, OWNER, SOUTHEAST
from tests.services.outcomes import CURATORS, who_may
from tests.services.routed import destination

NEW, TAKEN, KNOWN, DONE = TriageState
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def opened(
    session: Session,
    author: Actor,
    text: str = "They pay by the truck",
    *,
    at: datetime = NOW,
    **fields: Any,
) -> UUID:
    """A note that came into the inbox at `at`."""
    note_id = posted(session, author, text, **fields)
    triage.open_notes(session, [note_id], now=at)
    return note_id


def listed(session: Session, actor: Actor, **chosen: Any) -> list[UUID]:
    """The notes of the first page, in order."""
    found = inbox.page(session, actor, InboxFilter(**chosen))
    return [one.card.id for one in found.items]


class TestWhoSeesWhat:
    def test_is_for_those_who_decide(self, session: Session, characters: Characters) -> None:
        assert who_may(session, characters, lambda one: inbox.page(session, one)) == CURATORS
        assert who_may(session, characters, lambda one: inbox.counts(session, one)) == CURATORS
        assert inbox.count_new(session, characters.owner) == 0

    def test_a_manager_has_the_notes_of_their_territories(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = opened(session, characters.owner, audience=Audience.SEALED)
        elsewhere = opened(session, characters.stranger, at=NOW + MINUTE)
        assert listed(session, characters.manager) == [sealed]
        assert listed(session, characters.analyst) == [elsewhere, sealed]
        assert inbox.counts(session, characters.manager)[NEW] == 1
        assert inbox.count_new(session, characters.analyst) == 2

    def test_a_note_that_moves_changes_the_inbox(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = opened(session, characters.stranger)
        notes.edit(session, characters.admin, note_id, {"territory": "georgia"}, now=NOW)
        assert listed(session, characters.manager) == [note_id]
        assert listed(session, characters.admin, territory_id=NEVADA) == []

    def test_a_withdrawn_note_leaves_it_until_it_is_restored(
        self, session: Session, characters: Characters
    ) -> None:
        note_id, manager = opened(session, characters.owner), characters.manager
        notes.withdraw(session, manager, note_id, reason="", within=timedelta(0), now=NOW)
        assert (listed(session, manager), inbox.count_new(session, manager)) == ([], 0)
        notes.restore(session, manager, note_id, now=NOW)
        assert listed(session, manager) == [note_id]


class TestTheList:
    def test_is_parted_by_state_and_shows_who_decided(
        self, session: Session, characters: Characters
    ) -> None:
        ids = [opened(session, characters.owner) for _ in range(3)]
        triage.decide(session, characters.analyst, ids[0], TAKEN, now=NOW)
        triage.decide(session, characters.manager, ids[1], TAKEN, now=NOW)
        assert listed(session, characters.admin) == [ids[2]]
        assert set(listed(session, characters.admin, state=TAKEN)) == set(ids[:2])
        assert listed(session, characters.analyst, state=TAKEN, mine=True) == [ids[0]]
        assert inbox.counts(session, characters.admin) == {NEW: 1, TAKEN: 2, KNOWN: 0, DONE: 0}
        mine = inbox.counts(session, characters.analyst, InboxFilter(mine=True))
        assert mine == {NEW: 0, TAKEN: 1, KNOWN: 0, DONE: 0}
        (item,) = inbox.page(session, characters.analyst, InboxFilter(state=TAKEN, mine=True)).items
        assert item.triage.person_name == "Anna Analyst"

    def test_is_narrowed_by_territory_kind_and_competitor(
        self, session: Session, characters: Characters
    ) -> None:
        georgia = opened(session, characters.owner, "Ionfield was here", kind=Kind.COMPETITOR)
        florida = opened(session, characters.member, kind=Kind.CHALLENGE, at=NOW + MINUTE)
        opened(session, characters.stranger)
        analyst = characters.analyst
        assert listed(session, analyst, territory_id=SOUTHEAST) == [florida, georgia]
        assert listed(session, analyst, territory_id=FLORIDA) == [florida]
        assert listed(session, analyst, kind=Kind.CHALLENGE) == [florida]
        assert listed(session, analyst, competitor_id=IONFIELD) == [georgia]
        assert listed(session, characters.manager, territory_id=NEVADA) == []
        chosen = InboxFilter(territory_id=GEORGIA, kind=Kind.CHALLENGE)
        assert inbox.counts(session, analyst, chosen)[NEW] == 0

    def test_goes_on_where_a_page_ended(self, session: Session, characters: Characters) -> None:
        # Two came in at the same moment: a page may end between them.
        times = (NOW, NOW, NOW + MINUTE, NOW + 2 * MINUTE, NOW + 2 * MINUTE)
        ids = {opened(session, characters.owner, at=at): at for at in times}
        seen: list[UUID] = []
        position = None
        for _ in range(3):
            found = inbox.page(session, characters.analyst, after=position, limit=2)
            seen += [one.card.id for one in found.items]
            position = found.next
        assert position is None
        assert seen == sorted(ids, key=lambda one: (ids[one], one.bytes), reverse=True)

    def test_names_the_places_that_got_it_and_nobodys_own_box(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = opened(session, characters.owner)
        common, own = destination(session), destination(session, "U1", person_id=OWNER)
        later = destination(session, "C-LATER")
        sent, waiting = DeliveryState.SENT, DeliveryState.WAITING
        note, news = DeliveryMatter.NOTE, DeliveryMatter.NEWS
        for number, (place, state, matter) in enumerate(
            ((common, sent, note), (common, sent, note), (own, sent, note), (later, waiting, note),
             (later, sent, news))
        ):  # fmt: skip
            session.add(
                Delivery(
                    note_id=note_id, destination_id=place, cause=str(number), state=state,
                    matter=matter, due_at=NOW, created_at=NOW,
                )
            )  # fmt: skip
        session.flush()
        (item,) = inbox.page(session, characters.analyst).items
        assert list(item.sent_to) == ["#C-PRICING"]


class TestTheTimeToAcknowledge:
    def test_is_the_median_of_first_decisions(
        self, session: Session, characters: Characters
    ) -> None:
        analyst = characters.analyst
        assert inbox.acknowledged(session, analyst, now=NOW) is None
        for author, waited in (
            (characters.owner, 2), (characters.owner, 4), (characters.stranger, 90)
        ):  # fmt: skip
            note_id = opened(session, author)
            triage.decide(session, analyst, note_id, TAKEN, now=NOW + waited * MINUTE)
            # What is decided later does not count.
            triage.decide(session, analyst, note_id, DONE, now=NOW + DAY)
        # Came in by the decision itself.
        triage.decide(session, analyst, posted(session, characters.owner), DONE, now=NOW + DAY)
        later = NOW + 2 * DAY
        found = inbox.acknowledged(session, analyst, now=later)
        assert found == inbox.Acknowledged(4 * MINUTE, 3)
        assert inbox.acknowledged(session, characters.manager, now=later) == inbox.Acknowledged(
            3 * MINUTE, 2
        )
        assert inbox.acknowledged(session, analyst, now=NOW + 31 * DAY) is None
        with pytest.raises(Forbidden):
            inbox.acknowledged(session, characters.owner, now=later)


class TestALargeInbox:
    def test_asks_no_more_for_many(
        self, database: Database, session: Session, characters: Characters, count_queries: Counter
    ) -> None:
        asked = []
        for _ in range(2):
            for _ in range(10):
                opened(session, characters.owner, "Ionfield was here")
            with count_queries(database) as statements:
                inbox.page(session, characters.analyst)
            asked.append(len(statements))
        assert asked[0] == asked[1]

    @pytest.mark.parametrize("who", ["analyst", "manager"])
    def test_is_read_from_an_index_in_its_order(
        self, database: Database, session: Session, characters: Characters, who: str
    ) -> None:
        actor: Actor = getattr(characters, who)
        if not database.is_sqlite:
            # With so few rows the planner would read the tables whole.
            for way in ("seqscan", "sort", "bitmapscan"):
                session.connection().exec_driver_sql(f"SET LOCAL enable_{way} = off")
        state, decided = "ix_triages_state_opened_at_note_id_territory_id", "ix_triages_decided_at"
        for ask, index in (
            (lambda: inbox.page(session, actor), state),
            (lambda: inbox.count_new(session, actor), state),
            (lambda: inbox.acknowledged(session, actor, now=NOW), decided),
        ):
            plan = plan_of(database, session, ask)
            assert index in plan
            assert "TEMP B-TREE" not in plan
            assert "Sort" not in plan
