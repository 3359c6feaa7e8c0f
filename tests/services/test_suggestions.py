"""What is suggested while somebody types, and to whom."""

from collections.abc import Callable

import pytest

from insights.models import Audience
from insights.services import saved_searches, suggestions
from insights.services.access import Actor
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW

Suggest = Callable[[Actor, str], list[tuple[str, str]]]


@pytest.fixture
def suggest(stage: Stage) -> Suggest:
    """The kinds and texts of the suggestions."""

    def suggest_to(actor: Actor, typed: str) -> list[tuple[str, str]]:
        with stage.database.reading() as session:
            found = suggestions.suggestions(session, actor, stage.runtime.reader, typed)
        return [(one.kind, one.text) for one in found]

    return suggest_to


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ion", [("competitor", "competitor:ionfield"), ("product", "product:ion-cloud")]),
        ("pricing GEO", [("territory", "pricing territory:georgia")]),
        ("tele", [("competitor", "competitor:acme-telecom")]),
        ("f1", [("product", "product:fibre-one")]),
        ("small", [("segment", "segment:small-business")]),
        ("", []),
        ("ion ", []),
        ("zzz", []),
    ],
)
def test_names_that_begin_so_are_offered_as_filters(
    suggest: Suggest, characters: Characters, typed: str, expected: list[tuple[str, str]]
) -> None:
    assert suggest(characters.owner, typed) == expected


def test_words_of_notes_are_offered_the_most_frequent_first(
    suggest: Suggest, stage: Stage, characters: Characters
) -> None:
    for text in ("Installation late", "The installer came", "Installation again"):
        stage.post(characters.owner, text, territory="georgia")
    assert suggest(characters.owner, "late inst") == [
        ("word", "late installation"),
        ("word", "late installer"),
    ]
    assert suggest(characters.owner, "i") == [
        ("competitor", "competitor:ionfield"),
        ("product", "product:ion-cloud"),
    ]


def test_a_sealed_note_suggests_nothing_to_a_stranger(
    suggest: Suggest, stage: Stage, characters: Characters
) -> None:
    stage.post(characters.owner, "A zebrawood desk", territory="georgia", audience=Audience.SEALED)
    assert suggest(characters.owner, "zebra") == [("word", "zebrawood")]
    assert suggest(characters.analyst, "zebra") == [("word", "zebrawood")]
    assert suggest(characters.stranger, "zebra") == []


def test_saved_searches_come_first_those_of_others_if_they_are_shared(
    suggest: Suggest, stage: Stage, characters: Characters
) -> None:
    with stage.database.writing() as session:
        for actor, name, shared in (
            (characters.owner, "Ion prices", False),
            (characters.member, "Ion secrets", False),
            (characters.analyst, "All of Ion", True),
        ):
            saved_searches.save(
                session, actor, now=NOW, name=name, query=f"{name} since:30d", shared=shared
            )
    assert [text for kind, text in suggest(characters.owner, "ion") if kind == "saved"] == [
        "Ion prices since:30d",
        "All of Ion since:30d",
    ]


def test_suggesting_takes_the_same_few_queries_however_much_there_is(
    stage: Stage, characters: Characters, count_queries: Counter
) -> None:
    for _ in ("the catalogue is read", "it is known"):
        with stage.database.reading() as session, count_queries(stage.database) as statements:
            suggestions.suggestions(session, characters.owner, stage.runtime.reader, "a")
    assert len(statements) <= 2


@pytest.mark.parametrize("typed", ["\x00", "\ud800", "a" * 100_000, "(((", '"', "a:b*~", "-"])
def test_anything_can_be_typed(suggest: Suggest, characters: Characters, typed: str) -> None:
    assert all(text for _, text in suggest(characters.owner, typed))
