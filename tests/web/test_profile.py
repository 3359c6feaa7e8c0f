"""My own pages: my notes, my password, my tokens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from insights.models import Audience, Person
from insights.services import people, tokens
from insights.services.access import Actor
from insights.services.passwords import hash_password
from insights.services.tokens import TokenView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER, TODAY
from tests.web.pages import html_of, is_checked, text_of, value_of

ClientOf = Callable[[Actor], Browser]
PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD)
PAGES = ("/me", "/me/settings", "/me/tokens")


@pytest.fixture
def owner(stage: Stage, characters: Characters, client_of: ClientOf) -> Browser:
    """The owner's browser; the owner has a password."""
    with stage.database.writing() as session:
        session.get_one(Person, OWNER).password_hash = PASSWORD_HASH
    return client_of(characters.owner)


def tokens_of(stage: Stage, person: Actor) -> list[TokenView]:
    """The person's tokens, newest first."""
    with stage.database.reading() as session:
        return tokens.list_own(session, person)


class TestWhoSees:
    def test_everyone_their_own(self, characters: Characters, client_of: ClientOf) -> None:
        for one in characters.everyone:
            for address in PAGES:
                page = client_of(one).get(address)
                assert page.status_code == 200
                assert one.email in text_of(page)

    def test_nobody_anything(self, nobody: Browser) -> None:
        for address in PAGES:
            assert nobody.get(address).location == f"/sign-in?next={address}"
        for address in ("/me/password", "/me/tokens", "/me/tokens/1/revoke"):
            assert nobody.submit(address, page="/sign-in").status_code == 401

    def test_no_deed_without_the_form_token(self, stage: Stage, owner: Browser) -> None:
        for address in ("/me/password", "/me/tokens", "/me/tokens/1/revoke"):
            assert owner.post(address, data={"name": "x", "scopes": "read"}).status_code == 400


class TestMyNotes:
    def test_are_mine_alone_also_the_sealed_ones(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        stage.post(characters.owner, "Mine", audience=Audience.SEALED, territory="NV")
        stage.post(characters.member, "Another's")
        assert "Mine" in text_of(owner.get("/me"))
        assert "Another's" not in text_of(owner.get("/me"))

    def test_go_on_page_by_page(self, stage: Stage, characters: Characters, owner: Browser) -> None:
        for number in range(23):
            moment = NOW - timedelta(minutes=number)
            stage.post(characters.owner, f"Note {number:02}.", captured_at=moment)
        first = owner.get("/me")
        assert "Note 19." in text_of(first)
        address = html_of(first).split("note-list-more")[1].split('href="')[1].split('"')[0]
        assert "Note 20." in text_of(owner.get(address))
        part = owner.get(address, headers={"HX-Request": "true"})
        assert html_of(part).count('class="note-list-item"') == 3

    def test_are_invited_when_there_are_none(self, owner: Browser) -> None:
        assert "You have not posted yet" in text_of(owner.get("/me"))

    def test_stand_under_the_territories_that_i_hold(self, owner: Browser) -> None:
        assert 'href="/territories/georgia"' in html_of(owner.get("/me"))


class TestMyPassword:
    def test_is_changed_and_ends_other_sign_ins_only(
        self, stage: Stage, characters: Characters, client_of: ClientOf, owner: Browser
    ) -> None:
        elsewhere = client_of(characters.owner)
        answer = owner.submit(
            "/me/password", page="/me/settings", current=PASSWORD, new="battery staple"
        )
        assert answer.location == "/me/settings"
        assert "Your password is changed" in text_of(owner.get("/me/settings"))
        assert elsewhere.get("/me").status_code == 302
        with stage.database.reading() as session:
            assert people.authenticate(session, "owner@example.com", "battery staple")

    @pytest.mark.parametrize(
        ("current", "new", "words"),
        [
            ("wrong", "battery staple", "This is not your present password"),
            (PASSWORD, "short", "Choose a password of 10 to 256 characters"),
            (PASSWORD, "x" * 100_000, "Choose a password of 10 to 256 characters"),
            ("", "", "This is not your present password"),
        ],
    )
    def test_stays_when_the_form_is_refused(
        self, stage: Stage, owner: Browser, current: str, new: str, words: str
    ) -> None:
        answer = owner.submit("/me/password", page="/me/settings", current=current, new=new)
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert PASSWORD not in html_of(answer)
        with stage.database.reading() as session:
            assert people.authenticate(session, "owner@example.com", PASSWORD)


class TestMyTokens:
    def make(self, browser: Browser, **fields: Any) -> str:
        """Makes a token and gives its secret as the page shows it."""
        form: dict[str, Any] = {"name": "Weekly report", "scopes": ["read"], "days": "90", **fields}
        answer = browser.submit("/me/tokens", **form)
        assert answer.status_code == 200
        return html_of(answer).split('class="secret-text">')[1].split("<")[0]

    def test_are_shown_once_and_open_the_api(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        secret = self.make(owner)
        assert secret not in html_of(owner.get("/me/tokens"))
        assert "Weekly report" in text_of(owner.get("/me/tokens"))
        with stage.database.reading() as session:
            found = tokens.find(session, secret, today=TODAY, now=NOW)
        assert found is not None
        assert found.actor == characters.owner

    def test_last_as_long_as_was_chosen(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        self.make(owner, days="30", scopes=["read", "write"])
        token = tokens_of(stage, characters.owner)[0]
        assert token.expires_at == NOW + timedelta(days=30)
        assert token.scopes == ("read", "write")

    def test_that_are_refused_come_back_as_they_were_sent(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        answer = owner.submit("/me/tokens", name=" ", scopes=["write", "zzz"], days="5000")
        assert answer.status_code == 422
        for words in ("Name: Give a name", "May: Choose one or more", "Lasts: Choose a time"):
            assert words in text_of(answer)
        assert value_of(answer, "name") == " "
        assert is_checked(answer, "scopes", "write")
        assert tokens_of(stage, characters.owner) == []

    def test_for_the_administration_are_for_admins(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        for one in characters.everyone:
            form = {"name": "x", "scopes": "admin", "days": "30"}
            status = client_of(one).submit("/me/tokens", **form).status_code
            assert status == (200 if one is characters.admin else 403)

    def test_are_revoked_at_once(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        secret = self.make(owner)
        token = tokens_of(stage, characters.owner)[0]
        answer = owner.submit(f"/me/tokens/{token.id}/revoke", page="/me/tokens")
        assert answer.location == "/me/tokens"
        assert "Revoked" in text_of(owner.get("/me/tokens"))
        with stage.database.reading() as session:
            assert tokens.find(session, secret, today=TODAY, now=NOW) is None

    def test_of_others_do_not_exist_for_me(
        self, stage: Stage, characters: Characters, client_of: ClientOf, owner: Browser
    ) -> None:
        self.make(owner)
        token = tokens_of(stage, characters.owner)[0]
        member = client_of(characters.member)
        for number in (token.id, 999, 10**30):
            answer = member.submit(f"/me/tokens/{number}/revoke", page="/me/tokens")
            assert answer.status_code == 404
        assert tokens_of(stage, characters.owner)[0].is_usable(NOW)

    def test_show_names_as_text(self, owner: Browser) -> None:
        self.make(owner, name="<script>x</script>")
        assert "<script>x" not in html_of(owner.get("/me/tokens"))
