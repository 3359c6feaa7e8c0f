"""Must-knows: what whoever holds a territory must know, pinned by those who held it.

They belong to the territory and go on from holder to holder until somebody retires them. One may
lean on an account or a note. A note that was pinned as it is, without words of one's own, goes with
the note: whoever may not see the note, as when it was withdrawn, sees no must-know either. The id
is made by the client, so that sending one twice pins it once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from insights.errors import Conflict, FieldProblems, Forbidden, Invalid, NotFound
from insights.models import Account, MustKnow, Note, Person
from insights.services import access, access_work, catalogue, journal, lookup
from insights.services.access import Actor
from insights.services.note_cards import AccountName
from insights.text import clean

LONGEST = 2_000
MOST_PER_TERRITORY = 200
# The prompt of a note that was pinned as it is.
PINNED = "note"


class Prompt(StrEnum):
    """What somebody who hands a territory over is asked."""

    DECIDERS = "deciders"
    PROMISED = "promised"
    COMING = "coming"
    COMPETITOR = "competitor"
    INSIDE = "inside"
    IN_THE_CAR = "in-the-car"


PROMPTS: dict[Prompt, str] = {
    Prompt.DECIDERS: "Who decides at the most important customers?",
    Prompt.PROMISED: "What have we promised?",
    Prompt.COMING: "What is about to happen?",
    Prompt.COMPETITOR: "Which competitor needs watching?",
    Prompt.INSIDE: "Whom do you call inside the company?",
    Prompt.IN_THE_CAR: "What would you tell your successor in the car?",
}


@dataclass(frozen=True, slots=True)
class MustKnowView:
    """A must-know as one reader sees it; `note_id` is None as well when it is not theirs to see.

    `edited_at` is the last change; naming it with the next one shows whether somebody was faster.
    """

    id: UUID
    territory_id: int
    text: str
    prompt: Prompt | None
    note_id: UUID | None
    account: AccountName | None
    author_id: int
    author_name: str
    at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewMustKnow:
    """What is to be pinned."""

    id: UUID
    territory_id: int
    text: str
    prompt: Prompt | None = None
    note_id: UUID | None = None
    account_id: int | None = None
    # The text is the beginning of the note.
    is_note: bool = False


def pin(session: Session, actor: Actor, new: NewMustKnow, *, now: datetime) -> MustKnowView:
    """Pins it behind the others of its territory; one of that id by the actor stays as it is.

    Raises Forbidden unless the actor may pin there, Invalid(text, account, note), also when the
    territory has 200 already, and Conflict when somebody else used the id.
    """
    known = session.get(MustKnow, new.id)
    if known is not None:
        return _again(session, actor, known)
    _require_pinner(session, actor, new.territory_id)
    text = _usable(session, actor, new)
    lookup.hold_territories(session, [new.territory_id])
    # Sent twice at once, the first one is there by now.
    known = session.get(MustKnow, new.id)
    if known is not None:
        return _again(session, actor, known)
    current = (MustKnow.territory_id == new.territory_id, MustKnow.retired_at.is_(None))
    counted = select(func.count(), func.max(MustKnow.position)).where(*current)
    count, last = session.execute(counted).one()
    if count >= MOST_PER_TERRITORY:
        raise Invalid(f"There are {count} must-knows here. Retire some before you pin another.")
    row = MustKnow(
        id=new.id,
        territory_id=new.territory_id,
        text=text,
        prompt=new.prompt.value if new.prompt else PINNED if new.is_note else "",
        note_id=new.note_id,
        account_id=new.account_id,
        author_id=actor.id,
        position=(last or 0) + 1,
        at=now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "pinned", row, now)
    return get(session, actor, row.id)


def change(
    session: Session,
    actor: Actor,
    must_know_id: UUID,
    *,
    text: str,
    last_change: datetime | None = None,
    now: datetime,
) -> MustKnowView:
    """Gives it other words; the same words change nothing.

    `last_change` is the `edited_at` that the actor read. Raises NotFound, Forbidden, Invalid(text),
    and Conflict when somebody changed it since.
    """
    row = _changeable(session, actor, must_know_id)
    words = _require_text(text)
    if row.text == words:
        return get(session, actor, row.id)
    if last_change is not None and row.edited_at != last_change:
        raise Conflict("Somebody changed this must-know meanwhile. Read it again, then change it.")
    row.text, row.edited_at = words, now
    session.flush()
    _record(session, actor, "changed", row, now)
    return get(session, actor, row.id)


def retire(session: Session, actor: Actor, must_know_id: UUID, *, now: datetime) -> None:
    """Takes it out of every brief; one that is retired already stays as it is.

    Raises NotFound and Forbidden.
    """
    row = _changeable(session, actor, must_know_id)
    if row.retired_at is None:
        row.retired_at = now
        session.flush()
        _record(session, actor, "retired", row, now)


def get(session: Session, actor: Actor, must_know_id: UUID) -> MustKnowView:
    """The must-know, retired or not, if the actor may see it; raises NotFound otherwise."""
    chosen = _VIEWS.where(MustKnow.id == must_know_id, *_seen_by(actor))
    row = session.execute(chosen).one_or_none()
    if row is None:
        raise NotFound("There is no such must-know, or you may not see it.")
    return _views(session, actor, [row])[0]


def list_current(
    session: Session,
    actor: Actor,
    territory_ids: Collection[int],
    *,
    limit: int = MOST_PER_TERRITORY,
) -> list[MustKnowView]:
    """Those of the territories that are not retired, in their order, as the actor may see them.

    Two queries.
    """
    chosen = _VIEWS.where(
        MustKnow.territory_id.in_(sorted(territory_ids)),
        MustKnow.retired_at.is_(None),
        *_seen_by(actor),
    )
    ordered = chosen.order_by(MustKnow.position, MustKnow.at, MustKnow.id).limit(limit)
    return _views(session, actor, session.execute(ordered).all())


_VIEWS: Select[MustKnow, str, str | None] = (
    select(MustKnow, Person.name, Account.name)
    .join(Person, Person.id == MustKnow.author_id)
    .outerjoin(Account, Account.id == MustKnow.account_id)
)


def _seen_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    behind = exists().where(Note.id == MustKnow.note_id, access.visible_notes(actor))
    own_words = or_(MustKnow.note_id.is_(None), MustKnow.prompt != PINNED)
    return access_work.visible_must_knows(actor), or_(own_words, behind)


def _views(
    session: Session, actor: Actor, rows: Sequence[Row[MustKnow, str, str | None]]
) -> list[MustKnowView]:
    behind = [found.note_id for found, _, _ in rows if found.note_id is not None]
    visible: set[UUID] = set()
    if behind:
        seen = select(Note.id).where(Note.id.in_(behind), access.visible_notes(actor))
        visible = set(session.scalars(seen))
    return [
        MustKnowView(
            id=found.id,
            territory_id=found.territory_id,
            text=found.text,
            prompt=next((one for one in Prompt if one.value == found.prompt), None),
            note_id=found.note_id if found.note_id in visible else None,
            account=AccountName(found.account_id, account or "") if found.account_id else None,
            author_id=found.author_id,
            author_name=author,
            at=found.at,
            edited_at=found.edited_at,
        )
        for found, author, account in rows
    ]


def _again(session: Session, actor: Actor, known: MustKnow) -> MustKnowView:
    if known.author_id != actor.id:
        raise Conflict("This must-know is known already. Send yours with an id of its own.")
    return get(session, actor, known.id)


def _changeable(session: Session, actor: Actor, must_know_id: UUID) -> MustKnow:
    get(session, actor, must_know_id)
    row = session.get_one(MustKnow, must_know_id, with_for_update=True)
    _require_pinner(session, actor, row.territory_id)
    return row


def _require_pinner(session: Session, actor: Actor, territory_id: int) -> None:
    if not access_work.may_pin(session, actor, territory_id):
        raise Forbidden(
            "Must-knows are kept by those who hold the territory, by its managers and by admins."
        )


def _usable(session: Session, actor: Actor, new: NewMustKnow) -> str:
    """The text as it is stored; raises Invalid for what cannot be pinned."""
    problems, text = FieldProblems(), ""
    with problems:
        text = _require_text(new.text)
    with problems:
        if new.territory_id not in catalogue.current(session).territories:
            raise Invalid({"territory": ["There is no such territory."]})
    with problems:
        if new.account_id is not None and lookup.by_id(session, Account, new.account_id) is None:
            raise Invalid({"account": ["There is no such account. Choose one from the list."]})
    with problems:
        _require_note(session, actor, new.note_id)
    problems.settle()
    return text


def _require_note(session: Session, actor: Actor, note_id: UUID | None) -> None:
    if note_id is None:
        return
    found = session.get(Note, note_id)
    if found is None or not access.may_see(actor, found):
        raise Invalid({"note": ["There is no such note, or you may not see it."]})


def _require_text(typed: str) -> str:
    text = clean(typed).strip()
    if not text:
        raise Invalid({"text": ["Write what whoever comes next must know."]})
    if len(text) > LONGEST:
        raise Invalid({"text": [f"Shorten this to {LONGEST:,} characters."]})
    return text


def _record(session: Session, actor: Actor, deed: str, row: MustKnow, now: datetime) -> None:
    subject, data = ("must_know", row.id), {"territory": row.territory_id}
    verb = f"must_know.{deed}"
    journal.append(session, verb, subject, actor_id=actor.journal_id, now=now, data=data)
