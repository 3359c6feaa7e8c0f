"""The page of a territory's week."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from insights.models import Audience, TrendReach
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA
from tests.trend_rows import showing
from tests.web.pages import html_of, text_of

WEEK = date(2026, 3, 16)
PAGE = f"/territories/southeast/weeks/{WEEK}"


@pytest.fixture
def owner(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """The owner's browser."""
    return client_of(characters.owner)


@pytest.fixture
def trend(stage: Stage, characters: Characters) -> int:
    """Ionfield surges in Georgia this week, proved by a note."""
    note = stage.post(characters.owner, "Ionfield was at the <clinic>")
    with stage.database.writing() as session:
        showing(session, day=WEEK, evidence=[note])
        ended = WEEK - timedelta(days=1)
        return showing(session, day=ended, phrase="load theft", territory_id=FLORIDA)


class TestAWeek:
    def test_tells_what_came_up_and_what_ended(self, owner: Browser, trend: int) -> None:
        answer = owner.get(PAGE)
        page = text_of(answer)
        assert "Southeast, 16 to 22 March 2026" in page
        assert "1 note so far; usually hardly a note. 1 new trend, 1 trend ended." in page
        assert "Came up this week Ionfield is coming up in Georgia 9 voices in 4 weeks" in page
        assert "“Ionfield was at the <clinic>” Olivia Owner" in page
        assert "No longer above what is usual “load theft” in Florida" in page
        assert f'href="/trends/{trend}"' in html_of(answer)
        assert "&lt;clinic&gt;" in html_of(answer)

    def test_without_anything_invites_to_note_something(self, owner: Browser) -> None:
        page = text_of(owner.get(PAGE))
        assert "A quiet week" in page
        assert "New note here" in page

    def test_leads_to_the_weeks_around_it(self, owner: Browser) -> None:
        present = html_of(owner.get(PAGE))
        assert 'href="/territories/southeast/weeks/2026-03-09"' in present
        assert "Week after" not in present
        before = html_of(owner.get("/territories/southeast/weeks/2026-03-09"))
        assert f'href="{PAGE}"' in before

    def test_is_reached_by_any_of_its_days(self, owner: Browser) -> None:
        answer = owner.get("/territories/southeast/weeks/2026-03-18")
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)

    @pytest.mark.parametrize("week", ["2026-03-23", "0001-01-01", "soon", "2026-02-30", "1"])
    def test_that_is_none_is_not_found(self, owner: Browser, week: str) -> None:
        assert owner.get(f"/territories/southeast/weeks/{week}").status_code == 404
        assert owner.get(f"/territories/atlantis/weeks/{week}").status_code == 404

    def test_without_an_index_says_that_it_is_being_built(
        self, stage: Stage, owner: Browser
    ) -> None:
        (stage.runtime.replica.directory / "CURRENT").unlink()
        stage.runtime.reader.close()
        answer = owner.get(PAGE)
        assert answer.status_code == 200
        assert "The search index is being built" in text_of(answer)


class TestWhatIsSealed:
    def test_is_told_to_those_who_may_see_it(
        self, stage: Stage, client_of: Callable[[Actor], Browser], characters: Characters
    ) -> None:
        text = "Ionfield, between us"
        note = stage.post(characters.owner, text, audience=Audience.SEALED)
        with stage.database.writing() as session:
            showing(session, day=WEEK, evidence=[note], reach=TrendReach.ALL)
        for actor in (characters.analyst, characters.admin):
            page = text_of(client_of(actor).get(PAGE))
            assert "Ionfield is coming up in Georgia" in page
            assert text in page
        for actor in (characters.owner, characters.manager):
            page = text_of(client_of(actor).get(PAGE))
            assert "1 note so far" in page
            assert "is coming up" not in page
        for actor in (characters.member, characters.stranger):
            assert "A quiet week" in text_of(client_of(actor).get(PAGE))


def test_nobody_is_sent_to_the_sign_in(nobody: Browser) -> None:
    assert nobody.get(PAGE).status_code == 302
