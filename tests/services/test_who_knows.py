"""Who knows: people by what they told lately and others confirmed, as the reader may see it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from insights.errors import Unavailable
from insights.models import Audience, Known, Person
from insights.services import sightings, who_knows
from insights.services.access import Actor
from insights.services.who_knows import About, Knower, score_of
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import (
    GEORGIA,
    HEALTHCARE,
    IONFIELD,
    MERCY,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    WEST,
)

Ask = Callable[..., list[Knower]]
DAY = timedelta(days=1)


@pytest.fixture
def ask(stage: Stage) -> Ask:
    """Asks who knows about something."""

    def deed(actor: Actor, *, limit: int = 10, **about: Any) -> list[Knower]:
        with stage.database.reading() as session:
            return who_knows.who_knows(
                session, actor, stage.runtime.reader, about=About(**about), now=NOW, limit=limit
            )

    return deed


def names(found: list[Knower]) -> list[str]:
    return [one.name.split()[0] for one in found]


def seen_too(stage: Stage, actor: Actor, note_id: Any) -> None:
    with stage.database.writing() as session:
        sightings.add(session, actor, note_id, now=NOW)
    stage.catch_up()


class TestWhatCounts:
    def test_recent_notes_count_more(self, stage: Stage, characters: Characters, ask: Ask) -> None:
        for days in (300, 320):
            stage.post(characters.owner, "Zebra prices", captured_at=NOW - days * DAY)
        stage.post(characters.member, "Zebra prices fell", captured_at=NOW - DAY)
        assert names(ask(characters.analyst, words="zebra")) == ["Max", "Olivia"]

    def test_what_others_have_seen_too_counts_more(
        self, stage: Stage, characters: Characters, ask: Ask
    ) -> None:
        stage.post(characters.member, "Zebra prices")
        note = stage.post(characters.owner, "Zebra prices")
        seen_too(stage, characters.stranger, note)
        first, second = ask(characters.analyst, words="zebra")
        assert (first.name, first.notes, first.corroborated) == ("Olivia Owner", 1, 1)
        assert (second.name, second.corroborated) == ("Max Member", 0)

    def test_hearsay_counts_less(self, stage: Stage, characters: Characters, ask: Ask) -> None:
        stage.post(characters.owner, "Zebra prices", known=Known.HEARD)
        stage.post(characters.member, "Zebra prices")
        assert names(ask(characters.analyst, words="zebra")) == ["Max", "Olivia"]

    def test_by_a_scale_that_halves_in_half_a_year(self) -> None:
        def score(days: int = 0, sightings: int = 0, first_hand: bool = True) -> float:
            return score_of(age=days * DAY, sightings=sightings, first_hand=first_hand)

        assert score() == 1
        assert score(days=180) == pytest.approx(0.5)
        assert score(days=-5) == 1
        assert score(sightings=1) == pytest.approx(1.5)
        assert score(sightings=10_000) == score(sightings=15)
        assert score(first_hand=False) == pytest.approx(0.5)


class TestAboutWhat:
    def test_a_competitor_a_segment_an_account_and_a_territory_with_all_below(
        self, stage: Stage, characters: Characters, ask: Ask
    ) -> None:
        stage.post(characters.owner, "Ionfield was here", account_id=MERCY)
        stage.post(characters.stranger, "Nothing new")
        reader = characters.analyst
        assert names(ask(reader, competitor_id=IONFIELD)) == ["Olivia"]
        assert names(ask(reader, segment_id=HEALTHCARE)) == ["Olivia"]
        assert names(ask(reader, account_id=MERCY)) == ["Olivia"]
        assert names(ask(reader, territory_id=SOUTHEAST)) == ["Olivia"]
        assert names(ask(reader, territory_id=WEST)) == ["Stella"]
        [found] = ask(reader, territory_id=GEORGIA, words="ionfield")
        assert [one.id for one in found.territories] == [GEORGIA]
        assert ask(reader, territory_id=NEVADA, words="ionfield") == []

    def test_nothing_is_known_by_nobody(self, characters: Characters, ask: Ask) -> None:
        assert ask(characters.analyst) == []
        assert ask(characters.analyst, words="  ") == []
        assert ask(characters.analyst, words="zebra") == []

    def test_only_the_first_few(self, stage: Stage, characters: Characters, ask: Ask) -> None:
        for actor in (characters.owner, characters.member, characters.stranger):
            stage.post(actor, "Zebra prices")
        assert len(ask(characters.analyst, words="zebra", limit=2)) == 2


class TestWhoIsTold:
    def test_of_a_sealed_note_those_alone_who_may_see_it(
        self, stage: Stage, characters: Characters, ask: Ask
    ) -> None:
        stage.post(characters.owner, "Zebra secret", audience=Audience.SEALED)
        stage.post(characters.owner, "Zebra prices")
        for actor in characters.everyone:
            [found] = ask(actor, words="zebra")
            seen = actor not in (characters.member, characters.stranger)
            assert found.notes == 1 + seen
            assert names(ask(actor, words="secret")) == ["Olivia"] * seen

    def test_that_somebody_has_left(self, stage: Stage, characters: Characters, ask: Ask) -> None:
        stage.post(characters.owner, "Zebra prices")
        with stage.database.writing() as session:
            session.get_one(Person, OWNER).deactivated_at = NOW
        [found] = ask(characters.analyst, words="zebra")
        assert not found.is_active
        assert not found.is_pseudonymous

    def test_that_there_is_no_index(self, stage: Stage, characters: Characters, ask: Ask) -> None:
        for path in stage.runtime.settings.search_dir.iterdir():
            if path.is_file():
                path.unlink()
        stage.runtime.reader.close()
        with pytest.raises(Unavailable):
            ask(characters.analyst, words="zebra")
