"""Fields of the search language: what they find, and that they are the filters of the page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.models import Audience, Impact, Kind, Known
from insights.search.analysis import ENGLISH
from insights.search.query import parse
from insights.search.tree import And, Not, Or, Phrase, Word, as_text
from insights.services import catalogue, photos, search, sightings
from insights.services.access import Actor
from insights.services.search import SearchPage
from insights.services.search_choice import FILTERS, SearchChoice, gathered, query_text
from insights.services.search_terms import terms
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW, OWNER, ROADWAY, TODAY
from tests.pictures import photo

UTC_ZONE = ZoneInfo("UTC")
Names = Callable[..., set[str]]


@pytest.fixture
def told(stage: Stage, characters: Characters) -> dict[UUID, str]:
    """Notes of three people in three territories, by their names in these tests."""
    owner, member, stranger = characters.owner, characters.member, characters.stranger
    found = {
        "georgia": stage.post(
            owner,
            "Ionfield halves its price",
            territory="georgia",
            kind=Kind.COMPETITOR,
            segments=("healthcare", "enterprise"),
            account_id=MERCY,
        ),
        "florida": stage.post(
            member,
            "Fibre One is liked",
            territory="florida",
            kind=Kind.PREFERENCE,
            segments=("trucking",),
            impact=Impact.HIGH,
            captured_at=NOW - timedelta(days=40),
        ),
        "nevada": stage.post(
            stranger,
            "They say Acme waits",
            territory="nevada",
            kind=Kind.CHALLENGE,
            known=Known.HEARD,
            account_id=ROADWAY,
        ),
        "sealed": stage.post(
            owner, "Quiet word of a merger", territory="georgia", audience=Audience.SEALED,
            kind=Kind.CHALLENGE,
        ),
    }  # fmt: skip
    return {identity: name for name, identity in found.items()}


@pytest.fixture
def names(stage: Stage, characters: Characters, told: dict[UUID, str]) -> Names:
    """The notes that a text finds, as the owner unless somebody else is given."""

    def find(text: str, actor: Actor | None = None) -> set[str]:
        page = _search(stage, actor or characters.owner, text)
        assert page.notices == ()
        assert page.total == len(page.results)
        return {told[result.card.id] for result in page.results}

    return find


def _search(stage: Stage, actor: Actor, text: str, **chosen: object) -> SearchPage:
    choice = SearchChoice(text=text, **chosen)  # type: ignore[arg-type]
    with stage.database.reading() as session:
        return search.search(session, actor, stage.runtime.reader, choice, zone=UTC_ZONE, now=NOW)


ASKED: dict[str, set[str]] = {
    "territory:southeast": {"georgia", "florida", "sealed"},
    "territory:GA": {"georgia", "sealed"},
    "-territory:southeast": {"nevada"},
    "segment:healthcare": {"georgia"},
    "segment:(healthcare OR trucking)": {"georgia", "florida"},
    'competitor:"ion field"': {"georgia"},
    "competitor:acme": {"nevada"},
    "competitor:ionf": {"georgia"},
    "territory:south*": {"georgia", "florida", "sealed"},
    "competitor:ionfield competitor:acme": set(),
    "competitor:ionfield OR competitor:acme": {"georgia", "nevada"},
    "product:f1": {"florida"},
    "kind:challenge": {"nevada", "sealed"},
    "kind:(competitor OR preference)": {"georgia", "florida"},
    "impact:high": {"florida"},
    "known:heard": {"nevada"},
    "known:first-hand kind:challenge": {"sealed"},
    "source:web": {"georgia", "florida", "nevada", "sealed"},
    "author:me": {"georgia", "sealed"},
    "author:olivia": {"georgia", "sealed"},
    'author:"Max Member"': {"florida"},
    f"author:{OWNER}": {"georgia", "sealed"},
    'account:"mercy hospital"': {"georgia"},
    "account:road": {"nevada"},
    "is:sealed": {"sealed"},
    "-is:sealed author:me": {"georgia"},
    "since:30d": {"georgia", "nevada", "sealed"},
    "until:2026-03-01": {"florida"},
    "on:today": {"georgia", "nevada", "sealed"},
    "date:2026-Q1": {"georgia", "florida", "nevada", "sealed"},
    "date:2026-02": {"florida"},
    "merger since:7d territory:georgia": {"sealed"},
}


def test_a_field_finds_the_notes_that_have_it(names: Names) -> None:
    assert {text: names(text) for text in ASKED} == ASKED


def test_what_is_sealed_from_somebody_is_found_by_no_field(
    names: Names, characters: Characters
) -> None:
    for text in ("is:sealed", "merger", "kind:challenge author:olivia", "-price -acme -liked"):
        assert "sealed" in names(text)
        assert names(text, characters.stranger) == set()


def test_a_photo_and_a_sighting_can_be_asked_for(
    names: Names, stage: Stage, characters: Characters, told: dict[UUID, str]
) -> None:
    georgia, florida, nevada = list(told)[:3]
    with stage.database.writing() as session:
        storage = stage.runtime.storage
        photos.add_whole(
            session, characters.owner, georgia, BytesIO(photo()), storage=storage, now=NOW
        )
        # One that has not arrived yet.
        photos.announce(
            session, characters.stranger, nevada,
            photo_id=uuid4(), size=9, sha256="0" * 64, now=NOW,
        )  # fmt: skip
        sightings.add(session, characters.stranger, florida, now=NOW)
    stage.catch_up()
    assert names("has:photo") == {"georgia"}
    assert names("is:seen") == names("has:sighting") == {"florida"}


class TestNamesStandForTheirTags:
    def test_an_alias_finds_notes_that_use_another_name(self, names: Names) -> None:
        assert names("ion field price") == {"georgia"}
        assert names("acme telecom") == {"nevada"}

    def test_an_excluded_alias_keeps_them_out(self, names: Names) -> None:
        assert "georgia" not in names("-ionfield")

    def test_words_in_quotation_marks_stand_for_themselves(self, names: Names) -> None:
        assert names('"ion field"') == set()


def test_a_field_that_names_nothing_is_a_word_and_said(
    stage: Stage, characters: Characters
) -> None:
    for text, word, notice in (
        ("competitor:nobody", "nobody", "nothing is called “nobody”"),
        ("since:soon", "soon", "“soon” is no day"),
        ("kind:rumour", "rumour", "is none of challenge, competitor, opportunity, preference"),
        ("is:green", "green", "is none of sealed, seen"),
        ("author:zoe", "zoe", "nothing is called “zoe”"),
    ):
        stage.post(characters.owner, f"There was a {word} in it", territory="georgia")
        page = _search(stage, characters.owner, text)
        assert page.total == 1, text
        assert notice in page.notices[0]


class TestFieldsAreFilters:
    def test_a_field_of_the_text_becomes_a_filter(
        self, stage: Stage, characters: Characters
    ) -> None:
        page = _search(
            stage, characters.owner, "competitor:ionfield price territory:GA since:2026-03-01"
        )
        assert page.choice == SearchChoice(
            text="price",
            competitor=("ionfield",),
            territory=("georgia",),
            since=date(2026, 3, 1),
        )

    def test_its_facet_shows_the_other_values_too(
        self, stage: Stage, characters: Characters, told: dict[UUID, str]
    ) -> None:
        typed = _search(stage, characters.owner, "kind:competitor")
        chosen = _search(stage, characters.owner, "", kind=("competitor",))
        assert typed.facets == chosen.facets
        assert len(typed.facets["kind"]) == 3

    def test_what_is_no_filter_stays_in_the_text(
        self, stage: Stage, characters: Characters
    ) -> None:
        for text in (
            "competitor:ionfield competitor:acme",
            "competitor:nobody",
            "-competitor:ionfield",
            "competitor:ionfield OR price",
            "segment:(healthcare OR enterprise)",
            "has:photo",
        ):
            assert _search(stage, characters.owner, text).choice == SearchChoice(text=text)

    def test_beside_a_chosen_filter_both_must_hold(
        self, stage: Stage, characters: Characters, told: dict[UUID, str]
    ) -> None:
        page = _search(stage, characters.owner, "territory:georgia", territory=("nevada",))
        assert page.total == 0
        assert page.choice.text == "territory:georgia"

    def test_parts_of_the_text_can_be_taken_away_one_by_one(
        self, stage: Stage, characters: Characters
    ) -> None:
        page = _search(stage, characters.owner, 'price -acme "load theft" kind:challenge inst*')
        assert [(term.label, term.without) for term in page.terms] == [
            ("-acme", 'price "load theft" inst*'),
            ('"load theft"', "price -acme inst*"),
            ("inst*", 'price -acme "load theft"'),
        ]
        assert page.plain_words == "price"


slugs = {
    "territory": ("georgia", "florida", "west"),
    "segment": ("healthcare", "trucking"),
    "competitor": ("ionfield", "acme-telecom"),
    "product": ("fibre-one", "ion-cloud"),
    "author": (1, 2, 3),
    "account": (MERCY, ROADWAY),
    "kind": ("challenge", "preference"),
    "known": ("heard", "first-hand"),
    "impact": ("high", "low"),
}
leaves = st.sampled_from([Word("price"), Word("load"), Phrase("load theft"), Phrase("a b", 2)])
pairs = st.tuples(leaves, leaves)
texts = (leaves | st.builds(Not, leaves) | st.builds(And, pairs) | st.builds(Or, pairs)).map(
    as_text
)
days = st.none() | st.dates(date(2020, 1, 1), date(2026, 3, 18))
choices = st.builds(
    lambda text, since, until, filters: SearchChoice(
        text=as_text(parse(text).tree), since=since, until=until, **filters
    ),
    st.just("") | texts,
    days,
    days,
    st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(slugs[name]), max_size=2, unique=True).map(tuple)
         for name in FILTERS}
    ),
)  # fmt: skip


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(choice=choices)
def test_a_search_as_one_text_is_the_same_search(
    session: Session, characters: Characters, choice: SearchChoice
) -> None:
    known = catalogue.current(session)
    text = query_text(known, choice, ENGLISH)
    query = parse(text)
    known_terms = terms(session, characters.owner, known, query, zone=UTC_ZONE, today=TODAY)
    understood, _ = gathered(known_terms, SearchChoice(text=text), query.tree)
    assert replace(understood, account=tuple(sorted(understood.account))) == replace(
        choice, account=tuple(sorted(choice.account))
    )


def test_a_filter_that_names_nothing_any_more_is_left_out_of_the_text(session: Session) -> None:
    choice = SearchChoice(text="price", competitor=("gone",), product=("fibre-one",))
    assert query_text(catalogue.current(session), choice, ENGLISH) == "price product:fibre-one"
