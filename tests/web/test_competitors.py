"""The list of competitors and the page of each."""

from collections.abc import Callable

import pytest

from insights.models import Audience, Kind, Role
from insights.services import competitors
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
ADMIN_ACTOR = Actor(6, "Ada Admin", "admin@example.com", Role.ADMIN, (), frozenset())


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The stranger's, who may see all that is not sealed."""
    return client_of(characters.stranger)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> None:
    """Ionfield in two notes, once together with Acme."""
    fields = {"territory": "georgia", "kind": Kind.COMPETITOR}
    stage.post(characters.owner, "Ionfield halves its price", segments=("healthcare",), **fields)
    stage.post(characters.owner, "Ionfield and Acme meet", **fields)


@pytest.mark.parametrize("address", ["/competitors", "/competitors/ionfield"])
def test_nobody_is_sent_to_sign_in(nobody: Browser, address: str) -> None:
    assert "/sign-in" in nobody.get(address).headers["Location"]


@pytest.mark.usefixtures("notes")
class TestTheList:
    def test_begins_with_whom_the_field_speaks_about_most(self, browser: Browser) -> None:
        text = page_text(browser.get("/competitors"))
        assert "Ionfield 2 0 Acme Telecom 1 0" in text

    def test_leaves_archived_ones_out(self, stage: Stage, browser: Browser) -> None:
        archive(stage)
        assert "Ionfield" not in page_text(browser.get("/competitors"))

    def test_stands_without_counts_while_there_is_no_index(
        self, stage: Stage, browser: Browser
    ) -> None:
        (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
        stage.runtime.reader.close()
        stage.runtime.reader.reload()
        assert "Ionfield not counted yet" in page_text(browser.get("/competitors"))


@pytest.mark.usefixtures("notes")
class TestThePage:
    def test_says_its_other_names_and_its_products(self, browser: Browser) -> None:
        answer = browser.get("/competitors/ionfield")
        assert "Also called Ion Field" in page_text(answer)
        assert links_on(answer)["Ion Cloud"] == "/products/ion-cloud"

    def test_counts_and_lists_its_notes(self, browser: Browser) -> None:
        answer = browser.get("/competitors/ionfield")
        assert "Notes in 26 weeks 2 0 in the 26 weeks before" in page_text(answer)
        assert set(notes_on(answer)) == {"Ionfield and Acme meet", "Ionfield halves its price"}

    def test_leads_to_the_search_that_finds_as_many(self, browser: Browser) -> None:
        links = links_on(browser.get("/competitors/ionfield"))
        assert "1 note Newest first" in page_text(browser.get(links["Healthcare"]))
        assert links["Search these notes"] == "/search?competitor=ionfield"

    def test_names_those_beside_it(self, browser: Browser) -> None:
        answer = browser.get("/competitors/ionfield")
        assert "Named together with it Name Share Notes Acme Telecom 1" in page_text(answer)
        assert links_on(answer)["Acme Telecom"] == "/competitors/acme-telecom"

    def test_stays_when_it_is_archived(self, stage: Stage, browser: Browser) -> None:
        archive(stage)
        assert "(archived)" in page_text(browser.get("/competitors/ionfield"))


def test_one_that_nobody_mentions_says_so(browser: Browser) -> None:
    assert "Nobody has mentioned Ionfield yet" in page_text(browser.get("/competitors/ionfield"))


def test_an_unknown_one_is_not_found(browser: Browser) -> None:
    assert browser.get("/competitors/umbrella").status_code == 404


def test_a_sealed_note_counts_for_those_who_may_see_it(
    stage: Stage, client_of: BrowserOf, characters: Characters
) -> None:
    stage.post(characters.owner, "Ionfield, quietly", territory="georgia", audience=Audience.SEALED)
    counted, listed, in_list = set(), set(), set()
    for name, one in vars(characters).items():
        answer = client_of(one).get("/competitors/ionfield")
        if "Notes in 26 weeks 1 " in page_text(answer):
            counted.add(name)
        if notes_on(answer):
            listed.add(name)
        if "Ionfield 1 0" in page_text(client_of(one).get("/competitors")):
            in_list.add(name)
    assert counted == listed == in_list == {"owner", "analyst", "manager", "admin"}


@pytest.mark.parametrize("address", ["/competitors", "/competitors/ionfield"])
def test_queries_do_not_grow_with_the_notes(
    stage: Stage, browser: Browser, characters: Characters, count_queries: Counter, address: str
) -> None:
    sent = []
    for number in range(9):
        stage.post(characters.owner, f"Ionfield {number}", territory="georgia")
        # The first page draws the map, for all that follow.
        if number in (0, 1, 8):
            with count_queries(stage.database) as statements:
                page_text(browser.get(address))
            sent.append(len(statements))
    assert sent[0] >= sent[1] == sent[2] <= 10


def archive(stage: Stage) -> None:
    with stage.database.writing() as session:
        competitors.archive(session, ADMIN_ACTOR, now=NOW, slug="ionfield")
