"""Who somebody in Slack is to us: remembered, and looked up by the worker.

People of our own workspace are known by their e-mail address. Somebody of another organisation, a
guest of the workspace or a bot is never taken for a colleague, whatever address they show. Whoever
has no account may capture all the same: a guest stands for them.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.errors import Forbidden, NotFound
from insights.models import Person, Role, SlackPerson
from insights.services import access
from insights.services.access import Actor
from integrations.slack import calls
from integrations.slack.parts import SlackParts

LOOK_UP = "people.look-up"
GUEST_DOMAIN = "slack.invalid"
LONGEST_NAME = 120
LOOK_AGAIN = timedelta(minutes=5)
USER_ID = re.compile(r"[UW][A-Z0-9]{1,19}")
_EXTERNAL_MARKS = ("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody in a workspace as we know them; `person_id` is empty for those without an account.

    `is_guest` says that the person only stands for them; `external` that they are of another
    organisation, guests of the workspace, or bots.
    """

    team_id: str
    user_id: str
    name: str
    person_id: int | None
    is_guest: bool
    external: bool
    seen_at: datetime | None = None

    def may_be_known_by_now(self, now: datetime) -> bool:
        """Whether somebody without an account may have got one since they were looked up."""
        has_none = self.person_id is None or self.is_guest
        is_due = self.seen_at is not None and now - self.seen_at >= LOOK_AGAIN
        return has_none and is_due and not self.external


def known(session: Session, team_id: str, user_id: str) -> Caller | None:
    """The person as remembered; None when they were never looked up."""
    row = session.execute(
        select(SlackPerson, func.coalesce(Person.guest, False))
        .outerjoin(Person, Person.id == SlackPerson.person_id)
        .where(SlackPerson.team_id == team_id, SlackPerson.user_id == user_id)
    ).first()
    if row is None:
        return None
    found, is_guest = row
    return Caller(
        team_id=team_id,
        user_id=user_id,
        name=found.name,
        person_id=found.person_id,
        is_guest=bool(is_guest),
        external=found.external,
        seen_at=found.refreshed_at,
    )


def identify(parts: SlackParts, team_id: str, user_id: str) -> Caller:
    """The person, looked up in Slack unless they are remembered; never inside a transaction.

    Raises NotFound when Slack knows nobody of that id, and what `Gateway.call` raises.
    """
    with parts.database.reading() as session:
        found = known(session, team_id, user_id)
    if found is not None:
        return found
    user = parts.gateways.of(team_id).call("users.info", user=user_id)["user"]
    with parts.database.writing() as session:
        remember(session, team_id, [user], now=parts.clock())
        found = known(session, team_id, user_id)
    if found is None:
        raise NotFound("Slack does not tell who you are. Ask an admin.")
    return found


def look_up(parts: SlackParts, team_id: str, arguments: Mapping[str, Any]) -> None:
    """The task that looks up the `user` whom nobody knew yet, or who may have an account now."""
    user = parts.gateways.of(team_id).call("users.info", user=arguments["user"])["user"]
    with parts.database.writing() as session:
        remember(session, team_id, [user], now=parts.clock())


def put_look_up(session: Session, team_id: str, user_id: str, *, now: datetime) -> None:
    """Has somebody looked up; once, however often it is asked for meanwhile."""
    key = f"{LOOK_UP}:{team_id}:{user_id}"
    arguments = {"user": user_id}
    calls.put(session, key=key, team_id=team_id, method=LOOK_UP, arguments=arguments, now=now)


def actor(
    session: Session, caller: Caller, *, today: date, now: datetime, make_guest: bool
) -> Actor:
    """The person as services see them.

    Whoever has no account is given a guest to stand for them when `make_guest`, which is for
    capturing alone. Raises Forbidden for them otherwise, and for those whose account has ended.
    """
    if caller.person_id is not None and (make_guest or not caller.is_guest):
        try:
            return access.load_actor(session, caller.person_id, today=today)
        except NotFound:
            raise Forbidden(
                "Your account has been closed, so nothing was done. Ask an admin to open it again."
            ) from None
    if not make_guest:
        raise Forbidden(
            "This needs an account with the e-mail address that you have in Slack. Ask an admin "
            "for one. You can write notes without it."
        )
    return access.load_actor(session, _guest(session, caller, now), today=today)


def user_of(session: Session, team_id: str, person_id: int) -> str | None:
    """The person's id in the workspace; None when nobody there is known to be them."""
    return session.scalars(
        select(SlackPerson.user_id)
        .where(SlackPerson.team_id == team_id, SlackPerson.person_id == person_id)
        .order_by(SlackPerson.id)
        .limit(1)
    ).first()


def names(session: Session, team_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """The names of those who are known, by id."""
    wanted = SlackPerson.user_id.in_(sorted(user_ids))
    rows = session.execute(
        select(SlackPerson.user_id, SlackPerson.name).where(SlackPerson.team_id == team_id, wanted)
    )
    return {row.user_id: row.name for row in rows}


def remember(
    session: Session, team_id: str, users: Collection[Mapping[str, Any]], *, now: datetime
) -> None:
    """Keeps people as Slack's `user` objects tell of them; whom they are to us is found anew.

    A few queries for all of them. A guest who stands for somebody is kept until an account is
    found for them.
    """
    told = {str(user["id"]): user for user in users if USER_ID.fullmatch(str(user.get("id")))}
    addresses = {user_id: _address(team_id, user) for user_id, user in told.items()}
    accounts = _accounts(session, {one for one in addresses.values() if one})
    rows = {row.user_id: row for row in _rows(session, team_id, told)}
    missing = sorted(told.keys() - rows.keys())
    if missing:
        blanks = [_blank(team_id, told[one], now) for one in missing]
        session.execute(insert_or_skip(session, SlackPerson, SlackPerson.id), blanks)
        rows = {row.user_id: row for row in _rows(session, team_id, told)}
    guests = _guests(session, rows.values())
    for user_id, user in told.items():
        row = rows[user_id]
        row.name, row.external, row.refreshed_at = _name(user), _is_external(team_id, user), now
        account = accounts.get(addresses[user_id] or "")
        if account is not None or row.person_id not in guests:
            row.person_id = account
    session.flush()


def forget(session: Session, team_id: str) -> None:
    """Forgets who is in a workspace; notes and the guests who wrote some stay."""
    session.execute(delete(SlackPerson).where(SlackPerson.team_id == team_id))


def oldest_look(session: Session, team_id: str) -> datetime | None:
    """When the person who was looked at longest ago was looked at; None when nobody is known."""
    oldest = select(func.min(SlackPerson.refreshed_at)).where(SlackPerson.team_id == team_id)
    return session.scalar(oldest)


def _guest(session: Session, caller: Caller, now: datetime) -> int:
    """The guest who stands for somebody, made with their first note."""
    email = f"{caller.user_id}@{caller.team_id}.{GUEST_DOMAIN}".lower()
    row = session.scalars(
        select(SlackPerson)
        .where(SlackPerson.team_id == caller.team_id, SlackPerson.user_id == caller.user_id)
        .with_for_update()
    ).one()
    guest_id = session.scalar(select(Person.id).where(Person.email == email))
    if guest_id is None:
        guest = Person(email=email, name=row.name, role=Role.REP, guest=True, created_at=now)
        session.add(guest)
        session.flush()
        guest_id = guest.id
    row.person_id = guest_id
    session.flush()
    return guest_id


def _rows(session: Session, team_id: str, user_ids: Collection[str]) -> list[SlackPerson]:
    wanted = SlackPerson.user_id.in_(sorted(user_ids))
    statement = select(SlackPerson).where(SlackPerson.team_id == team_id, wanted)
    return list(session.scalars(statement))


def _blank(team_id: str, user: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A row for somebody of whom no more is known yet."""
    return {
        "team_id": team_id,
        "user_id": str(user["id"]),
        "name": _name(user),
        "external": True,
        "refreshed_at": now,
    }


def _accounts(session: Session, addresses: Collection[str]) -> dict[str, int]:
    """Who has an account, by e-mail address, which is stored in small letters."""
    rows = session.execute(
        select(Person.email, Person.id).where(
            Person.email.in_(sorted(addresses)), Person.guest.is_(False)
        )
    )
    return {row.email: row.id for row in rows}


def _guests(session: Session, rows: Collection[SlackPerson]) -> set[int]:
    ids = sorted({row.person_id for row in rows if row.person_id is not None})
    return set(session.scalars(select(Person.id).where(Person.id.in_(ids), Person.guest)))


def _is_external(team_id: str, user: Mapping[str, Any]) -> bool:
    own = user.get("team_id") in (team_id, None)
    return not own or any(user.get(mark) for mark in _EXTERNAL_MARKS)


def _address(team_id: str, user: Mapping[str, Any]) -> str | None:
    """The e-mail address by which they are known; None for those who are never taken for ours."""
    profile = user.get("profile")
    if _is_external(team_id, user) or not isinstance(profile, Mapping):
        return None
    address = str(profile.get("email") or "").strip().lower()
    return address or None


def _name(user: Mapping[str, Any]) -> str:
    profile = user.get("profile")
    shown = profile if isinstance(profile, Mapping) else {}
    candidates = (shown.get("real_name"), user.get("real_name"), user.get("name"), user.get("id"))
    name = next(str(one) for one in candidates if one)
    return " ".join(name.split())[:LONGEST_NAME] or str(user["id"])
