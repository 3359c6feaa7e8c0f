"""The tree of territories and the page of each."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from insights.models import Audience, Kind, Role, Source
from insights.services import assignments, territories
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW, STRANGER, TODAY
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's."""
    return client_of(characters.owner)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> None:
    """Two notes in Georgia, one in Florida."""
    stage.post(
        characters.owner,
        "Ionfield halves its price",
        territory="georgia",
        kind=Kind.COMPETITOR,
        segments=("healthcare",),
    )
    stage.post(characters.owner, "Two trucks were robbed", territory="georgia")
    stage.post(characters.member, "Acme sells Fibre One", territory="florida")


def without_index(stage: Stage) -> None:
    (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
    stage.runtime.reader.close()
    stage.runtime.reader.reload()


@pytest.mark.parametrize("address", ["/territories", "/territories/georgia"])
def test_nobody_is_sent_to_sign_in(nobody: Browser, address: str) -> None:
    assert "/sign-in" in nobody.get(address).headers["Location"]


@pytest.mark.usefixtures("notes")
class TestTheTree:
    def test_counts_what_lies_below_and_names_the_holders(self, browser: Browser) -> None:
        text = page_text(browser.get("/territories"))
        assert "Southeast Manuel Manager 3 notes in 12 weeks was 0" in text
        assert "Georgia Olivia Owner 2 notes in 12 weeks was 0" in text
        assert "Nevada Stella Stranger 0 notes in 12 weeks was 0" in text
        assert "The whole company 3 0 in the 12 weeks before" in text

    def test_draws_the_weeks_and_says_them(self, browser: Browser) -> None:
        html = browser.get("/territories").get_data(as_text=True)
        weeks = ", ".join(["0"] * 11 + ["3"])
        assert f'aria-label="Notes by week, oldest first: {weeks}"' in html

    def test_leaves_archived_territories_out(self, stage: Stage, browser: Browser) -> None:
        archive(stage, "nevada")
        text = page_text(browser.get("/territories"))
        assert "Nevada" not in text
        assert "West nobody holds it" in text


class TestTheFilter:
    @pytest.mark.parametrize("typed", ["georg", "GA", "GEÓRGIA"])
    def test_finds_by_name_or_code(self, browser: Browser, typed: str) -> None:
        text = page_text(browser.get("/territories", query_string={"q": typed}))
        assert f"1 territory with “{typed}”" in text
        assert "Georgia in Southeast Olivia Owner" in text
        assert "Florida" not in text

    def test_that_finds_none_says_what_to_do(self, browser: Browser) -> None:
        answer = browser.get("/territories?q=<b>" + "x" * 300)
        assert "No territory is called “<b>" in page_text(answer)
        assert links_on(answer)["Show all territories"] == "/territories"


@pytest.mark.usefixtures("notes")
class TestTheFigures:
    def test_count_the_territory_with_all_below_it(self, browser: Browser) -> None:
        text = page_text(browser.get("/territories/southeast"))
        assert "Notes in 26 weeks 3 0 in the 26 weeks before" in text
        assert "Georgia Olivia Owner 2 notes" in text

    def test_lead_to_the_search_that_finds_as_many(self, browser: Browser) -> None:
        links = links_on(browser.get("/territories/georgia"))
        for label in ("Ionfield", "Healthcare"):
            assert "territory=georgia" in links[label]
            assert "1 note Newest first" in page_text(browser.get(links[label]))

    def test_compare_with_the_weeks_before(self, stage: Stage, browser: Browser) -> None:
        stage.clock.now = NOW + timedelta(weeks=26)
        text = page_text(browser.get("/territories/georgia"))
        assert "Notes in 26 weeks 0 2 in the 26 weeks before" in text

    def test_are_missing_for_a_moment_without_an_index(
        self, stage: Stage, browser: Browser
    ) -> None:
        without_index(stage)
        answer = browser.get("/territories/georgia")
        assert "The search index is being built" in page_text(answer)
        assert len(notes_on(answer)) == 2
        assert "Georgia Olivia Owner" in page_text(browser.get("/territories"))


class TestThePage:
    def test_shows_the_way_up(self, browser: Browser) -> None:
        html = browser.get("/territories/georgia").get_data(as_text=True)
        above = html[html.index("Where this is") : html.index("<h1>")]
        assert 'href="/territories"' in above
        assert 'href="/territories/southeast"' in above

    def test_names_who_holds_it_and_who_held_it(self, stage: Stage, browser: Browser) -> None:
        with stage.database.writing() as session:
            assignments.assign(
                session,
                ADMIN_ACTOR,
                now=NOW,
                territory_slug="georgia",
                person_id=STRANGER,
                since=TODAY + timedelta(days=3),
            )
        text = page_text(browser.get("/territories/georgia"))
        assert "Held by Olivia Owner since 1 Jun 2025" in text
        assert "Stella Stranger from 21 Mar 2026" in text
        assert "Leo Leaver since 1 Jan 2024, until 1 Jun 2025" in text

    def test_says_when_nobody_holds_it(self, browser: Browser) -> None:
        assert "Nobody holds this territory" in page_text(browser.get("/territories/west"))

    def test_leads_to_a_new_note_and_to_a_search_here(self, browser: Browser) -> None:
        links = links_on(browser.get("/territories/georgia"))
        assert links["New note here"].endswith("?territory=georgia")
        assert links["Search here"] == "/search?territory=georgia"

    def test_of_an_archived_territory_takes_no_new_note(
        self, stage: Stage, browser: Browser
    ) -> None:
        archive(stage, "nevada")
        answer = browser.get("/territories/nevada")
        assert "Archived" in page_text(answer)
        assert "New note here" not in links_on(answer)

    @pytest.mark.parametrize("slug", ["atlantis", "%00", "x" * 300])
    def test_of_an_unknown_territory_is_not_found(self, browser: Browser, slug: str) -> None:
        assert browser.get(f"/territories/{slug}").status_code == 404


class TestTheNewestNotes:
    @pytest.fixture(autouse=True)
    def many(self, stage: Stage, characters: Characters) -> None:
        for number in range(11):
            stage.clock.now = NOW + timedelta(minutes=number)
            stage.post(characters.owner, f"Note {number}", territory="georgia")

    def test_go_on_where_the_page_ended(self, browser: Browser) -> None:
        first = browser.get("/territories/southeast")
        assert notes_on(first)[0] == "Note 10"
        further = links_on(first)["Show more"]
        assert notes_on(browser.get(further)) == ["Note 0"]
        part = browser.get(further, headers=PARTIAL)
        assert notes_on(part) == ["Note 0"]
        assert "<html" not in part.get_data(as_text=True)

    def test_refuse_a_damaged_address(self, browser: Browser) -> None:
        assert browser.get("/territories/georgia?after=x").status_code == 422


class TestWhoSeesWhat:
    @pytest.fixture(autouse=True)
    def sealed(self, stage: Stage, characters: Characters) -> None:
        fields = {"territory": "georgia", "audience": Audience.SEALED, "segments": ("healthcare",)}
        stage.post(characters.owner, "Zebrawood at Ionfield", **fields)

    def test_a_sealed_note_is_counted_and_listed_for_those_who_may_see_it(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        counted, listed, in_tree = set(), set(), set()
        for name, one in vars(characters).items():
            answer = client_of(one).get("/territories/georgia")
            if "Notes in 26 weeks 1 " in page_text(answer):
                counted.add(name)
            if notes_on(answer):
                listed.add(name)
            if "Olivia Owner 1 notes" in page_text(client_of(one).get("/territories")):
                in_tree.add(name)
        assert counted == listed == in_tree == {"owner", "analyst", "manager", "admin"}

    def test_nothing_on_the_page_of_a_stranger_betrays_it(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        text = page_text(client_of(characters.stranger).get("/territories/georgia"))
        assert "Ionfield" not in text
        assert "Healthcare" not in text


@pytest.mark.parametrize("address", ["/territories", "/territories/southeast"])
def test_queries_do_not_grow_with_the_notes(
    stage: Stage, browser: Browser, characters: Characters, count_queries: Counter, address: str
) -> None:
    sent = []
    for number in range(9):
        stage.post(characters.owner, f"Acme {number}", territory="georgia")
        if number in (0, 8):
            with count_queries(stage.database) as statements:
                page_text(browser.get(address))
            sent.append(len(statements))
    assert sent[0] == sent[1] <= 13


ADMIN_ACTOR = Actor(6, "Ada Admin", "admin@example.com", Role.ADMIN, (), frozenset())


def archive(stage: Stage, slug: str) -> None:
    with stage.database.writing() as session:
        territories.archive(session, ADMIN_ACTOR, now=NOW, today=date(2026, 3, 18), slug=slug)


class TestEarlierWeeks:
    @pytest.fixture(autouse=True)
    def old_note(self, stage: Stage, characters: Characters) -> None:
        """One note, imported, of two and a half years ago."""
        stage.post(
            characters.admin,
            "They closed the branch",
            territory="georgia",
            source=Source.IMPORT,
            captured_at=datetime(2023, 8, 15, tzinfo=UTC),
        )

    def test_an_empty_half_year_leads_to_that_of_the_newest_note(self, browser: Browser) -> None:
        present = browser.get("/territories/georgia")
        assert "There are no notes in these weeks" in page_text(present)
        shown = links_on(present)["Show the weeks of the newest note"]
        assert shown == "/territories/georgia?to=2023-08-15"

    def test_the_weeks_up_to_a_day_are_counted(self, browser: Browser) -> None:
        text = page_text(browser.get("/territories/georgia?to=2023-08-31"))
        assert "Notes in 26 weeks 1" in text
        assert "6 Mar 2023 to 3 Sep 2023" in text

    def test_earlier_and_later_are_neighbours(self, browser: Browser) -> None:
        links = links_on(browser.get("/territories/georgia?to=2023-08-31"))
        assert links["Earlier"] == "/territories/georgia?to=2023-03-05"
        assert links["Later"] == "/territories/georgia?to=2024-03-03"

    @pytest.mark.parametrize("to", ["", "yesterday", "0001-01-01", "9999-12-31", "2023-02-30"])
    def test_no_day_means_the_present(self, browser: Browser, to: str) -> None:
        assert "to now" in page_text(browser.get(f"/territories/georgia?to={to}"))
