"""The list of products, ours and those of competitors, and the page of each."""

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
    """One note about Fibre One and Ion Cloud, one about Fibre One alone."""
    stage.post(characters.owner, "F1 or Ion Cloud, says Acme", territory="georgia")
    stage.post(characters.owner, "Fibre One is fine", territory="florida")


@pytest.mark.parametrize("address", ["/products", "/products/fibre-one"])
def test_nobody_is_sent_to_sign_in(nobody: Browser, address: str) -> None:
    assert "/sign-in" in nobody.get(address).headers["Location"]


@pytest.mark.usefixtures("notes")
def test_the_list_has_ours_first_and_names_the_makers_of_the_others(browser: Browser) -> None:
    answer = browser.get("/products")
    text = page_text(answer)
    assert text.index("Fibre One 2 0") < text.index("Ion Cloud Ionfield 1 0")
    assert links_on(answer)["Ionfield"] == "/competitors/ionfield"


@pytest.mark.usefixtures("notes")
class TestThePage:
    def test_says_whose_it_is_and_its_other_names(self, browser: Browser) -> None:
        ours = page_text(browser.get("/products/fibre-one"))
        assert "Also called F1" in ours
        assert "One of our own products" in ours
        assert "A product of Ionfield" in page_text(browser.get("/products/ion-cloud"))

    def test_counts_and_lists_its_notes(self, browser: Browser) -> None:
        answer = browser.get("/products/fibre-one")
        assert "Notes in 26 weeks 2 0 in the 26 weeks before" in page_text(answer)
        assert len(notes_on(answer)) == 2

    def test_leads_to_the_searches_that_find_as_many(self, browser: Browser) -> None:
        links = links_on(browser.get("/products/fibre-one"))
        for label in ("Florida", "Acme Telecom"):
            assert "product=fibre-one" in links[label]
            assert "1 note Newest first" in page_text(browser.get(links[label]))
        assert links["Ion Cloud"] == "/products/ion-cloud"


def test_an_unknown_one_is_not_found(browser: Browser) -> None:
    assert browser.get("/products/umbrella").status_code == 404


def test_a_sealed_note_counts_for_those_who_may_see_it(
    stage: Stage, client_of: BrowserOf, characters: Characters
) -> None:
    fields = {"territory": "georgia", "audience": Audience.SEALED}
    stage.post(characters.owner, "Fibre One, quietly", **fields)
    counted, in_list = set(), set()
    for name, one in vars(characters).items():
        answer = client_of(one).get("/products/fibre-one")
        if "Notes in 26 weeks 1 " in page_text(answer) and notes_on(answer):
            counted.add(name)
        if "Fibre One 1 0" in page_text(client_of(one).get("/products")):
            in_list.add(name)
    assert counted == in_list == {"owner", "analyst", "manager", "admin"}


@pytest.mark.parametrize("address", ["/products", "/products/fibre-one"])
def test_queries_do_not_grow_with_the_notes(
    stage: Stage, browser: Browser, characters: Characters, count_queries: Counter, address: str
) -> None:
    sent = []
    for number in range(9):
        stage.post(characters.owner, f"Fibre One {number}", territory="georgia")
        if number in (0, 8):
            with count_queries(stage.database) as statements:
                page_text(browser.get(address))
            sent.append(len(statements))
    assert sent[0] == sent[1] <= 10
