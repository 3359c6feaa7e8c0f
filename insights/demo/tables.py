"""The tables of the demo (names, words, places) as they stand in the JSON files beside this."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any


def read_table(name: str) -> Any:
    """The contents of the file `name`.json of this package."""
    return json.loads(resources.files(__package__).joinpath(f"{name}.json").read_text("utf-8"))


def spread(weights: Mapping[str, float], size: int = 512) -> tuple[str, ...]:
    """About `size` items in proportion to their weights: picking one at random is then a single
    look-up. Whatever has a positive weight stands in it at least once."""
    total = sum(weights.values())
    shares = {item: weight / total for item, weight in weights.items() if weight > 0}
    return tuple(item for item, share in shares.items() for _ in range(max(1, round(share * size))))


def in_region(entry: Mapping[str, Any], region: str) -> float:
    """The weight of a table's entry in a region."""
    return float(entry["weight"]) * float(entry["regions"].get(region, 1))
