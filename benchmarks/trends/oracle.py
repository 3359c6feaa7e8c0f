"""What could be found at all: by one who knows the true rates, and when each story is told."""

from scipy.stats import poisson

from benchmarks.trends.files import Row
from benchmarks.trends.simulator import START, WEEK
from benchmarks.trends.world import Story, World
from insights.trends.parameters import Parameters

# False alarms a week that one look at all cells may cost, and how many cells there are.
_ALLOWED = 0.1
_CELLS = {"competitor": 3_000, "kind": 500, "phrase": 300_000}


def visible(world: World) -> list[bool]:
    """For each story whether its notes stand out of the ordinary ones at its place and time.

    They do if so many more than expected, over just the weeks of the story, are less probable
    (Poisson) than a false alarm may be, and enough people wrote them. A detector, which knows
    neither the weeks nor the rates, finds fewer.
    """
    weeks = 1 + max((row.when - START) // WEEK for row in world.rows)
    return [_stands_out(world, story, weeks) for story in world.stories]


def _stands_out(world: World, story: Story, weeks: int) -> bool:
    planted = set(story.notes)
    there = [row for row in world.rows if _is_there(world, story, row)]
    ordinary = sum(_tells(story, row) for row in there if row.id not in planted)
    expected = ordinary / weeks * (story.last - story.first + 1)
    chance = float(poisson.sf(expected + len(planted) - 1, expected))
    authors = {row.author for row in there if row.id in planted}
    enough = len(authors) >= Parameters().least_reporters
    return enough and chance * _CELLS[story.dim] < _ALLOWED


def _is_there(world: World, story: Story, row: Row) -> bool:
    inside = story.node in {row.territory, world.parents.get(row.territory)}
    return inside and story.segment in {"", row.segment}


def _tells(story: Story, row: Row) -> bool:
    if story.dim == "phrase":
        return story.key in row.text
    return story.key in {*row.competitors, row.kind}
