"""The search page: its address is its state, and whatever the address says, it answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.models import Audience, Impact, Kind
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW, OWNER
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def browser(client_of: BrowserOf, characters: Characters) -> Browser:
    """The owner's."""
    return client_of(characters.owner)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> None:
    """Three notes that share the word "price"."""
    stage.post(
        characters.owner,
        "Ionfield halves its price",
        territory="georgia",
        kind=Kind.COMPETITOR,
        segments=("healthcare",),
        account_id=MERCY,
    )
    stage.post(characters.member, "The price of Fibre One", territory="florida", impact=Impact.HIGH)
    stage.clock.now = NOW + timedelta(days=60)
    stage.post(
        characters.stranger, "A price of <b>Acme</b>", territory="nevada", kind=Kind.CHALLENGE
    )


def test_nobody_is_sent_to_sign_in(nobody: Browser) -> None:
    assert "/sign-in" in nobody.get("/search").headers["Location"]


@pytest.mark.usefixtures("notes")
class TestResults:
    def test_without_words_are_the_newest_notes(self, browser: Browser) -> None:
        answer = browser.get("/search")
        assert notes_on(answer)[0] == "A price of <b>Acme</b>"
        assert "3 notes Newest first" in page_text(answer)

    def test_mark_the_words_and_never_trust_a_text(self, browser: Browser) -> None:
        html = browser.get("/search?q=acme").get_data(as_text=True)
        assert "&lt;b&gt;<mark>Acme</mark>&lt;/b&gt;" in html

    def test_can_be_put_in_order_of_time(self, browser: Browser) -> None:
        answer = browser.get("/search?q=price")
        assert links_on(answer)["Newest first"] == "/search?q=price&sort=newest"
        by_time = browser.get("/search?q=price&sort=newest")
        assert notes_on(by_time)[0] == "A price of <b>Acme</b>"

    def test_keep_what_was_typed_in_the_box(self, browser: Browser) -> None:
        html = browser.get('/search?q="><script>x').get_data(as_text=True)
        assert 'value="&#34;&gt;&lt;script&gt;x"' in html


@pytest.mark.usefixtures("notes")
class TestFilters:
    @pytest.mark.parametrize(
        ("label", "address"),
        [
            ("Georgia 1", "territory=georgia"),
            ("Southeast 2", "territory=southeast"),
            ("Competitor 1", "kind=competitor"),
            ("Ionfield 1", "competitor=ionfield"),
            ("Healthcare 1", "segment=healthcare"),
            ("Fibre One 1", "product=fibre-one"),
            ("Olivia Owner 1", f"author={OWNER}"),
            ("High 1", "impact=high"),
            ("First-hand 3", "known=first-hand"),
            ("March 2026", "since=2026-03-01&until=2026-03-31"),
        ],
    )
    def test_are_links_that_keep_the_words(
        self, browser: Browser, label: str, address: str
    ) -> None:
        links = links_on(browser.get("/search?q=price&sort=newest"))
        parts = sorted(links[label].removeprefix("/search?").split("&"))
        assert parts == sorted([*address.split("&"), "q=price", "sort=newest"])

    def test_that_are_chosen_are_chips_to_take_away(self, browser: Browser) -> None:
        answer = browser.get(
            f"/search?kind=competitor&kind=challenge&account={MERCY}&since=2026-01-05"
        )
        links = links_on(answer)
        away = ": take this filter away"
        assert links[f"Account: Mercy Hospital {away}"].endswith(
            "?kind=competitor&kind=challenge&since=2026-01-05"
        )
        assert f"account={MERCY}" in links[f"Since 5 Jan 2026 {away}"]
        assert links[f"Clear all {away}"] == "/search"
        assert "Filters (4)" in page_text(answer)

    def test_name_things_by_slug_however_the_address_did(self, browser: Browser) -> None:
        answer = browser.get("/search?territory=GA&competitor=Ion+Field&q=price")
        assert notes_on(answer) == ["Ionfield halves its price"]
        chip = links_on(answer)["Territory: Georgia : take this filter away"]
        assert chip == "/search?competitor=ionfield&q=price"

    def test_of_a_territory_take_the_place_of_those_above_and_below(self, browser: Browser) -> None:
        links = links_on(browser.get("/search?territory=southeast&territory=nevada"))
        assert links["Georgia 1"] == "/search?territory=nevada&territory=georgia"
        links = links_on(browser.get("/search?territory=georgia&territory=florida"))
        assert links["Southeast 2"] == "/search?territory=southeast"

    def test_stay_when_other_words_are_searched_for(self, browser: Browser) -> None:
        html = browser.get("/search?kind=competitor&kind=challenge").get_data(as_text=True)
        form = html[html.index('role="search"') : html.index("</form>", html.index("search-field"))]
        assert form.count('name="kind"') == 2


BAD_VALUES = [
    ("territory=atlantis", "territory: “atlantis” is not known."),
    ("competitor=a%00%FF%E2%80%AEb", "competitor: “a%FFb” is not known."),
    ("kind=gossip", "kind: “gossip” is not known."),
    ("author=99", "author: “99” is not known."),
    ("author=99999999999999999999", "is not known."),
    ("author=-1&author=x", "author: “x” is not known."),
    ("account=4.5", "account: “4.5” is not known."),
    ("since=yesterday", "since: “yesterday” is no day such as 2026-03-18."),
    ("until=9999-12-31", "until: choose a day between 1970-01-01 and 2099-12-31."),
    ("since=2026-05-01&until=2026-04-01", "The period ends before it begins"),
    ("sort=random", "sort: “random” is none of relevance, newest."),
    ("offset=-5", "offset: only the first 2,000 notes can be read."),
    ("offset=9999999", "offset: only the first 2,000 notes can be read."),
    ("q=" + "word+" * 60, "Only the first 40 words are searched for."),
    ("q=%22price", "A quotation mark is not closed"),
    ("q=%F0%9F%98%80", "There is nothing to search for"),
    ("&".join(f"kind=k{number}" for number in range(60)), "only the first 50 choices are used."),
]


@pytest.mark.usefixtures("notes")
def test_what_an_address_says_wrongly_is_left_out_and_said(browser: Browser) -> None:
    for parameters, said in BAD_VALUES:
        assert said in page_text(browser.get(f"/search?{parameters}")), parameters


@pytest.mark.usefixtures("notes")
class TestNothingFound:
    def test_says_which_filter_to_drop(self, browser: Browser) -> None:
        answer = browser.get("/search?q=halves&kind=challenge&territory=southeast")
        assert "No note matches all of this" in page_text(answer)
        links = links_on(answer)
        assert links["Without kind Challenge: 1 note"] == "/search?territory=southeast&q=halves"
        assert not [label for label in links if label.startswith("Without territory")]

    def test_offers_to_begin_again_when_no_single_filter_is_to_blame(
        self, browser: Browser
    ) -> None:
        answer = browser.get("/search?q=zebra&kind=challenge&impact=low")
        assert links_on(answer)["Clear all filters"] == "/search?q=zebra"

    def test_invites_to_the_first_note(self, browser: Browser) -> None:
        answer = browser.get("/search?q=zebra")
        assert "No note has these words" in page_text(answer)


class TestShowMore:
    @pytest.fixture(autouse=True)
    def many(self, stage: Stage, characters: Characters) -> None:
        for number in range(21):
            stage.clock.now = NOW + timedelta(minutes=number)
            stage.post(characters.owner, f"Note {number}", territory="georgia")

    def test_is_a_plain_link_to_a_whole_page(self, browser: Browser) -> None:
        first = browser.get("/search")
        assert len(notes_on(first)) == 20
        second = browser.get(links_on(first)["Show more"])
        assert notes_on(second) == ["Note 0"]
        assert "from number 21 on" in page_text(second)

    def test_answers_a_part_with_the_notes_alone(self, browser: Browser) -> None:
        part = browser.get("/search?offset=20", headers=PARTIAL)
        assert notes_on(part) == ["Note 0"]
        assert "<html" not in part.get_data(as_text=True)


class TestWhoSeesWhat:
    @pytest.fixture(autouse=True)
    def sealed(self, stage: Stage, characters: Characters) -> None:
        stage.post(
            characters.owner,
            "Zebrawood at Ionfield",
            territory="georgia",
            audience=Audience.SEALED,
            segments=("healthcare",),
        )

    def test_a_sealed_note_is_found_by_those_who_may_see_it(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        found = {
            name
            for name, one in vars(characters).items()
            if notes_on(client_of(one).get("/search?q=zebrawood"))
        }
        assert found == {"owner", "analyst", "manager", "admin"}

    def test_for_a_stranger_no_filter_and_no_way_out_betrays_it(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        stranger = client_of(characters.stranger)
        for query in ("", "q=zebrawood", "q=zebrawod", "q=zebra*", "q=zebrawood&kind=challenge"):
            text = page_text(stranger.get(f"/search?{query}"))
            assert "Ionfield" not in text
            assert "Georgia" not in text
            assert "1 note" not in text
            assert "March 2026" not in text
            assert "Did you mean" not in text

    def test_for_the_analyst_it_is_counted_and_offered(
        self, client_of: BrowserOf, characters: Characters
    ) -> None:
        analyst = client_of(characters.analyst)
        text = page_text(analyst.get("/search?q=zebrawood"))
        assert "March 2026: 1 note" in text
        assert "Ionfield 1" in text
        assert "zebrawood 1 note" in links_on(analyst.get("/search?q=zebrawod"))


def test_without_an_index_the_page_says_so_and_keeps_the_search(
    stage: Stage, browser: Browser
) -> None:
    (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
    stage.runtime.reader.close()
    stage.runtime.reader.reload()
    answer = browser.get("/search?q=price&kind=challenge&territory=atlantis")
    text = page_text(answer)
    assert "The search index is being built" in text
    assert "Kind: Challenge" in text
    assert 'value="price"' in answer.get_data(as_text=True)


def test_a_page_of_twenty_notes_takes_as_many_queries_as_one_of_a_single_note(
    stage: Stage, browser: Browser, characters: Characters, count_queries: Counter
) -> None:
    sent = []
    for number in range(20):
        stage.post(characters.owner, f"Acme {number}", territory="georgia")
        if number in (0, 19):
            with count_queries(stage.database) as statements:
                assert len(notes_on(browser.get("/search?q=acme"))) == number + 1
            sent.append(len(statements))
    assert sent[0] == sent[1] <= 11
