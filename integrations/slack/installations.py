"""The workspaces that the app is in, each with its tokens, encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.models import Destination, DestinationKind, SlackInstallation
from insights.services import deliveries, journal
from insights.vault import Vault

LONGEST_NAME = 120
HEARD_EVERY = timedelta(minutes=1)
A_SECOND = timedelta(seconds=1)
_SLACK_KINDS = (DestinationKind.SLACK_CHANNEL, DestinationKind.SLACK_PERSON)


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack gives for a workspace. `refresh_token` and `expires_at` come together, or not."""

    team_id: str
    team_name: str
    enterprise_id: str
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    scopes: Sequence[str]
    refresh_token: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as an admin sees it; `trouble` is empty while all is well."""

    team_id: str
    team_name: str
    scopes: tuple[str, ...]
    trouble: str
    installed_at: datetime
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """By what the app knows itself in a workspace."""

    app_id: str
    bot_id: str
    bot_user_id: str
    heard_at: datetime | None


def save(
    session: Session,
    vault: Vault,
    grant: Grant,
    *,
    installed_by: int | None,
    now: datetime,
) -> None:
    """Keeps a workspace's tokens, in place of those it had, and takes its trouble off; what waits
    for its channels is sent."""
    row = session.scalar(
        select(SlackInstallation)
        .where(SlackInstallation.team_id == grant.team_id)
        .with_for_update()
    )
    is_new = row is None
    if row is None:
        row = SlackInstallation(team_id=grant.team_id, installed_at=now, installed_by=installed_by)
        session.add(row)
    had_trouble = bool(row.trouble)
    row.team_name = grant.team_name[:LONGEST_NAME] or grant.team_id
    row.enterprise_id, row.app_id = grant.enterprise_id, grant.app_id or row.app_id or ""
    row.bot_id, row.bot_user_id = grant.bot_id, grant.bot_user_id
    row.scopes, row.trouble = ",".join(grant.scopes), ""
    keep_tokens(row, vault, grant)
    if had_trouble:
        row.installed_at = now
    session.flush()
    if is_new or had_trouble:
        _mend_destinations(session, grant.team_id, now)
    if is_new:
        _record(session, "slack.added", row, installed_by, now)


def keep_tokens(row: SlackInstallation, vault: Vault, grant: Grant) -> None:
    """Both tokens at once: whoever has one of a pair without the other has none."""
    row.bot_token = vault.close(grant.bot_token)
    row.refresh_token = vault.close(grant.refresh_token) if grant.refresh_token else None
    row.expires_at = grant.expires_at


def remove(
    session: Session,
    team_id: str,
    *,
    actor_id: int | None = None,
    said_at: datetime | None = None,
    now: datetime,
) -> bool:
    """Forgets a workspace's tokens; notes, cards and people stay. Whether it was there.

    Harmless when it is done twice, and whichever of Slack's two events comes first. `said_at` is
    when Slack said so, to the second: what it said before the app was added again is about an
    earlier token, and no matter.
    """
    row = session.scalar(
        select(SlackInstallation).where(SlackInstallation.team_id == team_id).with_for_update()
    )
    if row is None or (said_at is not None and said_at < row.installed_at - A_SECOND):
        return False
    trouble = (
        f"The app was removed from the Slack workspace {row.team_name}. Install it there again."
    )
    _break_destinations(session, team_id, trouble)
    session.delete(row)
    session.flush()
    _record(session, "slack.removed", row, actor_id, now)
    return True


def confirm(session: Session, team_id: str, scopes: Sequence[str], *, now: datetime) -> None:
    """The token is good, with those scopes: its trouble is over, and what waits is sent."""
    row = session.scalar(
        select(SlackInstallation).where(SlackInstallation.team_id == team_id).with_for_update()
    )
    if row is None:
        return
    had_trouble, row.trouble = bool(row.trouble), ""
    row.scopes = ",".join(scopes)
    session.flush()
    if had_trouble:
        _mend_destinations(session, team_id, now)


def mark_trouble(session: Session, team_id: str, trouble: str) -> None:
    """Says that nothing can be said in a workspace, and what to do about it."""
    mine = SlackInstallation.team_id == team_id
    session.execute(update(SlackInstallation).where(mine).values(trouble=trouble[:300]))


def identity(session: Session, team_id: str) -> Identity | None:
    """By what the app knows itself there; None where it is not installed."""
    row = session.execute(
        select(
            SlackInstallation.app_id,
            SlackInstallation.bot_id,
            SlackInstallation.bot_user_id,
            SlackInstallation.heard_at,
        ).where(SlackInstallation.team_id == team_id)
    ).first()
    return None if row is None else Identity(*row)


def workspaces(session: Session) -> list[Workspace]:
    """All workspaces, by name."""
    rows = session.scalars(select(SlackInstallation).order_by(SlackInstallation.team_name))
    return [
        Workspace(
            team_id=row.team_id,
            team_name=row.team_name,
            scopes=tuple(one for one in row.scopes.split(",") if one),
            trouble=row.trouble,
            installed_at=row.installed_at,
            heard_at=row.heard_at,
        )
        for row in rows
    ]


def any_installed(session: Session) -> bool:
    """Whether the app is in any workspace."""
    return session.scalar(select(SlackInstallation.id).limit(1)) is not None


def well(session: Session) -> list[str]:
    """The workspaces that can be called, by their ids."""
    statement = select(SlackInstallation.team_id).where(SlackInstallation.trouble == "")
    return list(session.scalars(statement.order_by(SlackInstallation.team_id)))


def is_heard_due(seen: datetime | None, now: datetime) -> bool:
    """Whether it is time to write down again that something came from a workspace."""
    return seen is None or now - seen >= HEARD_EVERY


def note_heard(session: Session, team_id: str, *, now: datetime) -> None:
    """Writes down that something came from there."""
    mine = SlackInstallation.team_id == team_id
    session.execute(update(SlackInstallation).where(mine).values(heard_at=now))


def _break_destinations(session: Session, team_id: str, trouble: str) -> None:
    mine = (Destination.team == team_id, Destination.kind.in_(_SLACK_KINDS))
    values = {"trouble": trouble[:300], "next_at": None}
    session.execute(update(Destination).where(*mine).values(**values))


def _mend_destinations(session: Session, team_id: str, now: datetime) -> None:
    """Takes the trouble off the workspace's destinations; a channel that is still closed to the
    app will say so again."""
    places = session.scalars(
        select(Destination.id)
        .where(
            Destination.team == team_id,
            Destination.kind.in_(_SLACK_KINDS),
            Destination.trouble != "",
        )
        .order_by(Destination.id)
    ).all()
    for destination_id in places:
        deliveries.send_again(session, destination_id=destination_id, now=now)


def _record(
    session: Session, verb: str, row: SlackInstallation, actor_id: int | None, now: datetime
) -> None:
    journal.append(
        session,
        verb,
        ("slack", row.team_id),
        actor_id=actor_id,
        now=now,
        data={"name": row.team_name},
    )
