"""The page of whole notes that a device keeps."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from insights.models import Audience, Source
from insights.services import notes
from insights.services.access import Actor
from insights.services.note_drafts import NoteDraft
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.reading import notes_on, page_text

BrowserOf = Callable[[Actor], Browser]


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's, who holds Georgia."""
    return client_of(characters.owner)


def test_nobody_is_sent_to_sign_in(nobody: Browser) -> None:
    assert "/sign-in" in nobody.get("/reading").headers["Location"]


def test_a_page_without_notes_invites_to_the_first(browser: Browser) -> None:
    text = page_text(browser.get("/reading"))
    assert "The newest notes of Georgia" in text
    assert "No notes yet" in text


class TestWhoReadsWhat:
    @pytest.fixture(autouse=True)
    def posted(self, stage: Stage, characters: Characters) -> None:
        sealed = {"territory": "georgia", "audience": Audience.SEALED}
        stage.post(characters.owner, "Open in Georgia", territory="georgia")
        stage.post(characters.owner, "Sealed in Georgia", **sealed)
        stage.post(characters.member, "Open in Florida", territory="florida")
        stage.post(characters.stranger, "Open in Nevada", territory="nevada")
        stage.post(characters.stranger, "Sealed by a stranger", **sealed)

    @pytest.mark.parametrize(
        ("who", "read"),
        [
            ("owner", {"Open in Georgia", "Sealed in Georgia", "Sealed by a stranger"}),
            ("member", {"Open in Florida"}),
            ("stranger", {"Open in Nevada"}),
        ],
    )
    def test_a_rep_reads_the_notes_of_their_own_territories(
        self, client_of: BrowserOf, characters: Characters, who: str, read: set[str]
    ) -> None:
        answer = client_of(getattr(characters, who)).get("/reading")
        assert set(notes_on(answer)) == read

    def test_a_manager_reads_what_lies_below(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        found = notes_on(client_of(characters.manager).get("/reading"))
        assert "Open in Florida" in found
        assert "Sealed in Georgia" in found
        assert "Open in Nevada" not in found

    @pytest.mark.parametrize("who", ["analyst", "admin"])
    def test_who_holds_nothing_reads_the_newest_of_all(
        self, client_of: BrowserOf, characters: Characters, who: str
    ) -> None:
        answer = client_of(getattr(characters, who)).get("/reading")
        assert "You hold no territory" in page_text(answer)
        assert len(notes_on(answer)) == 5


def test_notes_are_whole_and_under_their_day(
    stage: Stage, browser: Browser, characters: Characters
) -> None:
    long = "A customer said " + "a lot " * 200 + "at last"
    stage.post(characters.owner, "The day before", territory="georgia")
    stage.clock.now = NOW + timedelta(days=1)
    stage.post(characters.owner, long, territory="georgia")
    answer = browser.get("/reading")
    assert notes_on(answer) == [long, "The day before"]
    text = page_text(answer)
    places = [text.index(one) for one in ("19 March 2026", "at last", "18 March 2026", "before")]
    assert places == sorted(places)


def test_it_says_by_which_names_competitors_and_segments_go(browser: Browser) -> None:
    text = page_text(browser.get("/reading"))
    assert "Ionfield also Ion Field" in text
    assert "Healthcare" in text
    assert "Small business" in text


def test_it_holds_the_newest_two_hundred(
    stage: Stage, browser: Browser, characters: Characters
) -> None:
    with stage.database.writing() as session:
        for number in range(202):
            draft = NoteDraft(
                id=uuid4(), text=f"Note {number}", source=Source.WEB, territory="georgia"
            )
            moment = NOW + timedelta(minutes=number)
            notes.post(session, characters.owner, draft, now=moment)
    found = notes_on(browser.get("/reading"))
    assert found == [f"Note {number}" for number in range(201, 1, -1)]


def test_queries_do_not_grow_with_the_notes(
    stage: Stage, browser: Browser, characters: Characters, count_queries: Counter
) -> None:
    sent = []
    for number in range(9):
        stage.post(characters.owner, f"Acme {number}", territory="georgia")
        if number in (0, 8):
            with count_queries(stage.database) as statements:
                page_text(browser.get("/reading"))
            sent.append(len(statements))
    assert sent[0] == sent[1] <= 8
