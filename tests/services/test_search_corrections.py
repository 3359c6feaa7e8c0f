"""Forgiving searches: other spellings, and notes with some of the words."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from insights.models import Audience
from insights.services import search, search_corrections
from insights.services.access import Actor
from insights.services.search import SearchPage
from insights.services.search_choice import SearchChoice
from insights.services.search_corrections import Correction
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW

UTC_ZONE = ZoneInfo("UTC")
Corrections = Callable[..., list[Correction]]


@pytest.fixture
def corrections(stage: Stage) -> Corrections:
    """Corrections for somebody, by the fields of SearchChoice."""

    def correct(actor: Actor, text: str, **chosen: object) -> list[Correction]:
        choice = SearchChoice(text=text, **chosen)  # type: ignore[arg-type]
        with stage.database.reading() as session:
            return search_corrections.corrections(
                session, actor, stage.runtime.reader, choice, zone=UTC_ZONE, now=NOW
            )

    return correct


@pytest.fixture
def find(stage: Stage) -> Callable[..., SearchPage]:
    """Forgiving searches, unless told otherwise."""

    def search_as(actor: Actor, text: str, *, forgiving: bool = True) -> SearchPage:
        with stage.database.reading() as session:
            return search.search(
                session,
                actor,
                stage.runtime.reader,
                SearchChoice(text=text),
                zone=UTC_ZONE,
                now=NOW,
                forgiving=forgiving,
            )

    return search_as


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> None:
    """Some notes about prices, and a sealed one about a zebrawood desk."""
    owner = characters.owner
    stage.post(owner, "The installation was late", territory="georgia")
    stage.post(owner, "An installation without a price", territory="georgia")
    stage.post(owner, "The prize was a truck", territory="georgia")
    stage.post(owner, "A zebrawood desk", territory="georgia", audience=Audience.SEALED)


@pytest.mark.usefixtures("notes")
class TestCorrections:
    @pytest.mark.parametrize("typed", ["installtaion", "xnstallation", "Instalatoin"])
    def test_a_slip_is_mended_from_the_words_of_the_notes(
        self, corrections: Corrections, characters: Characters, typed: str
    ) -> None:
        assert corrections(characters.owner, typed) == [Correction("installation", 2)]

    def test_only_the_wrong_word_is_changed(
        self, corrections: Corrections, characters: Characters
    ) -> None:
        found = corrections(characters.owner, "installtaion -late")
        assert found == [Correction("installation -late", 1)]

    def test_the_words_that_find_most_come_first(
        self, corrections: Corrections, characters: Characters, stage: Stage
    ) -> None:
        stage.post(characters.owner, "Price, price", territory="georgia")
        found = corrections(characters.owner, "prixe")
        assert found == [Correction("price", 2), Correction("prize", 1)]

    def test_a_near_spelling_leaves_no_room_for_farther_ones(
        self, corrections: Corrections, characters: Characters, stage: Stage
    ) -> None:
        for text in ("Pricing is firm", "They bring cake", "Bring more cake"):
            stage.post(characters.owner, text, territory="georgia")
        assert corrections(characters.owner, "pricng") == [Correction("pricing", 2)]

    def test_forms_of_one_word_are_offered_once(
        self, corrections: Corrections, characters: Characters, stage: Stage
    ) -> None:
        for text in ("The router broke", "The router again", "Two routers"):
            stage.post(characters.owner, text, territory="georgia")
        assert corrections(characters.owner, "ruoter") == [Correction("router", 3)]

    def test_what_finds_nothing_with_the_other_parts_is_not_offered(
        self, corrections: Corrections, characters: Characters
    ) -> None:
        assert corrections(characters.owner, "installtaion truck") == []
        assert corrections(characters.owner, "installtaion", territory=("nevada",)) == []

    def test_a_text_that_is_right_is_left_alone(
        self, corrections: Corrections, characters: Characters
    ) -> None:
        assert corrections(characters.owner, "installation") == []

    def test_a_sealed_note_corrects_nothing_for_a_stranger(
        self, corrections: Corrections, characters: Characters
    ) -> None:
        assert corrections(characters.owner, "zebrawod") == [Correction("zebrawood", 1)]
        assert corrections(characters.analyst, "zebrawod") == [Correction("zebrawood", 1)]
        assert corrections(characters.stranger, "zebrawod") == []


@pytest.mark.usefixtures("notes")
class TestRelaxing:
    def test_without_a_note_that_has_all_words_those_with_some_are_found(
        self, find: Callable[..., SearchPage], characters: Characters
    ) -> None:
        page = find(characters.owner, "late truck price")
        assert page.is_relaxed
        assert page.total == 3
        assert "No note has all of these words" in page.notices[0]

    def test_what_is_more_than_a_word_must_still_hold(
        self, find: Callable[..., SearchPage], characters: Characters
    ) -> None:
        page = find(characters.owner, "late truck -prize territory:georgia")
        assert page.is_relaxed
        assert [result.card.text for result in page.results] == ["The installation was late"]

    def test_a_search_that_finds_something_is_exact(
        self, find: Callable[..., SearchPage], characters: Characters
    ) -> None:
        page = find(characters.owner, "installation late")
        assert (page.total, page.is_relaxed) == (1, False)

    def test_programs_get_the_exact_answer(
        self, find: Callable[..., SearchPage], characters: Characters
    ) -> None:
        page = find(characters.owner, "late truck price", forgiving=False)
        assert (page.total, page.is_relaxed) == (0, False)
