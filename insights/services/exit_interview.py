"""The exit interview: somebody who hands a territory over tells what the next one must know.

Six prompts, any number of short answers to each. An answer is a must-know of the territory, or a
promise where the prompt asks for those. Each is stored by itself, so that nothing is lost when the
leaver is interrupted; at the end they say that everything is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden
from insights.models import Account, Handover, HandoverState, Impact, MustKnow, Note, Sighting
from insights.services import (
    access,
    access_work,
    catalogue,
    handovers,
    journal,
    must_knows,
    note_cards,
    promises,
)
from insights.services.access import Actor
from insights.services.handovers import HandoverView
from insights.services.must_knows import MustKnowView, NewMustKnow, Prompt
from insights.services.note_cards import AccountName, NoteCard
from insights.services.promises import PromiseView
from insights.text import shorten

MOST_SUGGESTED = 8
MOST_PROMISES = 50
MOST_ACCOUNTS = 300
YEAR = timedelta(days=365)
# Of a note that is pinned so much is shown; the rest is behind it.
PINNED_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Interview:
    """What is known of the territory so far, whoever told it; `pinned` are notes, and must-knows
    that answer no prompt."""

    handover: HandoverView
    told: Mapping[Prompt, Sequence[MustKnowView]]
    pinned: Sequence[MustKnowView]
    promised: Sequence[PromiseView]
    suggested: Sequence[NoteCard]
    accounts: Sequence[AccountName]

    @property
    def count(self) -> int:
        """How many answers and pinned notes there are."""
        answers = sum(len(entries) for entries in self.told.values())
        return answers + len(self.pinned) + len(self.promised)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a prompt; `due` is for promises."""

    id: UUID
    prompt: Prompt
    text: str
    account_id: int | None = None
    due: date | None = None


def read(session: Session, actor: Actor, handover_id: int, *, now: datetime) -> Interview:
    """The interview of a handover, for the leaver, managers of the territory and admins.

    A fixed number of queries. Raises NotFound, and Forbidden for the next holder, who has the
    brief.
    """
    found = _require_interview(session, actor, handover_id)
    places = catalogue.current(session).subtrees([found.territory.id])
    entries = must_knows.list_current(session, actor, places)
    made = promises.open_in(session, actor, territory_ids=sorted(places), limit=MOST_PROMISES)
    return Interview(
        handover=found,
        told={one: [entry for entry in entries if entry.prompt is one] for one in Prompt},
        pinned=[entry for entry in entries if entry.prompt is None],
        promised=made,
        suggested=_suggested(session, actor, found.from_id or 0, places, now),
        accounts=_accounts(session, places),
    )


def tell(session: Session, actor: Actor, handover_id: int, given: Answer, *, now: datetime) -> None:
    """Stores one answer; the same id a second time changes nothing.

    Raises NotFound, Forbidden, Conflict when the handover is cancelled, and Invalid(text, account,
    due).
    """
    found = _require_open(session, actor, handover_id)
    if given.prompt is Prompt.PROMISED:
        promises.make(
            session,
            actor,
            promise_id=given.id,
            territory_id=found.territory.id,
            account_id=given.account_id,
            text=given.text,
            due=given.due,
            now=now,
        )
        return
    new = NewMustKnow(
        given.id, found.territory.id, given.text, given.prompt, account_id=given.account_id
    )
    must_knows.pin(session, actor, new, now=now)


def pin_note(
    session: Session,
    actor: Actor,
    handover_id: int,
    note_id: UUID,
    *,
    must_know_id: UUID,
    now: datetime,
) -> MustKnowView:
    """Pins a note as a must-know, in its own words; raises as `tell` does, and NotFound."""
    found = _require_open(session, actor, handover_id)
    note = access.note(session, actor, note_id)
    text = shorten(" ".join(note.text.split()), PINNED_LENGTH)
    new = NewMustKnow(
        must_know_id, found.territory.id, text, None, note.id, note.account_id, is_note=True
    )
    return must_knows.pin(session, actor, new, now=now)


def finish(session: Session, actor: Actor, handover_id: int, *, now: datetime) -> HandoverView:
    """The leaver says that everything is told; said twice it stays as it was.

    Raises NotFound, Forbidden unless it is the leaver or a manager of the territory for them, and
    Conflict when the handover is cancelled.
    """
    found = _require_open(session, actor, handover_id)
    row = session.get_one(Handover, found.id, with_for_update=True)
    if row.interviewed_at is None:
        row.interviewed_at = now
        session.flush()
        data = {"territory": row.territory_id}
        subject = ("handover", row.id)
        verb, by = "handover.interviewed", actor.journal_id
        journal.append(session, verb, subject, actor_id=by, now=now, data=data)
    return handovers.get(session, actor, handover_id)


def _require_interview(session: Session, actor: Actor, handover_id: int) -> HandoverView:
    row = access_work.handover(session, actor, handover_id)
    if actor.id != row.from_id and not actor.manages(row.territory_id):
        raise Forbidden("The interview is the leaver's. The brief has all that was told.")
    return handovers.get(session, actor, handover_id)


def _require_open(session: Session, actor: Actor, handover_id: int) -> HandoverView:
    found = _require_interview(session, actor, handover_id)
    if found.state is HandoverState.CANCELLED:
        raise Conflict("This handover was cancelled, so nothing needs to be told.")
    return found


def _suggested(
    session: Session, actor: Actor, author_id: int, places: frozenset[int], now: datetime
) -> list[NoteCard]:
    """The leaver's notes of the last year that others saw too, or that matter much; none that is
    pinned already."""
    seen = func.count(Sighting.id)
    important = Note.impact == Impact.HIGH
    pinned = select(MustKnow.note_id).where(
        MustKnow.territory_id.in_(sorted(places)),
        MustKnow.retired_at.is_(None),
        MustKnow.note_id.is_not(None),
    )
    ids = session.scalars(
        select(Note.id)
        .outerjoin(Sighting, Sighting.note_id == Note.id)
        .where(
            Note.author_id == author_id,
            Note.noted_at >= now - YEAR,
            Note.territory_id.in_(sorted(places)),
            access.visible_notes(actor),
            Note.id.not_in(pinned),
        )
        .group_by(Note.id)
        .having((seen > 0) | important)
        .order_by(seen.desc(), important.desc(), Note.noted_at.desc())
        .limit(MOST_SUGGESTED)
    ).all()
    return note_cards.cards_of(session, actor, ids)


def _accounts(session: Session, places: frozenset[int]) -> list[AccountName]:
    own = select(Account.id, Account.name).where(
        Account.territory_id.in_(sorted(places)), Account.archived_at.is_(None)
    )
    rows = session.execute(own.order_by(Account.folded, Account.id).limit(MOST_ACCOUNTS))
    return [AccountName(row.id, row.name) for row in rows]
