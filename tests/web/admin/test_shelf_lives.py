"""Shelf lives in the administration."""

from collections.abc import Callable

from insights.services.access import Actor
from tests.fixtures.app import Browser
from tests.fixtures.world import Characters
from tests.web.pages import text_of, value_of

PAGE = "/admin/shelf-lives"
DAYS = {"price": "30", "people": "180", "product": "90", "other": "120"}


def test_are_changed_together(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    browser = client_of(characters.analyst)
    page = browser.get(PAGE)
    assert {name: value_of(page, name) for name in DAYS} == DAYS
    answer = browser.submit(PAGE, **{**DAYS, "price": "14"})
    assert answer.location == PAGE
    page = browser.get(PAGE)
    assert "The shelf lives are saved." in text_of(page)
    assert value_of(page, "price") == "14"


def test_that_cannot_be_come_back_as_they_were_sent(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    browser = client_of(characters.admin)
    answer = browser.submit(PAGE, **{**DAYS, "price": "0", "people": "long", "other": "9"})
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Lines about prices: Give a whole number of days from 1 to 3,650." in text
    assert "Lines about people: Give a whole number" in text
    assert value_of(answer, "people") == "long"
    assert value_of(browser.get(PAGE), "other") == "120"


def test_are_for_those_who_keep_battlecards(
    client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    for name, actor in vars(characters).items():
        allowed = name in {"analyst", "manager", "admin"}
        browser = client_of(actor)
        assert browser.get(PAGE).status_code == (200 if allowed else 403)
        assert browser.submit(PAGE, "/", **DAYS).status_code == (303 if allowed else 403)
