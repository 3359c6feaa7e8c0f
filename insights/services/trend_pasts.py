"""The past of the phrases that people use now, kept from one look to the next.

To count the phrases of a year anew takes longer than all the rest of a day's look, and what it
comes to changes with the week. So the sums are kept under a digest of all that they were counted
from: any change of these weeks gives another digest, and the sums are counted again. Phrases that
are new since the last look are counted for themselves and added.
"""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import TrendPast, TrendReach
from insights.services.trend_streams import PHASE, LoadedWeeks, phrase_numbers, stream_of_phrases
from insights.trends.exposure import Exposure
from insights.trends.ledger import Ledger
from insights.trends.moment import Moment
from insights.trends.packing import Hashes, Parts, pack
from insights.trends.past import Past, pack_past, unpack_past
from insights.trends.stream import Sort, Stream
from insights.trends.summing import periods, summed

# Those of this week and of the one before, for both reaches.
MOST_KEPT = 4
# Another way to count gives other sums for the same weeks.
_METHOD = 1


class Historian:
    """Knows the past of phrases, or counts it.

    `known` are the sums of earlier looks by their digests; `new` gathers what was counted here.
    """

    def __init__(self, loaded: LoadedWeeks, reach: TrendReach, known: Mapping[str, bytes]) -> None:
        self._loaded = loaded
        self._reach = reach
        self._known = known
        self.new: dict[str, bytes] = {}

    def knows(self, moment: Moment) -> bool:
        """Whether the weeks before a moment were counted already; phrases may be missing."""
        return self._digest(moment) in self._known

    def past(self, stream: Stream, moment: Moment) -> Past:
        """The past of the phrases among the subjects of a stream; the others have none in it."""
        digest = self._digest(moment)
        phrases = phrase_numbers(stream)
        known, past = self._kept(digest, moment)
        missing = np.setdiff1d(phrases, known)
        if len(missing):
            past = past.followed_by(self._counted(missing, moment))
            known = np.concatenate([known, missing])
            self.new[digest] = pack(known) + pack_past(past)
        order = np.argsort(known)
        chosen = past.only(order[np.searchsorted(known[order], phrases)])
        return chosen.preceded_by(len(stream.subjects) - len(phrases))

    def _digest(self, moment: Moment) -> str:
        asked = periods(moment)
        weeks = min(first for first, _ in asked), moment.baseline[1]
        return self._loaded.digest(weeks, _METHOD, self._reach, asked)

    def _kept(self, digest: str, moment: Moment) -> tuple[Hashes, Past]:
        """The phrases whose past is known, and their past."""
        packed = self._known.get(digest)
        if packed is None:
            none = np.zeros(0, np.uint64)
            return none, self._counted(none, moment)
        parts = Parts(packed)
        phrases: Hashes = parts.next(np.uint64)
        return phrases, unpack_past(parts)

    def _counted(self, phrases: Hashes, moment: Moment) -> Past:
        before = moment.baseline[1]
        stream = stream_of_phrases(self._loaded, self._reach, phrases, before=before)
        return summed(Ledger(Exposure(stream, PHASE), Sort.PHRASE), moment)


def stored(session: Session) -> dict[str, bytes]:
    """All that is kept, by digest."""
    rows = session.execute(select(TrendPast.digest, TrendPast.packed))
    return {digest: packed for digest, packed in rows}  # noqa: C416 - rows are no pairs to mypy


def keep(session: Session, pasts: Mapping[str, bytes], *, now: datetime) -> None:
    """Stores what was counted in place of what was known before, and lets go of the oldest."""
    if not pasts:
        return
    session.execute(delete(TrendPast).where(TrendPast.digest.in_(pasts)))
    rows = [{"digest": digest, "packed": one, "made_at": now} for digest, one in pasts.items()]
    session.execute(insert_or_skip(session, TrendPast, TrendPast.digest), rows)
    newest = select(TrendPast.digest).order_by(TrendPast.made_at.desc(), TrendPast.digest)
    kept = session.scalars(newest.limit(MOST_KEPT)).all()
    session.execute(delete(TrendPast).where(TrendPast.digest.not_in(kept)))
