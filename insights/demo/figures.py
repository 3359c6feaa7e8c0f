"""Business figures of the demo: thirteen months of each territory that is held, invented."""

from datetime import date, datetime
from decimal import Decimal
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.demo.stories import INROADS
from insights.models import BusinessFigure, Territory

MONTHS = 13
# Where the newcomer makes inroads fewer deals are won, in its last two months.
_HIT_MONTHS, _HIT = 2, 0.09


def insert_figures(session: Session, seed: int, until: datetime) -> None:
    """Adds them, the present month left out: nobody has closed its books."""
    random = Random(seed)
    months = _months(until.date())
    states = session.execute(
        select(Territory.id, Territory.code)
        .where(Territory.code.is_not(None))
        .order_by(Territory.id)
    )
    rows = [row for place, code in states for row in _rows(random, place, code, months, until)]
    session.execute(insert(table_of(BusinessFigure)), rows)


def _rows(
    random: Random, place: int, code: str | None, months: list[date], until: datetime
) -> list[dict[str, object]]:
    quota = random.randint(18, 90) * 10_000
    win_rate, deal = random.uniform(0.24, 0.36), random.randint(60, 160) * 100
    rows: list[dict[str, object]] = []
    for number, month in enumerate(months):
        hit = _HIT if code == INROADS.territory and number >= MONTHS - _HIT_MONTHS else 0.0
        won = max(0.05, win_rate + random.uniform(-0.03, 0.03) - hit)
        rows.append(
            {
                "territory_id": place,
                "month": month,
                "quota": Decimal(quota),
                "revenue": Decimal(round(quota * (0.72 + won) * random.uniform(0.85, 1.1))),
                "deal_size": Decimal(round(deal * random.uniform(0.9, 1.1))),
                "win_rate": round(won, 3),
                "imported_at": until,
            }
        )
    return rows


def _months(today: date) -> list[date]:
    """The first days of the last months, oldest first."""
    number = today.year * 12 + today.month - 1
    counted = (number - back for back in range(MONTHS, 0, -1))
    return [date(one // 12, one % 12 + 1, 1) for one in counted]
