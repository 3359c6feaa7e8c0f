"""Merging products in the administration, and names that the field mentions."""

import re
from collections.abc import Callable

import pytest

from insights.models import Kind
from insights.services import name_proposals
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
PAGE = "/admin/products/ion-cloud"
NAMES = "/admin/competitors/names/proposed"


@pytest.fixture
def analyst(client_of: BrowserOf, characters: Characters) -> Browser:
    return client_of(characters.analyst)


class TestProducts:
    def test_are_merged_and_search_follows(
        self, stage: Stage, analyst: Browser, characters: Characters
    ) -> None:
        for text in ("Ion Cloud is slow", "F1 is fast", "Ion Cloud and F1"):
            stage.post(characters.owner, text, territory="georgia")
        html = analyst.get(PAGE).text
        moving = "Of the notes that you see, 2 move. You can undo it later."
        assert f'data-confirm="Merge Ion Cloud into the other one? {moving}"' in html
        answer = analyst.submit(f"{PAGE}/merge", PAGE, into="fibre-one")
        assert (answer.status_code, answer.location) == (303, "/admin/products/fibre-one")
        assert "Ion Cloud is merged into Fibre One." in page_text(analyst.get(answer.location))
        stage.catch_up()
        for word in ("fibre-one", "ion-cloud"):
            assert len(notes_on(analyst.get(f"/search?product={word}"))) == 3
        moved = analyst.get("/products/ion-cloud")
        assert (moved.status_code, moved.location) == (301, "/products/fibre-one")
        assert "Notes in 26 weeks 3 " in page_text(analyst.get(moved.location))

    def test_are_parted_and_search_follows(
        self, stage: Stage, analyst: Browser, characters: Characters
    ) -> None:
        stage.post(characters.owner, "Ion Cloud is slow", territory="georgia")
        analyst.submit(f"{PAGE}/merge", PAGE, into="fibre-one")
        assert "Merged into Fibre One." in page_text(analyst.get(PAGE))
        answer = analyst.submit(f"{PAGE}/part", PAGE)
        assert (answer.status_code, answer.location) == (303, PAGE)
        stage.catch_up()
        assert len(notes_on(analyst.get("/search?product=ion-cloud"))) == 1
        assert notes_on(analyst.get("/search?product=fibre-one")) == []
        assert "undone by Anna Analyst" in page_text(analyst.get("/admin/products/fibre-one"))

    def test_that_cannot_be_merged_say_why(self, analyst: Browser) -> None:
        for into in ("", "ion-cloud", "nothing"):
            answer = analyst.submit(f"{PAGE}/merge", PAGE, into=into)
            assert answer.status_code == 422
            assert 'id="field-into-error"' in answer.text
            assert 'value="Ion Cloud"' in answer.text

    def test_are_named_in_the_journal(
        self, analyst: Browser, client_of: BrowserOf, characters: Characters
    ) -> None:
        analyst.submit(f"{PAGE}/merge", PAGE, into="fibre-one")
        analyst.submit(f"{PAGE}/part", PAGE)
        text = page_text(client_of(characters.admin).get("/admin/journal"))
        assert "merged the product Ion Cloud into Fibre One, with 0 notes" in text
        assert "parted again the product Ion Cloud from Fibre One, with 0 notes" in text


class TestNames:
    @pytest.fixture(autouse=True)
    def proposed(self, stage: Stage, characters: Characters) -> None:
        """Two names that the field mentions."""
        for author in (characters.owner, characters.member, characters.stranger) * 2:
            stage.post(author, "we lost to Zetta Wave and to Orbis", kind=Kind.COMPETITOR)
        with stage.database.writing() as session:
            name_proposals.keep(session, name_proposals.find_names(session, now=NOW))

    def test_are_told_with_what_is_known_of_them(self, analyst: Browser) -> None:
        assert links_on(analyst.get("/admin/competitors"))["Names that the field mentions: 2"] == (
            NAMES
        )
        page = analyst.get(NAMES)
        assert "Zetta Wave 6 notes by 3 people, last just now" in page_text(page)
        assert len(set(re.findall(r'id="(alias-\d+)"', page.text))) == 2

    def test_are_added_in_the_usual_form(self, analyst: Browser) -> None:
        address = links_on(analyst.get(NAMES))["Add as a competitor"]
        form = analyst.get(address)
        assert 'value="Orbis"' in form.text
        analyst.submit("/admin/competitors/new", address, name="Orbis", aliases="")
        text = page_text(analyst.get(NAMES))
        assert "Zetta Wave 6 notes" in text
        assert "Orbis 6 notes" not in text

    def test_become_an_alias_or_are_dismissed(self, analyst: Browser) -> None:
        alias = "/admin/competitors/names/alias"
        answer = analyst.submit(alias, NAMES, name="Orbis", competitor="")
        assert answer.status_code == 422
        assert "Choose of whom it is another name." in answer.text
        answer = analyst.submit(alias, NAMES, name="Orbis", competitor="ionfield")
        assert answer.location == NAMES
        assert "“Orbis” is another name of Ionfield now." in page_text(analyst.get(NAMES))
        analyst.submit("/admin/competitors/names/dismiss", NAMES, name="Zetta Wave")
        text = page_text(analyst.get(NAMES))
        assert "“Zetta Wave” is dismissed" in text
        assert "No names to look at" in text

    def test_are_for_those_who_keep_competitors(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        for name, actor in vars(characters).items():
            status = client_of(actor).get(NAMES).status_code
            assert status == (200 if name in {"analyst", "manager", "admin"} else 403)
