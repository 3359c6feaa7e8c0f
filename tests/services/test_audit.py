"""The journal as admins read it: newest first, with names, narrowed and a page at a time."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden
from insights.models import Role, Source
from insights.services import (
    accounts,
    assignments,
    audit,
    competitors,
    journal,
    notes,
    people,
    segments,
    territories,
)
from insights.services.access import OPERATOR, Actor
from insights.services.audit import AuditEntry, JournalFilter
from insights.services.note_drafts import NoteDraft
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MEMBER, MERCY, NOW, TODAY

HOUR = timedelta(hours=1)


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def newest(session: Session, actor: Actor) -> AuditEntry:
    return audit.list_entries(session, actor, limit=1)[0]


def verbs(session: Session, actor: Actor, **chosen: Any) -> list[str]:
    found = audit.list_entries(session, actor, JournalFilter(**chosen), limit=100)
    return [entry.verb for entry in found]


def rename(session: Session, actor: Actor, name: str) -> None:
    territories.change(session, actor, now=NOW, slug="georgia", name=name)


def test_the_journal_is_read_by_admins_only(session: Session, characters: Characters) -> None:
    for actor in characters.everyone:
        if actor.role is not Role.ADMIN:
            with pytest.raises(Forbidden):
                audit.list_entries(session, actor, limit=10)


class TestNames:
    def test_are_those_of_today(self, session: Session, admin: Actor) -> None:
        rename(session, admin, "Peach State")
        rename(session, admin, "Georgia on my mind")
        first = audit.list_entries(session, admin, limit=9)[-1]
        assert (first.actor_name, first.subject_name, first.slug) == (
            "Ada Admin",
            "Georgia on my mind",
            "georgia",
        )
        assert first.data["name"] == "Peach State"

    def test_are_given_to_everything_that_has_one(self, session: Session, admin: Actor) -> None:
        people.change(session, admin, now=NOW, person_id=MEMBER, name="Maxine Member")
        assert newest(session, admin).subject_name == "Maxine Member"
        accounts.change(session, admin, now=NOW, account_id=MERCY, name="Mercy")
        assert newest(session, admin).subject_name == "Mercy"
        segments.rename_dimension(session, admin, now=NOW, dimension=1, name="Trade")
        assert newest(session, admin).subject_name == "Trade"
        competitors.archive(session, admin, now=NOW, slug="ionfield")
        assert newest(session, admin).subject_name == "Ionfield"

    def test_of_a_move_are_those_of_both_places(self, session: Session, admin: Actor) -> None:
        territories.move(session, admin, now=NOW, slug="georgia", parent_slug="west")
        names = newest(session, admin).names
        assert names == {"parent": "West", "former_parent": "Southeast"}

    def test_of_an_assignment_are_person_and_territory(
        self, session: Session, admin: Actor
    ) -> None:
        given: dict[str, Any] = {"territory_slug": "georgia", "person_id": MEMBER, "since": TODAY}
        assignments.assign(session, admin, now=NOW, **given)
        entry = newest(session, admin)
        assert (entry.subject_name, entry.slug) == ("Georgia", "georgia")
        assert entry.names == {"person": "Max Member", "territory": "Georgia"}

    def test_of_the_operator_is_none(self, session: Session, admin: Actor) -> None:
        people.activate(session, OPERATOR, now=NOW, person_id=7)
        assert newest(session, admin).actor_name is None

    @pytest.mark.parametrize("subject_id", ["", "x", "-1", "9" * 30, "²"])
    def test_are_not_missed_where_there_are_none(
        self, session: Session, admin: Actor, subject_id: str
    ) -> None:
        for noun in ("person", "territory", "account", "spell"):
            data = {"person": subject_id, "territory": [1], "parent": True}
            journal.append(
                session, f"{noun}.bent", (noun, subject_id), actor_id=None, now=NOW, data=data
            )
            entry = newest(session, admin)
            assert (entry.subject_name, entry.names) == (None, {})


class TestFilters:
    @pytest.fixture(autouse=True)
    def deeds(self, session: Session, characters: Characters) -> None:
        rename(session, characters.admin, "Peach State")
        notes.post(
            session,
            characters.member,
            NoteDraft(id=uuid4(), text="They want fibre", source=Source.WEB),
            now=NOW + HOUR,
        )
        accounts.archive(session, characters.analyst, now=NOW + 2 * HOUR, account_id=MERCY)

    def test_are_verb_subject_person_and_time(self, session: Session, admin: Actor) -> None:
        assert verbs(session, admin) == ["account.archived", "note.posted", "territory.changed"]
        assert verbs(session, admin, verb="note.posted") == ["note.posted"]
        assert verbs(session, admin, subject_type="account") == ["account.archived"]
        about = {"subject_type": "territory", "subject_id": str(GEORGIA)}
        assert verbs(session, admin, **about) == ["territory.changed"]
        assert verbs(session, admin, actor_id=MEMBER) == ["note.posted"]
        assert verbs(session, admin, since=NOW + HOUR, until=NOW + 2 * HOUR) == ["note.posted"]

    @pytest.mark.parametrize("word", ["\x00", "\ud800", "x" * 1000, "note posted", "%"])
    def test_that_nothing_can_meet_find_nothing(
        self, session: Session, admin: Actor, word: str
    ) -> None:
        assert verbs(session, admin, verb=word) == []
        assert verbs(session, admin, subject_type="note", subject_id=word) == []
        assert verbs(session, admin, actor_id=10**30) == []


class TestPages:
    def test_go_on_behind_the_last_row(self, session: Session, admin: Actor) -> None:
        for number in range(5):
            rename(session, admin, f"Georgia {number}")
        first = audit.list_entries(session, admin, limit=3)
        rest = audit.list_entries(session, admin, limit=3, after=first[-1].id)
        assert [one.data["name"][-1] for one in (*first, *rest)] == ["4", "3", "2", "1", "0"]
        assert len(audit.list_entries(session, admin, limit=9, after=10**30)) == 5
        assert audit.list_entries(session, admin, limit=9, after=-1) == []

    def test_take_the_same_queries_however_many_rows(
        self, database: Database, admin: Actor, count_queries: Counter
    ) -> None:
        def queries() -> int:
            with database.reading() as session, count_queries(database) as statements:
                audit.list_entries(session, admin, limit=100)
            return len(statements)

        with database.writing() as session:
            accounts.archive(session, admin, now=NOW, account_id=MERCY)
        queries()
        before = queries()
        with database.writing() as session:
            for number in range(20):
                rename(session, admin, f"Georgia {number}")
                people.change(session, admin, now=NOW, person_id=MEMBER, name=f"Max {number}")
        queries()  # reads the catalogue anew
        assert queries() == before <= 5
