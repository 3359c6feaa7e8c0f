"""Notes that say much the same as a text."""

from collections.abc import Callable
from uuid import UUID

import pytest

from insights.models import Audience
from insights.services import similar
from insights.services.access import Actor
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters

Similar = Callable[..., list[str]]


@pytest.fixture
def alike(stage: Stage) -> Similar:
    """The texts of similar notes."""

    def find(actor: Actor, text: str, exclude: UUID | None = None) -> list[str]:
        with stage.database.reading() as session:
            cards = similar.similar_notes(
                session, actor, stage.runtime.reader, text, exclude=exclude
            )
        return [card.text for card in cards]

    return find


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> dict[str, UUID]:
    """Notes about two subjects, and a sealed one."""
    texts = {
        "theft": "Load theft at the truck stop near Macon, two trailers emptied",
        "thefts": "Two trailers emptied at a truck stop: load thefts again",
        "price": "The clinic was offered two months free by a competitor",
        "other": "A new office opens in spring",
    }
    found = {
        name: stage.post(characters.owner, text, territory="georgia")
        for name, text in texts.items()
    }
    stage.post(
        characters.owner,
        "Sealed: load theft at the truck stop, trailers emptied by an insider",
        territory="georgia",
        audience=Audience.SEALED,
    )
    return found


def test_notes_with_the_telling_words_are_alike(
    alike: Similar, characters: Characters, notes: dict[str, UUID]
) -> None:
    found = alike(characters.stranger, "Trailers emptied at the truck stop, a load theft")
    assert len(found) == 2
    assert all("trailers emptied" in text.lower() for text in found)


def test_a_note_is_not_similar_to_itself(
    alike: Similar, characters: Characters, notes: dict[str, UUID]
) -> None:
    text = "Load theft at the truck stop near Macon, two trailers emptied"
    [other] = alike(characters.stranger, text, notes["theft"])
    assert other == "Two trailers emptied at a truck stop: load thefts again"


def test_what_shares_only_common_words_is_not_alike(
    alike: Similar, characters: Characters, notes: dict[str, UUID]
) -> None:
    assert alike(characters.owner, "We were at the two of them in spring with rain") == []
    assert alike(characters.owner, "the of and") == []
    assert alike(characters.owner, "") == []


def test_a_sealed_note_is_similar_for_those_who_may_see_it(
    alike: Similar, characters: Characters, notes: dict[str, UUID]
) -> None:
    text = "Load theft at the truck stop, trailers emptied"
    for actor, sees in (
        (characters.owner, True), (characters.analyst, True), (characters.stranger, False)
    ):  # fmt: skip
        assert any("insider" in found for found in alike(actor, text)) is sees


def test_similar_notes_take_the_same_few_queries_however_many_there_are(
    stage: Stage, characters: Characters, notes: dict[str, UUID], count_queries: Counter
) -> None:
    for _ in ("the catalogue is read", "it is known"):
        with stage.database.reading() as session, count_queries(stage.database) as statements:
            similar.similar_notes(
                session, characters.owner, stage.runtime.reader, "load theft truck trailers"
            )
    assert len(statements) <= 3
