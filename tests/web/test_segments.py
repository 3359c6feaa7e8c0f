"""The list of segments by dimension and the page of each."""

from collections.abc import Callable

import pytest

from insights.models import Audience
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The stranger's, who may see all that is not sealed."""
    return client_of(characters.stranger)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> None:
    """Two notes about healthcare, one of them about a large one, and one about trucking."""
    owner = characters.owner
    stage.post(owner, "Acme wins", territory="georgia", segments=("healthcare", "enterprise"))
    stage.post(owner, "They wait", territory="georgia", segments=("healthcare",))
    stage.post(owner, "Robbed", territory="georgia", segments=("trucking", "small-business"))


@pytest.mark.parametrize("address", ["/segments", "/segments/healthcare"])
def test_nobody_is_sent_to_sign_in(nobody: Browser, address: str) -> None:
    assert "/sign-in" in nobody.get(address).headers["Location"]


@pytest.mark.usefixtures("notes")
def test_the_list_has_both_dimensions_most_first(browser: Browser) -> None:
    text = page_text(browser.get("/segments"))
    rows = ("Healthcare 2 0", "Trucking 1 0", "Enterprise 1 0")
    order = [text.index(row) for row in rows]
    assert order == sorted(order)


@pytest.mark.usefixtures("notes")
class TestThePage:
    def test_counts_and_lists_its_notes(self, browser: Browser) -> None:
        answer = browser.get("/segments/healthcare")
        assert "Notes in 26 weeks 2 0 in the 26 weeks before" in page_text(answer)
        assert set(notes_on(answer)) == {"They wait", "Acme wins"}

    def test_leads_to_the_searches_that_find_as_many(self, browser: Browser) -> None:
        links = links_on(browser.get("/segments/healthcare"))
        for label in ("Acme Telecom", "Enterprise"):
            assert "segment=healthcare" in links[label]
            assert "1 note Newest first" in page_text(browser.get(links[label]))

    def test_compares_with_the_other_dimension_only(self, browser: Browser) -> None:
        assert "Trucking" not in links_on(browser.get("/segments/healthcare"))


def test_one_without_notes_says_how_notes_come_to_be_about_it(browser: Browser) -> None:
    text = page_text(browser.get("/segments/healthcare"))
    assert "No notes about these customers yet" in text


def test_an_unknown_one_is_not_found(browser: Browser) -> None:
    assert browser.get("/segments/umbrellas").status_code == 404


def test_a_sealed_note_counts_for_those_who_may_see_it(
    stage: Stage, client_of: BrowserOf, characters: Characters
) -> None:
    fields = {"territory": "georgia", "audience": Audience.SEALED, "segments": ("healthcare",)}
    stage.post(characters.owner, "Quietly", **fields)
    counted, in_list = set(), set()
    for name, one in vars(characters).items():
        answer = client_of(one).get("/segments/healthcare")
        if "Notes in 26 weeks 1 " in page_text(answer) and notes_on(answer):
            counted.add(name)
        if "Healthcare 1 0" in page_text(client_of(one).get("/segments")):
            in_list.add(name)
    assert counted == in_list == {"owner", "analyst", "manager", "admin"}


@pytest.mark.parametrize("address", ["/segments", "/segments/healthcare"])
def test_queries_do_not_grow_with_the_notes(
    stage: Stage, browser: Browser, characters: Characters, count_queries: Counter, address: str
) -> None:
    sent = []
    for number in range(9):
        stage.post(
            characters.owner, f"Note {number}", territory="georgia", segments=("healthcare",)
        )
        if number in (0, 8):
            with count_queries(stage.database) as statements:
                page_text(browser.get(address))
            sent.append(len(statements))
    assert sent[0] == sent[1] <= 10
