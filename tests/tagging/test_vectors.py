"""The server and the device agree: both pass the cases of tests/vectors (see tests/device)."""

import json
from pathlib import Path
from typing import Any

import pytest

from insights.tagging import Dictionary, Entry, TagKind, guess_kind
from insights.text import clean, fold, fold_with_starts

VECTORS = Path(__file__).parents[1] / "vectors"


def cases(file: str, name: str) -> list[Any]:
    found: list[Any] = json.loads((VECTORS / file).read_text(encoding="utf-8"))[name]
    assert found
    return found


@pytest.mark.parametrize(("text", "folded"), cases("text.json", "folded"))
def test_a_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("text", "cleaned"), cases("text.json", "cleaned"))
def test_a_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(("text", "pairs"), cases("text.json", "starts"))
def test_each_folded_character_comes_from_a_typed_one(text: str, pairs: list[list[str]]) -> None:
    form, starts = fold_with_starts(text)
    assert [[one, text[start]] for one, start in zip(form, starts, strict=True)] == pairs


@pytest.mark.parametrize("case", cases("dictionary.json", "names"), ids=lambda case: case["text"])
def test_the_dictionary_finds_names(case: dict[str, Any]) -> None:
    aliases, text = case["aliases"], case["text"]
    entries = [Entry(TagKind.COMPETITOR, number, alias) for number, alias in enumerate(aliases)]
    found = [text[one.start : one.end] for one in Dictionary(entries).find(text)]
    assert found == case["found"]


@pytest.mark.parametrize(
    "case", cases("dictionary.json", "meanings"), ids=lambda case: case["text"]
)
def test_a_name_gives_what_it_stands_for(case: dict[str, Any]) -> None:
    slugs = [slug for _, slug, _ in case["entries"]]
    entries = [
        Entry(TagKind(kind), slugs.index(slug), alias) for kind, slug, alias in case["entries"]
    ]
    found = [
        [one.kind.value, slugs[one.id], case["text"][one.start : one.end]]
        for one in Dictionary(entries).find(case["text"])
    ]
    assert found == case["found"]


@pytest.mark.parametrize("case", cases("kinds.json", "guesses"), ids=lambda case: case["text"])
def test_a_kind_is_guessed(case: dict[str, Any]) -> None:
    assert guess_kind(case["text"], names_competitor=case["names_competitor"]) == case["kind"]
