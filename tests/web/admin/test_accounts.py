"""Accounts in the administration."""

from collections.abc import Callable
from typing import Any

import pytest

from insights.services import accounts
from insights.services.access import Actor
from insights.services.accounts import AccountView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW

PAGE = f"/admin/accounts/{MERCY}"
MERCY_AS_IT_IS = {
    "name": "Mercy Hospital",
    "external_id": "crm-1",
    "territory": "georgia",
    "segments": ["healthcare", ""],
}


@pytest.fixture
def analyst(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An analyst's browser: whoever may change these least."""
    return client_of(characters.analyst)


def stored(stage: Stage, characters: Characters, account_id: int = MERCY) -> AccountView:
    with stage.database.reading() as session:
        return accounts.get(session, characters.analyst, account_id=account_id)


@pytest.mark.parametrize("words", ["hospital", "MÉRCY", "crm-1"])
def test_the_list_is_searched_by_name_and_external_id(analyst: Browser, words: str) -> None:
    page = analyst.get("/admin/accounts", query_string={"q": words}).text
    assert "Mercy Hospital" in page
    assert "Roadway" not in page


def test_the_list_says_what_to_do_when_nothing_is_found(analyst: Browser) -> None:
    assert "No account found" in analyst.get("/admin/accounts?q=%25").text


def test_one_is_added_with_territory_and_segments(
    analyst: Browser, stage: Stage, characters: Characters
) -> None:
    given: dict[str, Any] = {
        "name": "Bayside",
        "territory": "florida",
        "segments": ["healthcare", "enterprise"],
    }
    answer = analyst.submit("/admin/accounts/new", external_id=" ", **given)
    assert answer.status_code == 303
    added = stored(stage, characters, int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert added.territory is not None
    assert (added.name, added.external_id, added.territory.slug) == ("Bayside", None, "florida")
    assert [one.slug for one in added.segments] == ["healthcare", "enterprise"]


def test_one_is_changed(analyst: Browser, stage: Stage, characters: Characters) -> None:
    changed: dict[str, Any] = {
        **MERCY_AS_IT_IS,
        "name": "Mercy",
        "territory": "",
        "segments": ["", "small-business"],
    }
    assert analyst.submit(PAGE, **changed).status_code == 303
    now = stored(stage, characters)
    assert (now.name, now.external_id, now.territory) == ("Mercy", "crm-1", None)
    assert [one.slug for one in now.segments] == ["small-business"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"external_id": "crm-2"}, "external_id"),
        ({"external_id": "x" * 200}, "external_id"),
        ({"territory": "atlantis"}, "territory"),
        ({"segments": ["healthcare", "trucking"]}, "segments"),
        ({"segments": ["\x00"]}, "segments"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    analyst: Browser, wrong: dict[str, Any], field: str
) -> None:
    given = {**MERCY_AS_IT_IS, "territory": "florida", **wrong}
    for address in (PAGE, "/admin/accounts/new"):
        answer = analyst.submit(address, **given)
        assert answer.status_code == 422
        assert f'href="#field-{field}"' in answer.text
        if field != "territory":
            assert 'value="florida" selected' in answer.text


def test_one_is_archived_and_restored(
    analyst: Browser, stage: Stage, characters: Characters
) -> None:
    assert analyst.submit(f"{PAGE}/archive", PAGE).status_code == 303
    assert stored(stage, characters).archived
    analyst.get(PAGE)
    assert "Mercy" not in analyst.get("/admin/accounts").text
    assert "Mercy" in analyst.get("/admin/accounts?archived=1").text
    assert analyst.submit(f"{PAGE}/restore", PAGE).status_code == 303
    assert not stored(stage, characters).archived


def test_long_lists_come_in_pages_with_the_same_queries(
    analyst: Browser, stage: Stage, characters: Characters, count_queries: Counter
) -> None:
    def queries() -> int:
        analyst.get("/admin/accounts")
        with count_queries(stage.database) as statements:
            analyst.get("/admin/accounts")
        return len(statements)

    before = queries()
    with stage.database.writing() as session:
        for number in range(60):
            accounts.create(session, characters.analyst, now=NOW, name=f"Branch {number:02}")
    assert queries() == before <= 6
    first = analyst.get("/admin/accounts?q=branch").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert first.count("Branch ") == 50
    assert analyst.get(following).text.count("Branch ") == 10
