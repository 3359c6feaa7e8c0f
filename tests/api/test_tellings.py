"""News through the API."""

from collections.abc import Callable

import pytest

from insights.models import TellingMatter
from insights.services import tellings
from insights.services.tellings import NewTelling
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER

pytestmark = pytest.mark.usefixtures("plain_letters")

Start = Callable[..., Program]


@pytest.fixture
def owner(program_of: Start, characters: Characters) -> Program:
    return program_of(characters.owner)


@pytest.fixture(autouse=True)
def _told(stage: Stage) -> None:
    """The owner is told of three things, the question last."""
    told = ((TellingMatter.TOPIC, "7"), (TellingMatter.CHECK, "5"), (TellingMatter.QUESTION, "12"))
    new = [NewTelling(OWNER, matter, subject, f"{matter}:{subject}") for matter, subject in told]
    with stage.database.writing() as session:
        tellings.tell(session, new, now=NOW)


def titles(program: Program, path: str = "/news") -> list[str]:
    return [one["title"] for one in program.items(path)]


def test_news_is_told_with_where_it_leads_and_its_answers(owner: Program) -> None:
    question, check, _ = owner.items("/news")
    assert question == {
        "id": question["id"],
        "matter": "question",
        "at": "2026-03-18T12:00:00.000Z",
        "read": False,
        "title": "Question 12 to you",
        "lines": ["What do they pay?"],
        "leads_to": "question",
        "key": "12",
        "question": 12,
        "choices": [],
    }
    assert check["choices"][0] == {"value": "still-true", "label": "Still true"}
    assert (check["leads_to"], check["key"]) == ("competitor", "ionfield")


def test_it_is_ones_own(program_of: Start, characters: Characters) -> None:
    for one in characters.everyone:
        assert len(titles(program_of(one))) == (3 if one.id == OWNER else 0)


def test_it_comes_a_page_at_a_time(owner: Program) -> None:
    first = owner.get("/news?limit=2").get_json()
    assert len(first["items"]) == 2
    assert titles(owner, f"/news?limit=2&cursor={first['next']}") == ["Topic 7 is yours"]


def test_reading_takes_some_or_all_off(owner: Program) -> None:
    newest = owner.items("/news")[0]["id"]
    assert owner.post("/news/read", {"ids": [newest]}).status_code == 204
    assert len(titles(owner, "/news?unread=true")) == 2
    assert owner.post("/news/read", {"until": "2026-03-18T11:00:00Z"}).status_code == 204
    assert len(titles(owner, "/news?unread=true")) == 2
    assert owner.post("/news/read", {}).status_code == 204
    assert titles(owner, "/news?unread=true") == []


@pytest.mark.parametrize("body", [{"ids": []}, {"ids": [0]}, {"ids": list(range(1, 102))}])
def test_what_is_read_is_named_by_number(owner: Program, body: dict[str, object]) -> None:
    assert owner.post("/news/read", body).status_code == 422


def test_answers_are_those_that_are_offered_and_ones_own(
    owner: Program, program_of: Start, characters: Characters
) -> None:
    check = owner.items("/news")[1]["id"]
    assert owner.post(f"/news/{check}/answer", {"value": "perhaps"}).status_code == 422
    assert owner.post(f"/news/{check}/answer", {}).status_code == 422
    sent = program_of(characters.admin).post(f"/news/{check}/answer", {"value": "still-true"})
    assert sent.status_code == 404
