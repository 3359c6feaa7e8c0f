"""What has arrived at the server, read from its database, and what was put on the way there."""

import json
from typing import Any, TypeVar

from playwright.sync_api import Page, Request
from sqlalchemy import Select, select

from insights.http.runtime import Runtime
from insights.models import Attachment, Note, Person, Sighting
from tests.fixtures.live import Site

T = TypeVar("T")
PATIENCE = 100  # tenths of a second


def _read(site: Site, statement: Select[tuple[T]]) -> list[T]:
    runtime: Runtime = site.app.extensions["insights"]
    with runtime.database.reading() as session:
        found = list(session.scalars(statement))
        session.expunge_all()
    return found


def notes_with(site: Site, word: str) -> list[Note]:
    """All notes with the word, whoever wrote them and whatever became of them."""
    return _read(site, select(Note).where(Note.text.contains(word)).order_by(Note.captured_at))


def photos_of(site: Site, note: Note) -> list[Attachment]:
    return _read(site, select(Attachment).where(Attachment.note_id == note.id))


def sightings_of(site: Site, note: Note) -> list[Sighting]:
    return _read(site, select(Sighting).where(Sighting.note_id == note.id))


def person(site: Site, who: str) -> Person:
    """One of the people of the demo, for example "rep"."""
    [found] = _read(site, select(Person).where(Person.email == f"{who}@example.com"))
    return found


def until_arrived(page: Page, site: Site, word: str, count: int) -> list[Note]:
    """The notes with the word, once there are so many; more are a failure, too."""
    for _ in range(PATIENCE):
        if len(notes_with(site, word)) >= count:
            break
        page.wait_for_timeout(100)
    notes = notes_with(site, word)
    assert len(notes) == count
    return notes


def posts_of(page: Page) -> list[dict[str, Any]]:
    """The notes that pages of this device post from now on, one entry for each attempt."""
    posts: list[dict[str, Any]] = []

    def look(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/v1/notes"):
            posts.append(json.loads(request.post_data or "{}"))

    page.context.on("request", look)
    return posts
