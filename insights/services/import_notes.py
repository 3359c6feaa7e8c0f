"""Notes from a file.

A batch takes a fixed number of queries, and only its last step, storing what is new, holds the
database against other writers.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.models import Account, Note, Person
from insights.services import catalogue, guard_rails, notes
from insights.services.catalogue import Catalogue
from insights.services.guard_rails import GuardRails
from insights.services.import_columns import Row
from insights.services.import_names import NewAccount, NewNames
from insights.services.import_note_rows import AccountKey, Candidate, NoteRows
from insights.services.import_run import ImportRun
from insights.services.import_values import TimeReader
from insights.services.lookup import quoted
from insights.services.names import one_line
from insights.services.note_drafts import KnownAccount, NoteDraft, PreparedNote, prepare

# Where notes go that name no territory, if the import may create one.
UNASSIGNED = "Unassigned"


@dataclass(frozen=True)
class _Surroundings:
    """What the rows of one batch refer to."""

    known: Catalogue
    rails: GuardRails
    authors: Mapping[str, int]
    account_ids: Mapping[AccountKey, Sequence[int]]
    accounts: Mapping[int, KnownAccount]


class NoteImport:
    """Takes the rows of one file."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        # What the acting person holds says nothing about the notes of others.
        self._actor = replace(run.actor, held=())
        self._rows = NoteRows(TimeReader(run.options.zone, run.options.date_format))
        self._new_names = NewNames(run)
        self._met = _Met() if run.options.dry_run else None
        self._provisional: Catalogue | None = None
        self._default = run.options.territory or (UNASSIGNED if run.options.create else "")

    @property
    def surveys(self) -> bool:
        """Whether the rows have to be seen before the first of them is taken."""
        return self._run.options.create

    def survey(self, rows: Sequence[Row]) -> None:
        """Collects the names in good rows that nobody knows."""
        candidates = list(_good(self._rows, rows))
        with self._run.database.reading() as session:
            around = _surroundings(session, candidates)
        for one in candidates:
            ids = around.account_ids.get(one.account, ()) if one.account else ()
            if one.account and not ids:
                self._new_names.want_account(one.account, _new_account(one))
            draft = self._placed(one.draft, around.accounts.get(ids[0]) if ids else None)
            for noun, word in _unknown(around.known, draft):
                self._new_names.want(noun, word)

    def prepare(self) -> None:
        """Adds what the survey has found; raises Invalid when the default is no territory."""
        self._new_names.create()
        with self._run.database.reading() as session:
            known = catalogue.current(session)
        default = self._run.options.territory
        if default and not self._run.options.create and not known.find_territory(default):
            message = f"“{quoted(default)}” is not a territory. Use another one, or --create."
            raise Invalid({"territory": [message]})

    def take(self, rows: Sequence[Row]) -> None:
        """Stores what is new, counts what is there already, and reports what is bad."""
        candidates = [one for one in map(self._readable, rows) if one]
        with self._run.database.reading() as session:
            fresh = self._fresh(session, candidates)
            around = self._rehearsed(_surroundings(session, fresh))
        good = [one for one in (self._prepared(one, around) for one in fresh) if one]
        added = len(good)
        if good and not self._run.options.dry_run:
            with self._run.changing() as session:
                author_id = self._run.actor.id
                added = len(notes.write(session, good, actor_id=author_id, now=self._run.now))
        self._run.added += added
        self._run.unchanged += len(candidates) - len(fresh) + len(good) - added

    def finish(self) -> None:
        """Forgets what a dry run has met."""
        if self._met:
            self._met.close()

    def _readable(self, row: Row) -> Candidate | None:
        try:
            return self._rows.read(row)
        except Invalid as error:
            self._run.refuse(row.number, error.fields, row.values)
            return None

    def _placed(self, draft: NoteDraft, account: KnownAccount | None) -> NoteDraft:
        """With the territory for notes that name none, unless the account has one."""
        if draft.territory or (account and account.territory_id):
            return draft
        return replace(draft, territory=self._default)

    def _fresh(self, session: Session, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Those that are no note yet; of equal ones the first."""
        ids = {one.draft.id for one in candidates}
        external_ids = {one.draft.external_id for one in candidates if one.draft.external_id}
        stored = select(Note.id, Note.external_id).where(
            or_(Note.id.in_(ids), Note.external_id.in_(external_ids))
        )
        met = {key for row in session.execute(stored) for key in row if key}
        fresh = []
        for one in candidates:
            keys = {key for key in (one.draft.id, one.draft.external_id) if key}
            if met.isdisjoint(keys) and not (self._met and self._met.already(keys)):
                fresh.append(one)
            met |= keys
        return fresh

    def _rehearsed(self, around: _Surroundings) -> _Surroundings:
        """In a dry run with the names that it would have created."""
        if not self._met:
            return around
        if self._provisional is None or self._provisional.version != around.known.version:
            self._provisional = self._new_names.provisional(around.known)
        account_ids, accounts = dict(around.account_ids), dict(around.accounts)
        for place, (key, new) in enumerate(self._new_names.accounts.items()):
            owner = self._provisional.find_territory(new.territory)
            account_ids[key] = [-1 - place]
            owner_id = owner.id if owner else None
            accounts[-1 - place] = KnownAccount(-1 - place, new.name, owner_id, ())
        return replace(around, known=self._provisional, account_ids=account_ids, accounts=accounts)

    def _prepared(self, one: Candidate, around: _Surroundings) -> PreparedNote | None:
        author_id = around.authors.get(one.author)
        if one.author and author_id is None:
            self._run.note_unknown_author(one.author)
        try:
            account = _chosen_account(one, around)
            draft = self._placed(one.draft, account)
            _require_place(draft, account)
            return prepare(
                around.known,
                self._actor,
                replace(draft, account_id=account.id) if account else draft,
                rails=around.rails,
                account=account,
                author_id=author_id,
                now=self._run.now,
            )
        except Invalid as error:
            self._run.refuse(one.row.number, error.fields, one.row.values)
            return None


class _Met:
    """The notes that a dry run has met, for it does not store them: a table on disk, so that it
    may be millions."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")
        self._table.execute("CREATE TABLE met (key PRIMARY KEY) WITHOUT ROWID")

    def already(self, keys: Iterable[UUID | str]) -> bool:
        """Whether one of the keys has been asked for before; afterwards all of them have."""
        rows = [(key.bytes if isinstance(key, UUID) else key,) for key in keys]
        before = self._table.total_changes
        self._table.executemany("INSERT OR IGNORE INTO met VALUES (?)", rows)
        return self._table.total_changes - before < len(rows)

    def close(self) -> None:
        """Removes the table."""
        self._table.close()


def _good(readers: NoteRows, rows: Iterable[Row]) -> Iterator[Candidate]:
    """The rows that can be read; the others are reported when they are taken."""
    for row in rows:
        with suppress(Invalid):
            yield readers.read(row)


def _surroundings(session: Session, candidates: Sequence[Candidate]) -> _Surroundings:
    emails = {one.author for one in candidates if one.author}
    people = select(Person.email, Person.id).where(Person.email.in_(emails))
    authors = {row.email: row.id for row in session.execute(people)} if emails else {}
    account_ids = _account_ids(session, candidates)
    found = {one for several in account_ids.values() for one in several}
    accounts = notes.known_accounts(session, found) if found else {}
    rails = guard_rails.current(session)
    return _Surroundings(catalogue.current(session), rails, authors, account_ids, accounts)


def _new_account(one: Candidate) -> NewAccount:
    external_id = one_line(one.row.get("account_external_id"))
    name = one_line(one.row.get("account")) or external_id
    return NewAccount(name, external_id, one.draft.territory or "")


def _account_ids(
    session: Session, candidates: Iterable[Candidate]
) -> dict[AccountKey, Sequence[int]]:
    """The accounts in use that the rows name: several ids where several have the name."""
    keys = {one.account for one in candidates if one.account}
    if not keys:
        return {}
    external_ids = [word for kind, word in keys if kind == "external_id"]
    names = [word for kind, word in keys if kind == "folded"]
    found: dict[AccountKey, list[int]] = {}
    named = or_(Account.external_id.in_(external_ids), Account.folded.in_(names))
    rows = select(Account.id, Account.external_id, Account.folded).where(
        named, Account.archived_at.is_(None)
    )
    for row in session.execute(rows):
        for key in (("external_id", row.external_id), ("folded", row.folded)):
            if key in keys:
                found.setdefault(key, []).append(row.id)
    return dict(found)


def _chosen_account(one: Candidate, around: _Surroundings) -> KnownAccount | None:
    if one.account is None:
        return None
    ids = around.account_ids.get(one.account, ())
    name = "account" if one.account[0] == "folded" else "account_external_id"
    word = quoted(one.row.get(name))
    if not ids:
        raise Invalid({name: [f"There is no account “{word}”. Import the accounts first."]})
    if len(ids) > 1:
        message = f"{len(ids)} accounts are called “{word}”. Say which one: account_external_id."
        raise Invalid({name: [message]})
    return around.accounts.get(ids[0])


def _require_place(draft: NoteDraft, account: KnownAccount | None) -> None:
    if not draft.territory and not (account and account.territory_id):
        message = "Name the territory, or say where such notes belong (--territory)."
        raise Invalid({"territory": [message]})


def _unknown(known: Catalogue, draft: NoteDraft) -> Iterable[tuple[str, str]]:
    if draft.territory and not known.find_territory(draft.territory):
        yield "territories", draft.territory
    for noun, words, find in (
        ("segments", draft.segments, known.find_segment),
        ("competitors", draft.competitors, known.find_competitor),
        ("products", draft.products, known.find_product),
    ):
        for word in words:
            if not find(word):
                yield noun, word
