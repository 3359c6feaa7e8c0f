from itertools import permutations

from insights.trends.life import Showing, Stage, lives
from insights.trends.parameters import Parameters
from insights.trends.stories import stories
from tests.trends.streams import WEEK, candidate

RULES = Parameters()


def test_of_two_with_the_same_evidence_the_stronger_is_told() -> None:
    strong, weak = candidate(4, range(10), subject=1), candidate(3, range(4, 12), subject=2)
    assert stories(RULES, [weak, strong]) == [strong]


def test_two_with_little_in_common_are_both_told_strongest_first() -> None:
    strong, weak = candidate(4, range(10), subject=1), candidate(3, range(8, 18), subject=2)
    assert stories(RULES, [weak, strong]) == [strong, weak]


def test_the_smallest_place_that_carries_a_story_is_named() -> None:
    region = candidate(4, range(10), scope=1, size=(90.0, 90.0))
    territory = candidate(3, range(8), scope=5, size=(9.0, 9.0))
    told = stories(RULES, [region, territory])
    assert [(one.scope, one.score) for one in told] == [(5, 4)]


def test_a_territory_is_named_before_a_segment_of_its_region() -> None:
    segment = candidate(5, range(10), scope=9, size=(90.0, 8.0))
    territory = candidate(4, range(9), scope=5, size=(9.0, 9.0))
    assert [one.scope for one in stories(RULES, [segment, territory])] == [5]


def test_a_segment_is_named_before_its_whole_place() -> None:
    segment = candidate(4, range(10), scope=9, size=(90.0, 8.0))
    region = candidate(5, range(11), scope=1, size=(90.0, 90.0))
    assert [one.scope for one in stories(RULES, [segment, region])] == [9]


def test_a_place_that_carries_a_part_of_a_story_is_not_named() -> None:
    region = candidate(4, range(10), scope=1, size=(90.0, 90.0))
    territory = candidate(3, range(6), scope=5, size=(9.0, 9.0))
    assert [one.scope for one in stories(RULES, [region, territory])] == [1]


def test_places_are_compared_over_the_same_weeks_whichever_are_their_most_surprising() -> None:
    region = candidate(4, range(10), scope=1, size=(90.0, 90.0))
    territory = candidate(3, range(4, 10), earlier=range(4), scope=5, size=(9.0, 9.0))
    assert [one.scope for one in stories(RULES, [region, territory])] == [5]


def test_what_a_place_said_before_the_story_does_not_carry_it() -> None:
    region = candidate(4, range(10), scope=1, size=(90.0, 90.0))
    territory = candidate(3, range(4, 10), earlier=range(20, 40), scope=5, size=(9.0, 9.0))
    assert [one.scope for one in stories(RULES, [region, territory])] == [1]


def test_the_order_of_candidates_does_not_matter() -> None:
    some = [
        candidate(4, range(10), scope=1, size=(90.0, 90.0)),
        candidate(4, range(8), scope=5, size=(9.0, 9.0)),
        candidate(3, range(5, 12), subject=2),
        candidate(3, range(20, 25), subject=3),
    ]
    told = [stories(RULES, list(order)) for order in permutations(some)]
    assert all(one == told[0] for one in told)


def _showing(week: int, *, subject: int = 1, scope: int = 5, notes: range = range(3)) -> Showing:
    return Showing(week * WEEK, subject, scope, 2.0, frozenset(notes))


def test_a_trend_is_new_then_active_then_fading_then_over() -> None:
    for weeks, now, stage in (
        ([10], 10, Stage.NEW),
        ([10, 11], 11, Stage.NEW),
        ([10, 11, 12], 12, Stage.ACTIVE),
        ([10, 11, 12], 14, Stage.FADING),
        ([10, 11, 12], 18, Stage.FADING),
        ([10, 11, 12], 19, Stage.OVER),
    ):
        (life,) = lives(RULES, [_showing(week) for week in weeks])
        assert life.stage(RULES, now * WEEK) is stage, (weeks, now)


def test_what_was_shown_within_the_quiet_time_does_not_open_again() -> None:
    assert len(lives(RULES, [_showing(10), _showing(16)])) == 1
    assert [one.opened for one in lives(RULES, [_showing(10), _showing(17)])] == [
        10 * WEEK, 17 * WEEK,
    ]  # fmt: skip


def test_a_story_that_moves_to_its_region_stays_the_same() -> None:
    moved = [_showing(10), _showing(11, scope=1, notes=range(2, 9))]
    assert len(lives(RULES, moved)) == 1


def test_the_same_subject_far_away_is_another_trend() -> None:
    apart = [_showing(10), _showing(10, scope=8, notes=range(50, 55))]
    assert len(lives(RULES, apart)) == 2


def test_the_order_of_showings_does_not_matter() -> None:
    some = [
        _showing(10),
        _showing(11, scope=1),
        _showing(12),
        _showing(30),
        _showing(11, subject=2),
    ]
    assert all(lives(RULES, order) == lives(RULES, some) for order in permutations(some))
