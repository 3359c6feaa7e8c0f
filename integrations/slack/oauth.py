"""Adding the app to a workspace by OAuth: begun by an admin here, allowed by somebody at Slack, and
finished in the same browser within ten minutes.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden, Unavailable
from insights.models import SlackState
from insights.services.access import Actor
from integrations.slack import installations
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent
from integrations.slack.installations import Grant
from integrations.slack.manifest import REDIRECT_PATH, SCOPES
from integrations.slack.parts import SlackParts

STATE_BYTES = 32
USABLE = timedelta(minutes=10)
AGAIN = "Begin again on the Slack page of the administration."


def begin(session: Session, actor: Actor, *, now: datetime) -> str:
    """A state to go to Slack with, good once, for ten minutes and for that admin alone."""
    state = secrets.token_urlsafe(STATE_BYTES)
    session.add(SlackState(digest=_digest(state), person_id=actor.id, at=now))
    session.flush()
    return state


def consent_address(parts: SlackParts, state: str) -> str:
    """Where Slack asks whether the app may come in."""
    query = {
        "client_id": parts.settings.slack_client_id,
        "scope": ",".join(SCOPES),
        "redirect_uri": _redirect_uri(parts),
        "state": state,
    }
    return f"{parts.settings.slack_authorize_url}?{urlencode(query)}"


def finish(
    parts: SlackParts, actor: Actor, *, state: str, kept_state: str, code: str, now: datetime
) -> str:
    """Trades the code for the workspace's tokens and keeps them; the workspace's name.

    `kept_state` is what the browser remembers. Raises Conflict for a state that is unknown, used,
    too old or another browser's or admin's; Forbidden for a workspace that is not on the list;
    and Unavailable when Slack does not answer. In no transaction of the caller.
    """
    _use_state(parts, actor, state, kept_state, now)
    try:
        answer = parts.gateways.without_token(
            "oauth.v2.access",
            client_id=parts.settings.slack_client_id,
            client_secret=parts.settings.slack_client_secret,
            code=code,
            redirect_uri=_redirect_uri(parts),
        )
        _require_allowed(parts, answer)
        grant = _grant(parts, answer, now)
    except SlackRefused as refused:
        raise Conflict(f"Slack did not take it ({refused.code}). {AGAIN}") from None
    except (SlackBusy, SlackSilent):
        raise Unavailable(f"Slack does not answer, so nothing was added. {AGAIN}", 60) from None
    with parts.database.writing() as session:
        installations.save(session, parts.vault, grant, installed_by=actor.id, now=now)
    return grant.team_name


def _use_state(parts: SlackParts, actor: Actor, state: str, kept_state: str, now: datetime) -> None:
    with parts.database.writing() as session:
        row = session.execute(
            delete(SlackState)
            .where(SlackState.digest == _digest(state))
            .returning(SlackState.person_id, SlackState.at)
        ).first()
    same_browser = bool(kept_state) and hmac.compare_digest(_digest(kept_state), _digest(state))
    if row is None or not same_browser or row.person_id != actor.id or now - row.at > USABLE:
        raise Conflict(f"This was finished before, or took too long. {AGAIN}")


def _require_allowed(parts: SlackParts, answer: Mapping[str, Any]) -> None:
    """Gives the token back of a workspace that is not to be in here, and refuses it."""
    team = answer.get("team") or {}
    enterprise = answer.get("enterprise") or {}
    allowed = [one for one in parts.settings.slack_teams.split(",") if one]
    listed = not allowed or bool({team.get("id"), enterprise.get("id")} & set(allowed))
    if team.get("id") and listed:
        return
    parts.gateways.revoke(str(answer.get("access_token", "")))
    if not team.get("id"):
        raise Forbidden(
            "The app is added to single workspaces, not to a whole organisation. Choose one at "
            "Slack."
        )
    raise Forbidden(
        f"The workspace {team.get('name', '')} is not on the list of INSIGHTS_SLACK_TEAMS, so the "
        "app was not added."
    )


def _grant(parts: SlackParts, answer: Mapping[str, Any], now: datetime) -> Grant:
    token = str(answer["access_token"])
    tested = parts.gateways.test(token)
    expires = answer.get("expires_in")
    return Grant(
        team_id=tested.team_id,
        team_name=tested.team_name or str(answer["team"].get("name", "")),
        enterprise_id=tested.enterprise_id,
        app_id=str(answer.get("app_id", "")),
        bot_id=tested.bot_id,
        bot_user_id=tested.bot_user_id,
        bot_token=token,
        scopes=tested.scopes or tuple(str(answer.get("scope", "")).split(",")),
        refresh_token=answer.get("refresh_token"),
        expires_at=now + timedelta(seconds=int(expires)) if expires else None,
    )


def _redirect_uri(parts: SlackParts) -> str:
    return parts.settings.public_url + REDIRECT_PATH


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
