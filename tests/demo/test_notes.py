"""A demo year: believable in its variety and rhythm, complete, and the same for the same seed."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import islice, pairwise

import pytest

from insights.demo.notes import DemoNote, notes
from insights.demo.organisation import Organisation


def shingles(text: str) -> set[str]:
    words = text.lower().split()
    return {" ".join(words[place : place + 3]) for place in range(len(words) - 2)}


def weekdays(year: list[DemoNote]) -> Counter[int]:
    return Counter((note.captured_at - timedelta(hours=8)).weekday() for note in year)


def test_the_same_arguments_give_the_same_notes(until: datetime) -> None:
    assert list(notes(3, 300, until)) == list(notes(3, 300, until))
    assert list(notes(3, 300, until)) != list(notes(4, 300, until))


@pytest.mark.parametrize("count", [0, 1, 37, 1000])
def test_there_are_as_many_notes_as_asked_for(until: datetime, count: int) -> None:
    assert sum(1 for _ in notes(1, count, until)) == count


def test_the_first_notes_of_a_million_come_at_once(until: datetime) -> None:
    assert len(list(islice(notes(1, 1_000_000, until), 10))) == 10


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        next(notes(1, 10, datetime(2026, 3, 18, 16, 0)))  # noqa: DTZ001 - the point of the test


def test_notes_come_in_order_of_time_and_cover_the_year(
    year: list[DemoNote], until: datetime
) -> None:
    assert all(one.captured_at <= other.captured_at for one, other in pairwise(year))
    assert year[0].captured_at < until - timedelta(days=358)
    assert year[0].captured_at >= until - timedelta(days=366)


@pytest.mark.parametrize("hour", [0, 4, 10, 12, 23])
def test_nothing_happens_after_the_end_whatever_the_hour(until: datetime, hour: int) -> None:
    end = until.replace(hour=hour)
    for note in notes(1, 3000, end):
        times = [at for _, at in note.sightings] + [at for _, at, _ in note.comments]
        assert all(note.captured_at <= at <= end for at in [*times, note.captured_at])


def test_the_last_notes_are_fresh(year: list[DemoNote], until: datetime) -> None:
    assert until - year[-1].captured_at < timedelta(hours=12)


def test_few_notes_are_written_on_weekends(year: list[DemoNote]) -> None:
    days = weekdays(year)
    assert days[5] + days[6] < 0.06 * len(year)
    assert max(days, key=lambda day: days[day]) in (1, 2, 3)


def test_late_december_is_quiet(year: list[DemoNote]) -> None:
    dates = [(note.captured_at.month, note.captured_at.day) for note in year]
    late_december = sum((12, 21) <= day <= (12, 31) for day in dates)
    november = sum((11, 1) <= day <= (11, 11) for day in dates)
    assert late_december < 0.55 * november


def test_texts_differ_and_do_not_begin_alike(year: list[DemoNote]) -> None:
    assert len({note.text for note in year}) > 0.98 * len(year)
    openings = Counter(" ".join(note.text.lower().split()[:5]) for note in year)
    assert openings.most_common(1)[0][1] < 0.015 * len(year)


def test_texts_are_short_and_long(year: list[DemoNote]) -> None:
    lengths = sorted(len(note.text.split()) for note in year)
    assert lengths[0] >= 8
    assert lengths[-1] <= 90
    assert lengths[len(year) // 10] < 20
    assert lengths[-len(year) // 10] > 35


def test_texts_are_cleanly_put_together(year: list[DemoNote]) -> None:
    for note in year:
        assert not set(note.text) & set("{}[]|()")
        assert "  " not in note.text
        assert " ," not in note.text
        assert note.text == note.text.strip()


def test_some_notes_are_copied_by_others(year: list[DemoNote]) -> None:
    recent = [(note.author, shingles(note.text)) for note in year[:2500]]
    copies = 0
    for place, (author, words) in enumerate(recent):
        for other, earlier in recent[max(0, place - 61) : place]:
            alike = len(words & earlier) > 0.6 * len(words | earlier)
            copies += alike and author != other
    assert copies > 12


def test_all_kinds_have_sensible_shares(year: list[DemoNote]) -> None:
    kinds = Counter(note.kind for note in year)
    assert set(kinds) == {"competitor", "challenge", "opportunity", "preference"}
    assert 0.3 < kinds["competitor"] / len(year) < 0.45
    assert min(kinds.values()) > 0.1 * len(year)


def test_all_states_have_notes_and_large_states_more(year: list[DemoNote]) -> None:
    states = Counter(note.territory for note in year)
    assert len(states) == 51
    assert states["CA"] > 5 * states["OR"] > 5 * states["WY"] / 2


def test_about_a_third_of_the_notes_name_an_account(year: list[DemoNote]) -> None:
    assert 0.28 < sum(note.account is not None for note in year) / len(year) < 0.38


def test_two_or_three_percent_are_sealed(year: list[DemoNote]) -> None:
    assert 0.015 < sum(note.sealed for note in year) / len(year) < 0.035


def test_an_account_is_in_the_territory_and_the_segments_of_its_note(
    year: list[DemoNote], company: Organisation
) -> None:
    accounts = {one.key: one for one in company.accounts}
    for note in year:
        if note.account:
            account = accounts[note.account]
            assert account.territory == note.territory
            assert note.segments == (account.industry, account.size)


def test_authors_and_readers_are_there_at_the_time(
    year: list[DemoNote], company: Organisation
) -> None:
    people = {one.key: one for one in company.people}
    for note in year:
        for key, at in [(note.author, note.captured_at), *note.sightings]:
            left = people[key].left
            # The working day of the far west ends after midnight in UTC.
            assert left is None or (at - timedelta(hours=10)).date() < left
            assert people[key].joined <= at.date()


def test_most_notes_come_from_holders_of_the_territory(
    year: list[DemoNote], company: Organisation
) -> None:
    held = {(one.person, one.territory) for one in company.assignments}
    own = sum((note.author, note.territory) in held for note in year)
    assert 0.75 < own / len(year) < 0.95


def test_each_sighting_is_by_another_person(year: list[DemoNote]) -> None:
    sighted = [note for note in year if note.sightings]
    assert 0.08 < len(sighted) / len(year) < 0.25
    for note in sighted:
        people = [person for person, _ in note.sightings]
        assert note.author not in people
        assert len(people) == len(set(people))


def test_some_notes_have_comments_in_order_of_time(year: list[DemoNote]) -> None:
    commented = [note for note in year if note.comments]
    assert 0.05 < len(commented) / len(year) < 0.2
    assert max(len(note.comments) for note in commented) > 1
    for note in commented:
        times = [at for _, at, _ in note.comments]
        assert times == sorted(times)
