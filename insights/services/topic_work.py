"""What every deed about a topic begins with, and the rows of its notes as they are put aside."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, Invalid
from insights.models import Gathering, Note, Outcome, Person, Role, Topic, TopicNote
from insights.services import access, access_work, journal
from insights.services.access import Actor

MOST_AT_ONCE = 200
PORTION = 1_000
LONGEST_TITLE = 160
ROWS = table_of(TopicNote)
# All that `access.may_see` asks of a note.
SIGHT: Select[*tuple[Any, ...]] = select(
    Note.id, Note.author_id, Note.territory_id, Note.audience, Note.withdrawn_at
)
_OUTCOME = ("outcome", "outcome_text", "known_note_id", "outcome_by", "outcome_at")
_GATHERING = ("gathering", "added_by", "added_at")


def require_workable(session: Session, actor: Actor, topic_id: int) -> Topic:
    """The topic, which nobody else changes until the transaction ends.

    Raises Forbidden for those who do not work on topics, NotFound, and Conflict for one that was
    merged into another, with the name of that one.
    """
    access_work.require_topic_worker(actor)
    found = access_work.topic(session, actor, topic_id, lock=True)
    require_unmerged(session, actor, found)
    return found


def may_own(person: Person) -> bool:
    """Whether the person may be given a topic: whoever works on topics and is no guest."""
    return person.is_active and person.role is not Role.REP and not person.guest


def require_unmerged(session: Session, actor: Actor, found: Topic) -> None:
    """Raises Conflict for a topic that was merged into another."""
    if found.merged_into_id is None:
        return
    other = session.get_one(Topic, found.merged_into_id)
    name = f"“{other.title}”" if access_work.may_see_topic(actor, other) else "another topic"
    raise Conflict(f"“{found.title}” was merged into {name}. Go on there.")


def chosen_ids(note_ids: Collection[UUID]) -> list[UUID]:
    """The ids, each once; raises Invalid(notes) for none and for more than 200."""
    chosen = list(dict.fromkeys(note_ids))
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        raise Invalid({"notes": [f"Choose 1 to {MOST_AT_ONCE} notes."]})
    return chosen


def visible_ids(session: Session, actor: Actor, note_ids: Collection[UUID]) -> set[UUID]:
    """Those of these notes that the actor may see and that were not withdrawn."""
    seen = select(Note.id).where(Note.id.in_(note_ids), access.visible_notes(actor))
    return set(session.scalars(seen))


def record(
    session: Session, actor: Actor, deed: str, topic_id: int, *, now: datetime, **data: Any
) -> None:
    """Writes into the journal what the actor did with the topic; the last of a deed's steps."""
    journal.append(
        session,
        f"topic.{deed}",
        ("topic", topic_id),
        actor_id=actor.journal_id,
        now=now,
        data=data,
    )


def listed(note_ids: Collection[UUID]) -> list[str]:
    """Ids of notes as the journal writes them: the first 200, in their order."""
    return sorted(map(str, note_ids))[:MOST_AT_ONCE]


def portions(note_ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """The ids in portions that a statement takes as parameters."""
    ids = list(note_ids)
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


class NoteRow(NamedTuple):
    """What a topic says of a note; all but which topic and which note."""

    gathering: Gathering
    added_by: int | None
    added_at: datetime
    outcome: Outcome | None
    outcome_text: str
    known_note_id: UUID | None
    outcome_by: int | None
    outcome_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "NoteRow":
        """What a row of `topic_notes` says."""
        return cls(*(getattr(row, name) for name in cls._fields))

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> "NoteRow":
        """The inverse of `to_keep`."""
        return cls(
            gathering=Gathering(values["gathering"]),
            added_by=values["added_by"],
            added_at=datetime.fromisoformat(values["added_at"]),
            outcome=Outcome(values["outcome"]) if values["outcome"] else None,
            outcome_text=values["outcome_text"],
            known_note_id=UUID(values["known_note_id"]) if values["known_note_id"] else None,
            outcome_by=values["outcome_by"],
            outcome_at=datetime.fromisoformat(values["outcome_at"])
            if values["outcome_at"]
            else None,
        )

    def to_keep(self) -> dict[str, Any]:
        """It as JSON knows it."""
        return {
            **self._asdict(),
            "added_at": self.added_at.isoformat(),
            "known_note_id": str(self.known_note_id) if self.known_note_id else None,
            "outcome_at": self.outcome_at.isoformat() if self.outcome_at else None,
        }

    def with_outcome_of(self, other: "NoteRow") -> "NoteRow":
        """This, with what became of the note as the other says it."""
        return self._replace(**{name: getattr(other, name) for name in _OUTCOME})

    def has_outcome_of(self, other: "NoteRow") -> bool:
        """Whether both say the same of what became of the note."""
        return all(getattr(self, name) == getattr(other, name) for name in _OUTCOME)

    def is_gathered_as(self, other: "NoteRow") -> bool:
        """Whether both say the same of how the note came in."""
        return all(getattr(self, name) == getattr(other, name) for name in _GATHERING)


_RANK = {Gathering.DISMISSED: 0, Gathering.PROPOSED: 1, Gathering.GATHERED: 2}


def joined(source: NoteRow, target: NoteRow) -> NoteRow:
    """What a target says of a note that a source had too, once both are one.

    It is gathered if either had gathered it. What had become of it there wins, and in the source
    where the target says nothing of it.
    """
    is_above = _RANK[source.gathering] > _RANK[target.gathering]
    gathered = source if is_above else target
    return gathered.with_outcome_of(target if target.outcome else source)


def parted(source: NoteRow, target: NoteRow, now: NoteRow) -> NoteRow:
    """What the target is to say again after `joined` is undone: what it said before, but for what
    was said anew `now`."""
    made = joined(source, target)
    gathered = target if now.is_gathered_as(made) else now
    return gathered.with_outcome_of(target if now.has_outcome_of(made) else now)
