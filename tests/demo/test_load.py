"""Loading the demo: the same on SQLite and PostgreSQL, once only, and all of it connected."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights import migration
from insights.clock import utc_now
from insights.db import Base, Database
from insights.demo.load import PASSWORD, SIGN_IN_EMAILS, Loaded, load
from insights.demo.note_rows import uuid7
from insights.demo.notes import notes
from insights.models import (
    Account,
    Audience,
    Comment,
    Competitor,
    GuardWord,
    JournalEntry,
    Note,
    NoteCompetitor,
    NoteProduct,
    NoteSegment,
    Person,
    Product,
    Role,
    Segment,
    Sighting,
    Territory,
    Triage,
    TriageState,
)
from insights.services import access, catalogue, passwords
from insights.services.guard_starter import STARTER_WORDS
from tests.demo.conftest import UNTIL

COUNT = 400


@pytest.fixture
def loaded(empty_database: Database) -> Loaded:
    loaded = load(empty_database, notes=COUNT, seed=1, until=UNTIL)
    assert loaded is not None
    return loaded


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def contents(database: Database) -> list[Any]:
    with database.reading() as session:
        rows = select(Note.id, Note.text, Note.author_id, Note.noted_at).order_by(Note.id)
        return [tuple(row) for row in session.execute(rows)]


@pytest.mark.usefixtures("loaded")
def test_the_whole_organisation_is_there(empty_database: Database) -> None:
    with empty_database.reading() as session:
        assert count(session, Person) == 60
        assert count(session, Territory) == 56
        assert count(session, Competitor) == 12
        assert count(session, Product) == 20
        assert count(session, Segment) == 13
        assert count(session, Account) > 300
        assert count(session, GuardWord) == len(STARTER_WORDS)


@pytest.mark.usefixtures("loaded")
def test_every_note_has_its_row_in_the_journal(empty_database: Database) -> None:
    with empty_database.reading() as session:
        posted = select(JournalEntry).where(JournalEntry.verb == "note.posted")
        entries = session.scalars(posted).all()
        ids = {str(one) for one in session.scalars(select(Note.id))}
        assert {one.subject_id for one in entries} == ids
        assert len(entries) == COUNT


@pytest.mark.usefixtures("loaded")
def test_notes_sightings_and_comments_are_those_that_were_made(empty_database: Database) -> None:
    made = list(notes(1, COUNT, UNTIL))
    with empty_database.reading() as session:
        stored = session.scalars(select(Note).order_by(Note.noted_at)).all()
        assert [one.text for one in stored] == [one.text for one in made]
        assert [one.captured_at for one in stored] == [one.captured_at for one in made]
        sealed = [one.audience is Audience.SEALED for one in stored]
        assert sealed == [one.sealed for one in made]
        assert count(session, Sighting) == sum(len(one.sightings) for one in made)
        assert count(session, Comment) == sum(len(one.comments) for one in made)


@pytest.mark.usefixtures("loaded")
def test_notes_are_tagged_with_what_the_text_names(empty_database: Database) -> None:
    with empty_database.reading() as session:
        known = catalogue.current(session)
        expected = {
            (note.id, kind.value, tag)
            for note in session.scalars(select(Note))
            for kind, found in known.tags_of(note.text).items()
            for tag in found
            if kind.value in ("competitor", "product")
        }
        competitors = session.execute(select(NoteCompetitor.note_id, NoteCompetitor.competitor_id))
        products = session.execute(select(NoteProduct.note_id, NoteProduct.product_id))
        tagged = {(row[0], "competitor", row[1]) for row in competitors}
        tagged |= {(row[0], "product", row[1]) for row in products}
        assert tagged == expected
        assert {kind for _, kind, _ in tagged} == {"competitor", "product"}


@pytest.mark.usefixtures("loaded")
def test_a_note_carries_the_segments_of_its_author(empty_database: Database) -> None:
    wanted = Counter(key for note in notes(1, COUNT, UNTIL) for key in note.segments)
    with empty_database.reading() as session:
        rows = session.execute(
            select(Segment.slug, func.count().label("number"))
            .join(NoteSegment, NoteSegment.segment_id == Segment.id)
            .group_by(Segment.slug)
        )
        stored = {row.slug: row.number for row in rows}
    assert stored["healthcare"] >= wanted["healthcare"] > 0
    assert stored["construction"] >= wanted["construction"] > 0
    assert stored["mid-market"] >= wanted["mid-market"] > 0


@pytest.mark.usefixtures("loaded")
def test_the_inbox_holds_what_waits_and_what_was_decided(empty_database: Database) -> None:
    with empty_database.reading() as session:
        rows = session.execute(select(Triage, Note).join(Note, Note.id == Triage.note_id)).all()
        assert {one.state for one, _ in rows} == set(TriageState)
        for one, note in rows:
            assert one.opened_at == note.noted_at <= one.changed_at <= UNTIL
            assert (one.person_id is None) is (one.state is TriageState.NEW)


def test_the_sign_ins_work(loaded: Loaded, empty_database: Database) -> None:
    assert tuple(one.email for one in loaded.sign_ins) == SIGN_IN_EMAILS
    with empty_database.reading() as session:
        for one in loaded.sign_ins:
            person = session.scalars(select(Person).where(Person.email == one.email)).one()
            assert passwords.matches(person.password_hash, PASSWORD)
            assert person.is_active
        others = select(Person.password_hash).where(Person.email.not_in(SIGN_IN_EMAILS))
        assert set(session.scalars(others)) == {None}


@pytest.mark.usefixtures("loaded")
def test_the_demo_people_have_their_roles_and_places(empty_database: Database) -> None:
    with empty_database.reading() as session:
        territories = catalogue.current(session).territories
        people = session.scalars(select(Person).where(Person.email.in_(SIGN_IN_EMAILS)))
        actors = [access.load_actor(session, one.id, today=UNTIL.date()) for one in people]
        held = {one.email: [territories[place].name for place in one.held] for one in actors}
    assert {one.email.split("@")[0]: one.role for one in actors} == {
        "rep": Role.REP,
        "manager": Role.MANAGER,
        "marketing": Role.ANALYST,
        "admin": Role.ADMIN,
    }
    assert held["rep@example.com"] == ["Georgia"]
    assert held["manager@example.com"] == ["Southeast"]


@pytest.mark.usefixtures("loaded")
def test_a_database_with_people_is_left_alone(empty_database: Database) -> None:
    before = contents(empty_database)
    assert load(empty_database, notes=5, seed=2, until=UNTIL) is None
    assert contents(empty_database) == before


@pytest.mark.usefixtures("loaded")
def test_the_same_seed_writes_the_same_notes_under_the_same_ids(
    empty_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = Database(f"sqlite:///{tmp_path_factory.mktemp('again') / 'demo.db'}")
    migration.migrate(again)
    load(again, notes=COUNT, seed=1, until=UNTIL)
    assert contents(again) == contents(empty_database)
    again.dispose()


def test_progress_ends_at_the_number_of_notes(empty_database: Database) -> None:
    told: list[int] = []
    load(empty_database, notes=12_000, seed=1, until=UNTIL, progress=told.append)
    assert told == [10_000, 12_000]


def test_an_organisation_without_notes_can_be_loaded(empty_database: Database) -> None:
    loaded = load(empty_database, notes=0, seed=1, until=utc_now())
    assert loaded is not None
    assert loaded.notes == 0


def test_a_time_without_a_zone_is_refused(empty_database: Database) -> None:
    with pytest.raises(ValueError, match="time zone"):
        load(empty_database, notes=1, seed=1, until=datetime(2026, 3, 18))  # noqa: DTZ001
    with empty_database.reading() as session:
        assert count(session, Person) == 0


def test_ids_are_of_version_7_and_in_order_of_time() -> None:
    random = Random(1)
    start = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
    ids = [uuid7(start + timedelta(milliseconds=step), random) for step in range(100)]
    assert ids == sorted(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert ids[5].int >> 80 == int(start.timestamp() * 1000) + 5
