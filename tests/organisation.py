"""The small organisation that most tests play in, and its characters.

    Southeast (held by the manager)
      Georgia  GA   held by the owner
      Florida  FL   held by the member
    West
      Nevada   NV   held by the stranger

The analyst and the admin hold nothing; the leaver held Georgia before the owner and is
deactivated; nobody is signed in. `NOW` is a Wednesday noon.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from insights.models import (
    Account,
    AccountSegment,
    Assignment,
    Base,
    Competitor,
    CompetitorAlias,
    Person,
    Product,
    ProductAlias,
    Role,
    Segment,
    Territory,
)
from insights.text import fold, slugify

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
SOUTHEAST, GEORGIA, FLORIDA, WEST, NEVADA = 1, 2, 3, 4, 5
HEALTHCARE, TRUCKING, SMALL, ENTERPRISE = 1, 2, 3, 4
IONFIELD, ACME = 1, 2
FIBRE_ONE, ION_CLOUD = 1, 2
MERCY, ROADWAY = 1, 2
OWNER, MEMBER, STRANGER, ANALYST, MANAGER, ADMIN, LEAVER = 1, 2, 3, 4, 5, 6, 7

PEOPLE = (
    (OWNER, "Olivia Owner", Role.REP),
    (MEMBER, "Max Member", Role.REP),
    (STRANGER, "Stella Stranger", Role.REP),
    (ANALYST, "Anna Analyst", Role.ANALYST),
    (MANAGER, "Manuel Manager", Role.MANAGER),
    (ADMIN, "Ada Admin", Role.ADMIN),
    (LEAVER, "Leo Leaver", Role.REP),
)
TERRITORIES = (
    (SOUTHEAST, None, "Southeast", None),
    (GEORGIA, SOUTHEAST, "Georgia", "GA"),
    (FLORIDA, SOUTHEAST, "Florida", "FL"),
    (WEST, None, "West", None),
    (NEVADA, WEST, "Nevada", "NV"),
)
ASSIGNMENTS = (
    (GEORGIA, LEAVER, date(2024, 1, 1), date(2025, 6, 1)),
    (GEORGIA, OWNER, date(2025, 6, 1), None),
    (FLORIDA, MEMBER, date(2025, 1, 1), None),
    (NEVADA, STRANGER, date(2025, 1, 1), None),
    (SOUTHEAST, MANAGER, date(2025, 1, 1), None),
)
SEGMENTS = (
    (HEALTHCARE, 1, "Healthcare"),
    (TRUCKING, 1, "Trucking"),
    (SMALL, 2, "Small business"),
    (ENTERPRISE, 2, "Enterprise"),
)


def _named(identity: int, name: str) -> dict[str, object]:
    return {"id": identity, "name": name, "folded": fold(name), "slug": slugify(name)}


def _people() -> Iterator[Base]:
    for identity, name, role in PEOPLE:
        word = name.split()[1].lower()
        yield Person(
            id=identity,
            email=f"{word}@example.com",
            name=name,
            role=role,
            created_at=datetime(2024, 1, 1, tzinfo=UTC),
            deactivated_at=datetime(2025, 6, 1, tzinfo=UTC) if identity == LEAVER else None,
        )


def _places() -> Iterator[Base]:
    for identity, parent, name, code in TERRITORIES:
        yield Territory(parent_id=parent, code=code, **_named(identity, name))


def _tags() -> Iterator[Base]:
    for identity, dimension, name in SEGMENTS:
        yield Segment(dimension_id=dimension, **_named(identity, name))
    yield Competitor(**_named(IONFIELD, "Ionfield"))
    yield Competitor(**_named(ACME, "Acme Telecom"))
    yield Product(**_named(FIBRE_ONE, "Fibre One"))


def _dependants() -> Iterator[Base]:
    for territory, person, since, until in ASSIGNMENTS:
        yield Assignment(territory_id=territory, person_id=person, since=since, until=until)
    yield CompetitorAlias(competitor_id=IONFIELD, alias="Ion Field", folded="ion field")
    yield CompetitorAlias(competitor_id=ACME, alias="Acme", folded="acme")
    yield Product(competitor_id=IONFIELD, **_named(ION_CLOUD, "Ion Cloud"))
    yield ProductAlias(product_id=FIBRE_ONE, alias="F1", folded="f1")
    name = _named(MERCY, "Mercy Hospital")
    del name["slug"]
    yield Account(territory_id=GEORGIA, external_id="crm-1", **name)
    name = _named(ROADWAY, "Roadway Freight")
    del name["slug"]
    yield Account(territory_id=NEVADA, external_id="crm-2", **name)


def populate(session: Session) -> None:
    """Writes the organisation into a migrated database."""
    for rows in (_people(), _places(), _tags(), _dependants()):
        session.add_all(rows)
        session.flush()
    session.add(AccountSegment(account_id=MERCY, segment_id=HEALTHCARE))
    session.flush()
    _advance_sequences(session)


def _advance_sequences(session: Session) -> None:
    """Rows were written with ids of their own; PostgreSQL must go on behind them."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in ("people", "territories", "segments", "competitors", "products", "accounts"):
        session.connection().exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 100)"
        )
