"""A year of field notes of the demo organisation, one after the other in order of time.

Notes are made day by day, so that a million of them take no more memory than the busiest day.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from insights.demo.organisation import organisation
from insights.demo.prose import LONGEST, Prose
from insights.demo.reactions import Comment, Reactions, Sighting
from insights.demo.rhythm import DayClock, day_counts
from insights.demo.roster import Roster
from insights.demo.staff import Person
from insights.demo.stories import INROADS, THEFT_REGION, Plots, Story
from insights.demo.subjects import Subject, Subjects
from insights.demo.tables import read_table, spread
from insights.demo.voices import make_voice

_COPIED = 0.012
_COPY_MEMORY = 60
# What is put before or after a copied text has fewer words than this.
_LONGEST_ADDITION = 14
_SEALED = 0.025
_KNOWN = spread({"first-hand": 72, "heard": 28})
_KNOWN_OF_COMPETITOR = spread({"first-hand": 55, "heard": 45})
_IMPACT = spread({"low": 20, "normal": 65, "high": 15})
_IMPACT_OF_STORY = spread({"low": 5, "normal": 55, "high": 40})


@dataclass(frozen=True, slots=True)
class DemoNote:
    """One note; people, accounts and segments by their keys in the organisation, the territory
    by its state's code, all times aware in UTC. Competitors stand in the text only."""

    text: str
    kind: str
    territory: str
    author: str
    captured_at: datetime
    account: str | None
    segments: tuple[str, ...]
    known: str
    impact: str
    sealed: bool
    sightings: tuple[Sighting, ...]
    comments: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class _Moment:
    """When and where the next note is to be written."""

    at: datetime
    number: int
    territory: str
    story: Story | None
    loud: bool


def notes(seed: int, count: int, until: datetime) -> Iterator[DemoNote]:
    """Exactly `count` notes of the year up to the aware time `until`, oldest first.

    The same arguments give the same notes. Raises ValueError for a time without a zone.
    """
    if until.tzinfo is None:
        raise ValueError("until needs a time zone")
    random = Random(f"notes {seed}")
    writer = _Writer(seed, until, random)
    for day, number in day_counts(random, count, until):
        yield from writer.write_day(day, number)


class _Writer:
    def __init__(self, seed: int, until: datetime, random: Random) -> None:
        self._organisation = organisation(seed, until.date())
        self._until = until
        self._random = random
        self._last_day = until.date()
        self._plots = Plots(random)
        self._subjects = Subjects(self._organisation, random.random)
        self._prose = Prose(self._organisation, random.random)
        self._reactions = Reactions(until, random.random)
        people = self._organisation.people
        self._voices = {one.key: make_voice(Random(f"voice {seed} {one.key}")) for one in people}
        self._loud = next(one for one in people if one.loud)
        self._loud_territory = next(
            one.territory for one in self._organisation.assignments if one.person == self._loud.key
        )
        states = read_table("states")
        self._zones = {state[0]: state[3] for state in states}
        self._territories = spread({state[0]: state[4] + 0.5 for state in states}, 2048)
        region = {state[0]: state[4] for state in states if state[2] == THEFT_REGION}
        self._theft_territories = spread(region)
        self._recent: deque[tuple[Subject, str]] = deque(maxlen=_COPY_MEMORY)

    def write_day(self, day: date, number: int) -> Iterator[DemoNote]:
        """The notes of one local day in order of time."""
        days_ago = (self._last_day - day).days
        roster = Roster(self._organisation, day)
        clock = DayClock(day, self._until, self._random)
        moments = [self._moment(clock, days_ago, place) for place in range(number)]
        moments.sort(key=lambda one: (one.at, one.number))
        for moment in moments:
            yield self._write(moment, day, days_ago, roster)

    def _moment(self, clock: DayClock, days_ago: int, number: int) -> _Moment:
        story = self._plots.next_story(days_ago)
        loud = story is None and self._plots.is_loud()
        if loud:
            territory = self._loud_territory
        elif story is INROADS:
            territory = story.territory or ""
        else:
            places = self._theft_territories if story else self._territories
            territory = places[int(self._random.random() * len(places))]
        return _Moment(clock.draw(self._zones[territory]), number, territory, story, loud)

    def _write(self, moment: _Moment, day: date, days_ago: int, roster: Roster) -> DemoNote:
        random, in_story = self._random.random, moment.story is not None
        author = self._loud if moment.loud else roster.author(moment.territory, random)
        subject, text = self._say(moment, day, days_ago, author)
        readers = roster.readers(moment.territory)
        return DemoNote(
            text=text,
            kind=subject.kind,
            territory=moment.territory,
            author=author.key,
            captured_at=moment.at,
            account=subject.account.key if subject.account else None,
            segments=subject.segments,
            known=self._pick(_KNOWN_OF_COMPETITOR if subject.kind == "competitor" else _KNOWN),
            impact=self._pick(_IMPACT_OF_STORY if in_story else _IMPACT),
            sealed=random() < _SEALED,
            sightings=self._reactions.sightings(author, readers, moment.at, in_story=in_story),
            comments=self._reactions.comments(
                author,
                readers,
                moment.at,
                lambda: self._prose.comment(subject),
                in_story=in_story,
            ),
        )

    def _say(
        self, moment: _Moment, day: date, days_ago: int, author: Person
    ) -> tuple[Subject, str]:
        """A new text, or one that was copied from a colleague elsewhere."""
        if not (moment.story or moment.loud) and self._random.random() < _COPIED and self._recent:
            original, text = self._recent[int(self._random.random() * len(self._recent))]
            subject = replace(original, territory=moment.territory, account=None)
            return subject, self._prose.copy(text, subject)
        subject = self._subjects.draw(
            moment.territory, day, days_ago, moment.story, loud=moment.loud
        )
        text = self._prose.note(subject, self._voices[author.key])
        if moment.story is None and text.count(" ") < LONGEST - _LONGEST_ADDITION:
            self._recent.append((subject, text))
        return subject, text

    def _pick(self, options: tuple[str, ...]) -> str:
        return options[int(self._random.random() * len(options))]
