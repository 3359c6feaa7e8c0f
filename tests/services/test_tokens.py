"""Tokens: made by everyone for themselves, shown once, and never more than their person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden, NotFound
from insights.models import Token
from insights.services import people, tokens
from insights.services.access import Actor
from insights.services.tokens import TokenView
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, MANAGER, MEMBER, NOW, OWNER, TODAY
from tests.services.outcomes import EVERYONE, journalled, last_entry, refused, who_may

IN_A_MONTH = NOW + timedelta(days=30)
ONE_SECOND = timedelta(seconds=1)


def make(
    session: Session, actor: Actor, scopes: Sequence[str] = ("read",), **given: Any
) -> tuple[TokenView, str]:
    values: dict[str, Any] = {"name": "CRM", "expires_at": IN_A_MONTH, **given}
    return tokens.make(session, actor, now=NOW, scopes=scopes, **values)


def found(session: Session, secret: str) -> tokens.UsableToken:
    token = tokens.find(session, secret, today=TODAY, now=NOW)
    assert token is not None
    return token


def use(session: Session, secret: str, now: datetime) -> None:
    tokens.note_use(session, found(session, secret), now)


def row_of(session: Session, view: TokenView) -> Token:
    return session.get_one(Token, view.id)


@pytest.fixture
def owner(characters: Characters) -> Actor:
    """A rep with a program."""
    return characters.owner


class TestMaking:
    def test_is_for_everyone(self, session: Session, characters: Characters) -> None:
        deed = who_may(session, characters, lambda actor: make(session, actor, ["read", "write"]))
        assert deed == EVERYONE

    def test_with_the_scope_admin_is_for_admins(
        self, session: Session, characters: Characters
    ) -> None:
        deed = who_may(session, characters, lambda actor: make(session, actor, ["read", "admin"]))
        assert deed == {"admin"}

    def test_gives_a_secret_that_is_kept_nowhere(self, session: Session, owner: Actor) -> None:
        made, secret = make(session, owner)
        assert secret.startswith("fi_")
        assert len(secret) >= 43
        row = row_of(session, made)
        assert secret not in [getattr(row, column.key) for column in Token.__table__.columns]
        assert secret not in repr(last_entry(session).data)

    def test_gives_another_secret_each_time(self, session: Session, owner: Actor) -> None:
        assert len({make(session, owner)[1] for _ in range(5)}) == 5

    def test_shows_by_what_it_is_recognised(self, session: Session, owner: Actor) -> None:
        made, secret = make(session, owner, ["write", "read", "read"], name=" My\nCRM ")
        assert (made.name, made.person_name, made.person_id) == ("My CRM", "Olivia Owner", OWNER)
        assert secret.startswith(made.hint)
        assert made.scopes == ("read", "write")

    def test_is_journalled(self, session: Session, owner: Actor) -> None:
        made, _ = make(session, owner)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("token.made", str(made.id))
        assert entry.data == {"name": "CRM", "person": OWNER}

    @pytest.mark.parametrize("scopes", [[], ["all"], ["read", "READ"], [""]])
    def test_needs_scopes_that_exist(
        self, session: Session, owner: Actor, scopes: list[str]
    ) -> None:
        assert list(refused(lambda: make(session, owner, scopes))) == ["scopes"]

    @pytest.mark.parametrize(
        "expires_at",
        [NOW, NOW - ONE_SECOND, NOW + timedelta(days=366) + ONE_SECOND, NOW.replace(tzinfo=None)],
    )
    def test_is_for_a_year_at_most(
        self, session: Session, owner: Actor, expires_at: datetime
    ) -> None:
        fields = refused(lambda: make(session, owner, expires_at=expires_at))
        assert list(fields) == ["expires_at"]
        assert make(session, owner, expires_at=NOW + timedelta(days=366))

    def test_tells_everything_that_is_wrong_at_once(self, session: Session, owner: Actor) -> None:
        fields = refused(lambda: make(session, owner, [], name="", expires_at=NOW))
        assert sorted(fields) == ["expires_at", "name", "scopes"]


class TestFinding:
    def test_gives_the_token_and_its_person_in_one_query(
        self, database: Database, session: Session, owner: Actor, count_queries: Counter
    ) -> None:
        made, secret = make(session, owner, ["read", "write"])
        with count_queries(database) as statements:
            token = tokens.find(session, secret, today=TODAY, now=NOW)
        assert token == tokens.UsableToken(made.id, owner, frozenset({"read", "write"}), None)
        assert len(statements) == 1

    def test_ends_at_the_time_of_expiry(self, session: Session, owner: Actor) -> None:
        _, secret = make(session, owner)
        assert tokens.find(session, secret, today=TODAY, now=IN_A_MONTH - ONE_SECOND)
        assert tokens.find(session, secret, today=TODAY, now=IN_A_MONTH) is None

    def test_ends_when_it_is_revoked(self, session: Session, owner: Actor) -> None:
        made, secret = make(session, owner)
        tokens.revoke(session, owner, now=NOW, token_id=made.id)
        assert tokens.find(session, secret, today=TODAY, now=NOW) is None

    def test_ends_for_good_when_the_person_is_deactivated(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        _, secret = make(session, owner)
        people.deactivate(
            session, characters.admin, now=NOW, today=TODAY, person_id=OWNER, caretaker_id=MANAGER
        )
        assert tokens.find(session, secret, today=TODAY, now=NOW) is None
        people.activate(session, characters.admin, now=NOW, person_id=OWNER)
        assert tokens.find(session, secret, today=TODAY, now=NOW) is None

    @pytest.mark.parametrize(
        "change", [str.upper, lambda s: s[:-1], lambda s: s + "x", lambda _: ""]
    )
    def test_needs_the_whole_secret(self, session: Session, owner: Actor, change: Any) -> None:
        _, secret = make(session, owner)
        assert tokens.find(session, change(secret), today=TODAY, now=NOW) is None

    @pytest.mark.parametrize("secret", ["\x00", "\ud800", "x" * 100_000])
    def test_is_not_disturbed_by_anything_sent(self, session: Session, secret: str) -> None:
        assert tokens.find(session, secret, today=TODAY, now=NOW) is None


class TestRevoking:
    def test_is_for_the_owner_and_for_admins(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        for actor in (owner, characters.admin):
            made, _ = make(session, owner)
            tokens.revoke(session, actor, now=NOW, token_id=made.id)
            assert row_of(session, made).revoked_at == NOW

    def test_is_for_nobody_else_to_whom_it_does_not_exist(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        made, _ = make(session, owner)
        for actor in (characters.member, characters.analyst, characters.manager):
            with pytest.raises(NotFound):
                tokens.revoke(session, actor, now=NOW, token_id=made.id)
        assert row_of(session, made).revoked_at is None

    def test_twice_happens_once(self, session: Session, owner: Actor) -> None:
        made, _ = make(session, owner)
        tokens.revoke(session, owner, now=NOW, token_id=made.id)
        tokens.revoke(session, owner, now=IN_A_MONTH, token_id=made.id)
        assert row_of(session, made).revoked_at == NOW
        assert journalled(session) == ["token.made", "token.revoked"]


class TestUse:
    def test_is_remembered_to_the_hour(self, session: Session, owner: Actor) -> None:
        _, secret = make(session, owner)
        for minutes, remembered in ((0, 0), (59, 0), (60, 60), (61, 60)):
            use(session, secret, NOW + timedelta(minutes=minutes))
            assert found(session, secret).last_used_at == NOW + timedelta(minutes=remembered)

    def test_writes_nothing_while_it_is_not_due(
        self, database: Database, session: Session, owner: Actor, count_queries: Counter
    ) -> None:
        _, secret = make(session, owner)
        use(session, secret, NOW)
        token = found(session, secret)
        assert not tokens.is_use_due(token, NOW)
        with count_queries(database) as statements:
            tokens.note_use(session, token, NOW)
        assert statements == []


class TestTheLists:
    def test_of_ones_own_is_newest_first_and_keeps_what_has_ended(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        first, second = make(session, owner)[0], make(session, owner, name="Slack")[0]
        make(session, characters.member)
        tokens.revoke(session, owner, now=NOW, token_id=first.id)
        listed = tokens.list_own(session, owner)
        assert [one.id for one in listed] == [second.id, first.id]
        assert [one.is_usable(NOW) for one in listed] == [True, False]
        assert not listed[0].is_usable(IN_A_MONTH)

    def test_of_everybody_is_for_admins(self, session: Session, characters: Characters) -> None:
        for actor in (characters.member, characters.admin):
            make(session, actor)
        listed = tokens.list_all(session, characters.admin, limit=50)
        assert [one.person_id for one in listed] == [ADMIN, MEMBER]
        for actor in (characters.owner, characters.analyst, characters.manager):
            with pytest.raises(Forbidden):
                tokens.list_all(session, actor, limit=50)

    def test_of_everybody_comes_a_page_at_a_time(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        first, second, third = (make(session, owner)[0].id for _ in range(3))
        page = tokens.list_all(session, characters.admin, limit=2)
        assert [one.id for one in page] == [third, second]
        rest = tokens.list_all(session, characters.admin, limit=2, after=second)
        assert [one.id for one in rest] == [first]
        assert len(tokens.list_all(session, characters.admin, limit=9, after=10**30)) == 3

    def test_of_everybody_can_leave_out_what_has_ended(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        revoked, usable = make(session, owner)[0], make(session, owner)[0]
        tokens.revoke(session, owner, now=NOW, token_id=revoked.id)
        listed = tokens.list_all(session, characters.admin, limit=9, usable_at=NOW)
        assert [one.id for one in listed] == [usable.id]
        assert not tokens.list_all(session, characters.admin, limit=9, usable_at=IN_A_MONTH)
