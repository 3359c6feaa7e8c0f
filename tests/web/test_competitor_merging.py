"""Merging a competitor in the administration, and where its addresses lead afterwards."""

from collections.abc import Callable
from uuid import UUID

import pytest

from insights.models import Audience
from insights.services import competitors
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
PAGE = "/admin/competitors/ionfield"


@pytest.fixture
def analyst(client_of: BrowserOf, characters: Characters) -> Browser:
    """An analyst's browser: whoever may merge and sees all notes."""
    return client_of(characters.analyst)


@pytest.fixture
def noted(stage: Stage, characters: Characters) -> list[UUID]:
    """A note of each competitor and one of both."""
    texts = ("Ionfield halves its price", "Acme doubles it", "Ion Field and Acme meet")
    return [stage.post(characters.owner, text, territory="georgia") for text in texts]


@pytest.fixture
def merged(stage: Stage, characters: Characters, noted: list[UUID]) -> None:
    """Ionfield is merged into Acme Telecom, and search has followed."""
    with stage.database.writing() as session:
        competitors.merge(
            session, characters.analyst, now=NOW, slug="ionfield", into="acme-telecom"
        )
    stage.catch_up()


class TestTheForm:
    def test_offers_the_others_and_says_how_many_notes_move(
        self, analyst: Browser, noted: list[UUID]
    ) -> None:
        html = analyst.get(PAGE).text.split("Merge into another")[1]
        assert '<option value="acme-telecom">Acme Telecom</option>' in html
        assert 'value="ionfield"' not in html
        moving = "Of the notes that you see, 2 move. You can undo it later."
        assert f'data-confirm="Merge Ionfield into the other one? {moving}"' in html

    def test_counts_what_the_reader_may_see(
        self, stage: Stage, client_of: BrowserOf, characters: Characters
    ) -> None:
        stage.post(characters.stranger, "Ionfield", audience=Audience.SEALED)
        moving = {
            "analyst": "see, 1 moves.", "manager": "see, none moves.", "admin": "see, 1 moves."
        }  # fmt: skip
        for name, words in moving.items():
            assert words in page_text(client_of(getattr(characters, name)).get(PAGE))

    def test_merges(self, analyst: Browser, noted: list[UUID]) -> None:
        answer = analyst.submit(f"{PAGE}/merge", PAGE, into="acme-telecom")
        assert (answer.status_code, answer.location) == (303, "/admin/competitors/acme-telecom")
        html = analyst.get(answer.location).text
        assert "Ionfield is merged into Acme Telecom." in html
        assert "Acme\nIon Field\nIonfield</textarea>" in html
        assert "There is no other competitor in use." in html

    @pytest.mark.parametrize("into", ["", "ionfield", "umbrella", "\x00"])
    def test_keeps_what_was_chosen_wrongly_and_says_why(
        self, analyst: Browser, stage: Stage, into: str
    ) -> None:
        answer = analyst.submit(f"{PAGE}/merge", PAGE, into=into)
        assert answer.status_code == 422
        assert 'id="field-into-error"' in answer.text
        assert 'value="Ionfield"' in answer.text

    def test_asks_to_restore_an_archived_one_first(self, analyst: Browser) -> None:
        analyst.submit(f"{PAGE}/archive", PAGE)
        assert "Restore Ionfield first if it is the same" in page_text(analyst.get(PAGE))
        answer = analyst.get("/admin/competitors/acme-telecom")
        assert "There is no other competitor in use." in page_text(answer)


@pytest.mark.usefixtures("merged")
class TestAfterwards:
    def test_the_old_page_leads_to_the_other_one(self, analyst: Browser) -> None:
        answer = analyst.get("/competitors/ionfield")
        assert (answer.status_code, answer.location) == (301, "/competitors/acme-telecom")
        answer = analyst.get(answer.location)
        assert "Also called Acme, Ion Field, Ionfield" in page_text(answer)
        assert "Notes in 26 weeks 3 " in page_text(answer)
        assert len(notes_on(answer)) == 3
        assert links_on(answer)["Ion Cloud"] == "/products/ion-cloud"

    def test_the_list_has_the_other_one_alone(self, analyst: Browser) -> None:
        assert "Ionfield" not in page_text(analyst.get("/competitors"))
        listed = analyst.get("/admin/competitors?archived=1").text
        assert PAGE not in listed
        found = analyst.get("/admin/competitors?q=ionfield").text
        assert "/admin/competitors/acme-telecom" in found

    def test_the_administration_says_what_became_of_it(self, analyst: Browser) -> None:
        answer = analyst.get(PAGE)
        assert "Ionfield Merged into Acme Telecom." in page_text(answer)
        assert links_on(answer)["Open Acme Telecom"] == "/admin/competitors/acme-telecom"
        assert "Restore" not in answer.text

    @pytest.mark.parametrize("deed", ["", "/archive", "/restore", "/merge"])
    def test_nothing_can_be_done_to_it(self, analyst: Browser, deed: str) -> None:
        given = {"name": "Ionfield", "aliases": "", "into": "acme-telecom"}
        answer = analyst.submit(f"{PAGE}{deed}", "/admin/competitors/acme-telecom", **given)
        assert answer.status_code == 409
        assert "was merged into Acme Telecom. Change" in answer.text

    def test_the_journal_says_so(self, client_of: BrowserOf, characters: Characters) -> None:
        answer = client_of(characters.admin).get("/admin/journal?what=competitor.merged")
        sentence = "Anna Analyst merged the competitor Ionfield into Acme Telecom, with 2 notes"
        assert sentence in page_text(answer)
        assert links_on(answer)["Ionfield"] == PAGE


@pytest.mark.usefixtures("merged")
class TestUndoing:
    def test_is_offered_on_both_pages_and_search_follows(
        self, stage: Stage, analyst: Browser, characters: Characters
    ) -> None:
        since = stage.post(characters.owner, "Ionfield since", territory="georgia")
        part = f"{PAGE}/part"
        for address in (PAGE, "/admin/competitors/acme-telecom"):
            assert f'action="{part}"' in analyst.get(address).text
        answer = analyst.submit(part, PAGE)
        assert (answer.status_code, answer.location) == (303, PAGE)
        assert "Ionfield is a competitor of its own again." in page_text(analyst.get(PAGE))
        stage.catch_up()
        assert len(notes_on(analyst.get("/search?competitor=ionfield"))) == 2
        found = analyst.get("/search?competitor=acme-telecom")
        assert len(notes_on(found)) == 3
        assert str(since) in found.text
        target = analyst.get("/admin/competitors/acme-telecom")
        assert "undone by Anna Analyst" in page_text(target)
        assert part not in target.text

    def test_that_cannot_be_says_why(self, analyst: Browser) -> None:
        fields = {"name": "Acme Telecom", "aliases": "Acme"}
        analyst.submit("/admin/competitors/acme-telecom", **fields)
        analyst.submit("/admin/competitors/new", name="Ion Field", aliases="")
        answer = analyst.submit(f"{PAGE}/part", PAGE)
        assert answer.status_code == 409
        assert "“Ion Field” belongs to Ion Field now. Remove it there" in answer.text

    def test_is_for_those_who_keep_competitors(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        owner = client_of(characters.owner)
        assert owner.submit(f"{PAGE}/part", "/competitors").status_code == 403

    def test_the_journal_says_so(
        self, client_of: BrowserOf, characters: Characters, analyst: Browser
    ) -> None:
        analyst.submit(f"{PAGE}/part", PAGE)
        answer = client_of(characters.admin).get("/admin/journal?what=competitor.parted")
        said = "Anna Analyst parted again the competitor Ionfield from Acme Telecom, with 2 notes"
        assert said in page_text(answer)


@pytest.mark.usefixtures("merged")
class TestSearch:
    @pytest.mark.parametrize(
        "address",
        [
            "/search?competitor=acme-telecom",
            "/search?competitor=ionfield",
            "/search?q=competitor:ionfield",
            "/search?q=competitor:%22ion+field%22",
            "/search?q=ionfield",
        ],
    )
    def test_finds_the_notes_of_both_by_all_words(self, analyst: Browser, address: str) -> None:
        answer = analyst.get(address)
        assert "3 notes" in page_text(answer)
        assert len(notes_on(answer)) == 3

    def test_counts_them_as_notes_of_the_one_that_stays(
        self, stage: Stage, analyst: Browser, characters: Characters
    ) -> None:
        stage.post(characters.owner, "Ionfield again", territory="georgia")
        text = page_text(analyst.get("/search"))
        assert "Acme Telecom 4" in text
        assert "Ionfield 3" not in text
