"""The gate: who sees which note, and who may do what."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden, NotFound
from insights.models import (
    Assignment,
    Audience,
    Impact,
    Kind,
    Known,
    Note,
    Person,
    Role,
    SavedSearch,
    Source,
)
from insights.services import access, catalogue, saved_searches, tokens
from insights.services.access import OPERATOR, Actor, load_actor
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    ANALYST,
    FLORIDA,
    GEORGIA,
    LEAVER,
    MANAGER,
    MEMBER,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    STRANGER,
    TODAY,
    WEST,
)
from tests.services.outcomes import CURATORS, EVERYONE, who_may

WITHIN = timedelta(minutes=10)
TOMORROW = TODAY + timedelta(days=1)


def note_of(
    author_id: int = OWNER,
    territory_id: int = GEORGIA,
    *,
    sealed: bool = False,
    withdrawn: bool = False,
) -> Note:
    """A note that was received at NOW, not stored yet."""
    return Note(
        id=uuid4(),
        text="They pay by the truck",
        kind=Kind.COMPETITOR,
        known=Known.HEARD,
        impact=Impact.NORMAL,
        audience=Audience.SEALED if sealed else Audience.EVERYONE,
        source=Source.WEB,
        author_id=author_id,
        territory_id=territory_id,
        captured_at=NOW,
        received_at=NOW,
        noted_at=NOW,
        withdrawn_at=NOW if withdrawn else None,
    )


def those(characters: Characters, allows: Callable[[Actor], bool]) -> set[str]:
    """The names of the characters whom `allows` allows."""
    return {name for name, actor in vars(characters).items() if allows(actor)}


def can_read(session: Session, actor: Actor, note_id: UUID) -> bool:
    """Whether the gate hands out the one note."""
    try:
        return access.note(session, actor, note_id).id == note_id
    except NotFound:
        return False


def passes(requirement: Callable[[Actor], None]) -> Callable[[Actor], bool]:
    """A requirement as a question."""

    def asked(actor: Actor) -> bool:
        try:
            requirement(actor)
        except Forbidden:
            return False
        return True

    return asked


class TestAPersonWhoAsks:
    def test_has_what_they_hold_and_all_below_in_scope(self, characters: Characters) -> None:
        assert characters.owner.held == (GEORGIA,)
        assert characters.manager.held == (SOUTHEAST,)
        assert characters.manager.scope == {SOUTHEAST, GEORGIA, FLORIDA}
        assert characters.analyst.scope == frozenset()

    @pytest.mark.parametrize(
        ("day", "held"),
        [(date(2024, 12, 31), ()), (date(2025, 1, 1), (FLORIDA,)), (date(2030, 1, 1), (FLORIDA,))],
    )
    def test_holds_a_territory_from_the_first_day(
        self, session: Session, day: date, held: tuple[int, ...]
    ) -> None:
        assert load_actor(session, MEMBER, today=day).held == held

    def test_holds_it_no_longer_on_the_day_it_ends(self, session: Session) -> None:
        row = session.scalars(select(Assignment).where(Assignment.person_id == MEMBER)).one()
        row.until = TOMORROW
        session.flush()
        assert load_actor(session, MEMBER, today=TODAY).held == (FLORIDA,)
        assert load_actor(session, MEMBER, today=TOMORROW).held == ()

    def test_has_the_newest_territory_first(self, session: Session) -> None:
        session.add(Assignment(territory_id=NEVADA, person_id=MEMBER, since=date(2025, 9, 1)))
        session.flush()
        assert load_actor(session, MEMBER, today=TODAY).held == (NEVADA, FLORIDA)

    @pytest.mark.parametrize("person_id", [LEAVER, 999])
    def test_must_exist_and_be_active(self, session: Session, person_id: int) -> None:
        with pytest.raises(NotFound, match="no such person"):
            load_actor(session, person_id, today=TODAY)

    def test_is_refused_once_their_sign_ins_were_ended(self, session: Session) -> None:
        version = session.get_one(Person, MEMBER).sign_in_version
        signed_in = load_actor(session, MEMBER, today=TODAY, sign_in_version=version)
        assert signed_in == load_actor(session, MEMBER, today=TODAY)
        with pytest.raises(NotFound):
            load_actor(session, MEMBER, today=TODAY, sign_in_version=version + 1)

    def test_comes_with_the_catalogue_in_one_query(
        self, database: Database, session: Session, count_queries: Counter
    ) -> None:
        catalogue.current(session)
        session.rollback()
        with count_queries(database) as statements:
            load_actor(session, MEMBER, today=TODAY)
            catalogue.current(session)
        assert len(statements) == 1

    def test_is_read_with_the_role_of_this_moment(self, session: Session) -> None:
        session.get_one(Person, MEMBER).role = Role.ANALYST
        session.flush()
        assert load_actor(session, MEMBER, today=TODAY).sees_all


class TestOneNote:
    def readers(self, session: Session, characters: Characters, note: Note) -> set[str]:
        session.add(note)
        session.flush()
        return those(characters, lambda actor: can_read(session, actor, note.id))

    def test_for_everyone_is_seen_by_everyone(
        self, session: Session, characters: Characters
    ) -> None:
        assert self.readers(session, characters, note_of()) == EVERYONE

    def test_that_is_sealed_is_seen_by_holders_above_and_those_who_see_all(
        self, session: Session, characters: Characters
    ) -> None:
        note = note_of(LEAVER, GEORGIA, sealed=True)
        assert self.readers(session, characters, note) == {"owner", "analyst", "manager", "admin"}

    def test_that_is_sealed_is_seen_by_its_author_wherever_it_lies(
        self, session: Session, characters: Characters
    ) -> None:
        note = note_of(MEMBER, NEVADA, sealed=True)
        assert self.readers(session, characters, note) == {
            "member",
            "stranger",
            "analyst",
            "admin",
        }

    def test_of_a_territory_above_is_not_seen_by_those_who_hold_one_below(
        self, session: Session, characters: Characters
    ) -> None:
        note = note_of(LEAVER, SOUTHEAST, sealed=True)
        assert self.readers(session, characters, note) == {"analyst", "manager", "admin"}

    def test_that_is_withdrawn_is_seen_by_author_manager_and_admin(
        self, session: Session, characters: Characters
    ) -> None:
        note = note_of(OWNER, GEORGIA, withdrawn=True)
        assert self.readers(session, characters, note) == {"owner", "manager", "admin"}

    def test_that_is_withdrawn_is_hidden_from_a_rep_who_holds_the_territory(
        self, session: Session, characters: Characters
    ) -> None:
        note = note_of(MEMBER, GEORGIA, withdrawn=True)
        assert self.readers(session, characters, note) == {"member", "manager", "admin"}

    def test_that_does_not_exist_is_refused_like_one_that_may_not_be_seen(
        self, session: Session, characters: Characters
    ) -> None:
        hidden = note_of(OWNER, GEORGIA, sealed=True)
        session.add(hidden)
        session.flush()
        messages = set()
        for note_id in (hidden.id, uuid4()):
            with pytest.raises(NotFound) as caught:
                access.note(session, characters.stranger, note_id)
            messages.add(caught.value.message)
        assert len(messages) == 1


NOTES = st.lists(
    st.builds(
        note_of,
        st.sampled_from([OWNER, MEMBER, STRANGER, ANALYST, MANAGER, LEAVER]),
        st.sampled_from([SOUTHEAST, GEORGIA, FLORIDA, WEST, NEVADA]),
        sealed=st.booleans(),
        withdrawn=st.booleans(),
    ),
    max_size=12,
)


class TestListsAndCounts:
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(stored=NOTES)
    def test_agree_with_the_single_note_and_with_the_keys_of_the_index(
        self, database: Database, characters: Characters, stored: list[Note]
    ) -> None:
        with database.reading() as session:
            session.add_all(stored)
            session.flush()
            for actor in characters.everyone:
                listed = set(session.scalars(select(Note.id).where(access.visible_notes(actor))))
                present = [one for one in stored if one.withdrawn_at is None]
                assert listed == {one.id for one in present if can_read(session, actor, one.id)}
                assert listed == {one.id for one in present if shares_a_key(actor, one)}

    def test_hold_no_withdrawn_note_even_for_its_author(
        self, session: Session, characters: Characters
    ) -> None:
        session.add(note_of(withdrawn=True))
        session.flush()
        for actor in characters.everyone:
            assert not session.scalars(select(Note).where(access.visible_notes(actor))).all()


def shares_a_key(actor: Actor, note: Note) -> bool:
    """Whether the search index would show the note to the actor."""
    keys = access.audience_keys(
        note.audience, territory_id=note.territory_id, author_id=note.author_id
    )
    readable = access.reader_keys(actor)
    return readable is None or not readable.isdisjoint(keys)


class TestChangingANote:
    def test_is_for_its_author_managers_of_its_territory_and_admins(
        self, characters: Characters
    ) -> None:
        note = note_of(MEMBER, GEORGIA)
        assert those(characters, lambda actor: access.may_edit(actor, note)) == {
            "member",
            "manager",
            "admin",
        }

    def test_is_not_for_a_manager_of_another_part_of_the_tree(self, characters: Characters) -> None:
        note = note_of(STRANGER, NEVADA)
        assert not access.may_edit(characters.manager, note)
        assert access.may_edit(characters.manager, note_of(STRANGER, FLORIDA))

    def test_ends_when_it_is_withdrawn(self, characters: Characters) -> None:
        note = note_of(OWNER, GEORGIA, withdrawn=True)
        assert those(characters, lambda actor: access.may_edit(actor, note)) == set()


class TestWithdrawingANote:
    def allowed(self, characters: Characters, note: Note, now: datetime) -> set[str]:
        return those(
            characters, lambda actor: access.may_withdraw(actor, note, now=now, within=WITHIN)
        )

    def test_is_for_its_author_up_to_the_limit(self, characters: Characters) -> None:
        note = note_of(OWNER, GEORGIA)
        last, late = NOW + WITHIN, NOW + WITHIN + timedelta(seconds=1)
        assert self.allowed(characters, note, last) == {"owner", "manager", "admin"}
        assert self.allowed(characters, note, late) == {"manager", "admin"}

    def test_happens_once(self, characters: Characters) -> None:
        note = note_of(OWNER, GEORGIA, withdrawn=True)
        assert self.allowed(characters, note, NOW) == set()


class TestTheAdministration:
    def test_belongs_to_admins(self, characters: Characters) -> None:
        assert those(characters, passes(access.require_admin)) == {"admin"}

    def test_leaves_tags_and_accounts_to_all_but_reps(self, characters: Characters) -> None:
        assert those(characters, passes(access.require_curator)) == CURATORS

    @pytest.mark.parametrize(
        ("territory_id", "expected"),
        [
            (SOUTHEAST, {"manager", "admin"}),
            (GEORGIA, {"manager", "admin"}),
            (NEVADA, {"admin"}),
        ],
    )
    def test_leaves_a_part_of_the_tree_to_its_manager(
        self, characters: Characters, territory_id: int, expected: set[str]
    ) -> None:
        requirement = passes(lambda actor: access.require_manager_of(actor, territory_id))
        assert those(characters, requirement) == expected

    def test_is_open_to_the_operator_of_the_server_who_is_nobody_in_the_journal(self) -> None:
        access.require_admin(OPERATOR)
        assert OPERATOR.journal_id is None
        assert OPERATOR.manages(NEVADA)


class TestOneToken:
    @pytest.fixture
    def token_id(self, session: Session, characters: Characters) -> int:
        expires_at = datetime(2026, 4, 1, tzinfo=UTC)
        made, _ = tokens.make(
            session,
            characters.owner,
            now=NOW,
            name="Laptop",
            scopes=["read"],
            expires_at=expires_at,
        )
        return made.id

    def test_is_seen_by_its_owner_and_by_admins(
        self, session: Session, characters: Characters, token_id: int
    ) -> None:
        for actor in (characters.owner, characters.admin):
            assert access.token(session, actor, token_id).id == token_id
        for actor in (characters.member, characters.analyst, characters.manager):
            with pytest.raises(NotFound):
                access.token(session, actor, token_id)

    @pytest.mark.parametrize("token_id", [0, -1, 999, 2**31, 2**70])
    def test_of_a_number_that_nobody_has_does_not_exist(
        self, session: Session, characters: Characters, token_id: int
    ) -> None:
        with pytest.raises(NotFound):
            access.token(session, characters.admin, token_id)


class TestOneSavedSearch:
    @pytest.fixture(params=[False, True], ids=["private", "shared"])
    def found(
        self, session: Session, characters: Characters, request: pytest.FixtureRequest
    ) -> SavedSearch:
        saved = saved_searches.save(
            session, characters.owner, now=NOW, name="Prices", query="price", shared=request.param
        )
        return session.get_one(SavedSearch, saved.id)

    def test_is_seen_by_its_owner_and_when_shared_by_everyone(
        self, session: Session, characters: Characters, found: SavedSearch
    ) -> None:
        for name, actor in vars(characters).items():
            listed = select(SavedSearch).where(access.visible_searches(actor))
            if found.shared or name == "owner":
                assert access.saved_search(session, actor, found.id) is found
                assert session.scalars(listed).all() == [found]
            else:
                with pytest.raises(NotFound):
                    access.saved_search(session, actor, found.id)
                assert session.scalars(listed).all() == []

    def test_is_changed_by_its_owner_and_admins(
        self, session: Session, characters: Characters, found: SavedSearch
    ) -> None:
        allowed = who_may(
            session, characters, lambda one: access.require_search_changer(one, found.owner_id)
        )
        assert allowed == {"owner", "admin"}

    @pytest.mark.parametrize("search_id", [0, -1, 999, 2**31, 2**70])
    def test_of_a_number_that_none_has_does_not_exist(
        self, session: Session, characters: Characters, search_id: int
    ) -> None:
        with pytest.raises(NotFound):
            access.saved_search(session, characters.admin, search_id)


def test_managers_and_admins_assign_territories(session: Session, characters: Characters) -> None:
    allowed = who_may(session, characters, access.require_assigner)
    assert allowed == {"manager", "admin"}
    assert [one.name for one in characters.everyone if one.manages_all] == ["Ada Admin"]
