"""What was learned of the past, kept from one run to the next.

Fitting takes longer than all the rest of a day's look, and what it comes to depends on whole weeks
of the past alone. So it is kept under a digest of everything that it was learned from: any change
of these weeks gives another digest, and nothing has to be thrown away in time.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import TrendPrior, TrendReach
from insights.services.trend_streams import PHASE, LoadedWeeks, source
from insights.trends.exposure import Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment
from insights.trends.parameters import Parameters
from insights.trends.scan import Learned, learn
from insights.trends.stream import Sort

# Of each reach and sort the newest few.
MOST_KEPT = 64
# Another way to learn gives other values for the same weeks.
_METHOD = 3


class Teacher:
    """Learns what a moment needs to know of the past, or remembers that it was learned before.

    `known` are the values of earlier runs by their digests; `new` gathers what was learned here.
    A look needs the past of what is said now alone, but all that was ever said teaches what is
    usual: the ledger of that is only made if there is anything to learn.
    """

    def __init__(
        self,
        loaded: LoadedWeeks,
        reach: TrendReach,
        known: Mapping[str, Learned],
        parameters: Parameters,
    ) -> None:
        self._loaded = loaded
        self._reach = reach
        self._known = known
        self._parameters = parameters
        self._digests: dict[tuple[Sort, Moment], str] = {}
        self.new: dict[str, Learned] = {}

    def knows(self, sort: Sort, moment: Moment) -> bool:
        """Whether what a moment has to know of one sort was learned already."""
        return self._digest(sort, moment.fitted) in self._known

    def learn(self, ledger: Ledger, moment: Moment) -> Learned:
        """What the weeks before a fitted moment teach of the subjects of one sort."""
        digest = self._digest(ledger.sort, moment)
        found = self._known.get(digest) or self.new.get(digest)
        if found is None:
            whole = Ledger(self._notes, ledger.sort)
            found = self.new[digest] = learn(whole, moment)
        return found

    @cached_property
    def _notes(self) -> Exposure:
        return Exposure(source(self._loaded, self._reach, self._parameters).stream, PHASE)

    def _digest(self, sort: Sort, moment: Moment) -> str:
        key = sort, moment
        if key not in self._digests:
            weeks = moment.now - moment.history, moment.now
            self._digests[key] = self._loaded.digest(weeks, _METHOD, self._reach, sort, moment)
        return self._digests[key]


def stored(session: Session) -> dict[str, Learned]:
    """All that is kept, by digest."""
    rows = session.execute(select(TrendPrior.digest, TrendPrior.learned))
    return {digest: _restored(Learned, values) for digest, values in rows}


def keep(session: Session, learned: Mapping[str, Learned], *, now: datetime) -> None:
    """Adds what was learned, and lets go of the oldest."""
    rows = [
        {"digest": digest, "learned": asdict(one), "made_at": now}
        for digest, one in learned.items()
    ]
    if not rows:
        return
    session.execute(insert_or_skip(session, TrendPrior, TrendPrior.digest), rows)
    newest = select(TrendPrior.digest).order_by(TrendPrior.made_at.desc(), TrendPrior.digest)
    kept = session.scalars(newest.limit(MOST_KEPT)).all()
    session.execute(delete(TrendPrior).where(TrendPrior.digest.not_in(kept)))


def _restored(kind: Any, value: Any) -> Any:
    """A value of this type from what JSON made of it: dataclasses, tables by number, numbers."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        values = {one.name: _restored(hints[one.name], value[one.name]) for one in fields(kind)}
        return kind(**values)  # type: ignore[operator]
    if get_origin(kind) is dict:
        of = get_args(kind)[1]
        return {int(key): _restored(of, item) for key, item in value.items()}
    return kind(value)
