"""Writing battlecards: lines are added, changed, cited, put in order and archived, never deleted.

Each change of a line keeps what it was before (battlecard_history), its citations too, and raises
its version; who changes an outdated version is told who was faster. The order of lines is no change
of theirs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from insights.db import table_of
from insights.errors import Conflict, FieldProblems, Invalid, NotFound
from insights.models import (
    BattlecardCitation,
    BattlecardLine,
    BattlecardRevision,
    CardSection,
    Competitor,
    LineType,
    Person,
)
from insights.services import (
    access,
    access_work,
    battlecards,
    catalogue,
    journal,
    shelf_lives,
    triage_words,
)
from insights.services.access import Actor
from insights.services.battlecards import MOST_LINES, LineView
from insights.text import clean

LONGEST_TEXT = 1_000
MOST_CITATIONS = 30

_LINES = table_of(BattlecardLine)
_CITATIONS = table_of(BattlecardCitation)


class LineChanges(TypedDict, total=False):
    """What can be changed of a line; what is left out stays as it is.

    `shelf_days` None: as long as its type holds.
    """

    section: CardSection
    type: LineType
    text: str
    reply: str
    shelf_days: int | None


def add_line(
    session: Session,
    actor: Actor,
    *,
    competitor_id: int,
    section: CardSection,
    text: str,
    reply: str = "",
    type: LineType | None = None,
    shelf_days: int | None = None,
    note_ids: Sequence[UUID] = (),
    now: datetime,
) -> LineView:
    """Adds a line at the end of its section, citing these notes.

    Without a type it is about prices in the section of prices, and about something else elsewhere.
    Raises Forbidden for a rep, NotFound (also for a note that the actor may not see), and
    Invalid(text, reply, shelf_days, notes), also when the card is full.
    """
    access_work.require_battlecard_keeper(actor)
    about = _require_competitor(session, competitor_id)
    usual = LineType.PRICE if section is CardSection.PRICING else LineType.OTHER
    values = _usable({
        "section": section, "type": type or usual, "text": text, "reply": reply,
        "shelf_days": shelf_days,
    })  # fmt: skip
    cited = _require_notes(session, actor, note_ids)
    _hold_lines(session, about)
    _require_room(session, about)
    row = BattlecardLine(
        competitor_id=about,
        position=_last_position(session, about, section) + 1,
        creator_id=actor.journal_id,
        created_at=now,
        updated_at=now,
        **values,
    )
    session.add(row)
    session.flush()
    _add_citations(session, actor, row.id, cited, now)
    _record(session, actor, "added", row, now)
    return battlecards.line(session, actor, row.id, now=now)


def change_line(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    version: int,
    now: datetime,
    **changes: Unpack[LineChanges],
) -> LineView:
    """Changes what is given; nothing happens when all of it is so already.

    `version` is the one that the actor has read. Raises NotFound, Forbidden for a rep, Conflict
    when somebody has changed the line since, and Invalid(text, reply, shelf_days).
    """
    row = _keepable(session, actor, line_id)
    _require_version(session, actor, row, version, now)
    former: LineChanges = {
        "section": row.section, "type": row.type, "text": row.text, "reply": row.reply,
        "shelf_days": row.shelf_days,
    }  # fmt: skip
    usable = _usable({**former, **changes})
    altered = {name: value for name, value in usable.items() if value != getattr(row, name)}
    if altered:
        before = {name: getattr(row, name) for name in altered}
        if "section" in altered:
            altered["position"] = _last_position(session, row.competitor_id, usable["section"]) + 1
        _change(session, actor, row, altered, before=before, now=now)
        _record(session, actor, "changed", row, now, fields=sorted(before))
    return battlecards.line(session, actor, row.id, now=now)


def archive_line(session: Session, actor: Actor, *, line_id: int, now: datetime) -> LineView:
    """Takes the line off the card; raises NotFound, and Forbidden for a rep."""
    return _set_archived(session, actor, line_id, now, archived=True)


def restore_line(session: Session, actor: Actor, *, line_id: int, now: datetime) -> LineView:
    """Puts the line back; raises NotFound, Forbidden for a rep, and Invalid for a full card."""
    return _set_archived(session, actor, line_id, now, archived=False)


def move_line(session: Session, actor: Actor, *, line_id: int, up: bool, now: datetime) -> None:
    """Puts the line before the one that the actor sees above it, or behind the one below it.

    The first and the last stay where they are. Raises NotFound, and Forbidden for a rep.
    """
    row = _keepable(session, actor, line_id)
    in_section = (
        _LINES.c.competitor_id == row.competitor_id,
        _LINES.c.section == row.section,
        _LINES.c.archived_at.is_(None),
    )
    order = (_LINES.c.position, _LINES.c.id)
    everyone = list(session.scalars(select(_LINES.c.id).where(*in_section).order_by(*order)))
    seen = select(BattlecardLine.id).where(*in_section, access_work.visible_lines(actor))
    shown = list(session.scalars(seen.order_by(*order)))
    if row.id not in shown:
        return
    neighbour = shown.index(row.id) + (-1 if up else 1)
    if not 0 <= neighbour < len(shown):
        return
    everyone.remove(row.id)
    everyone.insert(everyone.index(shown[neighbour]) + (0 if up else 1), row.id)
    for position, identity in enumerate(everyone, start=1):
        session.execute(update(_LINES).where(_LINES.c.id == identity).values(position=position))
    session.expire(row, ["position"])
    _record(session, actor, "moved", row, now)


def cite(session: Session, actor: Actor, *, line_id: int, note_id: UUID, now: datetime) -> LineView:
    """Has the line rest on the note too; nothing happens when it does already.

    Afterwards only those who may see the note see the line. Raises NotFound, Forbidden for a rep,
    and Invalid(notes) for a withdrawn note and for more than 30.
    """
    row = _keepable(session, actor, line_id)
    before = _cited(session, row.id)
    if note_id not in before:
        cited = _require_notes(session, actor, [note_id])
        if len(before) >= MOST_CITATIONS:
            message = f"A line cites {MOST_CITATIONS} notes at most. Remove one, then cite this."
            raise Invalid({"notes": [message]})
        _change(session, actor, row, {}, before=_as_kept(before), now=now)
        _add_citations(session, actor, row.id, cited, now)
        _record(session, actor, "changed", row, now, fields=["citations"])
    return battlecards.line(session, actor, row.id, now=now)


def uncite(
    session: Session, actor: Actor, *, line_id: int, note_id: UUID, now: datetime
) -> LineView:
    """Has the line rest on the note no longer; nothing happens when it does not.

    Without its last sealed note everyone sees the line. Raises NotFound, and Forbidden for a rep.
    """
    row = _keepable(session, actor, line_id)
    before = _cited(session, row.id)
    if note_id in before:
        _change(session, actor, row, {}, before=_as_kept(before), now=now)
        chosen = (_CITATIONS.c.line_id == row.id, _CITATIONS.c.note_id == note_id)
        session.execute(delete(_CITATIONS).where(*chosen))
        _record(session, actor, "changed", row, now, fields=["citations"])
    return battlecards.line(session, actor, row.id, now=now)


def _keepable(session: Session, actor: Actor, line_id: int) -> BattlecardLine:
    row = access_work.line(session, actor, line_id, lock=True)
    access_work.require_battlecard_keeper(actor)
    return row


def _require_competitor(session: Session, competitor_id: int) -> int:
    """The id of the competitor, or of what it was merged into."""
    known = catalogue.current(session)
    if competitor_id not in known.competitors_ever:
        raise NotFound("There is no such competitor.")
    return known.competitor(competitor_id).id


def _usable(values: LineChanges) -> dict[str, Any]:
    """The values of the columns; raises Invalid with every field to mend."""
    usable: dict[str, Any] = dict(values)
    problems = FieldProblems()
    for field in ("text", "reply"):
        with problems:
            usable[field] = _require_text(str(usable[field]), field, is_needed=field == "text")
    with problems:
        if usable["reply"] and usable["section"] is not CardSection.OBJECTIONS:
            message = "Only an objection has an answer. Leave it empty, or choose that section."
            raise Invalid({"reply": [message]})
    with problems:
        if usable["shelf_days"] is not None:
            shelf_lives.require_days(usable["shelf_days"], field="shelf_days")
    problems.settle()
    return usable


def _require_text(typed: str, field: str, *, is_needed: bool) -> str:
    text = clean(typed)
    if is_needed and not text:
        raise Invalid({field: ["Say what is known: one or two sentences are best."]})
    if len(text) > LONGEST_TEXT:
        raise Invalid({field: [f"Shorten this to {LONGEST_TEXT:,} characters."]})
    return text


def _require_notes(session: Session, actor: Actor, note_ids: Sequence[UUID]) -> list[UUID]:
    chosen = list(dict.fromkeys(note_ids))
    if len(chosen) > MOST_CITATIONS:
        raise Invalid({"notes": [f"Cite {MOST_CITATIONS} notes at most; choose the best."]})
    for one in chosen:
        if access.note(session, actor, one).withdrawn_at is not None:
            raise Invalid({"notes": ["The note was withdrawn. Choose another one."]})
    return chosen


def _hold_lines(session: Session, competitor_id: int) -> None:
    """Until the transaction ends nobody else gives this competitor a line."""
    held = select(Competitor.id).where(Competitor.id == competitor_id)
    session.execute(held.with_for_update(key_share=True))


def _require_room(session: Session, competitor_id: int) -> None:
    in_use = select(func.count()).where(
        _LINES.c.competitor_id == competitor_id, _LINES.c.archived_at.is_(None)
    )
    if (session.scalar(in_use) or 0) >= MOST_LINES:
        message = f"This battlecard has {MOST_LINES} lines already. Archive one to add another."
        raise Invalid({"text": [message]})


def _last_position(session: Session, competitor_id: int, section: CardSection) -> int:
    last = select(func.max(_LINES.c.position)).where(
        _LINES.c.competitor_id == competitor_id, _LINES.c.section == section
    )
    return session.scalar(last) or 0


def _require_version(
    session: Session, actor: Actor, row: BattlecardLine, version: int, now: datetime
) -> None:
    if version == row.version:
        return
    last = (
        select(BattlecardRevision.editor_id, BattlecardRevision.at, Person.name)
        .outerjoin(Person, Person.id == BattlecardRevision.editor_id)
        .where(BattlecardRevision.line_id == row.id)
        .order_by(BattlecardRevision.version.desc())
        .limit(1)
    )
    found = session.execute(last).one_or_none()
    if found is None:
        raise Conflict("There is no such version of this line. Read it again, then change it.")
    who = "You" if found.editor_id == actor.journal_id else found.name or "Somebody"
    raise Conflict(
        f"{who} changed this line {triage_words.ago(found.at, now)}, after you had opened it. "
        "Compare it with yours, then save again."
    )


def _change(
    session: Session,
    actor: Actor,
    row: BattlecardLine,
    values: Mapping[str, Any],
    *,
    before: dict[str, Any],
    now: datetime,
) -> None:
    """Changes the row and keeps what it was `before`, under the version that it had."""
    session.add(
        BattlecardRevision(
            line_id=row.id,
            version=row.version,
            editor_id=actor.journal_id,
            at=now,
            before=before,
        )
    )
    for column, value in values.items():
        setattr(row, column, value)
    row.updated_at = now
    # The version rises also where nothing but the citations changes, twice in one moment.
    flag_modified(row, "updated_at")
    session.flush()


def _set_archived(
    session: Session, actor: Actor, line_id: int, now: datetime, *, archived: bool
) -> LineView:
    row = _keepable(session, actor, line_id)
    if bool(row.archived_at) != archived:
        if not archived:
            _hold_lines(session, row.competitor_id)
            _require_room(session, row.competitor_id)
        values = {"archived_at": now if archived else None}
        _change(session, actor, row, values, before={"archived": not archived}, now=now)
        _record(session, actor, "archived" if archived else "restored", row, now)
    return battlecards.line(session, actor, row.id, now=now)


def _cited(session: Session, line_id: int) -> list[UUID]:
    cited = select(_CITATIONS.c.note_id).where(_CITATIONS.c.line_id == line_id)
    return list(session.scalars(cited.order_by(_CITATIONS.c.added_at, _CITATIONS.c.note_id)))


def _as_kept(cited: Sequence[UUID]) -> dict[str, Any]:
    """Former citations as a revision keeps them."""
    return {"citations": [str(one) for one in cited]}


def _add_citations(
    session: Session, actor: Actor, line_id: int, note_ids: Sequence[UUID], now: datetime
) -> None:
    rows = [
        {"line_id": line_id, "note_id": one, "added_by": actor.journal_id, "added_at": now}
        for one in note_ids
    ]
    if rows:
        session.execute(insert(_CITATIONS), rows)


def _record(
    session: Session,
    actor: Actor,
    deed: str,
    row: BattlecardLine,
    now: datetime,
    *,
    fields: Sequence[str] = (),
) -> None:
    data = {
        "name": line_name(session, row),
        "competitor": row.competitor_id,
        **({"fields": fields} if fields else {}),
    }
    journal.append(
        session,
        f"battlecard.{deed}",
        ("battlecard", row.id),
        actor_id=actor.journal_id,
        now=now,
        data=data,
    )


def line_name(session: Session, row: BattlecardLine) -> str:
    """What the journal calls a line: its number and whose it is, never its words."""
    return f"{row.id} of {catalogue.current(session).competitor(row.competitor_id).name}"
