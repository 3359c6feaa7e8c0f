"""The page with the map of territories, and the table that says the same."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from insights.models import Audience, Territory
from insights.services import catalogue, territories
from insights.services.access import Actor
from insights.services.shapes import Shape
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY
from tests.trend_rows import showing
from tests.web.pages import html_of
from tests.web.reading import links_on, page_text

BrowserOf = Callable[[Actor], Browser]
MAP = "/territories/map"
SQUARE: Shape = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]}


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's."""
    return client_of(characters.owner)


@pytest.fixture
def give_shape(stage: Stage, characters: Characters) -> Callable[[str, Shape], None]:
    """Gives a territory its shape."""

    def change(slug: str, shape: Shape) -> None:
        with stage.database.writing() as session:
            territories.change(session, characters.admin, now=NOW, slug=slug, shape=shape)

    return change


@pytest.fixture
def shapes(give_shape: Callable[[str, Shape], None]) -> None:
    """Georgia and Florida as states; Nevada has no shape."""
    give_shape("georgia", {"state": "GA"})
    give_shape("florida", {"state": "FL"})


def drawn_on(browser: Browser, address: str = MAP) -> dict[str, tuple[str, str]]:
    """The address and the class of each outline, by its words."""
    found = re.findall(
        r'<a href="([^"]*)" class="([^"]*)"><title>(.*?)</title><path d="M',
        html_of(browser.get(address)),
    )
    return {unescape(words): (address, level) for address, level, words in found}


def rows_on(browser: Browser, address: str = MAP) -> list[str]:
    """The rows of the table, each in one line."""
    body = html_of(browser.get(address)).partition("<tbody>")[2].partition("</tbody>")[0]
    rows = (re.sub(r"<[^>]+>", " ", row) for row in body.split("<tr>")[1:])
    return [" ".join(unescape(row).split()) for row in rows]


@pytest.mark.parametrize("show", ["volume", "trend", "silence"])
def test_nobody_is_sent_to_sign_in(nobody: Browser, show: str) -> None:
    assert "/sign-in" in nobody.get(f"{MAP}?show={show}").headers["Location"]


@pytest.mark.usefixtures("shapes")
class TestTheMap:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        """Two notes in Georgia, one of them sealed."""
        stage.post(characters.owner, "Ionfield halves its price", territory="georgia")
        stage.post(characters.owner, "Zebrawood", territory="georgia", audience=Audience.SEALED)

    def test_links_each_outline_to_its_territory(self, browser: Browser) -> None:
        assert drawn_on(browser) == {
            "Georgia: 2": ("/territories/georgia", "map-1"),
            "Florida: 0": ("/territories/florida", "map-hatched"),
        }

    def test_counts_only_what_the_reader_may_see(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        counted = {
            name
            for name, one in vars(characters).items()
            if "Georgia: 2" in drawn_on(client_of(one))
        }
        assert counted == {"owner", "analyst", "manager", "admin"}

    def test_the_table_says_the_same_and_names_what_has_no_shape(self, browser: Browser) -> None:
        assert rows_on(browser) == ["Georgia 2 0", "Florida 0 0", "Nevada no shape 0 0"]

    def test_an_admin_is_led_to_the_form_for_a_shape(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        links = links_on(client_of(characters.admin).get(MAP))
        assert links["give it one for Nevada"] == "/admin/territories/nevada#field-shape"

    def test_the_period_is_chosen_by_a_link(self, browser: Browser) -> None:
        assert links_on(browser.get(MAP))["4 weeks"] == f"{MAP}?show=volume&weeks=4"
        assert "Notes of the last 4 weeks" in page_text(browser.get(f"{MAP}?weeks=4"))

    @pytest.mark.parametrize("asked", ["?show=x", "?weeks=5", "?weeks=x", "?page=0", "?page=x"])
    def test_what_is_asked_wrongly_is_asked_as_usual(self, browser: Browser, asked: str) -> None:
        assert "Notes of the last 12 weeks" in page_text(browser.get(MAP + asked))

    def test_queries_do_not_grow_with_the_territories(
        self,
        stage: Stage,
        browser: Browser,
        give_shape: Callable[[str, Shape], None],
        count_queries: Counter,
    ) -> None:
        sent = []
        for _ in range(2):
            browser.get(MAP)
            with count_queries(stage.database) as statements:
                page_text(browser.get(MAP))
            sent.append(len(statements))
            give_shape("nevada", SQUARE)
        assert sent[0] == sent[1]


@pytest.mark.usefixtures("shapes")
class TestTrends:
    def test_colour_by_the_strongest(self, stage: Stage, browser: Browser) -> None:
        with stage.database.writing() as session:
            showing(session, day=TODAY, score=2.5)
        found = drawn_on(browser, f"{MAP}?show=trend")
        [georgia] = [words for words in found if words.startswith("Georgia: Ionfield")]
        assert found[georgia][1] == "map-4"
        assert found["Florida: Nothing above what is usual"][1] == "map-0"
        assert "strong trend" in page_text(browser.get(f"{MAP}?show=trend"))

    def test_lead_to_their_page(self, stage: Stage, browser: Browser) -> None:
        with stage.database.writing() as session:
            identity = showing(session, day=TODAY, score=1.5)
        links = links_on(browser.get(f"{MAP}?show=trend"))
        assert f"/trends/{identity}" in links.values()


@pytest.mark.usefixtures("shapes")
class TestSilence:
    def test_says_how_each_territory_stands(self, browser: Browser) -> None:
        found = drawn_on(browser, f"{MAP}?show=silence")
        assert found["Georgia: No note in the last 59 weeks."][1] == "map-1"

    def test_marks_what_nobody_holds(
        self, browser: Browser, give_shape: Callable[[str, Shape], None], stage: Stage
    ) -> None:
        with stage.database.writing() as session:
            session.add(Territory(name="Ohio", folded="ohio", slug="ohio", shape={"state": "OH"}))
        give_shape("nevada", {"state": "NV"})
        found = drawn_on(browser, f"{MAP}?show=silence")
        assert found["Ohio: Nobody holds it; no note in the last 59 weeks."][1] == "map-hatched"


class TestShapes:
    def test_too_small_to_see_are_a_dot(
        self, browser: Browser, give_shape: Callable[[str, Shape], None]
    ) -> None:
        give_shape("georgia", {"state": "TX"})
        give_shape("florida", {"state": "DC"})
        assert html_of(browser.get(MAP)).count("<circle") == 1

    def test_of_a_region_stand_for_what_lies_in_it(
        self, browser: Browser, give_shape: Callable[[str, Shape], None]
    ) -> None:
        give_shape("southeast", SQUARE)
        assert rows_on(browser) == ["Nevada no shape 0 0", "Southeast 0 0"]

    def test_of_which_there_are_none_say_how_to_give_them(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        assert "No territory has a shape yet" in page_text(client_of(characters.owner).get(MAP))
        links = links_on(client_of(characters.admin).get(MAP))
        assert links["Give territories a shape"] == "/admin/territories"


def test_a_long_table_has_pages(stage: Stage, browser: Browser) -> None:
    with stage.database.writing() as session:
        for number in range(205):
            name = f"Place {number:03}"
            shape = {"state": "TX"} if number == 0 else None
            session.add(Territory(name=name, folded=name.lower(), slug=f"p{number}", shape=shape))
        catalogue.changed(session)
    assert len(rows_on(browser)) == 200
    first = browser.get(f"{MAP}?show=silence")
    assert "1 to 200 of" in page_text(first)
    assert links_on(first)["Next"] == f"{MAP}?show=silence&page=2"
    second = browser.get(f"{MAP}?show=silence&page=2")
    assert links_on(second)["Previous"] == f"{MAP}?show=silence&page=1"
    assert "Next" not in links_on(second)


def test_without_an_index_trends_are_shown_and_counts_are_not(
    stage: Stage, browser: Browser, give_shape: Callable[[str, Shape], None]
) -> None:
    give_shape("georgia", {"state": "GA"})
    (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
    stage.runtime.reader.close()
    stage.runtime.reader.reload()
    assert "The search index is being built" in page_text(browser.get(MAP))
    assert "nothing emerging" in page_text(browser.get(f"{MAP}?show=trend"))


def test_the_tree_the_map_and_silence_lead_to_each_other(browser: Browser) -> None:
    for address in ("/territories", MAP, "/territories/silence"):
        links = links_on(browser.get(address))
        assert (links["Tree"], links["Map"], links["Silence"]) == (
            "/territories",
            MAP,
            "/territories/silence",
        )


def test_no_territory_takes_the_address_of_the_map(stage: Stage, characters: Characters) -> None:
    with stage.database.writing() as session:
        slugs = [
            territories.create(session, characters.admin, now=NOW, name=name).slug
            for name in ("Map", "Silence")
        ]
    assert slugs == ["map-2", "silence-2"]
