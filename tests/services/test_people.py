"""People: added, changed and shut out by admins, of whom one always remains."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import process_time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Invalid, NotFound
from insights.models import Person, Role
from insights.services import assignments, people, tokens
from insights.services.access import OPERATOR, Actor, load_actor
from insights.services.people import PersonEntry
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, GEORGIA, LEAVER, MANAGER, MEMBER, NOW, OWNER, TODAY
from tests.services.outcomes import EVERYONE, journalled, last_entry, refused, who_may

PASSWORD = "correct horse battery"
DEEDS: dict[str, Callable[[Session, Actor], object]] = {
    "add": lambda s, a: people.add(
        s, a, now=NOW, email="nina@example.com", name="Nina", role=Role.REP
    ),
    "change": lambda s, a: people.change(s, a, now=NOW, person_id=MEMBER, name="Maximilian"),
    "deactivate": lambda s, a: deactivate(s, a, MEMBER),
    "activate": lambda s, a: people.activate(s, a, now=NOW, person_id=LEAVER),
    "set a password": lambda s, a: people.set_password(
        s, a, now=NOW, person_id=MEMBER, password=PASSWORD
    ),
    "see e-mail addresses": lambda s, a: people.get_entry(s, a, person_id=MEMBER),
    "find by address": lambda s, a: people.require_email(s, a, email="member@example.com"),
    "list": lambda s, a: people.list_people(s, a, limit=9),
}


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def add(session: Session, actor: Actor, email: str, **given: Any) -> PersonEntry:
    values: dict[str, Any] = {"name": "Nina New", "role": Role.REP, **given}
    return people.add(session, actor, now=NOW, email=email, **values)


def change(session: Session, actor: Actor, person_id: int, **changes: Any) -> PersonEntry:
    return people.change(session, actor, now=NOW, person_id=person_id, **changes)


def deactivate(session: Session, actor: Actor, person_id: int) -> PersonEntry:
    return people.deactivate(
        session, actor, now=NOW, today=TODAY, person_id=person_id, caretaker_id=MANAGER
    )


def set_password(session: Session, actor: Actor, person_id: int, password: str) -> PersonEntry:
    return people.set_password(session, actor, now=NOW, person_id=person_id, password=password)


def version_of(session: Session, person_id: int) -> int:
    return session.get_one(Person, person_id).sign_in_version


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_people_are_administrated_by_admins_only(
    session: Session, characters: Characters, deed: Callable[[Session, Actor], object]
) -> None:
    assert who_may(session, characters, lambda actor: deed(session, actor)) == {"admin"}


class TestAdding:
    def test_somebody_lets_them_in_with_their_password(
        self, session: Session, admin: Actor
    ) -> None:
        added = add(session, admin, " Nina@Example.COM ", password=PASSWORD)
        assert (added.email, added.has_password, added.is_active) == (
            "nina@example.com",
            True,
            True,
        )
        known = people.authenticate(session, "NINA@example.com", PASSWORD)
        assert known is not None
        assert known.id == added.id

    def test_somebody_is_journalled_without_their_address(
        self, session: Session, admin: Actor
    ) -> None:
        added = add(session, admin, "nina@example.com")
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("person.added", str(added.id))
        assert entry.data == {"name": "Nina New", "role": "rep"}

    def test_the_first_admin_is_possible_in_an_empty_database(
        self, empty_database: Database
    ) -> None:
        with empty_database.writing() as session:
            first = add(session, OPERATOR, "ada@example.com", role=Role.ADMIN)
        with empty_database.reading() as session:
            assert load_actor(session, first.id, today=TODAY).role is Role.ADMIN

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "nina",
            "nina@",
            "@example.com",
            "nina@example",
            "nina new@example.com",
            "Nina <nina@example.com>",
            "a@b.example.com, c@example.com",
            "nina@example..com",
            "nina..new@example.com",
            "x" * 65 + "@example.com",
            "nina@" + "x" * 250 + ".com",
        ],
    )
    def test_needs_an_email_address(self, session: Session, admin: Actor, email: str) -> None:
        assert "not an e-mail address" in refused(lambda: add(session, admin, email))["email"]

    @pytest.mark.parametrize(
        "email", ["o'hara+field@mail.example.co.uk", "jürgen@bücher.example", "a@b.io"]
    )
    def test_accepts_unusual_addresses(self, session: Session, admin: Actor, email: str) -> None:
        assert add(session, admin, email).email == email

    def test_an_address_twice_is_refused(self, session: Session, admin: Actor) -> None:
        message = refused(lambda: add(session, admin, "Member@example.com"))["email"]
        assert message == "Max Member has this e-mail address. Choose another."
        assert journalled(session) == []

    def test_an_address_of_somebody_who_left_names_the_way_out(
        self, session: Session, admin: Actor
    ) -> None:
        message = refused(lambda: add(session, admin, "leaver@example.com"))["email"]
        assert "Activate them again" in message

    def test_tells_everything_that_is_wrong_at_once(self, session: Session, admin: Actor) -> None:
        fields = refused(lambda: add(session, admin, "", name="", password="short"))
        assert sorted(fields) == ["email", "name", "password"]

    def test_one_address_by_two_at_the_same_time_adds_one(
        self, database: Database, admin: Actor
    ) -> None:
        start = Barrier(2, timeout=10)

        def attempt(name: str) -> bool:
            start.wait()
            try:
                with database.writing() as session:
                    add(session, admin, "nina@example.com", name=name)
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, ("First", "Second"))) == [False, True]


class TestChanging:
    def test_the_role_counts_at_once(self, session: Session, admin: Actor) -> None:
        change(session, admin, MEMBER, role=Role.ANALYST)
        assert load_actor(session, MEMBER, today=TODAY).sees_all
        assert last_entry(session).data == {
            "name": "Max Member",
            "role": "analyst",
            "changed": ["role"],
        }

    def test_leaves_alone_what_is_not_given(self, session: Session, admin: Actor) -> None:
        changed = change(session, admin, MEMBER, name="  Maxi ")
        assert (changed.name, changed.email, changed.role) == (
            "Maxi",
            "member@example.com",
            Role.REP,
        )

    def test_nothing_is_not_journalled(self, session: Session, admin: Actor) -> None:
        change(session, admin, MEMBER, name="Max Member", email="MEMBER@example.com")
        assert journalled(session) == []

    def test_to_the_address_of_another_is_refused_and_changes_nothing(
        self, session: Session, admin: Actor
    ) -> None:
        fields = refused(
            lambda: change(session, admin, MEMBER, name="Zeta", email="owner@example.com")
        )
        assert "Olivia Owner has this e-mail address" in fields["email"]
        assert people.get(session, admin, person_id=MEMBER).name == "Max Member"

    @pytest.mark.parametrize("person_id", [0, 999, 2**70])
    def test_nobody_is_refused(self, session: Session, admin: Actor, person_id: int) -> None:
        with pytest.raises(NotFound, match="There is no person number"):
            change(session, admin, person_id, name="Nobody")


class TestTheLastAdmin:
    def test_stays_an_admin(self, session: Session, admin: Actor) -> None:
        fields = refused(lambda: change(session, admin, ADMIN, role=Role.MANAGER))
        assert "Ada Admin is the last admin" in fields["role"]

    def test_stays_active(self, session: Session, admin: Actor) -> None:
        assert "Make somebody else" in refused(lambda: deactivate(session, admin, ADMIN))[""]

    def test_may_change_everything_else(self, session: Session, admin: Actor) -> None:
        changed = change(session, admin, ADMIN, name="Ada Lovelace", role=Role.ADMIN)
        assert changed.name == "Ada Lovelace"

    def test_may_go_when_there_is_another(self, session: Session, admin: Actor) -> None:
        change(session, admin, MEMBER, role=Role.ADMIN)
        assert not deactivate(session, admin, ADMIN).is_active

    def test_is_not_replaced_by_one_who_is_deactivated(
        self, session: Session, admin: Actor
    ) -> None:
        change(session, admin, LEAVER, role=Role.ADMIN)
        assert refused(lambda: deactivate(session, admin, ADMIN))

    def test_remains_when_two_remove_each_other_at_the_same_time(
        self, database: Database, admin: Actor
    ) -> None:
        with database.writing() as session:
            change(session, admin, MEMBER, role=Role.ADMIN)
        start = Barrier(2, timeout=10)

        def attempt(person_id: int) -> bool:
            start.wait()
            try:
                with database.writing() as session:
                    deactivate(session, admin, person_id)
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, (ADMIN, MEMBER))) == [False, True]


class TestDeactivating:
    def test_ends_sign_ins_and_tokens_and_hands_territories_over(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        expires_at = NOW + timedelta(days=30)
        _, secret = tokens.make(
            session, characters.owner, now=NOW, name="CRM", scopes=["read"], expires_at=expires_at
        )
        deactivate(session, admin, OWNER)
        assert version_of(session, OWNER) == 2
        assert tokens.find(session, secret, today=TODAY, now=NOW) is None
        [held] = assignments.list_holders(session, admin, today=TODAY)[GEORGIA]
        assert held.person_id == MANAGER
        assert journalled(session)[1:] == [
            "assignment.ended",
            "assignment.started",
            "handover.done",
            "token.revoked",
            "person.deactivated",
        ]

    def test_twice_happens_once(self, session: Session, admin: Actor) -> None:
        for _ in range(2):
            assert not deactivate(session, admin, MEMBER).is_active
        assert journalled(session).count("person.deactivated") == 1

    def test_is_undone_by_activating_without_territories(
        self, session: Session, admin: Actor
    ) -> None:
        deactivate(session, admin, MEMBER)
        for _ in range(2):
            assert people.activate(session, admin, now=NOW, person_id=MEMBER).is_active
        assert load_actor(session, MEMBER, today=TODAY).held == ()
        assert journalled(session)[-2:] == ["person.deactivated", "person.activated"]


class TestSigningIn:
    @pytest.fixture(autouse=True)
    def _with_password(self, session: Session, admin: Actor) -> None:
        set_password(session, admin, MEMBER, PASSWORD)

    def test_needs_the_right_address_and_password(self, session: Session) -> None:
        for email, password in (
            ("member@example.com", "wrong password"),
            ("member@example.com", ""),
            ("member@example.com", PASSWORD.upper()),
            ("member@example.com", "\ud800" * 12),
            ("owner@example.com", PASSWORD),
            ("nobody@example.com", PASSWORD),
            ("member@example.com" * 9999, PASSWORD),
            ("%", PASSWORD),
            ("member@example.com\ud800", PASSWORD),
        ):
            assert people.authenticate(session, email, password) is None, (email, password)

    def test_does_not_depend_on_how_the_address_is_typed(self, session: Session) -> None:
        for email in ("member@example.com", " MEMBER@Example.com\x00\n"):
            known = people.authenticate(session, email, PASSWORD)
            assert known is not None
            assert known.id == MEMBER

    def test_ends_for_those_who_are_deactivated(self, session: Session, admin: Actor) -> None:
        deactivate(session, admin, MEMBER)
        assert people.authenticate(session, "member@example.com", PASSWORD) is None

    def test_works_as_hard_for_nobody_as_for_somebody(self, session: Session) -> None:
        def effort(email: str) -> float:
            start = process_time()
            people.authenticate(session, email, "wrong password")
            return process_time() - start

        known = effort("member@example.com")
        for other in ("nobody@example.com", "owner@example.com", "leaver@example.com"):
            assert effort(other) > known / 4, "the hash was not computed"


class TestOnePerson:
    def test_is_found_by_address_however_it_is_typed(self, session: Session, admin: Actor) -> None:
        found = people.require_email(session, admin, email=" MEMBER@example.com ")
        assert (found.id, found.has_password) == (MEMBER, False)

    @pytest.mark.parametrize("email", ["", "nobody@example.com", "%", "\x00", "\ud800"])
    def test_of_another_address_does_not_exist(
        self, session: Session, admin: Actor, email: str
    ) -> None:
        with pytest.raises(NotFound):
            people.require_email(session, admin, email=email)


class TestPasswords:
    def own(self, session: Session, actor: Actor, current: str, new: str) -> int:
        return people.change_own_password(session, actor, now=NOW, current=current, new=new)

    # What is slow about it is the hashing, which knows no database.
    @pytest.mark.parametrize("database", ["sqlite"], indirect=True)
    def test_are_changed_by_everyone_for_themselves(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        def deed(actor: Actor) -> None:
            set_password(session, admin, actor.id, PASSWORD)
            self.own(session, actor, PASSWORD, "another password")
            assert people.authenticate(session, actor.email, "another password")

        assert who_may(session, characters, deed) == EVERYONE

    def test_end_all_sign_ins_of_the_person_when_they_change(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        set_password(session, admin, MEMBER, PASSWORD)
        assert version_of(session, MEMBER) == 2
        assert self.own(session, characters.member, PASSWORD, "another password") == 3
        assert version_of(session, MEMBER) == 3
        assert journalled(session) == ["password.changed", "password.changed"]

    def test_are_not_written_into_the_journal(self, session: Session, admin: Actor) -> None:
        set_password(session, admin, MEMBER, PASSWORD)
        assert last_entry(session).data == {}

    def test_can_only_be_changed_by_who_knows_the_present_one(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        set_password(session, admin, MEMBER, PASSWORD)
        wrong = refused(lambda: self.own(session, characters.member, "wrong", "another password"))
        assert list(wrong) == ["current"]
        none = refused(lambda: self.own(session, characters.owner, "", "another password"))
        assert list(none) == ["current"]
        assert people.authenticate(session, "member@example.com", PASSWORD)

    @pytest.mark.parametrize("new", ["", "too short", "x" * 257])
    def test_have_ten_to_256_characters(
        self, session: Session, characters: Characters, admin: Actor, new: str
    ) -> None:
        assert "10 to 256" in refused(lambda: set_password(session, admin, MEMBER, new))["password"]
        set_password(session, admin, MEMBER, PASSWORD)
        assert list(refused(lambda: self.own(session, characters.member, PASSWORD, new))) == ["new"]


class TestTheList:
    def ids(self, session: Session, actor: Actor, **filters: Any) -> list[int]:
        return [one.id for one in people.list_people(session, actor, limit=99, **filters)]

    def test_is_ordered_by_name_and_read_page_by_page(self, session: Session, admin: Actor) -> None:
        seen: list[PersonEntry] = []
        while page := people.list_people(
            session, admin, limit=3, after=seen[-1].id if seen else None
        ):
            seen += page
        assert [one.name for one in seen] == [
            "Ada Admin",
            "Anna Analyst",
            "Leo Leaver",
            "Manuel Manager",
            "Max Member",
            "Olivia Owner",
            "Stella Stranger",
        ]

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"role": Role.MANAGER}, [MANAGER]),
            ({"active": False}, [LEAVER]),
            ({"words": "mÁx"}, [MEMBER]),
            ({"words": "owner@"}, [OWNER]),
            ({"words": "le", "active": False}, [LEAVER]),
            ({"words": "%"}, []),
            ({"role": Role.ADMIN, "active": False}, []),
        ],
    )
    def test_can_be_filtered(
        self, session: Session, admin: Actor, filters: dict[str, Any], expected: list[int]
    ) -> None:
        assert self.ids(session, admin, **filters) == expected

    def test_cannot_go_on_behind_somebody_who_does_not_exist(
        self, session: Session, admin: Actor
    ) -> None:
        assert list(refused(lambda: self.ids(session, admin, after=999))) == ["cursor"]


class TestColleagues:
    def test_are_all_who_may_sign_in_by_name_without_addresses(
        self, session: Session, characters: Characters
    ) -> None:
        for actor in characters.everyone:
            listed = people.colleagues(session, actor)
            assert [one.name.split()[0] for one in listed] == [
                "Ada",
                "Anna",
                "Manuel",
                "Max",
                "Olivia",
                "Stella",
            ]
            assert not any(hasattr(one, "email") for one in listed)

    def test_are_no_guests_who_cannot_sign_in(
        self, session: Session, characters: Characters
    ) -> None:
        session.get_one(Person, MEMBER).guest = True
        session.flush()
        names = [one.name for one in people.colleagues(session, characters.owner)]
        assert "Max Member" not in names

    def test_keep_their_names_after_they_left(
        self, database: Database, characters: Characters, count_queries: Counter
    ) -> None:
        with database.reading() as session, count_queries(database) as statements:
            named = people.person_names(session, characters.member, ids=[LEAVER, OWNER, 999])
        assert named == {LEAVER: "Leo Leaver", OWNER: "Olivia Owner"}
        assert len(statements) == 1
