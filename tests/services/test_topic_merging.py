"""Merging and splitting topics, and taking either back, so that nothing is lost on the way."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, NotFound
from insights.models import Audience, Gathering, MergeKind, TopicState
from insights.services import topic_merging, topic_notes, topics
from insights.services.access import Actor
from insights.services.topic_notes import TopicNoteView
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, NOW
from tests.services.outcomes import CURATORS, last_entry, refused, who_may
from tests.services.topical import in_topic, opened, used

LATER = NOW + timedelta(hours=1)
PROPOSED, GATHERED, DISMISSED = Gathering


@pytest.fixture
def note_ids(session: Session, characters: Characters) -> list[UUID]:
    """Two notes of the owner."""
    return [posted(session, characters.owner) for _ in range(2)]


@pytest.fixture
def source(session: Session, characters: Characters, note_ids: list[UUID]) -> int:
    """A topic that gathered both notes."""
    return opened(session, characters.analyst, "Source", note_ids=note_ids)


@pytest.fixture
def into(session: Session, characters: Characters) -> int:
    """A topic without notes."""
    return opened(session, characters.analyst, "Into")


def merged(session: Session, actor: Actor, source: int, into: int) -> int:
    """The number of a merge that the actor has just made."""
    return topic_merging.merge(session, actor, source_id=source, into=into, now=LATER)


def undone(session: Session, actor: Actor, merge_id: int) -> int:
    """The topic to which all goes back."""
    return topic_merging.undo(session, actor, merge_id, now=LATER)


def rows(session: Session, reader: Actor, *topic_ids: int) -> list[list[TopicNoteView]]:
    """All that these topics say of notes."""
    return [
        [
            one
            for gathering in Gathering
            for one in topic_notes.notes_of(session, reader, topic_id, gathering=gathering).items
        ]
        for topic_id in topic_ids
    ]


def texts(session: Session, reader: Actor, topic_id: int) -> dict[UUID, str]:
    """What is said to have become of each gathered note."""
    found = topic_notes.notes_of(session, reader, topic_id).items
    return {one.card.id: one.outcome_text for one in found}


class TestMerging:
    def test_is_for_those_who_work_on_topics_and_see_both(
        self, session: Session, characters: Characters, source: int, into: int
    ) -> None:
        assert who_may(
            session, characters, lambda one: merged(session, one, source, into)
        ) == CURATORS  # fmt: skip
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        with pytest.raises(NotFound):
            merged(session, characters.manager, sealed, into)
        for number in (sealed, 9_999):
            assert refused(
                lambda number=number: merged(session, characters.manager, source, number)
            ).keys() == {"into"}

    def test_moves_all_notes_and_leads_to_the_other(
        self,
        session: Session,
        characters: Characters,
        note_ids: list[UUID],
        source: int,
        into: int,
    ) -> None:
        analyst = characters.analyst
        used(session, analyst, source, note_ids[:1])
        declined = posted(session, characters.owner)
        topic_notes.put(session, source, [declined], DISMISSED, added_by=None, now=NOW)
        merged(session, analyst, source, into)
        assert texts(session, analyst, into) == {note_ids[0]: "the price list", note_ids[1]: ""}
        assert in_topic(session, analyst, into, DISMISSED) == {declined}
        assert rows(session, analyst, source) == [[]]
        assert topics.get(session, characters.owner, source).merged_into_id == into
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("topic.merged", str(source))
        assert entry.data == {"topic": into, "notes": 3}

    def test_is_refused_for_itself_and_for_what_was_merged_before(
        self, session: Session, characters: Characters, source: int, into: int
    ) -> None:
        analyst = characters.analyst
        assert refused(lambda: merged(session, analyst, into, into)).keys() == {"into"}
        merged(session, analyst, source, into)
        other = opened(session, analyst)
        for pair in ((source, other), (other, source)):
            with pytest.raises(Conflict, match="“Source” was merged into “Into”"):
                merged(session, analyst, *pair)

    def test_of_a_sealed_topic_into_an_open_one_is_refused(
        self, session: Session, characters: Characters, source: int, into: int
    ) -> None:
        analyst = characters.analyst
        topics.change(session, analyst, source, audience=Audience.SEALED, now=NOW)
        assert refused(lambda: merged(session, analyst, source, into)) == {
            "into": "“Source” is sealed and “Into” is not. Seal that one first."
        }
        merged(session, analyst, into, source)


class TestANoteOfBoth:
    def test_is_one_note_and_what_became_of_it_stays(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        analyst, (first, second) = characters.analyst, note_ids
        into = opened(session, analyst, note_ids=note_ids)
        used(session, analyst, source, [first, second], "the source")
        used(session, analyst, into, [second], "the target")
        merged(session, analyst, source, into)
        assert texts(session, analyst, into) == {first: "the source", second: "the target"}

    def test_is_gathered_if_either_had_gathered_it(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int, into: int
    ) -> None:
        analyst, (first, second) = characters.analyst, note_ids
        topic_notes.put(session, into, [first], PROPOSED, added_by=None, now=NOW)
        topic_notes.put(session, into, [second], DISMISSED, added_by=None, now=NOW)
        merged(session, analyst, source, into)
        assert in_topic(session, analyst, into) == {first, second}


class TestUndoingAMerge:
    def test_brings_back_all_as_it_was(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        analyst, (first, second) = characters.analyst, note_ids
        into = opened(session, analyst, "Into", note_ids=[second])
        used(session, analyst, source, [first, second], "the source")
        used(session, analyst, into, [second], "the target")
        before = rows(session, analyst, source, into)
        topic_before = topics.get(session, analyst, source)
        assert undone(session, analyst, merged(session, analyst, source, into)) == source
        assert rows(session, analyst, source, into) == before
        assert topics.get(session, analyst, source) == topic_before
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("topic.rejoined", str(source))

    def test_keeps_what_came_meanwhile(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        analyst, (alone, shared) = characters.analyst, note_ids
        into = opened(session, analyst, "Into", note_ids=[shared])
        used(session, analyst, source, [shared], "the source")
        merge_id = merged(session, analyst, source, into)
        new = posted(session, characters.owner)
        topic_notes.gather(session, analyst, into, [new], now=LATER)
        used(session, analyst, into, [alone], "said of what moved")
        used(session, analyst, into, [shared], "said of both")
        undone(session, analyst, merge_id)
        assert texts(session, analyst, source) == {
            alone: "said of what moved", shared: "the source"
        }  # fmt: skip
        assert texts(session, analyst, into) == {shared: "said of both", new: ""}

    def test_is_for_those_who_work_on_topics_and_see_both(
        self, session: Session, characters: Characters, source: int, into: int
    ) -> None:
        merge_id = merged(session, characters.analyst, source, into)
        assert who_may(
            session, characters, lambda one: undone(session, one, merge_id)
        ) == CURATORS  # fmt: skip
        topics.change(session, characters.analyst, into, audience=Audience.SEALED, now=NOW)
        for number in (merge_id, 9_999):
            with pytest.raises(NotFound):
                undone(session, characters.manager, number)

    def test_happens_once(
        self, session: Session, characters: Characters, source: int, into: int
    ) -> None:
        merge_id = merged(session, characters.analyst, source, into)
        undone(session, characters.analyst, merge_id)
        with pytest.raises(Conflict, match="undone already by Anna Analyst"):
            undone(session, characters.manager, merge_id)

    def test_waits_for_what_was_built_on_it(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int, into: int
    ) -> None:
        analyst = characters.analyst
        first = merged(session, analyst, source, into)
        topic_merging.split(session, analyst, into, note_ids[:1], title="Off", now=LATER)
        with pytest.raises(Conflict, match="A later split of “Into” builds on this one"):
            undone(session, analyst, first)
        [split, _] = topic_merging.merges_of(session, analyst, into)
        undone(session, analyst, split.id)
        further = merged(session, analyst, into, opened(session, analyst, "Further"))
        with pytest.raises(Conflict, match="“Into” was itself merged since"):
            undone(session, analyst, first)
        undone(session, analyst, further)
        undone(session, analyst, first)
        assert in_topic(session, analyst, source) == set(note_ids)

    def test_does_not_wait_for_a_merge_of_other_notes(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int, into: int
    ) -> None:
        analyst = characters.analyst
        first = merged(session, analyst, source, into)
        other = opened(session, analyst, note_ids=[posted(session, characters.owner)])
        merged(session, analyst, other, into)
        undone(session, analyst, first)
        assert in_topic(session, analyst, source) == set(note_ids)

    def test_gives_an_open_topic_no_outcome_of_a_sealed_one(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        analyst = characters.analyst
        into = opened(session, analyst, "Into", audience=Audience.SEALED)
        merge_id = merged(session, analyst, source, into)
        used(session, analyst, into, note_ids, "our secret plan")
        with pytest.raises(Conflict, match="“Into” is sealed, and outcomes were said in it"):
            undone(session, analyst, merge_id)


class TestSplitting:
    def test_moves_chosen_notes_into_a_new_topic(
        self, session: Session, characters: Characters, note_ids: list[UUID]
    ) -> None:
        analyst = characters.analyst
        source = opened(
            session, analyst, note_ids=note_ids, owner_id=ANALYST, team="Pricing",
            audience=Audience.SEALED,
        )  # fmt: skip
        topics.change(session, analyst, source, state=TopicState.ANSWERED, answer="Yes", now=NOW)
        used(session, analyst, source, note_ids)
        off = topic_merging.split(session, analyst, source, note_ids[:1], title=" Off ", now=LATER)
        found = topics.get(session, analyst, off)
        assert (found.title, found.state, found.answer, found.owner_id, found.team) == (
            "Off", TopicState.OPEN, "", ANALYST, "Pricing"
        )  # fmt: skip
        assert found.audience is Audience.SEALED
        assert texts(session, analyst, off) == {note_ids[0]: "the price list"}
        assert texts(session, analyst, source) == {note_ids[1]: "the price list"}
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("topic.split", str(source))

    def test_is_for_those_who_work_on_topics(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        def split(actor: Actor) -> int:
            return topic_merging.split(session, actor, source, note_ids, title="Off", now=LATER)

        assert who_may(session, characters, split) == CURATORS

    def test_says_what_to_mend(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        def split(ids: list[UUID], title: str = "Off") -> dict[str, str]:
            return refused(
                lambda: topic_merging.split(
                    session, characters.manager, source, ids, title=title, now=LATER
                )
            )

        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        topic_notes.gather(session, characters.analyst, source, [hidden], now=NOW)
        topic_notes.drop(session, characters.analyst, source, note_ids[1:], now=NOW)
        for ids in ([], [uuid4()], [hidden], note_ids):
            assert split(ids).keys() == {"notes"}
        for title in (" ", "x" * 161):
            assert split(note_ids[:1], title).keys() == {"title"}


class TestUndoingASplit:
    def test_brings_back_all_that_is_in_the_new_topic(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int
    ) -> None:
        analyst = characters.analyst
        before = rows(session, analyst, source)
        off = topic_merging.split(session, analyst, source, note_ids[:1], title="Off", now=NOW)
        [made] = topic_merging.merges_of(session, analyst, source)
        with session.begin_nested() as attempt:
            assert undone(session, analyst, made.id) == source
            assert rows(session, analyst, source) == before
            assert topics.get(session, analyst, off).merged_into_id == source
            attempt.rollback()
        new = posted(session, characters.owner)
        topic_notes.gather(session, analyst, off, [new], now=LATER)
        used(session, analyst, off, [new, note_ids[0]])
        undone(session, analyst, made.id)
        assert texts(session, analyst, source) == {
            note_ids[0]: "the price list", note_ids[1]: "", new: "the price list"
        }  # fmt: skip

    @pytest.mark.parametrize("reason", ["answer", "outcomes", "sealed", "later"])
    def test_is_refused_when_something_would_be_lost(
        self, session: Session, characters: Characters, reason: str
    ) -> None:
        analyst, note_ids = characters.analyst, [posted(session, characters.owner)]
        source = opened(session, analyst, "Source", note_ids=note_ids)
        into = opened(session, analyst, "Into")
        off = topic_merging.split(session, analyst, source, note_ids[:1], title="Off", now=NOW)
        [made] = topic_merging.merges_of(session, analyst, source)
        words = {
            "answer": "has an answer of its own",
            "outcomes": "has outcomes for the same notes",
            "sealed": "“Off” is sealed by now",
            "later": "A later merge of “Off” builds on this one",
        }
        if reason == "answer":
            topics.change(session, analyst, off, answer="Yes", now=NOW)
        elif reason == "outcomes":
            topic_notes.gather(session, analyst, source, note_ids, now=NOW)
            for one in (source, off):
                used(session, analyst, one, note_ids[:1])
        elif reason == "sealed":
            topics.change(session, analyst, off, audience=Audience.SEALED, now=NOW)
        else:
            merged(session, analyst, into, off)
        with pytest.raises(Conflict, match=words[reason]):
            undone(session, analyst, made.id)


class TestTheList:
    def test_tells_of_both_sides_and_counts_what_one_may_see(
        self, session: Session, characters: Characters, note_ids: list[UUID], source: int, into: int
    ) -> None:
        analyst = characters.analyst
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        topic_notes.gather(session, analyst, source, [hidden], now=NOW)
        merge_id = merged(session, analyst, source, into)
        off = topic_merging.split(session, analyst, into, note_ids, title="Off", now=LATER)

        def listed(reader: Actor, topic_id: int) -> list[tuple[Any, ...]]:
            return [
                (one.kind, one.source_title, one.target_title, one.notes)
                for one in topic_merging.merges_of(session, reader, topic_id)
            ]

        split = (MergeKind.TOPIC_SPLIT, "Into", "Off", 2)
        assert listed(analyst, into) == [split, (MergeKind.TOPIC, "Source", "Into", 3)]
        assert listed(characters.owner, into) == [split, (MergeKind.TOPIC, "Source", "Into", 2)]
        assert listed(analyst, off) == [split]
        topics.change(session, analyst, off, audience=Audience.SEALED, now=NOW)
        assert listed(characters.owner, into) == [(MergeKind.TOPIC, "Source", "Into", 2)]
        [found] = topic_merging.merges_of(session, characters.owner, source)
        assert (found.id, found.actor_name, found.at, found.undone_at) == (
            merge_id, "Anna Analyst", LATER, None
        )  # fmt: skip
        with pytest.raises(NotFound):
            topic_merging.merges_of(session, characters.owner, off)

    def test_asks_no_more_for_many(
        self, database: Database, session: Session, characters: Characters, count_queries: Counter
    ) -> None:
        asked = []
        source, into = (opened(session, characters.analyst) for _ in range(2))
        for count in (2, 40):
            ids = [posted(session, characters.owner) for _ in range(count)]
            topic_notes.gather(session, characters.analyst, source, ids, now=NOW)
            topic_notes.gather(session, characters.analyst, into, ids[::2], now=NOW)
            with count_queries(database) as statements:
                merge_id = merged(session, characters.analyst, source, into)
                topic_merging.merges_of(session, characters.analyst, into)
                undone(session, characters.analyst, merge_id)
            asked.append(len(statements))
        assert asked[0] == asked[1]
