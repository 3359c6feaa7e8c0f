"""Fills an empty database with the demo organisation, its notes and its sign-ins.

The organisation and the first batch of notes arrive in one transaction: a demo of ordinary size
is there as a whole or not at all. Larger ones follow batch by batch, so that a million notes
take no more memory than one batch. What was made of the notes comes last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.demo.ahead import notes_ahead
from insights.demo.battlecards import insert_battlecards
from insights.demo.figures import insert_figures
from insights.demo.inbox import insert_inbox
from insights.demo.knowledge import insert_knowledge
from insights.demo.note_rows import NoteRows
from insights.demo.notes import DemoNote
from insights.demo.notes import notes as demo_notes
from insights.demo.organisation import Organisation, organisation
from insights.demo.organisation_rows import insert_organisation
from insights.demo.routes import insert_routes
from insights.demo.work import insert_work
from insights.models import Person
from insights.services import catalogue, guard_words

# Notes in one transaction, and in one statement.
BATCH, CHUNK = 10_000, 2_000
PASSWORD = "field-notes-demo"  # noqa: S105 - the demo's password is no secret, it is printed
SIGN_IN_EMAILS = (
    "admin@example.com",
    "marketing@example.com",
    "manager@example.com",
    "rep@example.com",
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One of the people as whom one can look around."""

    name: str
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written."""

    company: str
    notes: int
    sign_ins: tuple[SignIn, ...]


def load(
    database: Database,
    *,
    notes: int,
    seed: int,
    until: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Loaded | None:
    """Writes the organisation and `notes` notes of the year up to the aware time `until`.

    Afterwards the search replica finds each note in the journal, like any other. `progress` is
    told how many notes are written so far. Returns None, and changes nothing, when the database
    holds people already. The same arguments write the same notes under the same ids. Raises
    ValueError when `until` has no zone or `notes` is negative.
    """
    if until.tzinfo is None or notes < 0:
        raise ValueError("until needs a time zone, and notes cannot be fewer than none")
    company = organisation(seed, until.date())
    # Starting the second process is worth it for large demos only.
    stream = (
        notes_ahead(seed, notes, until, chunk=CHUNK)
        if notes > BATCH
        else demo_notes(seed, notes, until)
    )
    rows = _write_first(database, company, seed, stream, until=until)
    if rows is None:
        return None
    progress(rows.written)
    while rows.written < notes:
        with database.writing() as session:
            _write_batch(session, rows, stream)
        progress(rows.written)
    with database.writing() as session:
        insert_inbox(session, seed, until)
        insert_work(session, until)
        insert_battlecards(session, until)
        insert_knowledge(session, seed, until)
        insert_figures(session, seed, until)
    return Loaded(company.name, rows.written, _sign_ins(company))


def _write_first(
    database: Database,
    company: Organisation,
    seed: int,
    stream: Iterator[DemoNote],
    *,
    until: datetime,
) -> NoteRows | None:
    """Writes the organisation with the first batch, unless somebody is there already."""
    with database.writing() as session:
        if session.scalar(select(Person.id).limit(1)) is not None:
            return None
        ids = insert_organisation(session, company, SIGN_IN_EMAILS, PASSWORD)
        session.add_all(guard_words.starter_rows(until))
        insert_routes(session, until)
        catalogue.changed(session)
        rows = NoteRows(ids, catalogue.current(session), seed)
        _write_batch(session, rows, stream)
    return rows


def _write_batch(session: Session, rows: NoteRows, stream: Iterator[DemoNote]) -> None:
    for _ in range(BATCH // CHUNK):
        rows.insert(session, list(islice(stream, CHUNK)))


def _sign_ins(company: Organisation) -> tuple[SignIn, ...]:
    people = {one.email: one for one in company.people}
    return tuple(
        SignIn(people[email].name, people[email].role, email, PASSWORD) for email in SIGN_IN_EMAILS
    )
