"""Which weeks are stale, and that what is kept of each follows from the notes alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from insights.db import Database
from insights.models import Audience, JournalCursor, Note, TrendWeek
from insights.services import competitors, notes, sightings, trend_weeks
from insights.services.trend_packing import NO_KIND
from insights.services.trend_runs import Refresh
from insights.trends.packing import unpack_voices, unpack_week
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, IONFIELD, MEMBER, NOW, OWNER, STRANGER
from tests.trend_history import Said, filled

ZONE = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)
MONDAY = date(2026, 3, 16)
LONG = "they offered our customer in macon three months free if she signs before friday"


def pack(database: Database, *, zone: ZoneInfo = ZONE, full: bool = False) -> int:
    return Refresh(database, zone, lambda: NOW).pack(full=full)


def stale(database: Database) -> list[date]:
    with database.reading() as session:
        chosen = select(TrendWeek.monday).where(TrendWeek.stale).order_by(TrendWeek.monday)
        return list(session.scalars(chosen))


def read_journal(database: Database) -> None:
    with database.writing() as session:
        while trend_weeks.read_journal(session, ZONE):
            pass


def kept(database: Database) -> dict[date, tuple[Any, ...]]:
    """What is kept of each week that holds anything."""
    columns = (TrendWeek.monday, TrendWeek.packed, TrendWeek.texts, TrendWeek.voices)
    chosen = select(*columns).where(TrendWeek.observations > 0)
    with database.reading() as session:
        return {row[0]: tuple(row)[1:] for row in session.execute(chosen)}


def test_a_note_makes_its_own_week_stale(database: Database) -> None:
    filled(database, [Said(NOW - 5 * WEEK, OWNER)])
    pack(database)
    filled(database, [Said(NOW - 2 * WEEK, OWNER)])
    read_journal(database)
    assert stale(database) == [MONDAY - 2 * WEEK]


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 3, 16, 3, 59, 59, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 3, 16, 4, 0, 0, tzinfo=UTC), date(2026, 3, 16)),
    ],
)
def test_weeks_begin_on_monday_in_the_organisations_zone(
    database: Database, moment: datetime, monday: date
) -> None:
    filled(database, [Said(moment, OWNER)])
    pack(database, zone=ZoneInfo("America/New_York"))
    assert set(kept(database)) == {monday}


def test_another_zone_packs_everything_again(database: Database) -> None:
    filled(database, [Said(datetime(2026, 3, 16, 2, tzinfo=UTC), OWNER)])
    pack(database)
    assert set(kept(database)) == {MONDAY}
    pack(database, zone=ZoneInfo("America/New_York"), full=True)
    assert set(kept(database)) == {MONDAY - WEEK}


def test_reading_the_journal_twice_is_reading_it_once(database: Database) -> None:
    filled(database, [Said(NOW - WEEK, OWNER)])
    pack(database)
    first = kept(database)
    with database.writing() as session:
        session.execute(update(JournalCursor).values(cursor=0))
    read_journal(database)
    pack(database)
    assert kept(database) == first


def test_a_change_touches_the_weeks_in_which_the_note_was_written_and_seen(
    database: Database, characters: Characters
) -> None:
    (note,) = filled(database, [Said(NOW - 3 * WEEK, OWNER)])
    with database.writing() as session:
        sightings.add(session, characters.member, note, now=NOW - WEEK)
    pack(database)
    with database.writing() as session:
        notes.edit(session, characters.owner, note, {"segments": ("healthcare",)}, now=NOW)
    read_journal(database)
    assert stale(database) == [MONDAY - 3 * WEEK, MONDAY - WEEK]


def test_a_sighting_that_is_taken_back_touches_the_week_of_the_sighting(
    database: Database, characters: Characters
) -> None:
    (note,) = filled(database, [Said(NOW - 3 * WEEK, OWNER)])
    with database.writing() as session:
        sightings.add(session, characters.member, note, now=NOW - WEEK)
    pack(database)
    with database.writing() as session:
        sightings.remove(session, characters.member, note, now=NOW)
    read_journal(database)
    assert stale(database) == [MONDAY - WEEK]
    pack(database)
    assert set(kept(database)) == {MONDAY - 3 * WEEK}


def test_a_week_marked_while_it_is_packed_stays_stale(database: Database) -> None:
    filled(database, [Said(NOW, OWNER)])
    read_journal(database)
    refresh = Refresh(database, ZONE, lambda: NOW)

    def meanwhile(stage: str, _done: int, _total: int) -> None:
        if stage.startswith("Comparing"):
            with database.writing() as session:
                trend_weeks.mark(session, [MONDAY])

    Refresh(database, ZONE, lambda: NOW, meanwhile).pack()
    assert stale(database) == [MONDAY]
    refresh.pack()
    assert stale(database) == []


def test_a_sighting_speaks_for_the_one_who_saw_it_where_they_are(
    database: Database, characters: Characters
) -> None:
    (note,) = filled(database, [Said(NOW - WEEK, OWNER, competitors=(IONFIELD,))])
    with database.writing() as session:
        sightings.add(session, characters.member, note, now=NOW)
    pack(database)
    week = unpack_week(kept(database)[MONDAY][0])
    assert week.voice.tolist() == [MEMBER]
    assert week.place.tolist() == [FLORIDA]
    assert week.competitors.items.tolist() == [IONFIELD]
    assert week.note.tobytes() == note.bytes


def test_a_sighting_has_no_words_and_no_kind_of_its_own(
    database: Database, characters: Characters
) -> None:
    (note,) = filled(database, [Said(NOW, OWNER, text="late delivery again")])
    with database.writing() as session:
        sightings.add(session, characters.member, note, now=NOW)
    pack(database)
    week = unpack_week(kept(database)[MONDAY][0])
    assert sorted(week.voice.tolist()) == [OWNER, MEMBER]
    written = week.voice == OWNER
    assert (week.kind[written] >= 0).all()
    assert week.kind[~written].tolist() == [NO_KIND]
    assert set(week.phrases.owners.tolist()) == set(np.flatnonzero(written).tolist())


def test_withdrawn_notes_and_sightings_of_them_do_not_count(
    database: Database, characters: Characters
) -> None:
    (note,) = filled(database, [Said(NOW - WEEK, OWNER)])
    with database.writing() as session:
        sightings.add(session, characters.member, note, now=NOW)
    pack(database)
    with database.writing() as session:
        notes.withdraw(session, characters.owner, note, reason="", within=2 * WEEK, now=NOW)
    pack(database)
    assert kept(database) == {}


def test_a_copy_in_a_later_week_speaks_with_the_first_voice_until_that_is_withdrawn(
    database: Database, characters: Characters
) -> None:
    first, _ = filled(
        database,
        [Said(NOW - 2 * WEEK, OWNER, text=LONG), Said(NOW, STRANGER, text=LONG)],
    )
    pack(database)
    assert unpack_voices(kept(database)[MONDAY][2]).open.tolist() == [OWNER]
    with database.writing() as session:
        notes.withdraw(session, characters.owner, first, reason="", within=3 * WEEK, now=NOW)
    assert pack(database) == 1
    assert unpack_voices(kept(database)[MONDAY][2]).open.tolist() == [STRANGER]


def test_a_new_name_parts_the_phrases_of_all_weeks(
    database: Database, characters: Characters
) -> None:
    filled(database, [Said(NOW - 3 * WEEK, OWNER, text="cheap solara panels")])
    pack(database)
    before = unpack_week(kept(database)[MONDAY - 3 * WEEK][0])
    with database.writing() as session:
        competitors.create(session, characters.admin, name="Solara", now=NOW)
    pack(database)
    after = unpack_week(kept(database)[MONDAY - 3 * WEEK][0])
    assert (len(before.vocabulary), len(after.vocabulary)) == (6, 2)


def test_merged_competitors_are_packed_as_one(database: Database, characters: Characters) -> None:
    filled(database, [Said(NOW - WEEK, OWNER, competitors=(IONFIELD, 2))])
    pack(database)
    with database.writing() as session:
        competitors.merge(session, characters.admin, slug="acme-telecom", into="ionfield", now=NOW)
    pack(database)
    week = unpack_week(kept(database)[MONDAY - WEEK][0])
    assert week.competitors.items.tolist() == [IONFIELD]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "seal", "copy", "withdraw", "tag", "see", "pack"]),
        st.integers(0, 11),
        st.sampled_from([OWNER, MEMBER, STRANGER]),
    ),
    min_size=3,
    max_size=14,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_step_by_step_ends_where_everything_at_once_does(
    database: Database, characters: Characters, steps: list[tuple[str, int, int]]
) -> None:
    """The database goes on from example to example, which makes it the harder to agree."""
    for number, (deed, weeks, who) in enumerate(steps):
        _do(database, characters, deed, NOW - weeks * WEEK - timedelta(minutes=number), who)
    pack(database)
    step_by_step = kept(database)
    pack(database, full=True)
    assert kept(database) == step_by_step


def _do(database: Database, characters: Characters, deed: str, moment: datetime, who: int) -> None:
    """One of the things that happen to notes."""
    if deed == "pack":
        pack(database)
        return
    with database.reading() as session:
        known = list(session.scalars(select(Note.id).order_by(Note.id)))
    if deed in ("post", "seal", "copy") or not known:
        audience = Audience.SEALED if deed == "seal" else Audience.EVERYONE
        text = LONG if deed == "copy" else f"{moment:%H%M} a slow router at the dock {moment:%d}"
        said = Said(moment, who, GEORGIA, text, (IONFIELD,), audience)
        if _is_new(database, said):
            filled(database, [said])
        return
    chosen = known[(moment.minute + moment.day) % len(known)]
    with database.writing() as session:
        note = session.get_one(Note, chosen)
        if note.withdrawn_at is not None:
            notes.restore(session, characters.manager, chosen, now=NOW)
        elif deed == "withdraw":
            notes.withdraw(
                session, characters.manager, chosen, reason="", within=60 * WEEK, now=NOW
            )
        elif deed == "tag":
            notes.edit(session, characters.manager, chosen, {"competitors": ("acme",)}, now=NOW)
        else:
            sightings.add(session, characters.analyst, chosen, now=moment)


def _is_new(database: Database, said: Said) -> bool:
    with database.reading() as session:
        same = select(Note.id).where(Note.noted_at == said.at, Note.author_id == said.author)
        return session.scalar(same) is None
