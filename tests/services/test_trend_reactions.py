"""What people say of trends: for themselves, or for everyone where they answer for the place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden
from insights.models import Kind, TrendMute, TrendReach, TrendSort
from insights.services import trend_reactions, trends
from insights.services.access import Actor
from insights.services.trend_reactions import Judged, MuteView
from insights.services.trends import TrendView
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, FLORIDA, NEVADA, NOW, OWNER, TODAY
from tests.services.outcomes import EVERYONE, journalled, last_entry, refused, who_may
from tests.trend_rows import kind_showing, showing

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def trend_id(session: Session) -> int:
    """A trend in Georgia."""
    return showing(session)


def seen(session: Session, actor: Actor, trend_id: int) -> TrendView:
    return trends.get(session, actor, trend_id, on=TODAY)


def mute(session: Session, actor: Actor, trend_id: int, *, for_everyone: bool = False) -> None:
    trend_reactions.mute(
        session, actor, trend_id, reason="A trade fair", for_everyone=for_everyone, now=NOW
    )


class TestFollowing:
    def test_is_for_everyone_and_for_themselves(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        def follow(one: Actor) -> bool:
            return trend_reactions.follow(session, one, trend_id, now=NOW)

        assert who_may(session, characters, follow) == EVERYONE
        assert follow(characters.owner)
        assert seen(session, characters.owner, trend_id).followed
        assert not seen(session, characters.member, trend_id).followed

    def test_twice_counts_once_and_is_taken_back(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        owner = characters.owner
        added = [trend_reactions.follow(session, owner, trend_id, now=NOW) for _ in range(2)]
        taken = [trend_reactions.unfollow(session, owner, trend_id, now=NOW) for _ in range(2)]
        assert added == taken == [True, False]
        assert journalled(session) == ["trend.followed", "trend.unfollowed"]
        assert not seen(session, owner, trend_id).followed


class TestMuting:
    def test_hides_it_from_the_person_alone(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.owner, trend_id)
        own = trends.emerging(session, characters.owner, on=TODAY)
        assert (own.trends, [one.id for one in own.muted]) == ((), [trend_id])
        assert trends.emerging(session, characters.member, on=TODAY).muted == ()

    @pytest.mark.parametrize(
        ("place", "allowed"),
        [
            (FLORIDA, {"manager", "analyst", "admin"}),
            (NEVADA, {"analyst", "admin"}),
            (None, {"analyst", "admin"}),
        ],
    )
    def test_for_everyone_is_for_those_who_answer_for_the_place(
        self, session: Session, characters: Characters, place: int | None, allowed: set[str]
    ) -> None:
        trend_id = showing(session, territory_id=place)

        def for_all(one: Actor) -> None:
            mute(session, one, trend_id, for_everyone=True)

        assert who_may(session, characters, for_all) == allowed

    def test_for_everyone_hides_it_from_everyone(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.manager, trend_id, for_everyone=True)
        assert all(seen(session, one, trend_id).muted for one in characters.everyone)

    def test_is_journalled_without_the_reason(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.analyst, trend_id, for_everyone=True)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_type) == ("trend.muted", "trend")
        assert (entry.subject_id, entry.data) == (str(trend_id), {"for_everyone": True})

    @pytest.mark.parametrize(
        ("reason", "words"),
        [("", "in a few words"), (" \u200b\n", "in a few words"), ("x" * 301, "Shorten")],
    )
    def test_needs_a_reason(
        self, session: Session, characters: Characters, trend_id: int, reason: str, words: str
    ) -> None:
        def attempt() -> None:
            trend_reactions.mute(session, characters.owner, trend_id, reason=reason, now=NOW)

        assert words in refused(attempt)["reason"]
        assert journalled(session) == []

    def test_again_changes_the_reason(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        for reason in ("First", "Second", "Second"):
            trend_reactions.mute(session, characters.owner, trend_id, reason=reason, now=LATER)
        found = trend_reactions.list_mutes(session, characters.owner, trend_id)
        assert found == [MuteView(OWNER, "Olivia Owner", "Second", False, LATER, True)]
        assert journalled(session) == ["trend.muted"] * 2

    def test_at_the_same_time_leaves_one_row(
        self, database: Database, characters: Characters
    ) -> None:
        with database.writing() as session:
            trend_id = showing(session)

        def attempt(_: int) -> None:
            with database.writing() as session:
                mute(session, characters.owner, trend_id)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(attempt, range(4)))
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(TrendMute)) == 1
            assert journalled(session) == ["trend.muted"]

    def test_says_why_to_those_whom_it_concerns(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.owner, trend_id)
        assert trend_reactions.list_mutes(session, characters.member, trend_id) == []
        mute(session, characters.admin, trend_id, for_everyone=True)
        (one,) = trend_reactions.list_mutes(session, characters.member, trend_id)
        assert (one.person_id, one.reason, one.mine) == (ADMIN, "A trade fair", False)


class TestUnmuting:
    def test_takes_back_ones_own(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.owner, trend_id)
        assert trend_reactions.unmute(session, characters.owner, trend_id, now=NOW)
        assert not trend_reactions.unmute(session, characters.owner, trend_id, now=NOW)
        assert not seen(session, characters.owner, trend_id).muted
        assert journalled(session) == ["trend.muted", "trend.unmuted"]

    def test_of_everyones_is_for_those_who_may_mute_for_everyone(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.manager, trend_id, for_everyone=True)
        assert not trend_reactions.unmute(session, characters.owner, trend_id, now=NOW)
        assert seen(session, characters.owner, trend_id).muted
        assert trend_reactions.unmute(session, characters.analyst, trend_id, now=NOW)
        assert not seen(session, characters.owner, trend_id).muted

    def test_leaves_what_colleagues_muted_for_themselves(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        mute(session, characters.owner, trend_id)
        assert not trend_reactions.unmute(session, characters.admin, trend_id, now=NOW)
        assert seen(session, characters.owner, trend_id).muted


class TestJudging:
    def test_keeps_the_last_verdict(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        said: list[bool | None] = []
        for useful in (True, True, False, None, None):
            trend_reactions.judge(session, characters.owner, trend_id, useful, now=NOW)
            said.append(seen(session, characters.owner, trend_id).verdict)
        assert said == [True, True, False, None, None]
        assert journalled(session) == ["trend.judged"] * 3

    def test_changes_nothing_that_is_shown(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        before = trends.emerging(session, characters.member, on=TODAY)
        trend_reactions.judge(session, characters.owner, trend_id, False, now=NOW)
        assert trends.emerging(session, characters.member, on=TODAY) == before

    def test_is_reported_to_admins_alone(self, session: Session, characters: Characters) -> None:
        def report(one: Actor) -> object:
            return trend_reactions.judged(session, one, since=TODAY)

        assert who_may(session, characters, report) == {"admin"}
        with pytest.raises(Forbidden):
            report(characters.analyst)

    def test_is_counted_by_month_reach_and_sort(
        self, session: Session, characters: Characters, trend_id: int
    ) -> None:
        kind_id = kind_showing(session, Kind.CHALLENGE, reach=TrendReach.ALL)
        before = NOW - timedelta(days=20)
        for actor, one, useful, at in (
            (characters.owner, trend_id, True, NOW),
            (characters.member, trend_id, False, NOW),
            (characters.stranger, trend_id, True, before),
            (characters.analyst, kind_id, False, NOW),
        ):
            trend_reactions.judge(session, actor, one, useful, now=at)
        february, march = date(2026, 2, 1), date(2026, 3, 1)
        wide, everyone = TrendReach.ALL, TrendReach.EVERYONE
        found = trend_reactions.judged(session, characters.admin, since=february)
        assert found == [
            Judged(february, everyone, TrendSort.COMPETITOR, 1, 1),
            Judged(march, wide, TrendSort.KIND, 0, 1),
            Judged(march, everyone, TrendSort.COMPETITOR, 1, 2),
        ]
        assert len(trend_reactions.judged(session, characters.admin, since=march)) == 2
