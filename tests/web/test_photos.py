"""Photos on pages: who gets a picture, with which headers, and the button that removes it."""

import re
from collections.abc import Callable
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from insights.models import Audience
from insights.services import photos
from insights.services.access import Actor
from tests import pictures
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.web.deeds import who, withdraw
from tests.web.pages import html_of, text_of

Open = Callable[[Actor], Browser]


def add_photo(stage: Stage, author: Actor, note_id: UUID, width: int = 640) -> str:
    """The id of a photo that the author has added to the note."""
    with stage.database.writing() as session:
        file = BytesIO(pictures.photo(width, 480))
        photo = photos.add_whole(
            session, author, note_id, file, storage=stage.runtime.storage, now=stage.clock.now
        )
    return str(photo.id)


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return stage.post(characters.owner, "They pay by the truck")


@pytest.fixture
def address(stage: Stage, characters: Characters, note_id: UUID) -> str:
    """Where a photo of that note is."""
    return f"/photos/{add_photo(stage, characters.owner, note_id)}"


class TestAPicture:
    def test_comes_large_and_small(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        browser = client_of(characters.member)
        for where, size in ((address, (640, 480)), (f"{address}/small", (480, 360))):
            answer = browser.get(where)
            assert answer.status_code == 200
            assert pictures.opened(answer.data).size == size

    def test_can_do_nothing_but_be_looked_at(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        headers = client_of(characters.member).get(address).headers
        photo_id = address.rsplit("/", 1)[-1]
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].split() == ["default-src", "'none';", "sandbox"]
        assert headers["Content-Disposition"] == f"inline; filename={photo_id}.jpg"
        assert headers["Cache-Control"] == "private, no-cache"

    def test_is_sent_once_and_asked_for_each_time(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        browser = client_of(characters.member)
        first = browser.get(address)
        assert int(first.headers["Content-Length"]) == len(first.data)
        known = {"If-None-Match": first.headers["ETag"]}
        again = browser.get(address, headers=known)
        assert (again.status_code, again.data) == (304, b"")
        assert browser.get(f"{address}/small", headers=known).status_code == 200

    def test_tells_its_size_without_being_sent(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        browser = client_of(characters.member)
        head = browser.head(address)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == browser.get(address).headers["Content-Length"]

    def test_of_a_sealed_note_is_for_those_who_may_read_it(
        self, stage: Stage, client_of: Open, characters: Characters
    ) -> None:
        sealed = stage.post(characters.owner, "Sealed", audience=Audience.SEALED)
        address = f"/photos/{add_photo(stage, characters.owner, sealed)}"
        allowed = who(characters, lambda one: client_of(one).get(address).status_code == 200)
        assert allowed == {"Olivia", "Anna", "Manuel", "Ada"}
        assert client_of(characters.stranger).get(address).status_code == 404

    def test_is_refused_to_those_who_have_it_once_the_note_is_withdrawn(
        self, stage: Stage, client_of: Open, characters: Characters, note_id: UUID, address: str
    ) -> None:
        browser = client_of(characters.member)
        known = {"If-None-Match": browser.get(address).headers["ETag"]}
        withdraw(stage, characters.owner, note_id)
        assert browser.get(address, headers=known).status_code == 404
        assert client_of(characters.owner).get(address).status_code == 200

    def test_that_nobody_added_or_that_has_not_arrived_is_not_found(
        self, stage: Stage, client_of: Open, characters: Characters, note_id: UUID
    ) -> None:
        waiting = uuid4()
        with stage.database.writing() as session:
            sha256 = pictures.digest(b"x")
            photos.announce(
                session,
                characters.owner,
                note_id,
                photo_id=waiting,
                size=1,
                sha256=sha256,
                now=stage.clock.now,
            )
        for photo_id in (waiting, uuid4()):
            assert client_of(characters.owner).get(f"/photos/{photo_id}").status_code == 404


def images_on(answer: TestResponse) -> list[str]:
    """The descriptions of the photos on a page; each is loaded late and in its own proportions."""
    found = []
    for image in re.findall(r'<img src="/photos/[^>]*>', html_of(answer)):
        assert 'loading="lazy"' in image
        assert re.search(r'width="\d+" height="480"', image)
        found += re.findall(r'alt="([^"]*)"', image)
    return found


class TestANote:
    def test_shows_its_photos_with_their_numbers(
        self, stage: Stage, client_of: Open, characters: Characters, note_id: UUID, address: str
    ) -> None:
        add_photo(stage, characters.owner, note_id, 320)
        both = ["Photo 1 of 2 of this note", "Photo 2 of 2 of this note"]
        browser = client_of(characters.member)
        for page in (f"/notes/{note_id}", "/territories/georgia"):
            answer = browser.get(page)
            assert images_on(answer) == both
            assert f'href="{address}"' in html_of(answer)

    def test_shows_four_in_a_list_and_says_how_many_more(
        self, stage: Stage, client_of: Open, characters: Characters, note_id: UUID
    ) -> None:
        for width in range(300, 306):
            add_photo(stage, characters.owner, note_id, width)
        browser = client_of(characters.member)
        answer = browser.get("/territories/georgia")
        assert len(images_on(answer)) == 4
        assert "2 more" in text_of(answer)
        assert len(images_on(browser.get(f"/notes/{note_id}"))) == 6

    def test_offers_to_remove_one_to_those_who_may(
        self, client_of: Open, characters: Characters, note_id: UUID, address: str
    ) -> None:
        button = f'action="{address}/remove"'
        page = f"/notes/{note_id}"
        allowed = who(characters, lambda one: button in html_of(client_of(one).get(page)))
        assert allowed == {"Olivia", "Manuel", "Ada"}


class TestRemoving:
    def test_leads_back_to_the_note_without_the_photo(
        self, client_of: Open, characters: Characters, note_id: UUID, address: str
    ) -> None:
        browser = client_of(characters.owner)
        answer = browser.submit(f"{address}/remove", f"/notes/{note_id}")
        assert (answer.status_code, answer.location) == (303, f"/notes/{note_id}")
        page = browser.get(f"/notes/{note_id}")
        assert "The photo is removed." in text_of(page)
        assert images_on(page) == []
        assert browser.get(address).status_code == 404

    def test_is_refused_to_others(
        self, client_of: Open, characters: Characters, note_id: UUID, address: str
    ) -> None:
        browser = client_of(characters.member)
        assert browser.submit(f"{address}/remove", f"/notes/{note_id}").status_code == 403
        assert browser.get(address).status_code == 200
