"""Boxes: where somebody is told beside the page, by mail or in Slack, as they chose.

A guest, who knows no page of ours, is told in Slack. Whoever has left is told nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import Destination, DestinationKind, Person, SlackPerson, ToldBy
from insights.text import shorten

LONGEST_LABEL = 120
# Values that one statement names at most; SQLite takes no unlimited number of them.
TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class Box:
    """Where somebody is told; `name` is whose it is."""

    kind: DestinationKind
    team: str
    address: str
    person_id: int
    name: str


def of_people(session: Session, person_ids: Collection[int]) -> dict[int, Box]:
    """Where each of these people is told, by person.

    Absent are those who look at the page alone, those who have left, and those who chose Slack
    where nobody knows them any more. Two queries for each thousand people.
    """
    boxes: dict[int, Box] = {}
    wanted = sorted(set(person_ids))
    for start in range(0, len(wanted), TOGETHER):
        boxes |= _of_some(session, wanted[start : start + TOGETHER])
    return boxes


def in_slack(session: Session, person_ids: Collection[int]) -> dict[int, Box]:
    """Where these people are in Slack, by person: of several workspaces the one known first."""
    if not person_ids:
        return {}
    rows = session.execute(
        select(SlackPerson.person_id, SlackPerson.team_id, SlackPerson.user_id, SlackPerson.name)
        .where(SlackPerson.person_id.in_(person_ids))
        .order_by(SlackPerson.id.desc())
    )
    kind = DestinationKind.SLACK_PERSON
    return {
        row.person_id: Box(kind, row.team_id, row.user_id, row.person_id, f"{row.name} in Slack")
        for row in rows
    }


def places(session: Session, boxes: Collection[Box], *, now: datetime) -> dict[Box, int]:
    """The numbers of the destinations of these boxes; they are made where there are none yet."""
    found: dict[Box, int] = {}
    wanted = list(boxes)
    for start in range(0, len(wanted), TOGETHER):
        some = wanted[start : start + TOGETHER]
        known = _known(session, some)
        found |= known
        missing = [box for box in some if box not in known]
        if missing:
            rows = [_row(box, now) for box in missing]
            session.execute(insert_or_skip(session, Destination, Destination.id), rows)
            found |= _known(session, missing)
    return found


def _of_some(session: Session, person_ids: Sequence[int]) -> dict[int, Box]:
    people = session.execute(
        select(Person.id, Person.email, Person.guest, Person.told_by).where(
            Person.id.in_(person_ids), Person.deactivated_at.is_(None)
        )
    ).all()
    ways = {one.id: ToldBy.SLACK if one.guest else one.told_by for one in people}
    boxes = in_slack(session, [one for one, way in ways.items() if way is ToldBy.SLACK])
    mail = DestinationKind.MAIL
    for one in people:
        if ways[one.id] is ToldBy.MAIL:
            boxes[one.id] = Box(mail, "", one.email, one.id, one.email)
    return boxes


def _known(session: Session, boxes: Iterable[Box]) -> dict[Box, int]:
    wanted = {(one.kind, one.team, one.address, one.person_id): one for one in boxes}
    rows = session.execute(
        select(
            Destination.id,
            Destination.kind,
            Destination.team,
            Destination.address,
            Destination.person_id,
        ).where(
            Destination.address.in_({one.address for one in wanted.values()}),
            Destination.person_id.is_not(None),
        )
    )
    found = {(row.kind, row.team, row.address, row.person_id or 0): row.id for row in rows}
    return {box: found[key] for key, box in wanted.items() if key in found}


def _row(box: Box, now: datetime) -> dict[str, Any]:
    return {
        "kind": box.kind,
        "team": box.team,
        "address": box.address,
        "label": shorten(box.name, LONGEST_LABEL),
        "person_id": box.person_id,
        "takes_sealed": False,
        "trouble": "",
        "failures": 0,
        "created_at": now,
    }
