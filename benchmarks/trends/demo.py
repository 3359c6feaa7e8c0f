"""`python -m benchmarks trends-demo`: the demo shows its stories at whatever hour it is loaded."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import track
from sqlalchemy import select

from benchmarks.report import Report
from insights import migration
from insights.cli.trends import last_days
from insights.db import Database
from insights.demo.load import load
from insights.models import Person, Role, Territory
from insights.services import access, trends
from insights.services.trend_runs import Day, Refresh
from insights.services.trends import TrendView
from insights.settings import Settings

NOTES = 6_000
WEEKS = 6
ZONE = ZoneInfo(Settings().timezone)
# Every day of the week and hours all around the clock, with the turn of the year and the summer.
LOADINGS = (
    (1, datetime(2026, 11, 23, 0, 5, tzinfo=UTC)),
    (1, datetime(2026, 11, 24, 8, 5, tzinfo=UTC)),
    (1, datetime(2026, 11, 28, 20, 55, tzinfo=UTC)),
    (1, datetime(2027, 1, 4, 13, 0, tzinfo=UTC)),
    (2, datetime(2026, 6, 12, 18, 0, tzinfo=UTC)),
    (3, datetime(2026, 11, 25, 23, 30, tzinfo=UTC)),
    (4, datetime(2027, 3, 11, 3, 30, tzinfo=UTC)),
    (5, datetime(2026, 8, 16, 10, 30, tzinfo=UTC)),
)
_OF_THEFT = ("theft", "load", "stolen", "thieve")


@dataclass(frozen=True, slots=True)
class Shown:
    """What an admin finds on the pages of Georgia and the Southeast, the strongest first."""

    georgia: Sequence[TrendView]
    southeast: Sequence[TrendView]

    @property
    def has_inroads(self) -> bool:
        """Whether Georgia's page begins with Ionfield, in Georgia as a whole."""
        return [(one.name, _place(one), one.segment) for one in self.georgia[:1]] == [
            ("Ionfield", "Georgia", None)
        ]

    @property
    def has_thefts(self) -> bool:
        """Whether the Southeast's page tells of stolen loads before all but Ionfield."""
        first = [one for one in self.southeast if one.name != "Ionfield"][:1]
        return [(_place(one), is_of_theft(one)) for one in first] == [("Southeast", True)]


def measure() -> Report:
    """Loads the demo at several times, computes its trends and looks at two of its pages."""
    report = Report(
        "Trends of the demo", ("loaded", "seed", "Georgia", "Southeast", "others", "as planted")
    )
    for seed, until in track(LOADINGS, description="Loading", console=Console(stderr=True)):
        with tempfile.TemporaryDirectory(prefix="insights-demo-") as folder:
            database = Database(f"sqlite:///{Path(folder) / 'demo.db'}")
            migration.migrate(database)
            shown = shown_after_loading(database, seed, until)
            database.dispose()
        others = [one for one in shown.southeast if one.name != "Ionfield" and not is_of_theft(one)]
        report.add(
            f"{until:%a %Y-%m-%d %H:%M}", seed, _told(shown.georgia), _told(shown.southeast[1:]),
            ", ".join(one.name for one in others) or "-",
            "yes" if shown.has_inroads and shown.has_thefts else "NO",
        )  # fmt: skip
    return report


def shown_after_loading(
    database: Database, seed: int, until: datetime, *, weeks: int = WEEKS
) -> Shown:
    """Loads the demo as at the time `until`, and computes the last days of as many weeks and the
    present one, like the product's own command."""
    load(database, notes=NOTES, seed=seed, until=until)
    run = Refresh(database, ZONE, lambda: until)
    run.pack()
    present = Day.present(until, ZONE)
    past = last_days(present.day - timedelta(weeks=weeks), present.day, ZONE)
    for day in (*past, present):
        run.look(day)
    with database.reading() as session:
        admin = session.scalars(select(Person.id).where(Person.role == Role.ADMIN)).first()
        assert admin is not None, "the demo has an admin"
        actor = access.load_actor(session, admin, today=present.day)
        found = {
            name: trends.emerging(session, actor, on=present.day, territory_id=territory).trends
            for name, territory in session.execute(
                select(Territory.name, Territory.id).where(
                    Territory.name.in_(("Georgia", "Southeast"))
                )
            )
        }
    return Shown(found["Georgia"], found["Southeast"])


def is_of_theft(one: TrendView) -> bool:
    """Whether a trend is a phrase of the planted thefts among trucking customers."""
    return one.phrase is not None and any(word in one.phrase for word in _OF_THEFT)


def _place(one: TrendView) -> str:
    return one.territory.name if one.territory else "the company"


def _told(views: Sequence[TrendView]) -> str:
    return f"{views[0].name} {views[0].score:.1f}, {_place(views[0])}" if views else "-"
