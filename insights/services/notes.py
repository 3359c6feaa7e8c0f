"""Posting, changing and withdrawing notes.

A note that was acknowledged exists for ever: posting is idempotent on the id that the client
made, a change keeps what was before, and withdrawing hides the note without deleting anything.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from insights.db import insert_or_skip, table_of
from insights.errors import Conflict, Forbidden, Invalid, Unavailable
from insights.models import (
    Account,
    AccountSegment,
    Audience,
    Impact,
    Kind,
    Known,
    Note,
    NoteRevision,
)
from insights.services import (
    access,
    catalogue,
    guard_overrides,
    guard_rails,
    journal,
    note_tags,
    question_links,
    triage,
)
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from insights.services.lookup import LARGEST_ID
from insights.services.note_drafts import (
    KnownAccount,
    NoteDraft,
    PreparedNote,
    check_text,
    find_tags,
    find_territory,
    prepare,
)
from insights.tagging.dictionary import TagKind
from insights.text import clean

LONGEST_REASON = 500


@dataclass(frozen=True)
class Receipt:
    """The answer to a post: which note it is, and what this send created, if it did."""

    note_id: UUID
    new: PreparedNote | None

    @property
    def created(self) -> bool:
        """Whether this send created the note."""
        return self.new is not None


class NoteChanges(TypedDict, total=False):
    """The fields to be changed; those left out stay. Tags given are the whole new set."""

    text: str
    kind: Kind
    territory: str
    segments: Sequence[str]
    competitors: Sequence[str]
    products: Sequence[str]
    account_id: int | None
    known: Known
    impact: Impact
    audience: Audience
    # Not a field of the note: see `NoteDraft.acknowledged`.
    acknowledged: frozenset[str]


def post(session: Session, actor: Actor, draft: NoteDraft, *, now: datetime) -> Receipt:
    """Stores a note with its tags and a journal row; the second send of one id changes nothing.

    A note that was written for a question answers it from then on, also when it is closed by now.
    Raises Invalid with the fields to mend, Conflict when the id or the external id belongs to a
    note of somebody else, and Unavailable while another request is at it.
    """
    account = known_account(session, draft.account_id)
    known, rails = catalogue.current(session), guard_rails.current(session)
    try:
        prepared = prepare(known, actor, draft, rails=rails, account=account, now=now)
    except Invalid:
        # What was stored stays stored, also when it could not be posted anew today.
        earlier = session.get(Note, draft.id)
        if earlier is None:
            raise
        return _receipt_of_earlier(actor, earlier)
    if not write(session, [prepared], actor_id=actor.id, now=now):
        return _receipt_of_earlier(actor, _same_note(session, prepared))
    return Receipt(draft.id, prepared)


def _same_note(session: Session, prepared: PreparedNote) -> Note:
    """The note that kept this one from being stored: the same id, or the same external id."""
    same = Note.id == prepared.id
    if prepared.row["external_id"] is not None:
        same = or_(same, Note.external_id == prepared.row["external_id"])
    found = session.scalars(select(Note).where(same)).first()
    if found is None:
        # Not a refusal: a device that is told of a conflict would wait for its author.
        raise Unavailable("The note is being stored by another request. Send it again.", 1)
    return found


def _receipt_of_earlier(actor: Actor, earlier: Note) -> Receipt:
    if earlier.author_id != actor.id:
        raise Conflict("This id belongs to another person's note. Send it under a new id.")
    return Receipt(earlier.id, None)


def write(
    session: Session, prepared: Sequence[PreparedNote], *, actor_id: int, now: datetime
) -> set[UUID]:
    """Inserts prepared notes with tags and journal rows; returns the ids that were new.

    A note whose id or external id exists already is skipped, also when another transaction
    stores it at the same moment; of two in `prepared` the first is stored.
    """
    first: dict[UUID, PreparedNote] = {}
    for one in prepared:
        first.setdefault(one.id, one)
    if not first:
        return set()
    rows = [one.row for one in first.values()]
    new = set(session.scalars(insert_or_skip(session, Note, table_of(Note).c.id), rows))
    fresh = [one for one in first.values() if one.id in new]
    note_tags.add(session, {one.id: one.tags for one in fresh})
    overrides = [row for one in fresh for row in _overrides_of(one, actor_id, now)]
    guard_overrides.record(session, overrides)
    asked = {one.id: one.question_id for one in fresh}
    answered = question_links.add(session, asked, actor_id=actor_id, now=now)
    if fresh:
        posted = [_posted(one, actor_id, now) for one in fresh]
        journal.append_many(session, [*posted, *answered])
    return new


def _overrides_of(
    prepared: PreparedNote, actor_id: int, now: datetime
) -> Sequence[Mapping[str, Any]]:
    return guard_overrides.rows_of(
        prepared.id,
        prepared.overridden,
        person_id=actor_id,
        was_asked=prepared.was_asked,
        now=now,
    )


def _posted(prepared: PreparedNote, actor_id: int, now: datetime) -> dict[str, Any]:
    return {
        "verb": "note.posted",
        "subject_type": "note",
        "subject_id": str(prepared.id),
        "data": {},
        "actor_id": actor_id,
        "at": now,
    }


def known_account(session: Session, account_id: int | None) -> KnownAccount | None:
    """What preparing a note needs of an account; None when there is none that can be chosen."""
    return None if account_id is None else known_accounts(session, {account_id}).get(account_id)


def known_accounts(
    session: Session, ids: Collection[int] | Select[tuple[int]]
) -> dict[int, KnownAccount]:
    """The same for several accounts, given by their ids or a query of them, in two queries."""
    if not isinstance(ids, Select):
        ids = {one for one in ids if 0 < one <= LARGEST_ID}
    accounts = session.execute(
        select(Account.id, Account.name, Account.territory_id).where(
            Account.id.in_(ids), Account.archived_at.is_(None)
        )
    ).all()
    segments: dict[int, list[int]] = {}
    links = select(AccountSegment.account_id, AccountSegment.segment_id)
    found = links.where(AccountSegment.account_id.in_([one.id for one in accounts]))
    for link in session.execute(found.order_by(AccountSegment.segment_id)):
        segments.setdefault(link.account_id, []).append(link.segment_id)
    return {
        one.id: KnownAccount(one.id, one.name, one.territory_id, tuple(segments.get(one.id, ())))
        for one in accounts
    }


def require_editable(session: Session, actor: Actor, note_id: UUID) -> Note:
    """The note, if the actor may change it now. Raises NotFound and Forbidden."""
    note = access.note(session, actor, note_id)
    if note.withdrawn_at is not None:
        raise Forbidden("The note was withdrawn. A manager of its territory can restore it.")
    if not access.may_edit(actor, note):
        raise Forbidden("A note is changed by its author or a manager of its territory.")
    return note


def edit(
    session: Session,
    actor: Actor,
    note_id: UUID,
    changes: NoteChanges,
    *,
    expected_version: int | None = None,
    now: datetime,
) -> Note:
    """Changes a note and keeps what was before as a revision; nothing changed writes nothing.

    A changed text is tagged again: what it newly names is added to the tags; and what is new in it
    has to pass the guard-rails. Raises NotFound, Forbidden, Invalid, and Conflict when the note is
    no longer at `expected_version`.
    """
    note = require_editable(session, actor, note_id)
    if expected_version is not None and note.version != expected_version:
        raise Conflict("The note was changed meanwhile. Read it again and repeat your change.")
    tags = note_tags.stored(session, note_id)
    columns, new_tags, overridden = _resolve(session, note, tags, changes)
    before: dict[str, Any] = {
        name: getattr(note, name) for name, value in columns.items() if getattr(note, name) != value
    }
    before |= {name: sorted(tags[name]) for name in new_tags if new_tags[name] != tags[name]}
    if not before:
        return note
    revision = NoteRevision(
        note_id=note.id, version=note.version, editor_id=actor.id, at=now, before=before
    )
    session.add(revision)
    for name, value in columns.items():
        setattr(note, name, value)
    note.edited_at = now
    # A change of tags alone is a new version too, also within the same moment as the last one.
    flag_modified(note, "edited_at")
    _flush_or_conflict(session)
    if "territory_id" in before:
        triage.move(session, note_id, note.territory_id)
    note_tags.replace(session, note_id, tags, new_tags)
    asked = "acknowledged" in changes
    guard_overrides.record(
        session,
        guard_overrides.rows_of(note_id, overridden, person_id=actor.id, was_asked=asked, now=now),
    )
    data = {"fields": sorted(before)}
    journal.append(session, "note.edited", ("note", note_id), actor_id=actor.id, now=now, data=data)
    return note


def withdraw(
    session: Session,
    actor: Actor,
    note_id: UUID,
    *,
    reason: str,
    within: timedelta,
    now: datetime,
) -> Note:
    """Hides a note from everyone but its author, managers of its territory and admins.

    Nothing is deleted and a manager can restore it. `within` is how long after receipt the
    author may do it. Withdrawing twice changes nothing. Raises NotFound and Forbidden.
    """
    note = access.note(session, actor, note_id)
    if note.withdrawn_at is not None:
        return note
    if not access.may_withdraw(actor, note, now=now, within=within):
        hours = int(within.total_seconds() // 3600)
        raise Forbidden(
            f"A note can be withdrawn by its author within {hours} hours, later by a manager of "
            "its territory. Ask a manager, or add a comment."
        )
    note.withdrawn_at, note.withdrawn_by = now, actor.id
    note.withdrawn_reason = clean(reason)[:LONGEST_REASON] or None
    _flush_or_conflict(session)
    journal.append(session, "note.withdrawn", ("note", note_id), actor_id=actor.id, now=now)
    return note


def restore(session: Session, actor: Actor, note_id: UUID, *, now: datetime) -> Note:
    """Makes a withdrawn note visible again. Raises NotFound and Forbidden."""
    note = access.note(session, actor, note_id)
    access.require_manager_of(actor, note.territory_id)
    if note.withdrawn_at is None:
        return note
    note.withdrawn_at = note.withdrawn_by = note.withdrawn_reason = None
    _flush_or_conflict(session)
    journal.append(session, "note.restored", ("note", note_id), actor_id=actor.id, now=now)
    return note


def revisions(session: Session, actor: Actor, note_id: UUID) -> Sequence[NoteRevision]:
    """What the note was before each change, newest first, for whoever may see the note."""
    access.note(session, actor, note_id)
    statement = select(NoteRevision).where(NoteRevision.note_id == note_id)
    return session.scalars(statement.order_by(NoteRevision.version.desc()).limit(100)).all()


def _resolve(
    session: Session, note: Note, tags: dict[str, frozenset[int]], changes: NoteChanges
) -> tuple[dict[str, Any], dict[str, frozenset[int]], Sequence[str]]:
    """The new values of columns and tags, and the findings of the guard-rails that are let pass.

    Raises Invalid with every field to mend.
    """
    known = catalogue.current(session)
    problems: dict[str, list[str]] = {}

    def report(name: str, message: str) -> None:
        problems.setdefault(name, []).append(message)

    columns: dict[str, Any] = {
        name: changes[name] for name in ("kind", "known", "impact", "audience") if name in changes
    }
    new_tags = _chosen_tags(known, tags, changes, report)
    overridden: Sequence[str] = ()
    if "text" in changes:
        columns["text"] = check_text(changes["text"], report)
        for name, ids in _newly_named(known, note.text, columns["text"]).items():
            new_tags[name] = new_tags.get(name, tags[name]) | ids
        rails, acknowledged = guard_rails.current(session), changes.get("acknowledged")
        overridden = guard_rails.check(
            rails, columns["text"], acknowledged, report, former=note.text
        )
    if "territory" in changes:
        place = find_territory(known, changes["territory"], report, kept=note.territory_id)
        columns["territory_id"] = place.id if place else None
    if "account_id" in changes:
        columns["account_id"] = changes["account_id"]
        known_to_us = known_account(session, changes["account_id"])
        if changes["account_id"] not in (None, note.account_id) and known_to_us is None:
            report("account", "There is no such account. Choose one from the list.")
    if problems:
        raise Invalid(problems)
    return columns, new_tags, overridden


def _chosen_tags(
    known: Catalogue,
    tags: dict[str, frozenset[int]],
    changes: NoteChanges,
    report: Callable[[str, str], None],
) -> dict[str, frozenset[int]]:
    chosen = find_tags(
        known,
        changes.get("segments", ()),
        changes.get("competitors", ()),
        changes.get("products", ()),
        report,
        kept=tags,
    )
    return {name: ids for name, ids in chosen.items() if name in changes}


def _newly_named(known: Catalogue, old: str, new: str) -> dict[str, frozenset[int]]:
    """What the new text names and the old one did not: a tag that somebody removed on purpose
    must not come back because of an unrelated correction."""
    before, after = known.tags_of(old), known.tags_of(new)
    kinds = {
        "segments": TagKind.SEGMENT,
        "competitors": TagKind.COMPETITOR,
        "products": TagKind.PRODUCT,
    }
    return {name: frozenset(after[kind]) - frozenset(before[kind]) for name, kind in kinds.items()}


def _flush_or_conflict(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise Conflict(
            "The note was changed meanwhile. Read it again and repeat your change."
        ) from None
