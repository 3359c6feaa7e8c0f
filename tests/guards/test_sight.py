"""What a person may not see exists for them nowhere: no page, file or call says a word of it.

A stranger and a manager of another part of the tree walk all addresses that can be read, with the
numbers of everything there is, while notes sealed from them are gathered, cited, promised, pinned,
answered and told. None of it may be answered, and none of its words may stand anywhere.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from insights.db import Database
from insights.models import Assignment, Role, Telling
from insights.models import Person as PersonRow
from insights.services import letters, tokens
from insights.services.access import Actor, load_actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.databases import World, put_back
from tests.fixtures.world import Characters
from tests.guards import sealed_work
from tests.guards.sealed_work import FIGURES, NOWHERE, SECRET, Work, addresses, queries, rules
from tests.organisation import NOW, TODAY, WEST

# Where the words stand for those who may see them, so that the walk is known to look at them.
TELLING = {
    "topics.index", "topics.page", "battlecards.sheet", "competitors.page", "accounts.page",
    "promises.index", "handovers.page", "briefs.territory", "questions.misses", "notes.page",
}  # fmt: skip


@pytest.fixture(params=["postgresql"])
def database(request: pytest.FixtureRequest, worlds: dict[str, World]) -> Database:
    """One database is enough: the conditions are the same on both."""
    return put_back(worlds, request.param)


# What is counted anew with each request.
ALWAYS_NEW = {"metrics.show", "health.show"}
ReaderOf = Callable[[Actor], "Reader"]
WHO = ("stranger", "manager of the west")


@pytest.fixture
def work(stage: Stage, characters: Characters) -> Work:
    """All of it."""
    made = sealed_work.shown(stage, characters)
    sealed_work.sealed(stage, characters, made)
    sealed_work.touching(stage, characters, made)
    return made


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
    program: FlaskClient
    headers: Mapping[str, str]

    def get(self, address: str) -> TestResponse:
        if address.startswith("/api/"):
            return self.program.get(address, headers=self.headers)
        return self.browser.get(address)

    def send(self, method: str, address: str, token: str) -> TestResponse:
        """An empty form, or an empty object."""
        if address.startswith("/api/"):
            return self.program.open(address, method=method, headers=self.headers, json={})
        return self.browser.open(address, method=method, data={"csrf_token": token})


@pytest.fixture
def reader_of(stage: Stage, client_of: Callable[[Actor], Browser]) -> ReaderOf:
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


@pytest.fixture(params=WHO)
def outsider(request: pytest.FixtureRequest, stage: Stage, characters: Characters) -> Actor:
    """Somebody who may see none of what is hidden."""
    return characters.stranger if request.param == WHO[0] else _manager_of_west(stage)


def _found(answer: TestResponse, asked: str, made: Work) -> set[str]:
    """What an answer says that it must not."""
    said = answer.get_data(as_text=True)
    ids = {one for ids in made.hidden.values() for one in ids if "-" in one}
    words = {SECRET, *FIGURES} | ids
    return {word for word in words if word in said.lower() and word not in asked}


def test_no_page_file_or_call_says_what_is_hidden(
    stage: Stage, work: Work, outsider: Actor, reader_of: ReaderOf
) -> None:
    reader = reader_of(outsider)
    for rule in rules(stage.app):
        asked = [""] if rule.arguments else list(queries(work))
        for address, query in product(addresses(rule, work), asked):
            answer = reader.get(f"{address}{query}")
            found = _found(answer, f"{address}{query}", work)
            assert not found, f"{address}{query} says {found}"
            assert answer.status_code < 500, f"{address}{query}: {answer.status}"


def test_no_letter_says_what_is_hidden(stage: Stage, work: Work, outsider: Actor) -> None:
    """Not even to somebody who could see it when they were told."""
    assert work.hidden["telling_id"]
    with stage.database.reading() as session:
        for row in session.scalars(select(Telling)):
            letter = letters.letter(session, outsider, row.matter, row.subject)
            assert letter is None or SECRET not in str(letter).lower(), row.subject


def test_what_is_hidden_is_answered_as_what_is_not_there(
    stage: Stage, work: Work, outsider: Actor, reader_of: ReaderOf
) -> None:
    reader, walked = reader_of(outsider), 0
    for rule in rules(stage.app):
        for name in rule.arguments & work.hidden.keys():
            for identity in work.hidden[name]:
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
    return re.sub(r"\b\d+\b", "", _steady(answer))


def test_those_who_may_see_it_do(
    stage: Stage, work: Work, characters: Characters, reader_of: ReaderOf
) -> None:
    """The walk would find the words if they were there."""
    admin = reader_of(characters.admin)
    saying = {
        rule.endpoint
        for rule in rules(stage.app)
        for address in addresses(rule, work)
        if SECRET in admin.get(address).get_data(as_text=True).lower()
    }
    assert saying >= TELLING


def test_what_is_hidden_changes_no_number(
    stage: Stage, characters: Characters, outsider: Actor, reader_of: ReaderOf
) -> None:
    """Whoever may not see it reads the same, letter by letter, with it and without it."""
    made, reader = sealed_work.shown(stage, characters), reader_of(outsider)
    places = [
        address
        for rule in rules(stage.app)
        if rule.endpoint not in ALWAYS_NEW
        for address in addresses(rule, made)
    ]
    before = {address: _steady(reader.get(address)) for address in places}
    sealed_work.sealed(stage, characters, made)
    for address in places:
        assert _steady(reader.get(address)) == before[address], address


def _steady(answer: TestResponse) -> str:
    """What an answer says, without what is made anew each time."""
    said = re.sub(r'(csrf[^>]*(value|content)="|nonce[-"=]+)[^"]+', "", answer.text)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", said)


def test_no_deed_reaches_what_is_hidden(
    stage: Stage, work: Work, outsider: Actor, reader_of: ReaderOf
) -> None:
    reader, tried = reader_of(outsider), 0
    token = re.search(r'name="csrf-token" content="([^"]+)"', reader.get("/").text)
    assert token is not None
    for rule in stage.app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            for address, missing in _hidden_addresses(rule, work):
                answer = reader.send(method, address, token.group(1))
                # Nothing was done, and nothing is told: neither that there is such a thing.
                other = reader.send(method, missing, token.group(1))
                said = f"{method} {address}: {answer.status}"
                assert answer.status_code == other.status_code, said
                assert _bare(answer) == _bare(other), said
                tried += 1
    assert tried > 100


def _hidden_addresses(rule: Rule, made: Work) -> Iterator[tuple[str, str]]:
    """The addresses of a rule in which something hidden is named, each with one that names what is
    not there instead."""
    for address in addresses(rule, made):
        parts = address.split("/")
        for name in rule.arguments & made.hidden.keys():
            named = next((one for one in parts if one in made.hidden[name]), None)
            if named is not None:
                nowhere = NOWHERE if "-" in named else "987654"
                yield address, "/".join(nowhere if one == named else one for one in parts)
