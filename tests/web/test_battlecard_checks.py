"""“Still true?” on pages: what somebody is asked about a line, and what comes of the answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from insights.models import BattlecardCheck, Verdict
from insights.services import battlecard_asking
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER, TODAY
from tests.services.battlecard_lines import added
from tests.web.reading import page_text

BrowserOf = Callable[[Actor], Browser]
CARD = "/competitors/ionfield"


@pytest.fixture
def analyst(client_of: BrowserOf, characters: Characters) -> Browser:
    return client_of(characters.analyst)


@pytest.fixture
def owner(client_of: BrowserOf, characters: Characters) -> Browser:
    return client_of(characters.owner)


@pytest.fixture
def check_id(stage: Stage, characters: Characters) -> int:
    """The owner is asked about a stale line."""
    then = NOW - timedelta(days=200)
    with stage.database.writing() as session:
        added(session, characters.analyst, now=then)
    stage.clock.now = NOW - timedelta(days=3)
    stage.post(characters.owner, "Ionfield")
    stage.clock.now = NOW
    with stage.database.writing() as session:
        battlecard_asking.ask_stale(session, today=TODAY, now=NOW)
        check = session.scalars(select(BattlecardCheck)).one()
        assert check.person_id == OWNER
        return check.id


def test_checks_are_answered_on_a_page_of_their_own(
    stage: Stage, owner: Browser, characters: Characters, check_id: int
) -> None:
    address = f"/battlecards/checks/{check_id}"
    text = page_text(owner.get(address))
    assert "because it was heard in Georgia" in text
    assert "Still true No longer true I do not know" in text
    assert "four people in Atlanta" in page_text(owner.get("/battlecards/checks"))
    answer = owner.submit(address, verdict=Verdict.STILL_TRUE.value)
    assert answer.location == CARD
    text = page_text(owner.get(CARD))
    assert "The line counts as fresh again." in text
    assert "confirmed today in Georgia" in text
    assert "You have said just now : still true" in page_text(owner.get(address))
    assert "Nothing to confirm" in page_text(owner.get("/battlecards/checks"))


def test_checks_that_deny_show_to_those_who_keep_the_card(
    owner: Browser, analyst: Browser, check_id: int
) -> None:
    address = f"/battlecards/checks/{check_id}"
    owner.submit(address, verdict=Verdict.NO_LONGER.value)
    said = "Said to be no longer true by Olivia Owner (Georgia, just now )"
    assert said in page_text(analyst.get(CARD))
    assert said not in page_text(owner.get(CARD))
    assert owner.submit(address, verdict="still-true").status_code == 409


def test_checks_are_for_whom_they_were_asked_of(
    characters: Characters, client_of: BrowserOf, check_id: int
) -> None:
    address = f"/battlecards/checks/{check_id}"
    for actor in characters.everyone:
        browser = client_of(actor)
        asked = actor.id == OWNER
        assert browser.get(address).status_code == (200 if asked else 404)
        if not asked:
            answer = browser.submit(address, "/battlecards/checks", verdict="still-true")
            assert answer.status_code == 404
    owner = client_of(characters.owner)
    assert owner.submit(address, verdict="perhaps").status_code == 422
