"""Calls to Slack as rows: written down with what caused them, made by the worker afterwards.

A listener has three seconds in all and calls nobody; what it wants said is a row of its own
transaction. A call is made at least once: after an answer that was lost it is made again.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import InsightsError
from insights.models import SlackCall
from integrations.slack.gateway import SlackBusy, SlackRefused, SlackSilent
from integrations.slack.parts import SlackParts

RESPOND = "response_url"
TELL_PERSON = "person.tell"
LEASE = timedelta(minutes=2)
FIRST_REST = timedelta(seconds=2)
LONGEST_REST = timedelta(minutes=5)
USABLE = timedelta(minutes=25)
"""A response_url is good for thirty minutes."""
WORTH_SAYING = timedelta(hours=12)

Task: TypeAlias = Callable[[SlackParts, str, Mapping[str, Any]], None]

log = logging.getLogger(__name__)


def put(
    session: Session,
    *,
    key: str,
    team_id: str,
    method: str,
    arguments: Mapping[str, Any],
    now: datetime,
    wait: timedelta = timedelta(0),
    until: timedelta = USABLE,
) -> bool:
    """Has a call made after `wait`, and not later than `until` from now; whether it is new.

    `method` is one of Slack's API, "response_url" with `url` and `body`, or the name of a task of
    our own. The same key never makes two calls while the first one waits.
    """
    row = {
        "key": key,
        "team_id": team_id,
        "method": method,
        "arguments": dict(arguments),
        "due_at": now + wait,
        "until": now + until,
        "attempts": 0,
    }
    added = session.scalars(insert_or_skip(session, SlackCall, SlackCall.id), [row]).all()
    return bool(added)


def waiting(session: Session) -> int:
    """How many calls there are to make."""
    return session.scalar(select(func.count()).select_from(SlackCall)) or 0


class SlackCalls:
    """Makes the calls, one with each step. `tasks` are our own methods by name."""

    def __init__(self, parts: SlackParts, tasks: Mapping[str, Task]) -> None:
        self._parts = parts
        self._tasks = dict(tasks)

    def step(self) -> bool:
        """Makes the next call that is due; whether there was one."""
        now = self._parts.clock()
        with self._parts.database.writing() as session:
            call = _claim(session, now)
        if call is None:
            return False
        if call.until < now:
            self._come_too_late(call, now)
            return True
        try:
            self._make(call)
        except SlackBusy as busy:
            self._put_off_all(call, now + busy.retry_after)
        except SlackSilent as silent:
            log.info("call %s in %s: %s", call.method, call.team_id, silent)
            self._put_off(call, now + _rest(call.attempts))
        except SlackRefused as refused:
            log.info("call %s in %s was refused: %s", call.method, call.team_id, refused.code)
            self._say_otherwise(call, now)
        except InsightsError as error:
            log.info("call %s in %s: %s", call.method, call.team_id, error.message)
            self._put_off(call, now + LONGEST_REST)
        except Exception:
            # A defect must not stop the calls of others; it ends with its time.
            reference = secrets.token_hex(4)
            log.exception("reference %s: call %s in %s", reference, call.method, call.team_id)
            self._put_off(call, now + LONGEST_REST)
        else:
            self._forget(call)
        return True

    def _make(self, call: SlackCall) -> None:
        task = self._tasks.get(call.method)
        if task is not None:
            task(self._parts, call.team_id, call.arguments)
        elif call.method == RESPOND:
            self._parts.gateways.respond(call.arguments["url"], call.arguments["body"])
        else:
            self._parts.gateways.of(call.team_id).call(call.method, **call.arguments)

    def _come_too_late(self, call: SlackCall, now: datetime) -> None:
        """What could not be said in time is said in the person's messages, if it is an answer to
        them and not of yesterday; everything else is dropped."""
        log.info("call %s in %s comes too late", call.method, call.team_id)
        if now - call.until < WORTH_SAYING:
            self._say_otherwise(call, now)
        else:
            self._forget(call)

    def _say_otherwise(self, call: SlackCall, now: datetime) -> None:
        """What cannot be said in its place is said in the person's messages."""
        said = _said_privately(call)
        with self._parts.database.writing() as session:
            session.execute(delete(SlackCall).where(SlackCall.id == call.id))
            if said is not None:
                put(
                    session, key=f"{call.key}!"[:200], team_id=call.team_id, method=TELL_PERSON,
                    arguments=said, now=now,
                )  # fmt: skip

    def _forget(self, call: SlackCall) -> None:
        with self._parts.database.writing() as session:
            session.execute(delete(SlackCall).where(SlackCall.id == call.id))

    def _put_off(self, call: SlackCall, due_at: datetime) -> None:
        with self._parts.database.writing() as session:
            mine = SlackCall.id == call.id
            session.execute(update(SlackCall).where(mine).values(due_at=due_at))

    def _put_off_all(self, call: SlackCall, due_at: datetime) -> None:
        """All calls of that method to that workspace wait; the others go on."""
        same = and_(
            SlackCall.team_id == call.team_id,
            SlackCall.method == call.method,
            SlackCall.due_at < due_at,
        )
        with self._parts.database.writing() as session:
            session.execute(
                update(SlackCall).where(or_(SlackCall.id == call.id, same)).values(due_at=due_at)
            )


def tell_person(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that says something in a person's messages with the app: `user`, `text`, `blocks`.

    Raises what `Gateway.call` raises.
    """
    gateway = parts.gateways.of(team_id)
    opened = gateway.call("conversations.open", users=arguments["user"])
    gateway.call(
        "chat.postMessage",
        channel=opened["channel"]["id"],
        text=arguments["text"],
        blocks=arguments.get("blocks"),
        unfurl_links=False,
        unfurl_media=False,
    )


def _claim(session: Session, now: datetime) -> SlackCall | None:
    """The next call that is due, leased: whoever dies with it leaves it to be made again."""
    found = session.scalars(
        select(SlackCall.id)
        .where(SlackCall.due_at <= now)
        .order_by(SlackCall.due_at, SlackCall.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    taken = session.execute(
        update(SlackCall)
        .where(SlackCall.id == found, SlackCall.due_at <= now)
        .values(due_at=now + LEASE, attempts=SlackCall.attempts + 1)
        .returning(SlackCall.id)
    ).first()
    return None if taken is None else session.get_one(SlackCall, found, populate_existing=True)


def _rest(attempts: int) -> timedelta:
    doublings = min(attempts - 1, 10)
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def _said_privately(call: SlackCall) -> dict[str, Any] | None:
    """What a refused private answer said and to whom; None for every other call."""
    arguments = call.arguments
    if call.method == "chat.postEphemeral":
        said = arguments
    elif call.method == RESPOND and arguments.get("user"):
        said = {**arguments["body"], "user": arguments["user"]}
    else:
        return None
    return {name: said[name] for name in ("user", "text", "blocks") if said.get(name)}
