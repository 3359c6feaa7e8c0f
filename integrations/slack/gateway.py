"""The only way out to Slack: one call, one answer, and what failed in one of three ways.

Nothing is tried again here. Whoever calls knows whether it may be done twice, and when: a listener
has three seconds in all, the worker has patience.
"""

import http.client
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.parse import urlsplit

import urllib3
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import select, update

from insights.db import Database
from insights.errors import Unavailable
from insights.models import SlackInstallation
from insights.settings import Settings
from insights.vault import Vault
from integrations.slack import block_checks

# A listener has three seconds in all, and a trigger is good for no longer.
LISTENER_SECONDS = 2.5
# An admin at a page can wait a little longer.
PAGE_SECONDS = 5
WORKER_SECONDS = 30
# Listeners that wait for Slack in vain hold threads which pages need. After so many calls in a row
# that brought nothing, all are refused at once for a while.
MOST_SILENCES = 3
SILENCE_REST = timedelta(seconds=10)
# Answers of Slack that a later try may change; in all others it will say the same again.
PASSING = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "ratelimited"}
)
# Nothing can be said with the token any more, and what an admin does about it.
DEAD_TOKENS: Mapping[str, str] = {
    "token_revoked": "Slack says that the app's token was revoked.",
    "account_inactive": "Slack says that the app was removed from the workspace.",
    "invalid_auth": "Slack does not know the app's token.",
    "token_expired": "The app's token has expired.",
    "not_authed": "Slack got no token.",
}
REMEDY = "Install the app again, or set its present bot token, and nothing that waits is lost."
RESPONSE_HOST = "hooks.slack.com"
SHORTEST_WAIT = timedelta(seconds=1)

# What the library logs holds what people wrote while debugging; what fails is told by us.
_sdk_log = logging.getLogger("integrations.slack.sdk")
_sdk_log.setLevel(logging.CRITICAL)
log = logging.getLogger(__name__)


class SlackRefused(Exception):
    """Slack took the call and said no; asking again would bring the same answer."""

    def __init__(self, code: str, needed: str = "", provided: str = "") -> None:
        super().__init__(code)
        self.code = code
        # The scopes that were missing, and those there are; empty unless that was the reason.
        self.needed = needed
        self.provided = provided


class SlackBusy(Exception):
    """Too many calls of this method in this workspace: again after `retry_after`, not before."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"again in {retry_after.total_seconds():.0f} s")
        self.retry_after = retry_after


class SlackSilent(Exception):
    """No usable answer. `maybe_done` says that what was asked may have been done all the same."""

    def __init__(self, reason: str, *, maybe_done: bool) -> None:
        super().__init__(reason)
        self.maybe_done = maybe_done


@dataclass(frozen=True, slots=True)
class Tested:
    """What Slack says about a token: whose it is, and the scopes it has."""

    team_id: str
    team_name: str
    enterprise_id: str
    bot_id: str
    bot_user_id: str
    scopes: tuple[str, ...]


class Gateway:
    """The calls to one workspace."""

    def __init__(self, team_id: str, client: WebClient, gateways: "Gateways") -> None:
        self.team_id = team_id
        self._client = client
        self._gateways = gateways

    def call(self, method: str, /, **arguments: Any) -> dict[str, Any]:
        """Calls a method of Slack's API, such as "chat.postMessage"; what it answered.

        Raises SlackRefused, SlackBusy or SlackSilent. Never inside a transaction.
        """
        return self._gateways.made(self.team_id, method, self._client, arguments)[0]


class Gateways:
    """Gateways to all workspaces that the app is in.

    `timeout` is in seconds: see LISTENER_SECONDS and WORKER_SECONDS.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: Vault,
        clock: Callable[[], datetime],
        *,
        timeout: float = LISTENER_SECONDS,
    ) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock
        self._timeout = timeout
        self._pool = urllib3.PoolManager(retries=False, timeout=timeout)
        # Until when Slack is not to be called, by workspace and method.
        self._closed: dict[tuple[str, str], datetime] = {}
        # How many calls in a row were not answered, by the same.
        self._silences: Counter[tuple[str, str]] = Counter()

    def of(self, team_id: str) -> Gateway:
        """The way to a workspace. Raises Unavailable when the app is not in it, or its token is
        no longer good."""
        with self._database.reading() as session:
            row = session.execute(
                select(SlackInstallation.bot_token, SlackInstallation.trouble).where(
                    SlackInstallation.team_id == team_id
                )
            ).first()
        if row is None:
            raise Unavailable("Field Insights is not connected to this Slack workspace.", 60)
        token = self._vault.open(row.bot_token)
        if row.trouble or token is None:
            raise Unavailable(
                "The connection to this Slack workspace is broken. An admin sees what to do.", 60
            )
        return Gateway(team_id, self._client(token), self)

    def test(self, token: str) -> Tested:
        """Asks Slack about a token. Raises like `Gateway.call`."""
        answer, headers = self.made("", "auth.test", self._patient_client(token), {})
        scopes = headers.get("x-oauth-scopes", "")
        return Tested(
            team_id=answer["team_id"],
            team_name=answer.get("team", ""),
            enterprise_id=answer.get("enterprise_id") or "",
            bot_id=answer.get("bot_id", ""),
            bot_user_id=answer["user_id"],
            scopes=tuple(one.strip() for one in scopes.split(",") if one.strip()),
        )

    def without_token(self, method: str, /, **arguments: Any) -> dict[str, Any]:
        """A call that carries its own secret, such as "oauth.v2.access". Raises like the others."""
        return self.made("", method, self._patient_client(None), arguments)[0]

    def revoke(self, token: str) -> None:
        """Gives back a token that is not to be kept. Raises like `Gateway.call`."""
        self.made("", "auth.revoke", self._patient_client(token), {})

    def as_app(self) -> WebClient:
        """The client with which Socket Mode asks for its address."""
        return self._client(self._settings.slack_app_token)

    def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Posts to a response_url. Raises SlackRefused(used or expired), SlackBusy, SlackSilent,
        and SlackRefused("foreign_url") for an address that is none of Slack's."""
        if not self._is_response_url(url):
            raise SlackRefused("foreign_url")
        block_checks.report("response_url", body)
        try:
            answer = self._pool.request("POST", url, json=dict(body))
        except urllib3.exceptions.NewConnectionError as error:
            raise SlackSilent("Slack cannot be reached", maybe_done=False) from error
        except urllib3.exceptions.HTTPError as error:
            raise SlackSilent(f"no answer ({type(error).__name__})", maybe_done=True) from error
        if answer.status == 429:
            raise SlackBusy(_wait(answer.headers.get("Retry-After")))
        if answer.status >= 500:
            raise SlackSilent(f"status {answer.status}", maybe_done=True)
        if answer.status >= 400:
            raise SlackRefused(_refusal_of(answer))

    def made(
        self, team_id: str, method: str, client: WebClient, arguments: Mapping[str, Any]
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """The answer of one call with its headers; `Gateway.call` is what others use."""
        block_checks.report(method, arguments)
        self._require_open(team_id, method)
        try:
            answer = client.api_call(method, data=_as_form(arguments))
        except SlackApiError as error:
            self._refused(team_id, method, error)
        except URLError as error:
            self._note_silence(team_id, method)
            refused = isinstance(error.reason, ConnectionRefusedError)
            raise SlackSilent(f"no connection ({error.reason})", maybe_done=not refused) from error
        except (OSError, http.client.HTTPException, SlackClientError) as error:
            self._note_silence(team_id, method)
            raise SlackSilent(f"no answer ({type(error).__name__})", maybe_done=True) from error
        self._silences.pop((team_id, method), None)
        found = answer.data
        if not isinstance(found, dict):
            raise SlackSilent("an answer that cannot be read", maybe_done=True)
        return found, {name.lower(): value for name, value in answer.headers.items()}

    def _require_open(self, team_id: str, method: str) -> None:
        until = self._closed.get((team_id, method))
        if until is not None and until > self._clock():
            raise SlackBusy(until - self._clock())

    def _note_silence(self, team_id: str, method: str) -> None:
        """Has listeners leave a method alone that is not answered again and again; the worker, for
        which nobody waits, goes on asking."""
        if self._timeout > LISTENER_SECONDS:
            return
        place = team_id, method
        self._silences[place] += 1
        if self._silences[place] >= MOST_SILENCES:
            log.warning("%s is not answered in %s; it is left alone for a while", method, team_id)
            self._closed[place] = self._clock() + SILENCE_REST
            self._silences[place] = MOST_SILENCES - 1

    def _refused(self, team_id: str, method: str, error: SlackApiError) -> NoReturn:
        answer = error.response
        status = answer.status_code
        found = answer.data if isinstance(answer.data, dict) else {}
        code = str(found.get("error", ""))
        if status == 429 or code == "ratelimited":
            wait = _wait(answer.headers.get("Retry-After") or answer.headers.get("retry-after"))
            self._closed[team_id, method] = self._clock() + wait
            raise SlackBusy(wait) from error
        if status >= 500 or code in PASSING or not code:
            raise SlackSilent(code or f"status {status}", maybe_done=True) from error
        log.info("Slack refused %s in %s: %s", method, team_id or "no workspace", code)
        if code in DEAD_TOKENS and team_id:
            self._give_up(team_id, code)
        raise SlackRefused(
            code, str(found.get("needed", "")), str(found.get("provided", ""))
        ) from error

    def _give_up(self, team_id: str, code: str) -> None:
        """Says of the workspace that nothing can be said there until somebody mends it."""
        trouble = f"{DEAD_TOKENS[code]} {REMEDY}"
        log.warning("workspace %s: %s", team_id, trouble)
        with self._database.writing() as session:
            session.execute(
                update(SlackInstallation)
                .where(SlackInstallation.team_id == team_id, SlackInstallation.trouble == "")
                .values(trouble=trouble)
            )

    def _is_response_url(self, url: str) -> bool:
        """Whether the address is Slack's own, or lies where the settings say that Slack is."""
        asked, api = urlsplit(url), urlsplit(self._settings.slack_api_url)
        if (asked.scheme, asked.netloc) == (api.scheme, api.netloc):
            return True
        return (asked.scheme, asked.netloc) == ("https", RESPONSE_HOST)

    def _patient_client(self, token: str | None) -> WebClient:
        return self._client(token, max(self._timeout, PAGE_SECONDS))

    def _client(self, token: str | None, timeout: float | None = None) -> WebClient:
        return WebClient(
            token=token,
            base_url=self._settings.slack_api_url,
            timeout=self._timeout if timeout is None else timeout,  # type: ignore[arg-type]
            retry_handlers=[],
            logger=_sdk_log,
        )


def _as_form(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as form fields, which every method takes; some take no JSON. Those without a
    value are left out."""
    return {
        name: json.dumps(value) if isinstance(value, dict | list | tuple) else value
        for name, value in arguments.items()
        if value is not None
    }


def _wait(header: str | None) -> timedelta:
    seconds = int(header) if header is not None and header.isascii() and header.isdigit() else 1
    return max(SHORTEST_WAIT, timedelta(seconds=seconds))


def _refusal_of(answer: urllib3.BaseHTTPResponse) -> str:
    try:
        told = answer.json()
    except ValueError:
        return f"status_{answer.status}"
    return str(told.get("error", "")) if isinstance(told, dict) else f"status_{answer.status}"
