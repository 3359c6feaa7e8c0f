"""What a simulated company is: its size, its notes, and what was planted in them."""

from dataclasses import dataclass, field

from benchmarks.trends.files import Row


@dataclass(frozen=True)
class Story:
    """Something that was planted: a subject that surges in a place from one week to another.

    `sort` is the way in which it does, for instance thinly over a region.
    """

    dim: str
    key: str
    node: str
    segment: str
    first: int
    last: int
    notes: tuple[str, ...] = ()
    sort: str = ""


@dataclass
class World:
    """What a run of the simulator made."""

    rows: list[Row]
    parents: dict[str, str]
    stories: list[Story]
    decoys: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How large, and how unruly."""

    seed: int
    regions: int = 8
    territories: int = 60
    weeks: int = 112
    notes: int = 138_000
    stories: int = 60
    first_story: int = 60
    drift: bool = False
    decoys: bool = True
