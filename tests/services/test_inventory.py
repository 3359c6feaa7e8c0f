"""How much there is of everything, for the administration."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden
from insights.models import Replica
from insights.services import accounts, inventory, journal, people, tokens
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MANAGER, MEMBER, MERCY, NOW, TODAY


def test_everything_in_use_is_counted(session: Session, characters: Characters) -> None:
    counts = inventory.counts(session, characters.analyst, now=NOW)
    assert counts == {
        "people": 6,
        "territories": 5,
        "segments": 4,
        "competitors": 2,
        "products": 2,
        "accounts": 2,
        "tokens": 0,
        "notes": 0,
        "journal": 0,
    }


def test_what_is_no_longer_in_use_is_not_counted(session: Session, characters: Characters) -> None:
    admin, in_a_month = characters.admin, NOW + timedelta(days=30)
    for scopes in (["read"], ["write"]):
        tokens.make(session, admin, now=NOW, name="CRM", scopes=scopes, expires_at=in_a_month)
    accounts.archive(session, admin, now=NOW, account_id=MERCY)
    people.deactivate(session, admin, now=NOW, today=TODAY, person_id=MEMBER, caretaker_id=MANAGER)
    counts = inventory.counts(session, admin, now=NOW)
    assert (counts["accounts"], counts["people"], counts["tokens"]) == (1, 5, 2)
    assert inventory.counts(session, admin, now=in_a_month)["tokens"] == 0
    assert counts["journal"] == journal.last_id(session)


def test_counting_takes_three_queries_at_most(
    database: Database, session: Session, characters: Characters, count_queries: Counter
) -> None:
    inventory.counts(session, characters.admin, now=NOW)
    with count_queries(database) as statements:
        inventory.counts(session, characters.admin, now=NOW)
    assert len(statements) <= 3


def test_reps_are_not_told(session: Session, characters: Characters) -> None:
    with pytest.raises(Forbidden):
        inventory.counts(session, characters.owner, now=NOW)


def test_replicas_are_for_admins_the_latest_report_first(
    session: Session, characters: Characters
) -> None:
    for number in range(25):
        seen_at = NOW + timedelta(minutes=number)
        session.add(Replica(name=f"web-{number}", engine="tantivy", cursor=7, seen_at=seen_at))
    session.flush()
    found = inventory.replicas(session, characters.admin)
    assert (found[0].name, len(found)) == ("web-24", inventory.MOST_REPLICAS)
    for actor in (characters.analyst, characters.manager, characters.owner):
        with pytest.raises(Forbidden):
            inventory.replicas(session, actor)
        with pytest.raises(Forbidden):
            inventory.slack_troubles(session, actor)
