"""The notes of a topic: gathered, proposed, declined, taken out; each sees what they may see."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Audience, Gathering
from insights.services import notes, topic_merging, topic_notes, topic_outcomes, topics
from insights.services.access import Actor
from insights.services.note_cards import Position
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may
from tests.services.topical import in_topic, opened, used

LATER = NOW + timedelta(hours=1)
PROPOSED, GATHERED, DISMISSED = Gathering
Deed = Callable[[Session, Actor, int, list[UUID]], object]


def _gather(session: Session, actor: Actor, topic_id: int, ids: list[UUID]) -> object:
    return topic_notes.gather(session, actor, topic_id, ids, now=LATER)


def _drop(session: Session, actor: Actor, topic_id: int, ids: list[UUID]) -> object:
    return topic_notes.drop(session, actor, topic_id, ids, now=LATER)


def _accept(session: Session, actor: Actor, topic_id: int, ids: list[UUID]) -> object:
    return topic_notes.accept(session, actor, topic_id, ids, now=LATER)


def _dismiss(session: Session, actor: Actor, topic_id: int, ids: list[UUID]) -> object:
    return topic_notes.dismiss(session, actor, topic_id, ids, now=LATER)


DEEDS: tuple[Deed, ...] = (_gather, _drop, _accept, _dismiss)


@pytest.fixture
def topic_id(session: Session, characters: Characters) -> int:
    """A topic of the analyst that everyone sees."""
    return opened(session, characters.analyst)


def proposed(session: Session, topic_id: int, *note_ids: UUID) -> None:
    """Proposes notes as a feed does."""
    topic_notes.put(session, topic_id, note_ids, PROPOSED, added_by=None, now=NOW)


@pytest.mark.parametrize("deed", DEEDS)
class TestEachDeed:
    def test_is_for_those_who_work_on_topics(
        self, session: Session, characters: Characters, topic_id: int, deed: Deed
    ) -> None:
        ids = [posted(session, characters.owner)]
        assert who_may(
            session, characters, lambda one: deed(session, one, topic_id, ids)
        ) == CURATORS  # fmt: skip

    def test_is_refused_in_a_topic_that_one_may_not_see(
        self, session: Session, characters: Characters, deed: Deed
    ) -> None:
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        for number in (sealed, 9_999):
            with pytest.raises(NotFound):
                deed(session, characters.manager, number, [uuid4()])

    def test_is_refused_in_one_that_was_merged(
        self, session: Session, characters: Characters, topic_id: int, deed: Deed
    ) -> None:
        into = opened(session, characters.analyst, "Prices")
        topic_merging.merge(session, characters.admin, source_id=topic_id, into=into, now=NOW)
        with pytest.raises(Conflict, match="was merged into “Prices”"):
            deed(session, characters.analyst, topic_id, [uuid4()])
        topics.change(session, characters.analyst, into, audience=Audience.SEALED, now=NOW)
        with pytest.raises(Conflict, match="was merged into another topic"):
            deed(session, characters.manager, topic_id, [uuid4()])

    def test_takes_1_to_200_notes(
        self, session: Session, characters: Characters, topic_id: int, deed: Deed
    ) -> None:
        for ids in ([], [uuid4() for _ in range(201)]):
            assert refused(lambda ids=ids: deed(session, characters.analyst, topic_id, ids)) == {
                "notes": "Choose 1 to 200 notes."
            }


class TestGathering:
    def test_happens_once_for_each_note(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        first, second = (posted(session, characters.owner) for _ in range(2))
        gather = topic_notes.gather
        assert gather(session, characters.analyst, topic_id, [first], now=NOW).added == (first,)
        found = gather(session, characters.manager, topic_id, [first, second, second], now=LATER)
        assert (found.added, found.unchanged, found.refused) == ((second,), (first,), {})
        page = topic_notes.notes_of(session, characters.owner, topic_id)
        assert [(one.card.id, one.added_by, one.added_at) for one in page.items] == [
            (second, "Manuel Manager", LATER),
            (first, "Anna Analyst", NOW),
        ]
        entry = last_entry(session)
        assert (entry.verb, entry.data) == ("topic.gathered", {"notes": [str(second)]})
        gather(session, characters.manager, topic_id, [first], now=LATER)
        assert journalled(session).count("topic.gathered") == 2

    def test_tells_of_each_refused_note_why(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        manager = characters.manager
        fine, gone = (posted(session, characters.owner) for _ in range(2))
        notes.withdraw(session, manager, gone, reason="", within=timedelta(0), now=NOW)
        hidden, missing = posted(session, characters.stranger, audience=Audience.SEALED), uuid4()
        found = topic_notes.gather(
            session, manager, topic_id, [gone, hidden, missing, fine], now=NOW
        )
        unknown = "There is no such note, or you may not see it."
        assert (found.added, found.refused) == (
            (fine,),
            {
                gone: "The note was withdrawn. Have it restored before you gather it.",
                hidden: unknown,
                missing: unknown,
            },
        )
        assert in_topic(session, characters.admin, topic_id) == {fine}

    def test_brings_back_what_was_taken_out_with_what_became_of_it(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        analyst, note_id = characters.analyst, posted(session, characters.owner)
        topic_notes.gather(session, analyst, topic_id, [note_id], now=NOW)
        used(session, analyst, topic_id, [note_id])
        assert topic_notes.drop(session, analyst, topic_id, [note_id], now=NOW) == 1
        assert in_topic(session, analyst, topic_id) == set()
        assert last_entry(session).verb == "topic.dropped"
        assert topic_notes.drop(session, analyst, topic_id, [note_id], now=NOW) == 0
        topic_notes.gather(session, analyst, topic_id, [note_id], now=LATER)
        [found] = topic_notes.notes_of(session, analyst, topic_id).items
        assert (found.outcome_text, found.added_at) == ("the price list", LATER)


class TestProposals:
    def test_are_accepted_and_declined_one_by_one_or_all_at_once(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        analyst = characters.analyst
        a, b, c, d = (posted(session, characters.owner) for _ in range(4))
        proposed(session, topic_id, a, b, c, d)
        assert topic_notes.accept(session, analyst, topic_id, [a, uuid4()], now=LATER) == 1
        assert topic_notes.dismiss(session, analyst, topic_id, [b, a], now=LATER) == 1
        assert topic_notes.accept(session, analyst, topic_id, now=LATER) == 2
        assert topic_notes.accept(session, analyst, topic_id, now=LATER) == 0
        assert in_topic(session, analyst, topic_id) == {a, c, d}
        assert in_topic(session, analyst, topic_id, DISMISSED) == {b}
        found = topic_notes.notes_of(session, analyst, topic_id).items
        assert {(one.added_by, one.added_at) for one in found} == {("Anna Analyst", LATER)}

    def test_that_one_may_not_see_wait_for_others(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        proposed(session, topic_id, posted(session, characters.owner), hidden)
        assert topics.get(session, characters.manager, topic_id).proposed == 1
        assert topic_notes.dismiss(session, characters.manager, topic_id, now=LATER) == 1
        assert topic_notes.accept(session, characters.manager, topic_id, [hidden], now=LATER) == 0
        assert in_topic(session, characters.admin, topic_id, PROPOSED) == {hidden}
        assert topic_notes.dismiss(session, characters.admin, topic_id, now=LATER) == 1

    def test_that_were_declined_are_not_proposed_again(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        note_id = posted(session, characters.owner)
        proposed(session, topic_id, note_id)
        topic_notes.dismiss(session, characters.analyst, topic_id, now=LATER)
        proposed(session, topic_id, note_id)
        assert in_topic(session, characters.analyst, topic_id, PROPOSED) == set()


class TestTheList:
    def test_shows_what_each_may_see(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        note_id = posted(session, characters.owner)
        sealed = posted(session, characters.member, audience=Audience.SEALED)
        topic_notes.gather(session, characters.analyst, topic_id, [note_id, sealed], now=NOW)
        seen = {name: in_topic(session, one, topic_id) for name, one in vars(characters).items()}
        with_it = {"member", "manager", "analyst", "admin"}
        assert {name for name, ids in seen.items() if ids == {note_id, sealed}} == with_it
        assert {name for name, ids in seen.items() if ids == {note_id}} == {"owner", "stranger"}

    def test_is_filtered_by_outcome_and_goes_on_from_page_to_page(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        ids = [posted(session, characters.owner) for _ in range(5)]
        topic_notes.gather(session, characters.analyst, topic_id, ids, now=NOW)
        used(session, characters.analyst, topic_id, ids[:2])

        def listed(settled: bool | None) -> list[UUID]:
            found: list[UUID] = []
            after: Position | None = None
            while True:
                page = topic_notes.notes_of(
                    session, characters.member, topic_id, settled=settled, after=after, limit=2
                )
                found += [one.card.id for one in page.items]
                after = page.next
                if after is None:
                    return found

        assert listed(None) == sorted(ids, reverse=True)
        assert set(listed(True)) == set(ids[:2])
        assert set(listed(False)) == set(ids[2:])

    def test_names_no_note_that_one_may_not_see(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        analyst, note_id = characters.analyst, posted(session, characters.owner)
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        topic_notes.gather(session, analyst, topic_id, [note_id], now=NOW)
        topic_outcomes.settle(
            session, analyst, topic_id, [note_id], topic_outcomes.Outcome.ALREADY_KNOWN,
            known_note_id=hidden, now=NOW,
        )  # fmt: skip
        seen = {
            name: topic_notes.notes_of(session, one, topic_id).items[0].known_note_id
            for name, one in vars(characters).items()
        }
        assert {name for name, known in seen.items() if known} == {"stranger", "analyst", "admin"}

    def test_asks_no_more_for_many(
        self,
        database: Database,
        session: Session,
        characters: Characters,
        topic_id: int,
        count_queries: Counter,
    ) -> None:
        asked = []
        for count in (1, 30):
            ids = [posted(session, characters.owner) for _ in range(count)]
            with count_queries(database) as statements:
                topic_notes.gather(session, characters.analyst, topic_id, ids, now=NOW)
                topic_notes.notes_of(session, characters.analyst, topic_id, limit=100)
            asked.append(len(statements))
        assert asked[0] == asked[1]


def test_a_rep_is_refused_before_anything_is_said(session: Session, characters: Characters) -> None:
    sealed = opened(session, characters.analyst, audience=Audience.SEALED)
    with pytest.raises(Forbidden, match="worked on by product, marketing and managers"):
        topic_notes.gather(session, characters.owner, sealed, [uuid4()], now=NOW)
