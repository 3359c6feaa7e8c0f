"""How the app gets into workspaces, by the pages that people see."""

import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.oauth import AuthorizeUrlGenerator

from tests.slack.test_server_web_api import refusal
from tests.slack_server.clock import FakeClock
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

REDIRECT = "https://app.example.com/slack/oauth_redirect"


@pytest.fixture
def shop(slack_server: SlackServer) -> Workspace:
    """A workspace without the app, of an organisation."""
    slack_server.slack.app.redirect_urls = [REDIRECT]
    workspace = slack_server.add_workspace("Corner Shop", enterprise_id="E000000001")
    workspace.add_person("petra")
    return workspace


@pytest.fixture
def nobody(slack_server: SlackServer) -> WebClient:
    """The client of an app that has no token yet."""
    return WebClient(base_url=slack_server.api_url)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow the way back to the app."""

    def redirect_request(self, *_: Any) -> None:
        return None


def decided(
    server: SlackServer, decision: str, redirect_uri: str | None = REDIRECT, **form: str
) -> dict[str, str]:
    """What the app hears after a person decided."""
    app = server.slack.app
    address = AuthorizeUrlGenerator(
        client_id=app.client_id,
        scopes=["commands", "chat:write"],
        redirect_uri=redirect_uri,
        authorization_url=server.authorize_url,
    ).generate("state-1")
    body = urllib.parse.urlencode({"decision": decision, **form}).encode()
    opener = urllib.request.build_opener(_Stay)
    with pytest.raises(urllib.error.HTTPError) as answered:
        opener.open(urllib.request.Request(address, body))
    with answered.value:
        assert answered.value.code == 302, answered.value.read()
        target = answered.value.headers["Location"]
    assert target.startswith(REDIRECT)
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))


def exchange(nobody: WebClient, server: SlackServer, **arguments: Any) -> Any:
    app = server.slack.app
    return nobody.oauth_v2_access(
        client_id=app.client_id, client_secret=app.client_secret, **arguments
    )


def test_a_code_becomes_a_token_once(
    nobody: WebClient, slack_server: SlackServer, shop: Workspace
) -> None:
    told = decided(slack_server, "allow", team=shop.id)
    assert told["state"] == "state-1"

    granted = exchange(nobody, slack_server, code=told["code"], redirect_uri=REDIRECT)

    assert granted["team"] == {"id": shop.id, "name": "Corner Shop"}
    assert granted["scope"] == "commands,chat:write"
    client = WebClient(token=granted["access_token"], base_url=slack_server.api_url)
    assert client.auth_test()["team_id"] == shop.id
    again = {"code": told["code"], "redirect_uri": REDIRECT}
    assert refusal(exchange, nobody=nobody, server=slack_server, **again)["error"] == "invalid_code"


def test_a_person_can_refuse(slack_server: SlackServer, shop: Workspace) -> None:
    told = decided(slack_server, "cancel", team=shop.id)
    assert told == {"state": "state-1", "error": "access_denied"}
    assert shop.installation is None


def test_wrong_addresses_secrets_and_old_codes_are_refused(
    nobody: WebClient, slack_server: SlackServer, shop: Workspace, slack_clock: FakeClock
) -> None:
    code = decided(slack_server, "allow", team=shop.id)["code"]
    elsewhere = {"code": code, "redirect_uri": "https://elsewhere.example.com"}
    told = refusal(exchange, nobody=nobody, server=slack_server, **elsewhere)
    assert told["error"] == "bad_redirect_uri"

    app = slack_server.slack.app
    stranger = {"client_id": app.client_id, "client_secret": "guess", "code": "x"}
    assert refusal(nobody.oauth_v2_access, **stranger)["error"] == "bad_client_secret"
    stranger = {"client_id": "9.9", "client_secret": app.client_secret, "code": "x"}
    assert refusal(nobody.oauth_v2_access, **stranger)["error"] == "invalid_client_id"

    old = decided(slack_server, "allow", team=shop.id)["code"]
    slack_clock.advance(601)
    late = {"code": old, "redirect_uri": REDIRECT}
    assert refusal(exchange, nobody=nobody, server=slack_server, **late)["error"] == "invalid_code"


@pytest.mark.parametrize(
    "query",
    [
        "client_id=9.9&scope=commands",
        "client_id={id}&scope=commands&redirect_uri=https://elsewhere.example.com",
        "client_id={id}&scope=admin",
    ],
)
def test_the_page_refuses_what_the_app_may_not_ask(
    slack_server: SlackServer, shop: Workspace, query: str
) -> None:
    address = f"{slack_server.authorize_url}?{query.format(id=slack_server.slack.app.client_id)}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address)
    with refused.value:
        assert refused.value.code == 400


def test_rotated_tokens_live_for_twelve_hours_and_are_renewed_once(
    nobody: WebClient, slack_server: SlackServer, shop: Workspace, slack_clock: FakeClock
) -> None:
    slack_server.slack.app.token_rotation = True
    code = decided(slack_server, "allow", team=shop.id)["code"]
    granted = exchange(nobody, slack_server, code=code, redirect_uri=REDIRECT)
    assert granted["expires_in"] == 43_200
    old = WebClient(token=granted["access_token"], base_url=slack_server.api_url)
    slack_clock.advance(43_201)
    assert refusal(old.auth_test)["error"] == "token_expired"

    renew = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"]}
    renewed = exchange(nobody, slack_server, **renew)

    assert renewed["refresh_token"] != granted["refresh_token"]
    fresh = WebClient(token=renewed["access_token"], base_url=slack_server.api_url)
    assert fresh.auth_test()["ok"]
    told = refusal(exchange, nobody=nobody, server=slack_server, **renew)
    assert told["error"] == "invalid_refresh_token"


def test_an_organisation_installs_for_all_its_workspaces(
    nobody: WebClient, slack_server: SlackServer, shop: Workspace
) -> None:
    branch = slack_server.add_workspace("Branch", enterprise_id="E000000001")
    code = decided(slack_server, "allow", team=shop.id, organisation="1")["code"]

    granted = exchange(nobody, slack_server, code=code, redirect_uri=REDIRECT)

    assert (granted["team"], granted["is_enterprise_install"]) == (None, True)
    assert granted["enterprise"]["id"] == "E000000001"
    assert shop.installation is not None
    shop.installation.scopes.append("team:read")
    client = WebClient(token=granted["access_token"], base_url=slack_server.api_url)
    assert client.team_info(team_id=branch.id)["team"]["name"] == "Branch"
    told = refusal(client.api_call, api_method="team.info", params={"team_id": "T9"})
    assert told["error"] == "team_not_found"
