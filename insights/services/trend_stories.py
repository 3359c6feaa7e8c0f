"""What the detector found, in the terms of the database: rows of showings with their evidence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Account, Kind, Note, TrendSort
from insights.services import catalogue
from insights.services.trend_lives import About, Story
from insights.services.trend_packing import names_of
from insights.services.trend_streams import Source, monday_of_week
from insights.trends.explanation import Explanation
from insights.trends.packing import phrase_number
from insights.trends.parameters import Parameters
from insights.trends.phrases import name_words, phrases_of
from insights.trends.stories import Candidate
from insights.trends.stream import NOWHERE, Floats, Ints, Sort, Stream, Subject

MOST_EVIDENCE = 500
# Notes in which the words of a phrase are looked for. One has them, unless it is edited just now.
_READ_FOR_WORDS = 5


def tell(
    session: Session,
    source: Source,
    found: Sequence[tuple[Candidate, Explanation]],
    *,
    partial: bool,
    parameters: Parameters,
) -> list[Story]:
    """The candidates as stories, in their order; left out is a phrase whose words are gone,
    or which is a customer's name.

    `partial`: the last week is not over.
    """
    teller = _Teller(session, source, parameters, partial)
    told = (teller.story(candidate, explanation) for candidate, explanation in found)
    return [one for one in told if one is not None]


class _Teller:
    def __init__(
        self, session: Session, source: Source, parameters: Parameters, partial: bool
    ) -> None:
        self._session = session
        self._source = source
        self._partial = partial
        self._names = names_of(catalogue.current(session))
        self._parameters = parameters
        self._longest = parameters.longest_phrase
        self._usual: dict[int, Floats] = {}

    def story(self, candidate: Candidate, explanation: Explanation) -> Story | None:
        accounts = self._source.notes.newest(candidate.notes)
        evidence = list(accounts)
        about = self._about(self._source.stream.subjects[candidate.subject], evidence)
        if about is None or self._is_a_customers_name(about, accounts):
            return None
        kept = [str(one) for one in evidence[:MOST_EVIDENCE]]
        return Story(
            about=about,
            where=self._where(candidate.scope),
            score=candidate.score,
            evidence=frozenset(kept),
            showing={
                "score": candidate.score,
                "weeks": candidate.weeks,
                "count": candidate.count,
                "expected": candidate.expected,
                "reporters": candidate.reporters,
                "accounts": len({one for one in accounts.values() if one}),
                "mostly_id": self._mostly(candidate),
                "series": self._series(explanation),
                "arithmetic": _arithmetic(explanation),
                "evidence": kept,
                "evidence_count": len(evidence),
            },
        )

    def _where(self, scope: int) -> tuple[int | None, int | None]:
        scopes = self._source.stream.scopes
        place, segment = int(scopes.places[scope]), int(scopes.segment[scope])
        named = None if segment == NOWHERE else self._source.segments[segment]
        return self._source.places[place], named

    def _mostly(self, candidate: Candidate) -> int | None:
        """The segment that carries most of a shown trend's notes, where it usually has less than
        half as large a share; None for a trend that is of one segment anyway."""
        stream = self._source.stream
        if candidate.score < self._parameters.shown or stream.scopes.segment[candidate.scope] >= 0:
            return None
        shares = _segment_shares(stream, self._source.notes.observations(candidate.notes))
        largest = int(np.argmax(shares)) if len(shares) else NOWHERE
        if largest == NOWHERE or shares[largest] < self._parameters.carries:
            return None
        usual = self._usual_shares(candidate.scope)[largest]
        return self._source.segments[largest] if usual < shares[largest] / 2 else None

    def _usual_shares(self, scope: int) -> Floats:
        """What part of all that is said in a scope is about each segment."""
        if scope not in self._usual:
            stream = self._source.stream
            here = stream.within(np.arange(len(stream.when)), scope)
            self._usual[scope] = _segment_shares(stream, here)
        return self._usual[scope]

    def _about(self, subject: Subject, evidence: Sequence[UUID]) -> About | None:
        sort = TrendSort(subject.sort.value)
        if subject.sort is Sort.KIND:
            return sort, Kind(subject.key)
        if subject.sort is Sort.PHRASE:
            words = self._words(int(subject.key, 16), evidence)
            return None if words is None else (sort, words)
        return sort, int(subject.key)

    def _words(self, number: int, evidence: Sequence[UUID]) -> str | None:
        """The words of a phrase, which is known by its number only, from the notes that have it."""
        chosen = Note.id.in_(evidence[:_READ_FOR_WORDS])
        for text in self._session.scalars(select(Note.text).where(chosen).order_by(Note.id)):
            for phrase in phrases_of(text, self._names, longest=self._longest):
                if phrase_number(phrase) == number:
                    return phrase
        return None

    def _is_a_customers_name(self, about: About, accounts: Mapping[UUID, int]) -> bool:
        """Whether a phrase is the name of the customer whom most of its notes are about: that
        somebody is spoken of is no turn of phrase."""
        sort, words = about
        named = Counter(one for one in accounts.values() if one).most_common(1)
        if sort is not TrendSort.PHRASE or not named or 2 * named[0][1] < len(accounts):
            return False
        name = self._session.scalar(select(Account.name).where(Account.id == named[0][0]))
        return set(str(words).split()) <= name_words([name or ""])

    def _series(self, explanation: Explanation) -> dict[str, Any]:
        series = explanation.series
        first = monday_of_week(series.first).isoformat()
        return {**asdict(series), "first": first, "partial": self._partial}


def _segment_shares(stream: Stream, observations: Ints) -> Floats:
    """What part of the observations is about each segment."""
    said = np.bincount(stream.segments_of(observations), minlength=stream.segments)
    shares: Floats = said / max(len(observations), 1)
    return shares


def _arithmetic(explanation: Explanation) -> dict[str, Any]:
    values = asdict(explanation.arithmetic)
    values["baseline"]["first"] = monday_of_week(values["baseline"]["first"]).isoformat()
    return values
