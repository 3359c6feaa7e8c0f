"""Signing in: one answer for everything that is wrong, and never a way to another site."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.app import create_app
from insights.models import Person
from insights.services import tokens
from insights.services.passwords import hash_password
from insights.web.sign_in import REFUSAL, is_local_path
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import LEAVER, NOW, OWNER
from tests.web.pages import html_of, text_of, value_of

PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD)
OWNERS = {"email": "owner@example.com", "password": PASSWORD}


@pytest.fixture
def owner_browser(stage: Stage, nobody: Browser) -> Browser:
    """A browser without sign-in; the owner and the leaver have a password by now."""
    with stage.database.writing() as session:
        for person_id in (OWNER, LEAVER):
            session.get_one(Person, person_id).password_hash = PASSWORD_HASH
    return nobody


class TestSigningIn:
    def test_leads_home_and_lasts_for_the_days_of_the_settings(
        self, owner_browser: Browser
    ) -> None:
        answer = owner_browser.submit("/sign-in", **OWNERS)
        assert (answer.status_code, answer.location) == (303, "/")
        cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "insights=" in one)
        assert "Expires=" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Olivia Owner" in text_of(owner_browser.get("/"))

    def test_takes_the_address_however_it_is_capitalised(self, owner_browser: Browser) -> None:
        answer = owner_browser.submit("/sign-in", **{**OWNERS, "email": " Owner@Example.COM "})
        assert answer.status_code == 303

    def test_goes_on_to_the_page_that_was_asked_for(self, owner_browser: Browser) -> None:
        asked = owner_browser.get("/me/tokens")
        assert asked.location == "/sign-in?next=/me/tokens"
        form = owner_browser.get(asked.location)
        answer = owner_browser.submit("/sign-in", **OWNERS, next=value_of(form, "next"))
        assert answer.location == "/me/tokens"

    def test_when_signed_in_already_leads_on(self, owner_browser: Browser) -> None:
        owner_browser.submit("/sign-in", **OWNERS)
        assert owner_browser.get("/sign-in?next=/me").location == "/me"
        assert owner_browser.get("/sign-in").location == "/"

    def test_needs_the_form_token(self, owner_browser: Browser) -> None:
        assert owner_browser.post("/sign-in", data=OWNERS).status_code == 400


class TestARefusedSignIn:
    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("owner@example.com", "wrong"),
            ("member@example.com", PASSWORD),
            ("leaver@example.com", PASSWORD),
            ("unknown@example.com", PASSWORD),
            ("", ""),
            ("a" * 100_000, "b" * 100_000),
            ("\x00\ud7ff\u202e", "\x00"),
        ],
        ids=["wrong", "without password", "deactivated", "unknown", "empty", "huge", "binary"],
    )
    def test_always_says_the_same_and_signs_nobody_in(
        self, owner_browser: Browser, email: str, password: str
    ) -> None:
        answer = owner_browser.submit("/sign-in", email=email, password=password)
        assert answer.status_code == 422
        assert REFUSAL in text_of(answer)
        assert PASSWORD not in html_of(answer)
        assert owner_browser.get("/").status_code == 302

    def test_shows_what_was_typed_as_text(self, owner_browser: Browser) -> None:
        answer = owner_browser.submit("/sign-in", email='"><script>x</script>', password="x")
        assert "<script>x" not in html_of(answer)
        assert value_of(answer, "email") == '"><script>x</script>'

    def test_too_often_is_answered_with_a_pause(self, stage: Stage) -> None:
        settings = replace(stage.runtime.settings, sign_in_limit="2 per minute")
        app = create_app(settings, clock=stage.clock)
        app.test_client_class = Browser
        browser = app.test_client()
        assert isinstance(browser, Browser)
        wrong = {"email": "owner@example.com", "password": "wrong"}
        answers = [browser.submit("/sign-in", **wrong).status_code for _ in range(3)]
        app.extensions["insights"].database.dispose()
        assert answers == [422, 422, 429]


class TestWhereItLeads:
    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
            "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil.example", "",
            "///evil.example", "/\x00", "http:evil",
        ],
    )  # fmt: skip
    def test_is_never_another_site(self, owner_browser: Browser, target: str) -> None:
        assert owner_browser.submit("/sign-in", **OWNERS, next=target).location == "/"

    @given(st.text())
    def test_is_a_path_of_ours_whatever_is_asked(self, target: str) -> None:
        if is_local_path(target):
            assert target.startswith("/")
            assert target[1:2] not in ("/", "\\")

    def test_may_carry_a_query(self) -> None:
        assert is_local_path("/search?q=acme&since=2026-01-01#top")


class TestSigningOut:
    def test_ends_the_sign_in(self, owner_browser: Browser) -> None:
        owner_browser.submit("/sign-in", **OWNERS)
        answer = owner_browser.submit("/sign-out", page="/me")
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert "You are signed out." in text_of(owner_browser.get("/sign-in"))
        assert owner_browser.get("/").status_code == 302

    def test_twice_is_no_mistake(self, owner_browser: Browser) -> None:
        assert owner_browser.submit("/sign-out", page="/sign-in").status_code == 303

    def test_is_not_done_by_a_link(self, owner_browser: Browser) -> None:
        assert owner_browser.get("/sign-out").status_code == 405

    def test_needs_the_form_token(self, owner_browser: Browser) -> None:
        owner_browser.submit("/sign-in", **OWNERS)
        assert owner_browser.post("/sign-out").status_code == 400
        assert owner_browser.get("/").status_code == 200


class TestWithoutSignIn:
    def test_a_part_of_a_page_sends_the_whole_page_to_the_form(self, nobody: Browser) -> None:
        answer = nobody.get("/n/similar?text=a", headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert answer.headers["HX-Redirect"].startswith("/sign-in?next=")

    def test_a_form_that_is_sent_says_how_to_go_on(self, nobody: Browser) -> None:
        answer = nobody.submit("/n", page="/sign-in", text="Acme was here")
        assert answer.status_code == 401
        assert "nothing was saved" in text_of(answer)

    def test_a_token_opens_no_page(self, stage: Stage, characters: Characters) -> None:
        with stage.database.writing() as session:
            _, secret = tokens.make(
                session,
                characters.admin,
                now=NOW,
                name="Report",
                scopes=["read"],
                expires_at=NOW + timedelta(days=30),
            )
        browser = stage.app.test_client()
        bearer = {"Authorization": f"Bearer {secret}"}
        assert browser.get("/me", headers=bearer).status_code == 302
        form = {"name": "More", "scopes": "admin", "days": "30"}
        assert browser.post("/me/tokens", data=form, headers=bearer).status_code == 401
        with stage.database.reading() as session:
            assert len(tokens.list_own(session, characters.admin)) == 1
