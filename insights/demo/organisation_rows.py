"""The demo organisation as rows of the database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import update
from sqlalchemy.orm import Session

from insights import models
from insights.demo.organisation import Organisation
from insights.demo.staff import Person
from insights.services.passwords import hash_password
from insights.text import fold, slugify

# Who looks after customers of a size.
_TEAMS = {
    "small": models.TeamType.INSIDE,
    "mid-market": models.TeamType.FIELD,
    "enterprise": models.TeamType.NAMED,
}
_DIMENSIONS = {"industry": (1, "Industry"), "size": (2, "Company size")}


@dataclass(frozen=True, slots=True)
class Ids:
    """The database ids of the organisation's things by their keys.

    `homes` are the territories that people hold, the one named first; office staff has none.
    """

    people: Mapping[str, int]
    territories: Mapping[str, int]
    segments: Mapping[str, int]
    accounts: Mapping[str, int]
    homes: Mapping[str, int]


def insert_organisation(
    session: Session, company: Organisation, sign_in_emails: Collection[str], password: str
) -> Ids:
    """Writes everything but the notes; the people of `sign_in_emails` can use the password."""
    # Hashing takes its time on purpose; one hash serves all, as the password is no secret.
    password_hash = hash_password(password)
    people = {
        one.key: _person(one, password_hash if one.email in sign_in_emails else None)
        for one in company.people
    }
    session.add_all(people.values())
    territories = _insert_territories(session, company)
    segments = _insert_segments(session, company)
    _insert_competitors_and_products(session, company)
    accounts = _insert_accounts(session, company, territories, segments)
    session.add_all(_rules(company, territories))
    session.flush()
    ids = {key: row.id for key, row in people.items()}
    homes: dict[str, int] = {}
    for one in company.assignments:
        homes.setdefault(one.person, territories[one.territory])
        session.add(
            models.Assignment(
                territory_id=territories[one.territory],
                person_id=ids[one.person],
                since=one.since,
                until=one.until,
            )
        )
    session.flush()
    return Ids(ids, territories, segments, accounts, homes)


def _person(one: Person, password_hash: str | None) -> models.Person:
    return models.Person(
        email=one.email,
        name=one.name,
        role=models.Role(one.role),
        password_hash=password_hash,
        created_at=_morning(one.joined),
        deactivated_at=_morning(one.left) if one.left else None,
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def _insert_territories(session: Session, company: Organisation) -> dict[str, int]:
    ids: dict[str, int] = {}
    for one in company.territories:
        row = models.Territory(
            parent_id=ids[one.parent] if one.parent else None,
            name=one.name,
            folded=fold(one.name),
            slug=slugify(one.name),
            code=one.state,
            shape={"state": one.state} if one.state else None,
        )
        session.add(row)
        session.flush()
        ids[one.key] = row.id
    return ids


def _rules(company: Organisation, ids: Mapping[str, int]) -> Iterable[models.TerritoryRule]:
    """The accounts of a state belong to its territory."""
    joined = min(one.joined for one in company.people)
    for one in company.territories:
        if one.state:
            yield models.TerritoryRule(
                territory_id=ids[one.key],
                attribute=models.RuleAttribute.STATE,
                value=one.state,
                created_at=_morning(joined),
            )


def _insert_segments(session: Session, company: Organisation) -> dict[str, int]:
    for number, name in _DIMENSIONS.values():
        dimension = models.Dimension
        session.execute(update(dimension).where(dimension.id == number).values(name=name))
    rows = {
        one.key: models.Segment(
            dimension_id=_DIMENSIONS[one.dimension][0],
            name=one.name,
            folded=fold(one.name),
            slug=slugify(one.name),
        )
        for one in company.segments
    }
    session.add_all(rows.values())
    session.flush()
    return {key: row.id for key, row in rows.items()}


def _insert_competitors_and_products(session: Session, company: Organisation) -> None:
    competitors = {
        one.key: models.Competitor(name=one.name, folded=fold(one.name), slug=slugify(one.name))
        for one in company.competitors
    }
    session.add_all(competitors.values())
    session.flush()
    products = {
        one.key: models.Product(
            name=one.name,
            folded=fold(one.name),
            slug=slugify(one.name),
            competitor_id=competitors[one.competitor].id if one.competitor else None,
        )
        for one in company.products
    }
    session.add_all(products.values())
    session.flush()
    for rival in company.competitors:
        session.add_all(
            models.CompetitorAlias(
                competitor_id=competitors[rival.key].id, alias=alias, folded=fold(alias)
            )
            for alias in rival.aliases
        )
    for product in company.products:
        session.add_all(
            models.ProductAlias(
                product_id=products[product.key].id, alias=alias, folded=fold(alias)
            )
            for alias in product.aliases
        )


def _insert_accounts(
    session: Session,
    company: Organisation,
    territories: Mapping[str, int],
    segments: Mapping[str, int],
) -> dict[str, int]:
    rows = {
        one.key: models.Account(
            name=one.name,
            folded=fold(one.name),
            territory_id=territories[one.territory],
            state=one.territory,
            team_type=_TEAMS[one.size],
        )
        for one in company.accounts
    }
    session.add_all(rows.values())
    session.flush()
    session.add_all(_account_segments(company, rows, segments))
    return {key: row.id for key, row in rows.items()}


def _account_segments(
    company: Organisation, rows: Mapping[str, models.Account], segments: Mapping[str, int]
) -> Iterable[models.AccountSegment]:
    for one in company.accounts:
        for segment in (one.industry, one.size):
            yield models.AccountSegment(account_id=rows[one.key].id, segment_id=segments[segment])
