"""What the demo's reps know of their territories: promises, must-knows, and one handover that has
been done lately."""

from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.demo.note_rows import uuid7
from insights.models import Account, Assignment, Handover, HandoverState, MustKnow, Person, Promise
from insights.services.must_knows import Prompt

REP = "rep@example.com"
_PROMISES = (
    ("A quote with the price fixed for two years", 6),
    ("An engineer's visit before their board meets", -3),
    ("A reference call with another clinic", 20),
)
_MUST_KNOWS = (
    (Prompt.DECIDERS, "The operations manager signs, but asks the charge nurses first."),
    (Prompt.COMING, "Two clinics merge in spring; their contracts end in the same month."),
    (Prompt.COMPETITOR, "Ionfield calls on every hospital with more than a hundred beds."),
    (Prompt.IN_THE_CAR, "Never come before ten: the mornings belong to the wards."),
)


def insert_knowledge(session: Session, seed: int, until: datetime) -> None:
    """Adds them: for Georgia by its rep, and what the latest leaver left to the successor."""
    random = Random(seed)
    rep = session.scalars(select(Person.id).where(Person.email == REP)).one()
    place = session.scalars(
        select(Assignment.territory_id).where(Assignment.person_id == rep).order_by(Assignment.id)
    ).first()
    if place is None:
        return
    accounts = select(Account.id).where(Account.territory_id == place).order_by(Account.id)
    for (text, due_in), account in zip(_PROMISES, session.scalars(accounts.limit(3)), strict=False):
        made_at = until - timedelta(days=10)
        session.add(
            Promise(
                id=uuid7(made_at, random), territory_id=place, account_id=account, text=text,
                due=(until + timedelta(days=due_in)).date(), maker_id=rep, made_at=made_at,
            )
        )  # fmt: skip
    _pin(session, random, place, rep, until - timedelta(days=30))
    _hand_over(session, random, until)


def _pin(session: Session, random: Random, place: int, author: int, at: datetime) -> None:
    session.add_all(
        MustKnow(
            id=uuid7(at, random), territory_id=place, text=text, prompt=prompt.value,
            author_id=author, position=number, at=at,
        )
        for number, (prompt, text) in enumerate(_MUST_KNOWS)
    )  # fmt: skip


def _hand_over(session: Session, random: Random, until: datetime) -> None:
    """The latest territory that somebody who has left held, and another took over at once."""
    ended = (
        select(Assignment, Person.deactivated_at)
        .join(Person, Person.id == Assignment.person_id)
        .where(Person.deactivated_at.is_not(None), Assignment.until.is_not(None))
        .order_by(Assignment.until.desc(), Assignment.id)
    )
    for former, left_at in session.execute(ended):
        following = session.scalars(
            select(Assignment).where(
                Assignment.territory_id == former.territory_id, Assignment.since >= former.until
            )
        ).first()
        if following is None or left_at is None:
            continue
        told_at = left_at - timedelta(days=2)
        _pin(session, random, former.territory_id, former.person_id, told_at)
        session.add(
            Handover(
                territory_id=former.territory_id, from_id=former.person_id,
                to_id=following.person_id, on=following.since, state=HandoverState.DONE,
                created_at=told_at - timedelta(days=5), interviewed_at=told_at,
                done_at=datetime.combine(following.since, time(9), UTC),
            )
        )  # fmt: skip
        return
