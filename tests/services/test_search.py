"""Searching: what is found, for whom, with which choices beside it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from insights.errors import Invalid, Unavailable
from insights.models import Audience, Impact, Kind, Known
from insights.services import competitors, notes, search
from insights.services.access import Actor
from insights.services.search import SearchPage, WayOut
from insights.services.search_choice import SearchChoice
from insights.services.search_facets import FacetKey
from tests.drafts import posted
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW, OWNER
from tests.services.outcomes import refused

UTC_ZONE = ZoneInfo("UTC")
Search = Callable[..., SearchPage]


@pytest.fixture
def find(stage: Stage) -> Search:
    """Searches as somebody, by the fields of SearchChoice."""

    def search_as(actor: Actor, text: str = "", **chosen: object) -> SearchPage:
        choice = SearchChoice(text=text, **chosen)  # type: ignore[arg-type]
        with stage.database.reading() as session:
            return search.search(
                session, actor, stage.runtime.reader, choice, zone=UTC_ZONE, now=NOW
            )

    return search_as


def ids(page: SearchPage) -> list[UUID]:
    return [result.card.id for result in page.results]


def facet(page: SearchPage, name: FacetKey) -> dict[str, int]:
    return {value.value: value.count for value in page.facets[name]}


def chosen(page: SearchPage, name: FacetKey) -> list[str]:
    return [value.value for value in page.facets[name] if value.chosen]


@pytest.fixture
def three(stage: Stage, characters: Characters) -> dict[str, UUID]:
    """Three notes of three territories that share the word "price"."""
    return {
        "georgia": stage.post(
            characters.owner,
            "Ionfield halves its price",
            territory="georgia",
            kind=Kind.COMPETITOR,
            segments=("healthcare", "enterprise"),
            account_id=MERCY,
        ),
        "florida": stage.post(
            characters.member,
            "The price of Fibre One is fine",
            territory="florida",
            kind=Kind.PREFERENCE,
            segments=("trucking", "enterprise"),
            impact=Impact.HIGH,
        ),
        "nevada": stage.post(
            characters.stranger,
            "Acme keeps its price secret, they say",
            territory="nevada",
            kind=Kind.COMPETITOR,
            segments=("healthcare", "small-business"),
            known=Known.HEARD,
        ),
    }


FILTERED: list[tuple[dict[str, object], set[str]]] = [
    ({}, {"georgia", "florida", "nevada"}),
    ({"territory": ("southeast",)}, {"georgia", "florida"}),
    ({"territory": ("GA", "Nevada")}, {"georgia", "nevada"}),
    ({"kind": ("competitor",)}, {"georgia", "nevada"}),
    ({"competitor": ("ion field",)}, {"georgia"}),
    ({"product": ("F1",)}, {"florida"}),
    ({"segment": ("healthcare", "trucking")}, {"georgia", "florida", "nevada"}),
    ({"segment": ("healthcare", "enterprise")}, {"georgia"}),
    ({"author": (OWNER,)}, {"georgia"}),
    ({"author": (2**70,)}, set()),
    ({"account": (MERCY,)}, {"georgia"}),
    ({"known": ("heard",)}, {"nevada"}),
    ({"impact": ("high",)}, {"florida"}),
    ({"since": NOW.date(), "until": NOW.date()}, {"georgia", "florida", "nevada"}),
    ({"until": NOW.date() - timedelta(days=1)}, set()),
]


class TestWhatIsFound:
    def test_words_find_the_notes_that_have_them(
        self, find: Search, characters: Characters, three: dict[str, UUID]
    ) -> None:
        page = find(characters.owner, "secret price")
        assert ids(page) == [three["nevada"]]
        assert page.total == 1

    def test_the_excerpt_marks_the_words(
        self, find: Search, characters: Characters, three: dict[str, UUID]
    ) -> None:
        [result] = find(characters.owner, "secret").results
        assert result.excerpt is not None
        assert ("secret", True) in result.excerpt

    def test_filters_narrow_it(
        self, find: Search, characters: Characters, three: dict[str, UUID]
    ) -> None:
        for filters, names in FILTERED:
            page = find(characters.owner, "price", **filters)
            assert set(ids(page)) == {three[name] for name in names}, filters
            assert page.total == len(names)

    def test_a_day_is_that_of_the_organisations_zone(
        self, stage: Stage, characters: Characters
    ) -> None:
        late = datetime(2026, 3, 17, 23, 30, tzinfo=UTC)
        stage.clock.now = late
        stage.post(characters.owner, "Late at night", territory="georgia")
        choice = SearchChoice(since=date(2026, 3, 18), until=date(2026, 3, 18))
        totals = []
        with stage.database.reading() as session:
            for zone in (UTC_ZONE, ZoneInfo("Europe/Berlin")):
                page = search.search(
                    session, characters.owner, stage.runtime.reader, choice, zone=zone, now=NOW
                )
                totals.append(page.total)
        assert totals == [0, 1]

    def test_without_words_the_newest_come_first(
        self, find: Search, stage: Stage, characters: Characters
    ) -> None:
        posted = []
        for minutes in (0, 10, 5):
            stage.clock.now = NOW + timedelta(minutes=minutes)
            posted.append(stage.post(characters.owner, "One", territory="georgia"))
        assert ids(find(characters.owner)) == [posted[1], posted[2], posted[0]]

    def test_an_address_with_the_slug_of_a_renamed_competitor_still_means_it(
        self, find: Search, stage: Stage, characters: Characters
    ) -> None:
        with stage.database.writing() as session:
            admin = characters.admin
            competitors.change(session, admin, now=NOW, slug="ionfield", name="Zeta", aliases=())
            competitors.create(session, admin, now=NOW, name="Ionfield")
        about_zeta = stage.post(characters.owner, "Zeta is here", territory="georgia")
        stage.post(characters.owner, "Ionfield is here", territory="georgia")
        assert ids(find(characters.owner, competitor=("ionfield",))) == [about_zeta]


class TestPages:
    @pytest.mark.usefixtures("three")
    def test_lead_from_one_to_the_next(self, find: Search, characters: Characters) -> None:
        first = find(characters.owner, limit=2)
        assert first.next_offset == 2
        second = find(characters.owner, limit=2, offset=2)
        assert second.next_offset is None
        assert len(set(ids(first) + ids(second))) == 3

    @pytest.mark.usefixtures("three")
    def test_without_any_note_have_the_counts_alone(
        self, find: Search, characters: Characters
    ) -> None:
        page = find(characters.owner, limit=0)
        assert (page.total, page.results, page.next_offset) == (3, [], None)

    def test_beyond_the_limits_are_refused(self, find: Search, characters: Characters) -> None:
        for field, value in (("offset", -1), ("offset", 2001), ("limit", -1), ("limit", 101)):
            with pytest.raises(Invalid) as caught:
                find(characters.owner, **{field: value})
            assert set(caught.value.fields) == {field}


class TestPermission:
    @pytest.fixture
    def sealed(self, stage: Stage, characters: Characters) -> UUID:
        return stage.post(
            characters.owner,
            "Zebrawood: Ionfield pays their fine",
            territory="georgia",
            audience=Audience.SEALED,
            kind=Kind.OPPORTUNITY,
            segments=("healthcare",),
        )

    def test_a_sealed_note_is_found_by_those_who_may_see_it(
        self, find: Search, characters: Characters, sealed: UUID
    ) -> None:
        seen = {name for name, one in vars(characters).items() if ids(find(one, "zebrawood"))}
        assert seen == {"owner", "analyst", "manager", "admin"}

    @pytest.mark.usefixtures("sealed")
    def test_it_is_in_no_count_of_a_stranger(self, find: Search, characters: Characters) -> None:
        for words in ("zebrawood", ""):
            page = find(characters.stranger, words)
            assert page.total == 0
            assert not any(page.facets.values())

    @pytest.mark.usefixtures("sealed")
    def test_it_is_in_no_way_out_of_a_stranger(self, stage: Stage, characters: Characters) -> None:
        choice = SearchChoice(text="zebrawood", kind=("challenge",))
        found = {}
        with stage.database.reading() as session:
            for actor in (characters.stranger, characters.owner):
                found[actor.name] = search.ways_out(
                    session, actor, stage.runtime.reader, choice, zone=UTC_ZONE, now=NOW
                )
        assert found[characters.stranger.name] == []
        assert [way.part for way in found[characters.owner.name]] == ["kind"]

    def test_a_hit_that_the_index_has_not_forgotten_shows_nothing(
        self, find: Search, stage: Stage, characters: Characters, three: dict[str, UUID]
    ) -> None:
        with stage.database.writing() as session:
            note_id = three["georgia"]
            notes.withdraw(
                session, characters.owner, note_id, now=NOW, within=timedelta(days=1), reason=""
            )
        assert three["georgia"] not in ids(find(characters.owner))


@pytest.mark.usefixtures("three")
class TestFacets:
    def test_a_territory_counts_what_lies_below_it(
        self, find: Search, characters: Characters
    ) -> None:
        values = find(characters.owner).facets["territory"]
        assert [(one.value, one.count, one.depth) for one in values] == [
            ("southeast", 2, 0),
            ("florida", 1, 1),
            ("georgia", 1, 1),
            ("west", 1, 0),
            ("nevada", 1, 1),
        ]

    def test_each_counts_what_choosing_it_would_find(
        self, find: Search, characters: Characters
    ) -> None:
        filters = {"kind": ("competitor",), "segment": ("enterprise",)}
        page = find(characters.owner, "price", **filters)
        for name in ("territory", "competitor", "product", "known", "impact"):
            for value, count in facet(page, name).items():
                assert find(characters.owner, "price", **filters, **{name: (value,)}).total == count

    def test_all_that_is_on_the_page_is_named(self, find: Search, characters: Characters) -> None:
        facets = find(characters.owner).facets
        labels = {name: {value.label for value in values} for name, values in facets.items()}
        assert labels["author"] == {"Olivia Owner", "Max Member", "Stella Stranger"}
        assert labels["competitor"] == {"Ionfield", "Acme Telecom"}
        assert labels["product"] == {"Fibre One"}
        assert labels["known"] == {"First-hand", "Heard"}
        assert labels["month"] == {"March 2026"}

    def test_segments_come_dimension_by_dimension(
        self, find: Search, characters: Characters
    ) -> None:
        values = find(characters.owner).facets["segment"]
        assert [value.value for value in values] == [
            "healthcare",
            "trucking",
            "enterprise",
            "small-business",
        ]
        assert len({value.group for value in values[:2]}) == 1
        assert len({value.group for value in values}) == 2

    def test_a_value_chosen_by_code_or_alias_is_marked_as_chosen(
        self, find: Search, characters: Characters
    ) -> None:
        page = find(characters.owner, territory=("GA",), competitor=("Ion Field",))
        assert chosen(page, "territory") == ["georgia"]
        assert chosen(page, "competitor") == ["ionfield"]

    def test_a_chosen_value_without_notes_is_listed_with_zero(
        self, find: Search, characters: Characters
    ) -> None:
        without_notes: dict[FacetKey, str] = {
            "territory": "nevada",
            "kind": "challenge",
            "competitor": "acme-telecom",
            "segment": "trucking",
            "product": "ion-cloud",
            "known": "heard",
            "impact": "low",
        }
        for name, value in without_notes.items():
            page = find(characters.owner, "halves", **{name: (value,)})
            assert facet(page, name)[value] == 0
            assert chosen(page, name) == [value]

    def test_a_chosen_author_without_notes_is_listed_by_name(
        self, find: Search, characters: Characters
    ) -> None:
        page = find(characters.owner, "halves", author=(characters.admin.id,))
        assert {value.label for value in page.facets["author"]} == {"Olivia Owner", "Ada Admin"}

    def test_the_months_of_the_chosen_period_are_marked(
        self, find: Search, stage: Stage, characters: Characters
    ) -> None:
        stage.clock.now = datetime(2026, 5, 2, tzinfo=UTC)
        stage.post(characters.owner, "In May", territory="georgia")
        page = find(characters.owner, since=date(2026, 3, 31), until=date(2026, 4, 30))
        assert facet(page, "month") == {"2026-03": 3, "2026-05": 1}
        assert chosen(page, "month") == ["2026-03"]

    def test_can_be_left_out(self, stage: Stage, characters: Characters) -> None:
        with stage.database.reading() as session:
            page = search.search(
                session,
                characters.owner,
                stage.runtime.reader,
                SearchChoice(),
                zone=UTC_ZONE,
                now=NOW,
                facets=(),
            )
        assert (page.total, page.facets) == (3, {})


class TestRefusals:
    def test_name_every_field_that_is_not_understood(
        self, find: Search, characters: Characters
    ) -> None:
        said = refused(
            lambda: find(
                characters.owner,
                territory=("atlantis", "GA"),
                competitor=("x" * 500,),
                kind=("gossip",),
                since=date.min,
                until=date.max,
            )
        )
        assert set(said) == {"territory", "competitor", "kind", "since", "until"}
        assert said["territory"] == "“atlantis” is not known."
        assert "challenge, competitor" in said["kind"]
        assert len(said["competitor"]) < 100

    def test_come_as_unavailable_while_there_is_no_index(
        self, find: Search, stage: Stage, characters: Characters
    ) -> None:
        (stage.runtime.settings.search_dir / "notes" / "CURRENT").unlink()
        stage.runtime.reader.close()
        stage.runtime.reader.reload()
        with pytest.raises(Unavailable):
            find(characters.owner)

    def test_a_search_is_said_to_be_cut_short(self, find: Search, characters: Characters) -> None:
        page = find(characters.owner, "word " * 41)
        assert page.notices == ("Only the first 40 words are searched for.",)


@pytest.mark.usefixtures("three")
class TestWaysOut:
    @pytest.fixture
    def ways_out(
        self, stage: Stage, characters: Characters
    ) -> Callable[[SearchChoice], list[WayOut]]:
        def find_ways(choice: SearchChoice) -> list[WayOut]:
            with stage.database.reading() as session:
                return search.ways_out(
                    session, characters.owner, stage.runtime.reader, choice, zone=UTC_ZONE, now=NOW
                )

        return find_ways

    def test_name_the_single_parts_that_are_in_the_way(
        self, ways_out: Callable[[SearchChoice], list[WayOut]]
    ) -> None:
        choice = SearchChoice(text="halves", territory=("southeast",), kind=("preference",))
        assert ways_out(choice) == [
            WayOut("text", replace(choice, text=""), 1),
            WayOut("kind", replace(choice, kind=()), 1),
        ]

    def test_begin_with_the_one_that_finds_most(
        self, ways_out: Callable[[SearchChoice], list[WayOut]]
    ) -> None:
        choice = SearchChoice(text="price", until=date(2025, 1, 1), offset=20)
        [way] = ways_out(choice)
        assert (way.part, way.count, way.choice) == ("period", 3, SearchChoice(text="price"))

    def test_leave_something_of_the_search(
        self, ways_out: Callable[[SearchChoice], list[WayOut]]
    ) -> None:
        assert ways_out(SearchChoice(text="zebra")) == []
        assert [way.part for way in ways_out(SearchChoice(kind=("challenge",)))] == ["kind"]

    def test_are_none_when_two_parts_are_in_the_way(
        self, ways_out: Callable[[SearchChoice], list[WayOut]]
    ) -> None:
        assert ways_out(SearchChoice(text="zebra", kind=("challenge",))) == []


def test_a_search_takes_as_many_queries_for_twenty_notes_as_for_one(
    find: Search, stage: Stage, characters: Characters, count_queries: Counter
) -> None:
    sent = []
    for size in (1, 19):
        with stage.database.writing() as session:
            for number in range(size):
                posted(session, characters.owner, f"Note {number}", territory="georgia")
        stage.catch_up()
        with count_queries(stage.database) as statements:
            find(characters.owner)
        sent.append(len(statements))
    assert sent[0] == sent[1]
    assert sent[0] <= 6


def test_an_unknown_word_is_quoted_without_what_cannot_be_shown(
    find: Search, characters: Characters
) -> None:
    with pytest.raises(Invalid, match="“ab” is not known"):
        find(characters.owner, product=("a\x00b",))
