"""The stories planted in the demo year can be found where they were planted, and nowhere else."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from insights.demo.notes import DemoNote, notes
from insights.demo.organisation import Organisation

WEEK = timedelta(weeks=1)
THEFT = re.compile(
    r"(load|cargo)s? theft|stolen loads?|load thefts|thefts of loads|stolen|lost .* worth"
    r"|drove off with the load",
    re.IGNORECASE,
)
PRICE = re.compile(
    r"\bpr[ic]{2}es?\b.*(hike|increase|jump|silly|hand|higher|climb|complain|grumbl)"
    r"|raised|hiked|bumped|bill shock|sticker shock|cost shock|more expensive|costs more|\bfee of\b"
    r"|creeping",
    re.IGNORECASE,
)


def names(company: Organisation, competitor: str) -> re.Pattern[str]:
    one = next(one for one in company.competitors if one.key == competitor)
    return re.compile("|".join(map(re.escape, (one.name, *one.aliases))), re.IGNORECASE)


def quarters(year: list[DemoNote], chosen: Iterable[DemoNote]) -> list[float]:
    """The share of the chosen notes among all notes, by quarter of the year."""
    ids = {id(note) for note in chosen}
    size = len(year) // 4
    return [
        sum(id(note) in ids for note in year[start : start + size]) / size
        for start in range(0, 4 * size, size)
    ]


@pytest.fixture(scope="module")
def inroads(year: list[DemoNote], company: Organisation) -> list[DemoNote]:
    ionfield = names(company, "ionfield")
    return [note for note in year if note.territory == "GA" and ionfield.search(note.text)]


def test_ionfield_appears_among_healthcare_in_georgia_in_the_last_five_weeks(
    inroads: list[DemoNote], until: datetime
) -> None:
    healthcare = [note for note in inroads if "healthcare" in note.segments]
    recent = [
        note for note in healthcare if note.captured_at > until - 5 * WEEK - timedelta(days=1)
    ]
    assert len(recent) >= 10
    assert len(healthcare) - len(recent) <= 2


def test_ionfield_is_reported_by_several_reps_at_several_accounts(
    inroads: list[DemoNote],
) -> None:
    assert len({note.author for note in inroads}) >= 4
    assert len({note.account for note in inroads if note.account}) >= 3


def test_ionfield_is_rare_elsewhere(year: list[DemoNote], company: Organisation) -> None:
    ionfield = names(company, "ionfield")
    elsewhere = [note for note in year if note.territory != "GA" and ionfield.search(note.text)]
    assert len(elsewhere) < 0.01 * len(year)


def test_loads_are_stolen_all_over_the_southeast_in_the_last_weeks(
    year: list[DemoNote], company: Organisation, until: datetime
) -> None:
    region = {one.key for one in company.territories if one.parent == "southeast"}
    thefts = [note for note in year if "trucking" in note.segments and THEFT.search(note.text)]
    recent = [note for note in thefts if note.captured_at > until - 6 * WEEK - timedelta(days=1)]
    assert len(recent) >= 20
    assert len(recent) > 0.75 * len(thefts)
    assert sum(note.territory in region for note in recent) > 0.9 * len(recent)
    assert len({note.territory for note in recent}) >= 5
    assert len({note.author for note in recent}) >= 6


def test_the_thefts_are_worded_in_many_ways(year: list[DemoNote]) -> None:
    thefts = [note.text for note in year if THEFT.search(note.text) and "trucking" in note.segments]
    wordings = Counter(
        found.lower() for text in thefts for found in re.findall(r"\w+ thefts?", text)
    )
    assert len({text[:25] for text in thefts}) > 0.8 * len(thefts)
    assert wordings["load theft"] >= 3


def test_price_complaints_about_veloquent_grow_over_the_year(
    year: list[DemoNote], company: Organisation
) -> None:
    veloquent = names(company, "veloquent")
    about = [note for note in year if note.kind == "competitor" and veloquent.search(note.text)]
    shares = quarters(year, (note for note in about if PRICE.search(note.text)))
    assert shares[2] + shares[3] > 1.5 * (shares[0] + shares[1])
    assert shares[3] > 1.5 * shares[0]


def test_ostervane_fades(year: list[DemoNote], company: Organisation) -> None:
    ostervane = names(company, "ostervane")
    shares = quarters(year, (note for note in year if ostervane.search(note.text)))
    assert shares == sorted(shares, reverse=True)
    assert shares[3] < 0.35 * shares[0]


def test_one_loud_reporter_writes_more_than_anybody_about_one_competitor(
    year: list[DemoNote], company: Organisation
) -> None:
    (loudest, most), (_, second) = Counter(note.author for note in year).most_common(2)
    assert next(one for one in company.people if one.key == loudest).loud
    assert most > 1.3 * second
    subject = names(company, "harrowlink")
    own = [note for note in year if note.author == loudest]
    assert sum(bool(subject.search(note.text)) for note in own) > 0.3 * len(own)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_the_stories_are_there_for_any_seed(
    seed: int, company: Organisation, until: datetime
) -> None:
    ionfield = names(company, "ionfield")
    recent = [note for note in notes(seed, 3000, until) if note.captured_at > until - 6 * WEEK]
    georgia = [n for n in recent if n.territory == "GA" and ionfield.search(n.text)]
    assert len(georgia) >= 5
    assert len([n for n in recent if THEFT.search(n.text) and "trucking" in n.segments]) >= 8
