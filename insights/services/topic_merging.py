"""Two topics that are one, one topic that is two, and taking either back.

* A **merge** moves all notes of a source into a target. The source keeps its row, its discussion
  and its revisions; its address leads to the target, where its discussion is read too. A note that
  both had is one from then on (`topic_work.joined`); what each said of it is kept.
* A **split** moves chosen notes, with what became of them, into a new topic.
* **Undoing** a merge gives each note back to where it was: as it is by now, and where both had it,
  as each of them said it, but for what was said anew since. Notes that came into the target
  meanwhile stay there. Undoing a split moves all notes of the new topic back, and its address leads
  to the old one.

What was built on a merge or a split since has to be undone first: a later one that moved the same
notes, or that concerns the topic that a split made.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from insights.db import table_of
from insights.errors import Conflict, Invalid, NotFound
from insights.models import (
    Audience,
    Gathering,
    Merge,
    MergedNote,
    MergeKind,
    Note,
    Person,
    Topic,
    TopicState,
)
from insights.services import access, access_work, lookup, merges, names
from insights.services.access import Actor
from insights.services.topic_work import (
    LONGEST_TITLE,
    ROWS,
    NoteRow,
    chosen_ids,
    joined,
    listed,
    parted,
    portions,
    record,
    require_workable,
    visible_ids,
)

MOST_LISTED = 50
MOST_HOPS = 20
KINDS = (MergeKind.TOPIC, MergeKind.TOPIC_SPLIT)
_NO_MERGE = "There is no such merge or split, or you may not see its topics."
_MERGED = table_of(MergedNote)
_TOPICS = table_of(Topic)


@dataclass(frozen=True, slots=True)
class TopicMergeView:
    """A merge of `source` into `target`, or a split of `target` off `source`. `notes` are those
    that moved and that the reader may see."""

    id: int
    kind: MergeKind
    source_id: int
    source_title: str
    target_id: int
    target_title: str
    actor_name: str
    at: datetime
    undone_at: datetime | None
    notes: int


def merge(session: Session, actor: Actor, *, source_id: int, into: int, now: datetime) -> int:
    """Moves all notes of the source into the topic `into`; returns the number of the merge.

    Raises Forbidden, NotFound, Conflict when either was merged into another before, and
    Invalid(into): for itself, for one that the actor may not see, and for an open one when the
    source is sealed, whose outcomes everyone would read.
    """
    access_work.require_topic_worker(actor)
    # Held in one order, so that two who merge the same topics do not wait for each other.
    held = {one: _workable(session, actor, one, into) for one in sorted({source_id, into})}
    source, target = held[source_id], held[into]
    if source is target:
        raise Invalid({"into": ["A topic cannot be merged into itself. Choose another one."]})
    if source.audience is Audience.SEALED and target.audience is not Audience.SEALED:
        message = f"“{source.title}” is sealed and “{target.title}” is not. Seal that one first."
        raise Invalid({"into": [message]})
    made = merges.record(
        session, actor, kind=MergeKind.TOPIC, source_id=source.id, target_id=target.id,
        before={"merged_into": source.merged_into_id}, now=now,
    )  # fmt: skip
    moved = _rows(session, source.id)
    _keep(session, made.id, _join(session, source.id, target.id, moved))
    _lead(session, source.id, target.id)
    record(session, actor, "merged", source.id, now=now, topic=target.id, notes=len(moved))
    return made.id


def split(
    session: Session,
    actor: Actor,
    topic_id: int,
    note_ids: Collection[UUID],
    *,
    title: str,
    now: datetime,
) -> int:
    """Moves up to 200 notes, gathered or proposed, into a new topic; returns its number.

    The new one is open, with the owner, team and audience of the old one, which keeps all else.
    Raises Forbidden, NotFound, Conflict for a topic that was merged into another, and
    Invalid(title, notes) when there is no title, or a note is not in the topic.
    """
    source = require_workable(session, actor, topic_id)
    chosen = chosen_ids(note_ids)
    seen = visible_ids(session, actor, chosen)
    rows = {
        one: row
        for one, row in _rows(session, source.id).items()
        if one in seen and row.gathering is not Gathering.DISMISSED
    }
    if len(rows) < len(chosen):
        raise Invalid({"notes": ["Choose notes of this topic: some are not in it any more."]})
    name = names.one_line(title)
    if not 0 < len(name) <= LONGEST_TITLE:
        message = f"Give the new topic a title of 1 to {LONGEST_TITLE} characters."
        raise Invalid({"title": [message]})
    target = Topic(
        title=name, state=TopicState.OPEN, owner_id=source.owner_id, team=source.team,
        audience=source.audience, answer="", creator_id=actor.journal_id, created_at=now,
        updated_at=now,
    )  # fmt: skip
    session.add(target)
    session.flush()
    made = merges.record(
        session, actor, kind=MergeKind.TOPIC_SPLIT, source_id=source.id, target_id=target.id,
        before={}, now=now,
    )  # fmt: skip
    _keep(session, made.id, _join(session, source.id, target.id, rows))
    record(session, actor, "opened", target.id, now=now, topic=source.id)
    record(session, actor, "split", source.id, now=now, topic=target.id, notes=listed(chosen))
    return target.id


def undo(session: Session, actor: Actor, merge_id: int, *, now: datetime) -> int:
    """Takes a merge or a split back; returns the number of the topic that it began with.

    Raises Forbidden, NotFound, and Conflict: when it was undone before, when something was built on
    it since, and when the topic of a split has an answer or other outcomes of its own by now.
    """
    access_work.require_topic_worker(actor)
    found = lookup.by_id(session, Merge, merge_id)
    if found is None or found.kind not in KINDS:
        raise NotFound(_NO_MERGE)
    source, target = _both(session, actor, found)
    made = merges.require_open(session, merge_id, found.kind)
    if made.kind is MergeKind.TOPIC:
        _require_last(session, made, target)
        _part(session, made, source, target)
        _lead(session, source.id, made.before["merged_into"])
    else:
        _require_last(session, made, source)
        _require_last(session, made, target)
        _rejoin(session, source, target)
    merges.mark_undone(session, actor, made, now=now)
    record(session, actor, "rejoined", source.id, now=now, topic=target.id, merge=made.id)
    return source.id


def merges_of(session: Session, actor: Actor, topic_id: int) -> Sequence[TopicMergeView]:
    """The merges and splits of the topic and of what the actor may see beside it, the newest first,
    at most 50. Three queries. Raises NotFound."""
    access_work.topic(session, actor, topic_id)
    source, target = aliased(Topic), aliased(Topic)
    concerned = or_(Merge.source_id == topic_id, Merge.target_id == topic_id)
    rows = session.execute(
        select(Merge, source, target, Person.name)
        .join(source, source.id == Merge.source_id)
        .join(target, target.id == Merge.target_id)
        .outerjoin(Person, Person.id == Merge.actor_id)
        .where(Merge.kind.in_(KINDS), concerned)
        .order_by(Merge.id.desc())
        .limit(MOST_LISTED)
    )
    seen = [
        row
        for row in rows
        if all(access_work.may_see_topic(actor, one) for one in (row[1], row[2]))
    ]
    counts = _counts(session, actor, [made.id for made, *_ in seen])
    return [
        TopicMergeView(
            made.id, made.kind, one.id, one.title, other.id, other.title, name or "", made.at,
            made.undone_at, counts.get(made.id, 0),
        )
        for made, one, other, name in seen
    ]  # fmt: skip


def place_of(session: Session, topic_id: int, note_id: UUID) -> int:
    """The topic where the note is by now, after merges and splits, if it was in `topic_id`."""
    moves = session.execute(
        select(Merge.source_id, Merge.target_id)
        .join(MergedNote, MergedNote.merge_id == Merge.id)
        .where(MergedNote.note_id == note_id, Merge.undone_at.is_(None))
        .order_by(Merge.id)
    ).all()
    for _ in range(MOST_HOPS):
        for source_id, target_id in moves:
            topic_id = target_id if source_id == topic_id else topic_id
        # Not by a query: whoever asks for many notes has loaded their topics before.
        topic = session.get(Topic, topic_id)
        if topic is None or topic.merged_into_id is None:
            break
        # What came into the topic of a split went with it when the split was undone.
        topic_id = topic.merged_into_id
    return topic_id


def _workable(session: Session, actor: Actor, topic_id: int, into: int) -> Topic:
    try:
        return require_workable(session, actor, topic_id)
    except NotFound:
        if topic_id != into:
            raise
        message = "There is no such topic, or you may not see it. Choose another one."
        raise Invalid({"into": [message]}) from None


def _both(session: Session, actor: Actor, made: Merge) -> tuple[Topic, Topic]:
    """Source and target of a merge, held until the transaction ends; raises NotFound in the same
    words for a hidden one as for one that is not there."""
    ids = sorted((made.source_id, made.target_id))
    try:
        held = {one: access_work.topic(session, actor, one, lock=True) for one in ids}
    except NotFound:
        raise NotFound(_NO_MERGE) from None
    return held[made.source_id], held[made.target_id]


def _rows(session: Session, topic_id: int) -> dict[UUID, NoteRow]:
    """What the topic says of its notes."""
    found = session.execute(select(ROWS).where(ROWS.c.topic_id == topic_id))
    return {row.note_id: NoteRow.of(row) for row in found}


def _join(
    session: Session, source_id: int, target_id: int, moved: Mapping[UUID, NoteRow]
) -> list[dict[str, Any]]:
    """Moves these notes from the source to the target; returns what is to be kept of each."""
    there = {one: row for one, row in _rows(session, target_id).items() if one in moved}
    _move(session, source_id, target_id, moved.keys() - there.keys())
    _write(session, target_id, {one: joined(moved[one], row) for one, row in there.items()})
    for portion in portions(there):
        session.execute(
            delete(ROWS).where(ROWS.c.topic_id == source_id, ROWS.c.note_id.in_(portion))
        )
    return [
        {
            "note_id": note_id,
            "had_both": note_id in there,
            "before": {
                "source": row.to_keep(),
                **({"target": there[note_id].to_keep()} if note_id in there else {}),
            },
        }
        for note_id, row in moved.items()
    ]


def _keep(session: Session, merge_id: int, moved: Sequence[Mapping[str, Any]]) -> None:
    if moved:
        session.execute(insert(_MERGED), [{"merge_id": merge_id, **one} for one in moved])


def _part(session: Session, made: Merge, source: Topic, target: Topic) -> None:
    """Gives the source its notes back."""
    kept = session.execute(select(_MERGED).where(_MERGED.c.merge_id == made.id)).all()
    before = {row.note_id: NoteRow.kept(row.before["source"]) for row in kept}
    others = {row.note_id: NoteRow.kept(row.before["target"]) for row in kept if row.had_both}
    present = _rows(session, target.id)
    alone = before.keys() - others.keys()
    if source.audience is not target.audience is Audience.SEALED:
        _require_nothing_said([(before[one], present[one]) for one in alone], target)
    _move(session, target.id, source.id, alone)
    _write(
        session,
        target.id,
        {one: parted(before[one], row, present[one]) for one, row in others.items()},
    )
    rows = [{"topic_id": source.id, "note_id": one, **before[one]._asdict()} for one in others]
    if rows:
        session.execute(insert(ROWS), rows)


def _require_nothing_said(rows: Sequence[tuple[NoteRow, NoteRow]], target: Topic) -> None:
    """Raises Conflict when what was said in a sealed topic since would come into an open one."""
    if any(not present.has_outcome_of(before) for before, present in rows):
        raise Conflict(
            f"“{target.title}” is sealed, and outcomes were said in it since. Open it to everyone "
            "first: the topic that gets them back is open."
        )


def _rejoin(session: Session, source: Topic, target: Topic) -> None:
    """Takes what was split off back into the source, with all that came to it since."""
    moved, here = _rows(session, target.id), _rows(session, source.id)
    in_both = any(row.outcome and here[one].outcome for one, row in moved.items() if one in here)
    is_hidden = source.audience is not target.audience is Audience.SEALED
    if is_hidden:
        message = f"“{target.title}” is sealed by now. Open it to everyone, or seal the other one."
        raise Conflict(message)
    if target.answer or in_both:
        what = "an answer of its own" if target.answer else "outcomes for the same notes"
        raise Conflict(
            f"“{target.title}” has {what} by now. Merge it into “{source.title}” instead: nothing "
            "is lost that way."
        )
    _join(session, target.id, source.id, moved)
    _lead(session, target.id, source.id)


def _require_last(session: Session, made: Merge, concerned: Topic) -> None:
    """Raises Conflict when something was built on the merge or split since."""
    if concerned.merged_into_id is not None:
        raise Conflict(f"“{concerned.title}” was itself merged since. Undo that first.")
    later = select(Merge.kind, Merge.at).where(
        Merge.id > made.id,
        Merge.kind.in_(KINDS),
        Merge.undone_at.is_(None),
        or_(Merge.source_id == concerned.id, Merge.target_id == concerned.id),
    )
    is_all_of_it = made.kind is MergeKind.TOPIC_SPLIT and concerned.id == made.target_id
    if not is_all_of_it:
        same = select(_MERGED.c.note_id).where(_MERGED.c.merge_id == made.id)
        later = later.where(
            Merge.id.in_(select(_MERGED.c.merge_id).where(_MERGED.c.note_id.in_(same)))
        )
    found = session.execute(later.order_by(Merge.id.desc()).limit(1)).first()
    if found is not None:
        what = "merge" if found.kind is MergeKind.TOPIC else "split"
        raise Conflict(
            f"A later {what} of “{concerned.title}” builds on this one. Undo that first."
        )


def _move(session: Session, source_id: int, target_id: int, note_ids: Collection[UUID]) -> None:
    for portion in portions(note_ids):
        session.execute(
            update(ROWS)
            .where(ROWS.c.topic_id == source_id, ROWS.c.note_id.in_(portion))
            .values(topic_id=target_id)
        )


def _write(session: Session, topic_id: int, rows: Mapping[UUID, NoteRow]) -> None:
    values = [{"of": topic_id, "about": one, **row._asdict()} for one, row in rows.items()]
    if values:
        session.connection().execute(_REWRITE, values)


_REWRITE = update(ROWS).where(
    ROWS.c.topic_id == bindparam("of"), ROWS.c.note_id == bindparam("about")
)


def _lead(session: Session, source_id: int, target_id: int | None) -> None:
    """Has the address of the source lead to the target. It says the same as before: its version
    stays."""
    session.execute(
        update(_TOPICS).where(_TOPICS.c.id == source_id).values(merged_into_id=target_id)
    )
    session.expire(session.get_one(Topic, source_id), ["merged_into_id"])


def _counts(session: Session, actor: Actor, merge_ids: Collection[int]) -> dict[int, int]:
    """How many of the notes that each moved the actor may see."""
    if not merge_ids:
        return {}
    rows = session.execute(
        select(MergedNote.merge_id, func.count().label("notes"))
        .join(Note, Note.id == MergedNote.note_id)
        .where(MergedNote.merge_id.in_(merge_ids), access.visible_notes(actor))
        .group_by(MergedNote.merge_id)
    )
    return {row.merge_id: row.notes for row in rows}
