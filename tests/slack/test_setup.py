"""The Slack page of the administration, the manifest and the commands."""

import json
import re
from collections.abc import Callable

import pytest
import yaml
from click.testing import CliRunner

from insights.cli import main
from insights.errors import Invalid
from insights.services.access import Actor
from integrations.slack import installations, setup, tending
from integrations.slack import manifest as manifests
from integrations.slack.app import MODULES
from integrations.slack.listening import Listeners
from integrations.slack.setup import CheckState
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.slack.insight_app import PUBLIC_URL, InsightApp

PAGE = "/admin/slack"


def _states(insight: InsightApp) -> dict[str, CheckState]:
    settings, now = insight.runtime.settings, insight.now()
    found = insight.read(lambda session: setup.checks(session, settings, now=now))
    return {check.title: check.state for check in found}


def test_the_page_works_before_anything_is_set(
    stage: Stage, client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    admin = client_of(characters.admin)
    html = admin.get(PAGE).text
    assert "Neither a signing secret nor an app token is set." in html
    assert "From a manifest" in html
    assert "INSIGHTS_SLACK_APP_TOKEN=xapp-" in html
    given = admin.get(f"{PAGE}/manifest?form=yaml&way=http")
    assert "slack-manifest.yaml" in given.headers["Content-Disposition"]
    assert yaml.safe_load(given.text)["features"]["slash_commands"][0]["url"].startswith("https")
    assert "INSIGHTS_SLACK_SIGNING_SECRET=" in admin.get(f"{PAGE}?way=http").text
    assert "Add to a workspace" not in html
    assert admin.submit(f"{PAGE}/install", PAGE).status_code == 409
    for other in (characters.owner, characters.analyst, characters.manager):
        for address in (PAGE, f"{PAGE}/checks", f"{PAGE}/manifest"):
            assert client_of(other).get(address).status_code == 403


def test_the_checks_tell_how_far_it_is(insight: InsightApp) -> None:
    insight.server.settle()
    assert _states(insight)["Acme: events"] is CheckState.WAITING
    insight.visitor("olivia").say("field-notes", "hello")
    states = _states(insight)
    assert {
        "A way in",
        "Workspaces",
        "Acme: token",
        "Acme: scopes",
        "Acme: channels",
        "Acme: people",
        "Acme: events",
        "Waiting to be said",
        "Routes to Slack",
    } <= {title for title, state in states.items() if state is CheckState.WELL}


@pytest.mark.slack_rule(38)
def test_a_missing_scope_and_a_dead_token_are_troubles_with_a_way_out(
    unconnected: InsightApp,
) -> None:
    installation = unconnected.workspace.installation
    assert installation is not None
    installation.scopes.remove("links:write")
    browser = _admin(unconnected)
    assert "Nothing can be said" not in browser.get("/admin").text
    browser.submit(f"{PAGE}/check", PAGE)
    unconnected.work()
    html = browser.get(f"{PAGE}/checks").text
    assert "Missing: links:write." in html
    assert "reinstall" in html
    installation.refusal = "account_inactive"
    unconnected.clock.advance(25 * 3600)
    unconnected.work()
    assert "removed from the workspace" in browser.get(f"{PAGE}/checks").text
    told = browser.get("/admin").text
    assert "Nothing can be said in the workspace" in told, "also without looking at Slack's page"
    assert "removed from the workspace" in told
    assert unconnected.runtime.settings.slack_bot_token not in browser.get(PAGE).text


@pytest.mark.slack_rule(38, 57)
def test_a_token_that_slack_does_not_take_is_told_and_tried_again(
    unconnected: InsightApp,
) -> None:
    installation = unconnected.workspace.installation
    assert installation is not None
    with unconnected.database.writing() as session:
        installations.remove(session, unconnected.team_id, now=unconnected.now())
    installation.refusal = "account_inactive"
    unconnected.restart_worker()
    unconnected.work()
    states = _states(unconnected)
    assert states["Bot token"] is CheckState.TROUBLE
    assert "Workspaces" not in states, "it was tried, and there is no other"
    html = _admin(unconnected).get(f"{PAGE}/checks").text
    assert "removed from the workspace" in html
    assert "set INSIGHTS_SLACK_BOT_TOKEN to it" in html
    installation.refusal = None
    unconnected.work()
    assert _states(unconnected)["Bot token"] is CheckState.TROUBLE
    unconnected.clock.advance(tending.TRY_TOKEN_EVERY.total_seconds())
    unconnected.work()
    states = _states(unconnected)
    assert "Bot token" not in states
    assert states["Workspaces"] is CheckState.WELL


def test_a_workspace_is_removed(unconnected: InsightApp) -> None:
    browser = _admin(unconnected)
    answer = browser.submit(f"{PAGE}/{unconnected.team_id}/remove", PAGE)
    assert answer.status_code == 303
    assert _states(unconnected)["Workspaces"] is CheckState.WAITING
    assert browser.submit(f"{PAGE}/T404/remove", PAGE).status_code == 404
    journal = browser.get("/admin/journal").text
    assert "disconnected the Slack workspace" in journal


def _admin(insight: InsightApp) -> Browser:
    browser = insight.flask.test_client()
    assert isinstance(browser, Browser)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "6:1", True
    return browser


@pytest.mark.parametrize("socket", [False, True])
def test_a_manifest_is_within_slacks_limits(socket: bool) -> None:
    made = manifests.manifest(PUBLIC_URL, socket=socket)
    shown, features = made["display_information"], made["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert len(features["shortcuts"]) <= 10
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150
        assert len(one["callback_id"]) <= 255
    for one in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z]{1,31}", one["command"])
        assert len(one["usage_hint"]) <= 1000
        assert one["should_escape"] is True
        assert ("url" in one) is not socket
    assert len(features["unfurl_domains"]) <= 5
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100
    assert ("request_url" in made["settings"]["event_subscriptions"]) is not socket
    assert made["settings"]["socket_mode_enabled"] is socket
    assert yaml.safe_load(manifests.as_yaml(made)) == json.loads(manifests.as_json(made)) == made


def test_the_app_is_told_of_what_its_listeners_hear_and_of_no_more(
    unconnected: InsightApp,
) -> None:
    listeners = Listeners(unconnected.parts, unconnected.edge.app)
    for module in MODULES:
        module.register(listeners)
    told = {name.partition(".")[0] for name in manifests.EVENTS}
    assert told == {hearer.type for hearer in listeners.hearers}


@pytest.mark.slack_rule(51)
def test_no_files_are_sent() -> None:
    assert not [scope for scope in manifests.SCOPES if scope.startswith("files:")]


def test_a_manifest_needs_an_address_that_slack_reaches() -> None:
    for address in ("", "insights.example.com", "ftp://insights.example.com"):
        with pytest.raises(Invalid):
            manifests.manifest(address)
    with pytest.raises(Invalid, match="https"):
        manifests.manifest("http://insights.example.com")
    assert "redirect_urls" not in manifests.manifest("http://10.0.0.5", socket=True)["oauth_config"]


def test_the_commands_print_the_manifest_and_the_checks(
    unconnected: InsightApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = unconnected.runtime.settings
    for name in ("secret_key", "data_dir", "public_url", "slack_signing_secret", "slack_bot_token"):
        monkeypatch.setenv(f"INSIGHTS_{name.upper()}", str(getattr(settings, name)))
    printed = CliRunner().invoke(main, ["slack", "manifest"])
    assert json.loads(printed.output) == manifests.manifest(PUBLIC_URL)
    printed = CliRunner().invoke(main, ["slack", "manifest", "--url", PUBLIC_URL, "--yaml"])
    assert yaml.safe_load(printed.output) == manifests.manifest(PUBLIC_URL)
    printed = CliRunner().invoke(main, ["slack", "check"])
    assert printed.exit_code == 0
    assert "Acme: token: Slack takes it." in printed.output
    told = json.loads(CliRunner().invoke(main, ["slack", "check", "--json"]).output)
    assert {one["state"] for one in told} <= {"well", "waiting"}
