"""Adding the app to a workspace: by an admin, in one browser, once, and only where it may be."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from insights.models import SlackInstallation
from integrations.slack import installations
from tests.fixtures.app import Browser
from tests.organisation import ADMIN, ANALYST, OWNER
from tests.slack.insight_app import PUBLIC_URL, InsightApp

PAGE = "/admin/slack"


@pytest.fixture
def by_oauth(unconnected: InsightApp) -> InsightApp:
    """An installation that is in no workspace yet, and has a client id in place of a token."""
    app = unconnected.server.slack.app
    _set(
        unconnected,
        slack_bot_token="",
        slack_client_id=app.client_id,
        slack_client_secret=app.client_secret,
    )
    with unconnected.database.writing() as session:
        installations.remove(session, unconnected.team_id, now=unconnected.now())
    unconnected.restart_worker()
    return unconnected


def _set(insight: InsightApp, **values: str) -> None:
    for name, value in values.items():
        object.__setattr__(insight.runtime.settings, name, value)


def _browser(insight: InsightApp, person_id: int = ADMIN) -> Browser:
    browser = insight.flask.test_client()
    assert isinstance(browser, Browser)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{person_id}:1", True
    return browser


def _leave(browser: Browser) -> str:
    """Begins, and returns where Slack is asked."""
    answer = browser.submit(f"{PAGE}/install", PAGE)
    assert answer.status_code == 200
    start = answer.text.index("http", answer.text.index("Go on to Slack") - 1500)
    return str(answer.text[start:].split('"')[0].replace("&amp;", "&"))


def _decide(address: str, insight: InsightApp, decision: str = "allow", **more: str) -> str:
    """Somebody at Slack decides; the address that they are sent back to, without our host."""
    form = {"decision": decision, "team": insight.workspace.id, **more}
    answer = requests.post(address, data=form, allow_redirects=False, timeout=10)
    back = answer.headers["Location"]
    assert back.startswith(f"{PUBLIC_URL}{PAGE}/installed?")
    return back.removeprefix(PUBLIC_URL)


def _rows(insight: InsightApp) -> list[SlackInstallation]:
    found: list[SlackInstallation] = insight.read(
        lambda session: session.query(SlackInstallation).all()
    )
    return found


@pytest.mark.slack_rule(44, 46)
def test_an_admin_adds_the_app_once(by_oauth: InsightApp) -> None:
    browser = _browser(by_oauth)
    address = _leave(browser)
    back = _decide(address, by_oauth)
    answer = browser.get(back, follow_redirects=True)
    assert "The app was added to Acme." in answer.text
    row = _rows(by_oauth)[0]
    assert (row.team_id, row.installed_by) == (by_oauth.team_id, ADMIN)
    assert by_oauth.worker_parts.gateways.of(by_oauth.team_id).call("auth.test")["ok"]
    assert browser.get(back).status_code == 409, "a state is good once"


@pytest.mark.slack_rule(44)
def test_a_state_is_its_browsers_its_admins_and_ten_minutes_old_at_most(
    by_oauth: InsightApp,
) -> None:
    browser = _browser(by_oauth)
    back = _decide(_leave(browser), by_oauth)
    assert _browser(by_oauth).get(back).status_code == 409, "another browser"
    back = _decide(_leave(browser), by_oauth)
    by_oauth.clock.advance(601)
    assert browser.get(back).status_code == 409, "too late"
    assert browser.get(f"{PAGE}/installed?state=x&code=y").status_code == 409, "never begun"
    for person_id in (OWNER, ANALYST):
        other = _browser(by_oauth, person_id)
        assert other.get(back).status_code == 403
        assert other.get(PAGE).status_code == 403
    assert by_oauth.flask.test_client().get(back).status_code == 302
    assert not _rows(by_oauth)


@pytest.mark.slack_rule(44)
def test_whoever_cancels_is_told_so(by_oauth: InsightApp) -> None:
    browser = _browser(by_oauth)
    back = _decide(_leave(browser), by_oauth, "cancel")
    assert "cancelled at Slack" in browser.get(back, follow_redirects=True).text
    assert not _rows(by_oauth)


@pytest.mark.slack_rule(44, 45)
@pytest.mark.parametrize(
    ("teams", "more", "words"),
    [("T999", {}, "not on the list"), ("", {"organisation": "1"}, "single workspaces")],
)
def test_where_it_may_not_be_the_token_is_given_back(
    by_oauth: InsightApp, teams: str, more: dict[str, str], words: str
) -> None:
    _set(by_oauth, slack_teams=teams)
    browser = _browser(by_oauth)
    answer = browser.get(_decide(_leave(browser), by_oauth, **more))
    assert answer.status_code == 403
    assert words in answer.text
    assert len(by_oauth.calls("auth.revoke")) == 1
    assert not _rows(by_oauth)


@pytest.mark.slack_rule(45, 47)
def test_tokens_that_end_are_renewed_in_time_and_once(by_oauth: InsightApp) -> None:
    by_oauth.server.slack.app.token_rotation = True
    browser = _browser(by_oauth)
    browser.get(_decide(_leave(browser), by_oauth))
    before = _rows(by_oauth)[0]
    by_oauth.clock.advance(9 * 3600)
    by_oauth.work()
    assert _rows(by_oauth)[0].refresh_token == before.refresh_token
    by_oauth.clock.advance(2 * 3600)
    by_oauth.work()
    after = _rows(by_oauth)[0]
    assert after.expires_at is not None
    assert (after.expires_at - by_oauth.now()).total_seconds() == 12 * 3600
    assert by_oauth.worker_parts.gateways.of(by_oauth.team_id).call("auth.test")["ok"]
    assert len(by_oauth.calls("oauth.v2.access")) == 2


def test_what_the_address_asks_for_is_in_the_manifest(by_oauth: InsightApp) -> None:
    asked = parse_qs(urlsplit(_leave(_browser(by_oauth))).query)
    assert set(asked["scope"][0].split(",")) == set(by_oauth.server.slack.app.scopes)
    assert asked["redirect_uri"] == by_oauth.server.slack.app.redirect_urls
