"""Work made of sealed notes, for tests that look whether a word or a number of it gets out.

`shown` is what everyone sees. `sealed` adds what a stranger sees nothing of, not even as a number.
`touching` adds what everyone sees and what rests on the sealed: none of the sealed words is in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any, Protocol
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from insights.db import Database
from insights.models import (
    Audience,
    BattlecardCheck,
    CardSection,
    Gathering,
    Outcome,
    Telling,
    TrendReach,
)
from insights.services import (
    battlecard_asking,
    battlecard_lines,
    business_figures,
    comments,
    exit_interview,
    handovers,
    must_knows,
    promises,
    question_answers,
    questions,
    search_misses,
    sightings,
    topic_discussion,
    topic_merging,
    topic_notes,
    topic_outcomes,
    topics,
)
from insights.services.access import Actor
from insights.services.business_figures import FigureValues
from insights.services.handover_checks import NewHandover
from insights.services.must_knows import NewMustKnow
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, IONFIELD, MEMBER, MERCY, NOW, OWNER, STRANGER, TODAY
from tests.trend_rows import showing

# In everything that is sealed; the second word is what is searched for.
SECRET, SOUGHT = "zirconium", "hafnium"
SEALED = f"{SECRET} {SOUGHT} at Ionfield"
FIGURE = Decimal("8642097")
FIGURES = (str(FIGURE), f"{FIGURE:,}", f"{FIGURE:,}".replace(",", " "))
LATER = NOW + timedelta(days=300)
NOT_WALKED = {"static", "app_shell.worker", "api_docs.docs", "api_docs.openapi", "mail.ask"}
SLUGS = ("georgia", "southeast", "ionfield", "ion-cloud", "healthcare")
NUMBERS = ("1", "2")
NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"
VALUES = {"monday": ("2026-03-16",), "upload_id": (NOWHERE,), "photo_id": (NOWHERE,)}


class Stage(Protocol):
    """Where it is made."""

    @property
    def database(self) -> Database:
        """The database of the product."""

    def post(self, actor: Actor, text: str, **fields: Any) -> UUID:
        """Stores a note."""

    def catch_up(self) -> None:
        """Lets the search replica follow."""


@dataclass
class Work:
    """What must not be found, by the names of the variables in addresses; and all there is."""

    hidden: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, *ids: object, seen: Sequence[object] = ()) -> None:
        self.hidden.setdefault(name, []).extend(map(str, ids))
        self.known.setdefault(name, []).extend(map(str, (*ids, *seen)))


def shown(stage: Stage, characters: Characters) -> Work:
    """A note, a topic, a question and a line of a battlecard that everyone sees."""
    made, owner, analyst = Work(), characters.owner, characters.analyst
    note_id = stage.post(owner, "Everyone hears of Ionfield", territory="georgia")
    with stage.database.writing() as session:
        topic_id = topics.open_topic(
            session, analyst, title="For all", note_ids=[note_id], now=NOW
        ).id
        asked = questions.ask(
            session, analyst, text="What do you hear?", until=TODAY, now=NOW, today=TODAY
        ).id
        line_id = battlecard_lines.add_line(
            session, analyst, competitor_id=IONFIELD, section=CardSection.FACTS,
            text="They hear it", note_ids=[note_id], now=NOW,
        ).id  # fmt: skip
    for name, one in (("note", note_id), ("topic", topic_id), ("question", asked)):
        made.add(f"{name}_id", seen=[one])
    made.add("line_id", seen=[line_id])
    return made


def sealed(stage: Stage, characters: Characters, made: Work) -> None:
    """Sealed notes of Georgia in everything that is made of notes."""
    owner, analyst = characters.owner, characters.analyst
    one, other = (
        stage.post(owner, text, audience=Audience.SEALED, territory="georgia", account_id=MERCY)
        for text in (SEALED, f"{SEALED} again")
    )
    made.add("note_id", one, other)
    with stage.database.writing() as session:
        comments.add(session, analyst, one, comment_id=uuid4(), text=SEALED, now=NOW)
        sightings.add(session, characters.manager, one, now=NOW)
        _topics(session, characters, made, (one, other))
        asked = int(made.known["question_id"][0])
        question_answers.link(session, owner, asked, one, now=NOW)
        _lines(session, characters, made, one)
        _told(session, characters, made, one)
        values: FigureValues = {"revenue": FIGURE, "quota": FIGURE}
        business_figures.put(
            session, characters.admin, territory_id=GEORGIA, month=TODAY.replace(day=1),
            values=values, now=NOW,
        )  # fmt: skip
        search_misses.record(session, owner, query=SEALED, now=NOW)
        others = select(Telling.id).where(Telling.person_id != STRANGER)
        made.add("telling_id", *session.scalars(others))
    stage.catch_up()


def touching(stage: Stage, characters: Characters, made: Work) -> None:
    """A question for a sealed topic, what is known from a sealed note, a line that rested on one,
    a territory that changes hands."""
    analyst, one = characters.analyst, UUID(made.hidden["note_id"][0])
    shown_note, topic_id = UUID(made.known["note_id"][0]), int(made.known["topic_id"][0])
    with stage.database.writing() as session:
        asked = questions.ask(
            session, analyst, text="And who says so?", until=TODAY, now=NOW, today=TODAY,
            topic_id=int(made.hidden["topic_id"][0]),
        ).id  # fmt: skip
        made.add("question_id", seen=[asked])
        topic_outcomes.settle(
            session, analyst, topic_id, [shown_note], Outcome.ALREADY_KNOWN, known_note_id=one,
            now=NOW,
        )  # fmt: skip
        line = battlecard_lines.add_line(
            session, analyst, competitor_id=IONFIELD, section=CardSection.FACTS, text=SEALED,
            note_ids=[one, shown_note], now=NOW,
        )  # fmt: skip
        battlecard_lines.change_line(
            session, analyst, line_id=line.id, version=1, text="Nothing of it", now=NOW
        )
        battlecard_lines.uncite(session, analyst, line_id=line.id, note_id=one, now=NOW)
        made.add("line_id", seen=[line.id])
        opened = topics.open_topic(
            session, analyst, title=SEALED, audience=Audience.SEALED, now=NOW
        ).id
        topics.change(session, analyst, opened, title="Open by now", now=NOW)
        topics.change(session, analyst, opened, audience=Audience.EVERYONE, now=NOW)
        made.add("topic_id", seen=[opened])
        handover_id = int(made.hidden["handover_id"][0])
        handovers.carry_out(session, characters.manager, handover_id, now=NOW, today=TODAY)
    stage.catch_up()


def _topics(session: Session, characters: Characters, made: Work, notes: Sequence[UUID]) -> None:
    one, other = notes
    analyst, seen = characters.analyst, int(made.known["topic_id"][0])
    trend_id = showing(session, reach=TrendReach.ALL, evidence=[one], phrase=SECRET)
    made.add("trend_id", trend_id)
    secret = topics.open_topic(
        session, analyst, title=SEALED, team=f"{SECRET} team", trend_id=trend_id, query=SECRET,
        audience=Audience.SEALED, note_ids=[one, UUID(made.known["note_id"][0])], now=NOW,
    ).id  # fmt: skip
    topics.change(session, analyst, secret, answer=SEALED, title=f"{SEALED} anew", now=NOW)
    comment = uuid4()
    topic_discussion.add(session, analyst, secret, comment_id=comment, text=SEALED, now=NOW)
    topic_outcomes.settle(session, analyst, secret, [one], Outcome.USED, text=SEALED, now=NOW)
    topic_notes.gather(session, analyst, seen, [one], now=NOW)
    topic_outcomes.settle(session, analyst, seen, [one], Outcome.NOT_NOW, text=SEALED, now=NOW)
    topic_notes.put(session, seen, [other], Gathering.PROPOSED, added_by=None, now=NOW)
    split = topic_merging.split(session, analyst, secret, [one], title=SEALED, now=NOW)
    merged = topics.open_topic(
        session, analyst, title=f"{SEALED} once", audience=Audience.SEALED, note_ids=[one], now=NOW
    ).id
    topic_merging.merge(session, analyst, source_id=merged, into=secret, now=NOW)
    made.add("topic_id", secret, split, merged)
    made.add("comment_id", comment)


def _lines(session: Session, characters: Characters, made: Work, one: UUID) -> None:
    analyst = characters.analyst
    line, gone = (
        battlecard_lines.add_line(
            session, analyst, competitor_id=IONFIELD, section=section, text=SEALED,
            note_ids=[one, UUID(made.known["note_id"][0])], now=NOW,
        ).id
        for section in (CardSection.FACTS, CardSection.PRICING)
    )  # fmt: skip
    battlecard_lines.archive_line(session, analyst, line_id=gone, now=NOW)
    battlecard_asking.ask_stale(session, today=TODAY, now=LATER)
    made.add("line_id", line, gone)
    asked = select(BattlecardCheck.id).where(BattlecardCheck.line_id == line)
    made.add("check_id", *session.scalars(asked))


def _told(session: Session, characters: Characters, made: Work, one: UUID) -> None:
    """What the owner promises and pins, and the handover to the member."""
    owner, manager, promise, pinned = characters.owner, characters.manager, uuid4(), uuid4()
    promises.make(
        session, owner, promise_id=promise, territory_id=GEORGIA, account_id=MERCY, note_id=one,
        text=SEALED, now=NOW,
    )  # fmt: skip
    new = NewMustKnow(pinned, GEORGIA, SEALED, note_id=one, account_id=MERCY)
    must_knows.pin(session, owner, new, now=NOW)
    (handover,) = handovers.prepare(
        session, manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TODAY, now=NOW,
        today=TODAY,
    )  # fmt: skip
    exit_interview.finish(session, owner, handover.id, now=NOW)
    made.add("promise_id", promise)
    made.add("must_know_id", pinned)
    made.add("handover_id", handover.id)


def rules(app: Flask) -> Iterator[Rule]:
    """Every address that can be read, but for files that are the same for everyone."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_WALKED:
            yield rule


def addresses(rule: Rule, made: Work) -> Iterator[str]:
    """The addresses of a rule with all values that its variables can have."""
    choices = [_values(name, made) for name in sorted(rule.arguments)]
    for values in product(*choices):
        address = rule.rule
        for name, value in zip(sorted(rule.arguments), values, strict=True):
            address = re.sub(rf"<(\w+:)?{name}>", value, address)
        yield address


def _values(name: str, made: Work) -> Sequence[str]:
    if name in made.known:
        return list(dict.fromkeys(made.known[name]))
    return SLUGS if name in ("slug", "noun") else VALUES.get(name, NUMBERS)


def queries(made: Work) -> Iterator[str]:
    """What is asked of every address that has no variables."""
    yield ""
    for name in ("q", "words", "about", "text"):
        yield f"?{name}={SOUGHT}"
    yield f"?question={made.known['question_id'][0]}"
    for name in ("topic", "trend", "note", "line"):
        yield f"?{name}={made.hidden[f'{name}_id'][0]}"
    yield f"?notes={made.hidden['note_id'][0]}"
    for more in ("territory=georgia", "competitor=ionfield", f"account={MERCY}", "view=list"):
        yield f"?{more}"
