"""What a person may not see exists for them nowhere: no page, file or call says a word of it.

A stranger and a manager of another part of the tree walk all addresses that can be read, with the
numbers of everything there is, while notes sealed from them are gathered, cited, promised, pinned,
answered and told. None of it may be answered, and none of its words may stand anywhere.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import product
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from insights.db import Database
from insights.models import (
    Assignment,
    Audience,
    BattlecardCheck,
    CardSection,
    Gathering,
    Outcome,
    Role,
    Telling,
    TrendReach,
)
from insights.models import Person as PersonRow
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
    tokens,
    topic_discussion,
    topic_merging,
    topic_notes,
    topic_outcomes,
    topics,
)
from insights.services.access import Actor, load_actor
from insights.services.handover_checks import NewHandover
from insights.services.must_knows import NewMustKnow
from tests.fixtures.app import Browser, Stage
from tests.fixtures.databases import World, put_back
from tests.fixtures.world import Characters
from tests.organisation import (
    GEORGIA,
    IONFIELD,
    MEMBER,
    MERCY,
    NOW,
    OWNER,
    TODAY,
    WEST,
)
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
# Where the words stand for those who may see them, so that the walk is known to look at them.
TELLING = {
    "topics.index", "topics.page", "battlecards.sheet", "competitors.page", "accounts.page",
    "promises.index", "handovers.page", "briefs.territory", "questions.misses", "notes.page",
}  # fmt: skip


@pytest.fixture(params=["postgresql"])
def database(request: pytest.FixtureRequest, worlds: dict[str, World]) -> Database:
    """One database is enough: the conditions are the same on both."""
    return put_back(worlds, request.param)


@dataclass
class Hidden:
    """What must not be found, by the names of the variables in addresses; and all there is."""

    hidden: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, *ids: object, seen: Sequence[object] = ()) -> None:
        self.hidden.setdefault(name, []).extend(map(str, ids))
        self.known.setdefault(name, []).extend(map(str, (*ids, *seen)))


@pytest.fixture
def hidden(stage: Stage, characters: Characters) -> Hidden:
    """Sealed notes of Georgia in everything that is made of notes."""
    made, owner, analyst = Hidden(), characters.owner, characters.analyst
    sealed, proposed = (
        stage.post(owner, text, audience=Audience.SEALED, territory="georgia", account_id=MERCY)
        for text in (SEALED, f"{SEALED} again")
    )
    shown = stage.post(owner, "Everyone hears of Ionfield", territory="georgia")
    made.add("note_id", sealed, proposed, seen=[shown])
    with stage.database.writing() as session:
        comments.add(session, analyst, sealed, comment_id=uuid4(), text=SEALED, now=NOW)
        sightings.add(session, characters.manager, sealed, now=NOW)
        _topics(session, characters, made, (sealed, proposed, shown))
        _questions(session, characters, made, sealed)
        _battlecard(session, characters, made, (sealed, shown))
        _handover(session, characters, made, sealed)
        values: business_figures.FigureValues = {"revenue": FIGURE, "quota": FIGURE}
        month = TODAY.replace(day=1)
        business_figures.put(
            session, characters.admin, territory_id=GEORGIA, month=month, values=values, now=NOW
        )
        search_misses.record(session, owner, query=SEALED, now=NOW)
    stage.catch_up()
    return made


def _topics(session: Session, characters: Characters, made: Hidden, notes: Sequence[UUID]) -> None:
    sealed, proposed, shown = notes
    analyst = characters.analyst
    evidence = showing(session, reach=TrendReach.ALL, evidence=[sealed], phrase=SECRET)
    made.add("trend_id", evidence)
    secret = topics.open_topic(
        session, analyst, title=SEALED, team=f"{SECRET} team", trend_id=evidence, query=SECRET,
        audience=Audience.SEALED, note_ids=[sealed, shown], now=NOW,
    ).id  # fmt: skip
    topics.change(session, analyst, secret, answer=SEALED, title=f"{SEALED} anew", now=NOW)
    comment = uuid4()
    topic_discussion.add(session, analyst, secret, comment_id=comment, text=SEALED, now=NOW)
    topic_outcomes.settle(
        session, analyst, secret, [sealed, shown], Outcome.USED, text=SEALED, now=NOW
    )
    seen = topics.open_topic(
        session, analyst, title="For all", trend_id=evidence, audience=Audience.EVERYONE,
        note_ids=[sealed, shown], now=NOW,
    ).id  # fmt: skip
    topic_outcomes.settle(session, analyst, seen, [sealed], Outcome.NOT_NOW, text=SEALED, now=NOW)
    topic_outcomes.settle(
        session, analyst, seen, [shown], Outcome.ALREADY_KNOWN, known_note_id=sealed, now=NOW
    )
    topic_notes.put(session, seen, [proposed], Gathering.PROPOSED, added_by=None, now=NOW)
    split = topic_merging.split(session, analyst, secret, [sealed], title=SEALED, now=NOW)
    merged = topics.open_topic(
        session, analyst, title=f"{SEALED} once", audience=Audience.SEALED, note_ids=[sealed],
        now=NOW,
    ).id  # fmt: skip
    topic_merging.merge(session, analyst, source_id=merged, into=secret, now=NOW)
    made.add("topic_id", secret, split, merged, seen=[seen])
    made.add("comment_id", comment)


def _questions(session: Session, characters: Characters, made: Hidden, sealed: UUID) -> None:
    secret = int(made.hidden["topic_id"][0])
    asked = questions.ask(
        session, characters.analyst, text="What do you hear?", until=TODAY, topic_id=secret,
        now=NOW, today=TODAY,
    ).id  # fmt: skip
    question_answers.link(session, characters.owner, asked, sealed, now=NOW)
    made.add("question_id", seen=[asked])


def _battlecard(
    session: Session, characters: Characters, made: Hidden, notes: Sequence[UUID]
) -> None:
    sealed, shown = notes
    analyst = characters.analyst
    line = battlecard_lines.add_line(
        session, analyst, competitor_id=IONFIELD, section=CardSection.FACTS, text=SEALED,
        note_ids=[sealed], now=NOW,
    )  # fmt: skip
    gone = battlecard_lines.add_line(
        session, analyst, competitor_id=IONFIELD, section=CardSection.PRICING, text=SEALED,
        note_ids=[sealed, shown], now=NOW,
    )  # fmt: skip
    battlecard_lines.archive_line(session, analyst, line_id=gone.id, now=NOW)
    seen = battlecard_lines.add_line(
        session, analyst, competitor_id=IONFIELD, section=CardSection.FACTS, text=SEALED,
        note_ids=[sealed, shown], now=NOW,
    )  # fmt: skip
    battlecard_lines.change_line(
        session, analyst, line_id=seen.id, version=1, text="Nothing of it", now=NOW
    )
    battlecard_lines.uncite(session, analyst, line_id=seen.id, note_id=sealed, now=NOW)
    battlecard_asking.ask_stale(session, today=TODAY, now=LATER)
    made.add("line_id", line.id, gone.id, seen=[seen.id])
    asked = session.execute(select(BattlecardCheck.id)).scalars()
    made.add("check_id", *asked)


def _handover(session: Session, characters: Characters, made: Hidden, sealed: UUID) -> None:
    promise, told = uuid4(), uuid4()
    promises.make(
        session, characters.owner, promise_id=promise, territory_id=GEORGIA, account_id=MERCY,
        note_id=sealed, text=SEALED, now=NOW,
    )  # fmt: skip
    new = NewMustKnow(told, GEORGIA, SEALED, note_id=sealed, account_id=MERCY)
    must_knows.pin(session, characters.owner, new, now=NOW)
    (handover,) = handovers.prepare(
        session, characters.manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TODAY,
        now=NOW, today=TODAY,
    )  # fmt: skip
    exit_interview.finish(session, characters.owner, handover.id, now=NOW)
    handovers.carry_out(session, characters.manager, handover.id, now=NOW, today=TODAY)
    made.add("promise_id", promise)
    made.add("must_know_id", told)
    made.add("handover_id", handover.id)
    made.add("telling_id", *session.scalars(select(Telling.id)))


def _manager_of_west(stage: Stage) -> Actor:
    """A manager of the other part of the tree."""
    with stage.database.writing() as session:
        person = {"email": "west@example.com", "name": "Wanda West", "role": Role.MANAGER}
        row = PersonRow(created_at=NOW, **person)
        session.add(row)
        session.flush()
        session.add(Assignment(territory_id=WEST, person_id=row.id, since=TODAY))
        session.flush()
        return load_actor(session, row.id, today=TODAY)


@dataclass
class Reader:
    """Whoever reads an address: a page with their sign-in, a call with their token."""

    browser: Browser
    program: Browser
    headers: Mapping[str, str]

    def get(self, address: str) -> TestResponse:
        if address.startswith("/api/"):
            return self.program.get(address, headers=self.headers)
        return self.browser.get(address)


@pytest.fixture
def reader_of(stage: Stage, client_of: Callable[[Actor], Browser]) -> Callable[[Actor], Reader]:
    """Signs a person in, in a browser and with a token."""

    def start(actor: Actor) -> Reader:
        with stage.database.writing() as session:
            _, secret = tokens.make(
                session, actor, now=NOW, name="walk", scopes=("read", "write"),
                expires_at=NOW + timedelta(days=1),
            )  # fmt: skip
        program = stage.app.test_client(use_cookies=False)
        return Reader(client_of(actor), program, {"Authorization": f"Bearer {secret}"})

    return start


WHO = ("stranger", "manager of the west")


@pytest.fixture(params=WHO)
def reader(
    request: pytest.FixtureRequest,
    stage: Stage,
    characters: Characters,
    hidden: Hidden,
    reader_of: Callable[[Actor], Reader],
) -> Reader:
    """Somebody who may see none of what is hidden."""
    is_stranger = request.param == WHO[0]
    return reader_of(characters.stranger if is_stranger else _manager_of_west(stage))


def _rules(app: Flask) -> Iterator[Rule]:
    """Every address that can be read, but for files that are the same for everyone."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_WALKED:
            yield rule


def _addresses(rule: Rule, made: Hidden) -> Iterator[str]:
    """The addresses of a rule with all values that its variables can have."""
    choices = [_values(name, made) for name in sorted(rule.arguments)]
    for values in product(*choices):
        address = rule.rule
        for name, value in zip(sorted(rule.arguments), values, strict=True):
            address = re.sub(rf"<(\w+:)?{name}>", value, address)
        yield address


def _values(name: str, made: Hidden) -> Sequence[str]:
    if name in made.known:
        return list(dict.fromkeys(made.known[name]))
    return SLUGS if name in ("slug", "noun") else VALUES.get(name, NUMBERS)


def _queries(made: Hidden) -> Iterator[str]:
    """What is asked of every address that has no variables."""
    yield ""
    for name in ("q", "words", "about", "text"):
        yield f"?{name}={SOUGHT}"
    for name in ("topic", "trend", "question", "note", "line"):
        yield f"?{name}={made.known[f'{name}_id'][0]}"
    yield f"?notes={made.hidden['note_id'][0]}"
    for more in ("territory=georgia", "competitor=ionfield", f"account={MERCY}", "view=list"):
        yield f"?{more}"


def _found(answer: TestResponse, asked: str, made: Hidden) -> set[str]:
    """What an answer says that it must not."""
    said = answer.get_data(as_text=True)
    ids = {one for ids in made.hidden.values() for one in ids if "-" in one}
    words = {SECRET, *FIGURES} | ids
    return {word for word in words if word in said.lower() and word not in asked}


def test_no_page_file_or_call_says_what_is_hidden(
    stage: Stage, hidden: Hidden, reader: Reader
) -> None:
    for rule in _rules(stage.app):
        queries = [""] if rule.arguments else list(_queries(hidden))
        for address, query in product(_addresses(rule, hidden), queries):
            answer = reader.get(f"{address}{query}")
            found = _found(answer, f"{address}{query}", hidden)
            assert not found, f"{address}{query} says {found}"
            assert answer.status_code < 500, f"{address}{query}: {answer.status}"


def test_what_is_hidden_is_answered_as_what_is_not_there(
    stage: Stage, hidden: Hidden, reader: Reader
) -> None:
    walked = 0
    for rule in _rules(stage.app):
        for name in rule.arguments & hidden.hidden.keys():
            for identity in hidden.hidden[name]:
                address = re.sub(r"<(\w+:)?\w+>", identity, rule.rule)
                nowhere = NOWHERE if "-" in identity else "987654"
                answer = reader.get(address)
                missing = reader.get(re.sub(r"<(\w+:)?\w+>", nowhere, rule.rule))
                # Whoever may do such a thing with none is told so of any number.
                assert answer.status_code == missing.status_code, f"{address}: {answer.status}"
                assert answer.status_code in (403, 404), f"{address}: {answer.status}"
                assert _bare(answer) == _bare(missing), address
                walked += 1
    assert walked > 40


def _bare(answer: TestResponse) -> str:
    """What an answer says, without numbers and what differs each time."""
    said = re.sub(r'(csrf[^>]*(value|content)="|nonce[-"=]+)[^"]+', "", answer.text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d+\b", "", said)


def test_those_who_may_see_it_do(
    stage: Stage, hidden: Hidden, characters: Characters, reader_of: Callable[[Actor], Reader]
) -> None:
    """The walk would find the words if they were there."""
    admin = reader_of(characters.admin)
    saying = {
        rule.endpoint
        for rule in _rules(stage.app)
        for address in _addresses(rule, hidden)
        if SECRET in admin.get(address).get_data(as_text=True).lower()
    }
    assert saying >= TELLING
