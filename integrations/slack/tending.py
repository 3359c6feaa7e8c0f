"""What is looked after in every workspace without being asked: tokens, people, channels.

Each step does a little, a page of a list or one token, so that nothing else waits for long.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import InsightsError
from insights.models import SlackInstallation, SlackReceipt, SlackState
from integrations.slack import channels, installations, people, refusals
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent, Tested
from integrations.slack.installations import Grant
from integrations.slack.parts import SlackParts

PAGE = 200
LOOK_EVERY = timedelta(hours=24)
CLEAR_EVERY = timedelta(hours=1)
RECEIPTS_KEPT = timedelta(hours=48)
STATES_KEPT = timedelta(hours=1)
REST_AFTER_FAILURE = timedelta(minutes=1)
TRY_TOKEN_EVERY = timedelta(minutes=5)
RENEW_BEFORE = timedelta(hours=2)
RENEWING = timedelta(minutes=1)
CHECK = "installation.check"
CHANNEL_TYPES = "public_channel,private_channel"

log = logging.getLogger(__name__)


@dataclass
class Look:
    """A list that is being read: of people, then of channels."""

    team_id: str
    method: str = "users.list"
    cursor: str = ""


class Tending:
    """Steps of the worker; `step` tells whether there was something to do."""

    def __init__(self, parts: SlackParts) -> None:
        self._parts = parts
        self._recorded = False
        self._token_tried_at: datetime | None = None
        self._look: Look | None = None
        self._rest_until: datetime | None = None
        self._cleared_at: datetime | None = None
        # Workspaces without people to remember are not read over and over.
        self._looked_at: dict[str, datetime] = {}

    def step(self) -> bool:
        """Does the next thing, if there is one."""
        now = self._parts.clock()
        if self._rest_until is not None and now < self._rest_until:
            return False
        try:
            return (
                self._record_token(now) or self._renew(now) or self._read(now) or self._clear(now)
            )
        except SlackBusy as busy:
            self._rest_until = now + busy.retry_after
        except (SlackSilent, SlackRefused, InsightsError) as error:
            log.warning("Slack cannot be looked after just now (%s). It is tried again.", error)
            self._rest_until = now + REST_AFTER_FAILURE
            self._look = None
        return False

    def _record_token(self, now: datetime) -> bool:
        """Keeps the bot token of the settings, once after each start; one that Slack does not take
        is tried again now and then."""
        token = self._parts.settings.slack_bot_token
        if self._recorded or not token or not self._is_token_due(now):
            return False
        self._token_tried_at = now
        try:
            tested = self._parts.gateways.test(token)
        except SlackRefused as refused:
            log.error("Slack does not take %s (%s). Set it anew.", refusals.BOT_TOKEN, refused)
            with self._parts.database.writing() as session:
                refusals.keep(session, refusals.BOT_TOKEN, refused.code, now=now)
            return True
        with self._parts.database.writing() as session:
            refusals.forget(session, refusals.BOT_TOKEN)
            grant = grant_of(token, tested)
            installations.save(session, self._parts.vault, grant, installed_by=None, now=now)
        self._recorded = True
        return True

    def _is_token_due(self, now: datetime) -> bool:
        tried_at = self._token_tried_at
        return tried_at is None or now - tried_at >= TRY_TOKEN_EVERY

    def _renew(self, now: datetime) -> bool:
        """Renews one token that ends soon. Only one worker does: the other tokens of a pair that
        was renewed twice would be lost."""
        with self._parts.database.reading() as session:
            row = session.scalars(
                select(SlackInstallation)
                .where(
                    SlackInstallation.expires_at <= now + RENEW_BEFORE,
                    SlackInstallation.trouble == "",
                )
                .limit(1)
            ).first()
        refresh = self._parts.vault.open(row.refresh_token) if row and row.refresh_token else None
        if row is None or refresh is None or not self._take_turn(refresh, now):
            return False
        answer = self._parts.gateways.without_token(
            "oauth.v2.access",
            client_id=self._parts.settings.slack_client_id,
            client_secret=self._parts.settings.slack_client_secret,
            grant_type="refresh_token",
            refresh_token=refresh,
        )
        with self._parts.database.writing() as session:
            _keep_renewed(session, self._parts, row.team_id, answer, now)
        return True

    def _take_turn(self, refresh: str, now: datetime) -> bool:
        """Whether this worker is the one to use the refresh token; a turn lasts a minute."""
        key = f"renewing:{hashlib.sha256(refresh.encode()).hexdigest()}"
        with self._parts.database.writing() as session:
            stale = (SlackReceipt.key == key, SlackReceipt.at <= now - RENEWING)
            session.execute(delete(SlackReceipt).where(*stale))
            row = {"key": key, "at": now}
            added = insert_or_skip(session, SlackReceipt, SlackReceipt.key)
            return bool(session.scalars(added, [row]).all())

    def _read(self, now: datetime) -> bool:
        """Reads one page of the people or channels of a workspace that is due."""
        look = self._look or self._next_look(now)
        if look is None:
            return False
        self._look = look
        gateway = self._parts.gateways.of(look.team_id)
        arguments: dict[str, Any] = {"limit": PAGE, "cursor": look.cursor or None}
        if look.method == "conversations.list":
            arguments["types"] = CHANNEL_TYPES
        answer = gateway.call(look.method, **arguments)
        with self._parts.database.writing() as session:
            if look.method == "users.list":
                people.remember(session, look.team_id, answer["members"], now=now)
            else:
                channels.remember(session, look.team_id, answer["channels"], now=now)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        self._look = _following(look, cursor)
        if self._look is None:
            self._looked_at[look.team_id] = now
        return True

    def _next_look(self, now: datetime) -> Look | None:
        with self._parts.database.reading() as session:
            teams = installations.well(session)
        for team_id in teams:
            seen = self._looked_at.get(team_id)
            if seen is None or now - seen >= LOOK_EVERY:
                return Look(team_id)
        return None

    def _clear(self, now: datetime) -> bool:
        """Forgets what nobody will send again."""
        if self._cleared_at is not None and now - self._cleared_at < CLEAR_EVERY:
            return False
        with self._parts.database.writing() as session:
            session.execute(delete(SlackReceipt).where(SlackReceipt.at < now - RECEIPTS_KEPT))
            session.execute(delete(SlackState).where(SlackState.at < now - STATES_KEPT))
        self._cleared_at = now
        return False


def check(parts: SlackParts, team_id: str, _: Mapping[str, Any]) -> None:
    """The task that tries a workspace's token once more, and reads its first people and channels.

    Raises what `Gateways.test` raises.
    """
    with parts.database.reading() as session:
        stored = session.scalar(
            select(SlackInstallation.bot_token).where(SlackInstallation.team_id == team_id)
        )
    token = parts.vault.open(stored) if stored else None
    if token is None:
        return
    tested = parts.gateways.test(token)
    with parts.database.writing() as session:
        installations.confirm(session, team_id, tested.scopes, now=parts.clock())
    gateway = parts.gateways.of(team_id)
    people_page = gateway.call("users.list", limit=PAGE)
    channel_page = gateway.call("conversations.list", limit=PAGE, types=CHANNEL_TYPES)
    with parts.database.writing() as session:
        people.remember(session, team_id, people_page["members"], now=parts.clock())
        channels.remember(session, team_id, channel_page["channels"], now=parts.clock())


def grant_of(token: str, tested: Tested) -> Grant:
    """A token of the settings, with what Slack says about it."""
    return Grant(
        team_id=tested.team_id,
        team_name=tested.team_name,
        enterprise_id=tested.enterprise_id,
        app_id="",
        bot_id=tested.bot_id,
        bot_user_id=tested.bot_user_id,
        bot_token=token,
        scopes=tested.scopes,
    )


def _keep_renewed(
    session: Session, parts: SlackParts, team_id: str, answer: dict[str, Any], now: datetime
) -> None:
    row = session.scalar(
        select(SlackInstallation).where(SlackInstallation.team_id == team_id).with_for_update()
    )
    if row is None:
        return
    row.bot_token = parts.vault.close(answer["access_token"])
    row.refresh_token = parts.vault.close(answer["refresh_token"])
    row.expires_at = now + timedelta(seconds=int(answer["expires_in"]))
    session.flush()


def _following(look: Look, cursor: str) -> Look | None:
    if cursor:
        return Look(look.team_id, look.method, cursor)
    return Look(look.team_id, "conversations.list") if look.method == "users.list" else None
