"""The catalogue: one copy in each process, never older than the database and never ahead of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import Competitor, Segment, Territory
from insights.services import catalogue
from insights.services.catalogue import Catalogue, Place, SegmentItem
from insights.tagging.dictionary import TagKind
from insights.text import fold, slugify
from tests.drafts import draft
from tests.fixtures.queries import Counter
from tests.organisation import (
    ACME,
    FIBRE_ONE,
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    ION_CLOUD,
    IONFIELD,
    NEVADA,
    NOW,
    SMALL,
    SOUTHEAST,
    WEST,
)


@pytest.fixture
def known(session: Session) -> Catalogue:
    """The test organisation's."""
    return catalogue.current(session)


def read(database: Database) -> Catalogue:
    with database.reading() as session:
        return catalogue.current(session)


def rename(session: Session, name: str) -> None:
    """Renames Georgia."""
    catalogue.changed(session)
    session.get_one(Territory, GEORGIA).name = name


class TestTheCopy:
    def test_is_kept_until_something_changes(
        self, database: Database, count_queries: Counter
    ) -> None:
        first = read(database)
        with count_queries(database) as statements:
            assert read(database) is first
        assert len(statements) == 1

    def test_is_read_anew_after_a_change(self, database: Database) -> None:
        first = read(database)
        with database.writing() as session:
            rename(session, "Peach State")
        assert first.territories[GEORGIA].name == "Georgia"
        assert read(database).territories[GEORGIA].name == "Peach State"

    def test_is_read_anew_when_another_process_changed_something(self, database: Database) -> None:
        other = Database(database.engine.url.render_as_string(hide_password=False))
        assert read(other).territories[GEORGIA].name == "Georgia"
        with database.writing() as session:
            rename(session, "Peach State")
        assert read(other).territories[GEORGIA].name == "Peach State"
        other.dispose()

    def test_shows_a_transaction_its_own_change(self, session: Session) -> None:
        for name in ("one", "two"):
            rename(session, name)
            assert catalogue.current(session).territories[GEORGIA].name == name

    def test_shows_a_transaction_what_it_changed_after_reading_it(self, session: Session) -> None:
        catalogue.changed(session)
        territory = session.get_one(Territory, GEORGIA)
        for name in ("one", "two"):
            territory.name = name
            assert catalogue.current(session).territories[GEORGIA].name == name

    def test_that_a_transaction_read_before_its_last_change_reaches_nobody_else(
        self, database: Database
    ) -> None:
        with database.writing() as session:
            catalogue.changed(session)
            catalogue.current(session)
            session.get_one(Territory, GEORGIA).name = "Peach State"
        assert read(database).territories[GEORGIA].name == "Peach State"

    def test_of_an_undone_change_reaches_nobody_else(self, database: Database) -> None:
        undone = database.open_session(write=True)
        rename(undone, "Atlantis")
        assert catalogue.current(undone).territories[GEORGIA].name == "Atlantis"
        undone.close()
        assert read(database).territories[GEORGIA].name == "Georgia"

    def test_is_not_seen_by_others_before_the_change_is_kept(self, database: Database) -> None:
        with database.writing() as session:
            rename(session, "Peach State")
            catalogue.current(session)
            assert read(database).territories[GEORGIA].name == "Georgia"
        assert read(database).territories[GEORGIA].name == "Peach State"


def test_two_who_change_the_catalogue_take_turns(database: Database) -> None:
    def append(letter: str) -> None:
        with database.writing() as session:
            catalogue.changed(session)
            territory = session.get_one(Territory, GEORGIA)
            territory.name += letter

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(append, "abcd"))
    assert sorted(read(database).territories[GEORGIA].name[7:]) == list("abcd")


class TestTheTree:
    def test_a_subtree_is_a_territory_and_all_below(self, known: Catalogue) -> None:
        assert known.subtree(SOUTHEAST) == {SOUTHEAST, GEORGIA, FLORIDA}
        assert known.subtree(NEVADA) == {NEVADA}
        assert known.subtrees([GEORGIA, WEST]) == {GEORGIA, WEST, NEVADA}
        assert known.subtrees([]) == frozenset()

    def test_a_lineage_leads_from_the_top_to_the_territory(self, known: Catalogue) -> None:
        assert [place.id for place in known.lineage(GEORGIA)] == [SOUTHEAST, GEORGIA]
        assert [place.id for place in known.lineage(WEST)] == [WEST]

    def test_children_are_in_order_of_name(self, known: Catalogue) -> None:
        assert [place.name for place in known.children(SOUTHEAST)] == ["Florida", "Georgia"]
        assert [place.name for place in known.children(None)] == ["Southeast", "West"]
        assert known.children(NEVADA) == []


Find = Callable[[Catalogue, str], catalogue.Item | None]


class TestFinding:
    @pytest.mark.parametrize(
        ("find", "words", "expected"),
        [
            (Catalogue.find_territory, ("GA", "ga", " Georgia ", "GÉORGIA", "georgia"), GEORGIA),
            (
                Catalogue.find_segment,
                ("Small business", "small-business", "SMALL BÜSINESS"),
                SMALL,
            ),
            (Catalogue.find_competitor, ("Ionfield", "ION FIELD", "ionfield"), IONFIELD),
            (Catalogue.find_competitor, ("acme", "Acme Telecom", "acme-telecom"), ACME),
            (Catalogue.find_product, ("F1", "fibre-one", "Fibre One™"), FIBRE_ONE),
        ],
    )
    def test_by_code_slug_name_or_alias_however_it_is_written(
        self, known: Catalogue, find: Find, words: tuple[str, ...], expected: int
    ) -> None:
        found = [find(known, word) for word in words]
        assert [one and one.id for one in found] == [expected] * len(words)

    @pytest.mark.parametrize("word", ["", "  ", "nonesuch", "\x00", "\ud800", "x" * 10_000])
    @pytest.mark.parametrize(
        "find",
        [
            Catalogue.find_territory,
            Catalogue.find_segment,
            Catalogue.find_competitor,
            Catalogue.find_product,
        ],
    )
    def test_an_unknown_word_finds_nothing(self, known: Catalogue, find: Find, word: str) -> None:
        assert find(known, word) is None

    def test_of_a_word_that_two_segments_share_the_first_dimension_wins(
        self, session: Session
    ) -> None:
        catalogue.changed(session)
        session.add(Segment(dimension_id=2, name="Healthcare", folded="healthcare", slug="hc-2"))
        found = catalogue.current(session).find_segment("healthcare")
        assert found is not None
        assert (found.id, found.dimension) == (HEALTHCARE, 1)

    def test_of_a_word_that_two_share_the_one_in_use_wins_over_the_archived_one(self) -> None:
        known = Catalogue(
            version=draft().id,
            territories={
                1: Place(1, "Dixie", "south", archived=True),
                2: Place(2, "South", "south-2"),
            },
            segments={
                1: SegmentItem(1, "Retail", "retail", archived=True),
                2: SegmentItem(2, "Retail", "retail-2", dimension=2),
            },
            competitors={},
            products={},
            dimensions={},
        )
        territory, segment = known.find_territory("south"), known.find_segment("retail")
        assert [one and one.id for one in (territory, segment)] == [2, 2]


class TestTheDictionary:
    def test_holds_names_and_aliases(self, known: Catalogue) -> None:
        tags = known.dictionary.tags("Ion Field sells F1 to healthcare in Georgia")
        assert tags == {
            TagKind.COMPETITOR: [IONFIELD],
            TagKind.PRODUCT: [FIBRE_ONE],
            TagKind.SEGMENT: [HEALTHCARE],
            TagKind.TERRITORY: [GEORGIA],
        }

    def test_leaves_out_what_is_archived(self, session: Session) -> None:
        catalogue.changed(session)
        session.get_one(Competitor, ACME).archived_at = NOW
        session.get_one(Territory, NEVADA).archived_at = NOW
        session.get_one(Segment, HEALTHCARE).archived_at = NOW
        tags = catalogue.current(session).dictionary.tags("Acme in Nevada healthcare, Florida")
        assert {kind: ids for kind, ids in tags.items() if ids} == {TagKind.TERRITORY: [FLORIDA]}

    def test_grows_with_the_catalogue(self, session: Session) -> None:
        assert not catalogue.current(session).dictionary.tags("Zap")[TagKind.COMPETITOR]
        catalogue.changed(session)
        session.add(Competitor(name="Zap", folded=fold("Zap"), slug=slugify("Zap")))
        assert catalogue.current(session).dictionary.tags("Zap")[TagKind.COMPETITOR]


def test_a_product_stands_for_its_maker(session: Session) -> None:
    found = catalogue.current(session).tags_of("They were shown Ion Cloud last week.")
    assert found[TagKind.PRODUCT] == [ION_CLOUD]
    assert found[TagKind.COMPETITOR] == [IONFIELD]


def test_a_slug_names_its_own_even_after_a_renaming(session: Session) -> None:
    catalogue.changed(session)
    acme = session.get_one(Competitor, ACME)
    acme.name, acme.folded = "Zenith", fold("Zenith")
    session.add(Competitor(name="Acme Telecom", folded="acme telecom", slug="acme-telecom-2"))
    known = catalogue.current(session)
    assert getattr(known.find_competitor("acme-telecom"), "id", None) == ACME
    assert getattr(known.find_competitor("Acme Telecom"), "slug", None) == "acme-telecom-2"
