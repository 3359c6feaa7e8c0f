"""Whatever is gathered, settled, merged, split and undone in whatever order: no outcome of a note
is lost, and none is there twice.

Hypothesis makes up what happens. Each outcome that is said has a text of its own, by which it is
followed: it stands in one topic, or is kept by a merge that has not been undone.
"""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Invalid
from insights.models import Merge, MergedNote, MergeKind, Topic, TopicNote
from insights.services import topic_merging, topic_notes
from insights.services.access import Actor
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.topical import opened, used

NOTES, TOPICS = 3, 3
NUMBER = st.integers(0, 5)
# By how often each happens.
DEEDS = ["settle"] * 4 + ["merge"] * 4 + ["split"] * 2 + ["undo"] * 4 + ["gather", "drop", "try"]
EVENTS = st.tuples(st.sampled_from(DEEDS), NUMBER, NUMBER)
Rows = dict[tuple[int, UUID], tuple[object, ...]]


@dataclass
class Course:
    """What has happened so far, in a transaction that is undone at the end."""

    session: Session
    actor: Actor
    notes: list[UUID]
    topics: list[int] = field(default_factory=list)
    # The texts of outcomes in whose place another one was said.
    replaced: set[str] = field(default_factory=set)
    # The note of each text.
    said: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.topics = [
            opened(self.session, self.actor, note_ids=self.notes[number:])
            for number in range(TOPICS)
        ]

    def rows(self) -> Rows:
        """All that is said of notes."""
        self.session.expire_all()
        return {
            (one.topic_id, one.note_id): (
                one.gathering, one.added_by, one.added_at, one.outcome, one.outcome_text,
                one.outcome_by, one.outcome_at,
            )
            for one in self.session.scalars(select(TopicNote))
        }  # fmt: skip

    def happen(self, what: str, one: int, other: int) -> None:
        """Does it, if it can be done; what is refused changes nothing."""
        before = self.rows()
        try:
            with self.session.begin_nested():
                self._do(what, one, other)
        except (Conflict, Invalid):
            assert self.rows() == before
        self.check()

    def _do(self, what: str, one: int, other: int) -> None:
        session, actor = self.session, self.actor
        topic_id, into = (self.topics[at % len(self.topics)] for at in (one, one + 1 + other % 2))
        note_id = self.notes[other % NOTES]
        match what:
            case "gather":
                topic_notes.gather(session, actor, topic_id, [note_id], now=NOW)
            case "drop":
                topic_notes.drop(session, actor, topic_id, [note_id], now=NOW)
            case "settle":
                self._settle(topic_id, note_id)
            case "merge":
                topic_merging.merge(session, actor, source_id=topic_id, into=into, now=NOW)
            case "split":
                off = topic_merging.split(session, actor, topic_id, [note_id], title="Off", now=NOW)
                self.topics.append(off)
            case "undo":
                made = self.open_merges()
                if made:
                    topic_merging.undo(session, actor, made[one % len(made)], now=NOW)
            case _:
                self._merge_and_undo(topic_id, into)

    def _settle(self, topic_id: int, note_id: UUID) -> None:
        former = self.rows().get((topic_id, note_id))
        text = f"text {len(self.said)}"
        if note_id in used(self.session, self.actor, topic_id, [note_id], text).notes:
            self.said[text] = note_id
            self.replaced |= {str(former[4])} if former and former[4] else set()

    def _merge_and_undo(self, source: int, into: int) -> None:
        before = self.rows()
        made = topic_merging.merge(self.session, self.actor, source_id=source, into=into, now=NOW)
        topic_merging.undo(self.session, self.actor, made, now=NOW)
        assert self.rows() == before

    def open_merges(self) -> list[int]:
        """The numbers of merges and splits that are not undone, oldest first."""
        chosen = select(Merge.id).where(Merge.undone_at.is_(None)).order_by(Merge.id)
        return list(self.session.scalars(chosen))

    def check(self) -> None:
        """Nothing is lost, nothing is doubled, and a topic that was merged is empty."""
        rows = self.rows()
        live = Counter(str(row[4]) for row in rows.values() if row[4])
        assert set(live.values()) <= {1}
        settled = {note_id for (_, note_id), row in rows.items() if row[4]}
        kept = self._kept()
        for text in self.said.keys() - self.replaced - live.keys():
            # What two topics said of one note that they share now.
            assert text in kept
            assert self.said[text] in settled
        merged = self.session.scalars(select(Topic.id).where(Topic.merged_into_id.is_not(None)))
        assert not {topic_id for topic_id, _ in rows} & set(merged)

    def _kept(self) -> set[str]:
        """The texts that merges keep which are not undone."""
        chosen = MergedNote.merge_id.in_(self.open_merges())
        return {
            row["outcome_text"]
            for before in self.session.scalars(select(MergedNote.before).where(chosen))
            for row in (before or {}).values()
        }

    def unwind(self) -> None:
        """Undoes all merges, the last first; splits stay that cannot be undone without loss."""
        for made in reversed(self.open_merges()):
            kind = self.session.get_one(Merge, made).kind
            try:
                with self.session.begin_nested():
                    topic_merging.undo(self.session, self.actor, made, now=NOW)
            except Conflict:
                # All that is built on such a split stays as well.
                assert self._is_below_a_split(made, kind)
            self.check()

    def _is_below_a_split(self, made: int, kind: MergeKind) -> bool:
        later = [one for one in self.open_merges() if one > made]
        kinds = {self.session.get_one(Merge, one).kind for one in later}
        return MergeKind.TOPIC_SPLIT in {kind, *kinds}


@pytest.fixture
def notes(database: Database, characters: Characters) -> list[UUID]:
    """Some notes, kept."""
    with database.writing() as session:
        return [posted(session, characters.owner) for _ in range(NOTES)]


# The rules are those of the services alone, the same on both databases.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(events=st.lists(EVENTS, min_size=4, max_size=16))
def test_no_outcome_is_lost_and_none_is_there_twice(
    database: Database,
    characters: Characters,
    notes: list[UUID],
    events: list[tuple[str, int, int]],
) -> None:
    session = database.open_session(write=True)
    try:
        course = Course(session, characters.analyst, notes)
        for what, one, other in events:
            course.happen(what, one, other)
        course.unwind()
        if not course.open_merges():
            live = {str(row[4]) for row in course.rows().values()}
            assert course.said.keys() - course.replaced <= live
    finally:
        session.close()
