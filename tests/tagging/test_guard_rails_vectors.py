"""The guard-rails of the server and of a device agree: tests/device reads the same cases."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from insights.models import GuardAction, GuardMatch, GuardTopic, GuardWord
from insights.services.guard_rails import GuardRails
from insights.tagging.findings import masked

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "guard_rails.json").read_text(encoding="utf-8")
)
RAILS = GuardRails(
    UUID(int=1),
    [
        GuardWord(
            topic=GuardTopic.RESTRICTED,
            word=one["word"],
            folded=one["word"],
            match=GuardMatch(one["match"]),
            action=GuardAction(one["action"]),
            advice=one["advice"],
        )
        for one in VECTORS["rails"]["words"]
    ],
)


def found(text: str) -> list[tuple[str, str]]:
    """The keys and pieces that are found in the text, in no particular order."""
    return sorted((one.key, text[one.start : one.end]) for one in RAILS.findings(text))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["text"])
def test_the_same_is_found_and_masked(case: dict[str, Any]) -> None:
    text = case["text"]
    assert found(text) == sorted((key, piece) for key, piece in case["found"])
    assert masked(text, RAILS.findings(text)) == case["masked"]
    assert found(case["masked"]) == []


def test_a_device_takes_the_rules_along_in_the_form_of_the_cases() -> None:
    kit = RAILS.as_kit()
    told = ("key", "word", "match", "action", "advice")
    expected = VECTORS["rails"]["words"]
    assert [{name: one[name] for name in told} for one in kit["words"]] == [
        {name: one[name] for name in told} for one in expected
    ]
    assert set(kit["words"][0]) == set(expected[0])
    assert {key: set(one) for key, one in kit["personal"].items()} == {
        key: set(one) for key, one in VECTORS["rails"]["personal"].items()
    }
