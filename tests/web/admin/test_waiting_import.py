"""Waiting notes of a device in the administration: recognised, tried, then taken."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from insights.models import Note
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import OWNER
from tests.waiting import note, waiting_file
from tests.web.admin.test_imports import upload
from tests.web.pages import html_of, text_of

GOOD = waiting_file(note("Acme was here"), note(""))


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def authors(stage: Stage) -> list[int]:
    """Whose notes there are."""
    with stage.database.reading() as session:
        return list(session.scalars(select(Note.author_id)))


@pytest.mark.parametrize("noun", ["waiting", "notes", "people"])
def test_is_tried_first_whatever_was_chosen(stage: Stage, admin: Browser, noun: str) -> None:
    answer = upload(admin, GOOD, "waiting.json", noun)
    assert answer.status_code == 200
    words = text_of(answer)
    assert "This was only a trial" in words
    assert "2 notes by Olivia Owner" in words
    assert "Text: Write what you heard" in words
    assert authors(stage) == []


def test_is_taken_once_the_admin_says_so(stage: Stage, admin: Browser) -> None:
    trial = upload(admin, GOOD, "waiting.json", "waiting")
    found = re.search(r'action="(/admin/import/waiting/[^"]+)"', html_of(trial))
    assert found
    for title in ("Imported", "Nothing new"):
        answer = admin.submit(found.group(1), page="/admin/import")
        assert title in text_of(answer)
    assert authors(stage) == [OWNER]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "This is no file of waiting notes."),
        (b"text,state\nx,GA\n", "damaged or no file of waiting notes"),
        (waiting_file(person={"id": 2, "name": "Olivia Owner"}), "who is Max Member here"),
    ],
)
def test_that_cannot_be_used_is_refused_in_words(
    admin: Browser, content: bytes, words: str
) -> None:
    answer = upload(admin, content, "waiting.json", "waiting")
    assert answer.status_code == 422
    assert words in text_of(answer)
