"""Who may open which page of the administration."""

from collections.abc import Callable

import pytest

from insights.services.access import Actor
from tests.fixtures.app import Browser
from tests.fixtures.databases import on_each_database
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, LEAVER, MEMBER, MERCY

pytestmark = on_each_database

Open = Callable[[Actor], Browser]

CURATORS = {"analyst", "manager", "admin"}
FOR_ADMINS = (
    "/admin/people", "/admin/people/new", f"/admin/people/{MEMBER}", "/admin/territories/new",
    "/admin/segments", "/admin/segments/new", "/admin/segments/healthcare", "/admin/import",
    "/admin/tokens", "/admin/journal", "/admin/guard-rails", "/admin/guard-rails/new",
    "/admin/trends",
)  # fmt: skip
FOR_MANAGERS = ("/admin/territories", "/admin/territories/georgia", "/admin/assignments/2")
FOR_CURATORS = (
    "/admin", "/admin/competitors", "/admin/competitors/new", "/admin/competitors/ionfield",
    "/admin/products", "/admin/products/new", "/admin/products/ion-cloud",
    "/admin/accounts", "/admin/accounts/new", f"/admin/accounts/{MERCY}",
)  # fmt: skip
PAGES = {
    **{one: {"admin"} for one in FOR_ADMINS},
    **{one: {"manager", "admin"} for one in FOR_MANAGERS},
    **dict.fromkeys(FOR_CURATORS, CURATORS),
}
DEEDS = {
    "/admin/people/new": {"admin"},
    f"/admin/people/{MEMBER}": {"admin"},
    f"/admin/people/{MEMBER}/password": {"admin"},
    f"/admin/people/{MEMBER}/deactivate": {"admin"},
    f"/admin/people/{MEMBER}/activate": {"admin"},
    f"/admin/people/{LEAVER}/pseudonymise": {"admin"},
    "/admin/territories/new": {"admin"},
    "/admin/territories/georgia": {"admin"},
    "/admin/territories/georgia/move": {"admin"},
    "/admin/territories/georgia/archive": {"admin"},
    "/admin/territories/georgia/restore": {"admin"},
    "/admin/territories/georgia/assignments": {"manager", "admin"},
    "/admin/assignments/2/end": {"manager", "admin"},
    "/admin/assignments/2/take-back": {"manager", "admin"},
    "/admin/segments/new": {"admin"},
    "/admin/segments/dimensions/1": {"admin"},
    "/admin/segments/healthcare": {"admin"},
    "/admin/segments/healthcare/archive": {"admin"},
    "/admin/segments/healthcare/restore": {"admin"},
    "/admin/competitors/new": CURATORS,
    "/admin/competitors/ionfield": CURATORS,
    "/admin/competitors/ionfield/archive": CURATORS,
    "/admin/competitors/ionfield/restore": CURATORS,
    "/admin/competitors/ionfield/merge": CURATORS,
    "/admin/products/new": CURATORS,
    "/admin/products/ion-cloud": CURATORS,
    "/admin/products/ion-cloud/archive": CURATORS,
    "/admin/products/ion-cloud/restore": CURATORS,
    "/admin/accounts/new": CURATORS,
    f"/admin/accounts/{MERCY}": CURATORS,
    f"/admin/accounts/{MERCY}/archive": CURATORS,
    f"/admin/accounts/{MERCY}/restore": CURATORS,
    "/admin/import": {"admin"},
    "/admin/guard-rails/new": {"admin"},
    "/admin/guard-rails/starter": {"admin"},
    "/admin/guard-rails/try": {"admin"},
    "/admin/trends/compute": {"admin"},
}
CHARACTERS = ("owner", "analyst", "manager", "admin")


@pytest.mark.parametrize("character", CHARACTERS)
def test_each_page_opens_for_those_it_is_for(
    character: str, client_of: Open, characters: Characters
) -> None:
    browser = client_of(getattr(characters, character))
    answers = {address: browser.get(address).status_code for address in PAGES}
    assert answers == {one: 200 if character in who else 403 for one, who in PAGES.items()}


@pytest.mark.parametrize("character", CHARACTERS)
def test_each_deed_is_refused_to_all_others(
    character: str, client_of: Open, characters: Characters
) -> None:
    browser = client_of(getattr(characters, character))
    answers = {one: browser.submit(one, page="/").status_code for one in DEEDS}
    allowed = {one for one, status in answers.items() if status != 403}
    assert allowed == {one for one, who in DEEDS.items() if character in who}
    assert set(answers.values()) <= {200, 303, 403, 422}


def test_nobody_is_sent_to_the_sign_in(nobody: Browser) -> None:
    for address in PAGES:
        answer = nobody.get(address)
        assert answer.status_code == 302
        assert "/sign-in" in answer.headers["Location"]


def test_a_form_without_its_token_is_refused(client_of: Open, characters: Characters) -> None:
    browser = client_of(characters.admin)
    assert {browser.post(address).status_code for address in DEEDS} == {400}


def test_a_manager_assigns_in_the_own_part_of_the_tree_only(
    client_of: Open, characters: Characters
) -> None:
    browser = client_of(characters.manager)
    sent = {"person": str(MEMBER), "since": "2026-03-20"}
    for slug in ("nevada", "west"):
        page = f"/admin/territories/{slug}"
        assert browser.get(page).status_code == 403
        assert browser.submit(f"{page}/assignments", page="/", **sent).status_code == 403


@pytest.mark.parametrize(
    ("character", "sections"),
    [
        ("owner", None),
        ("analyst", ["Competitors", "Products", "Accounts"]),
        ("manager", ["Territories", "Competitors", "Products", "Accounts"]),
    ],
)
def test_the_navigation_shows_what_one_may_use(
    character: str, sections: list[str] | None, client_of: Open, characters: Characters
) -> None:
    browser = client_of(getattr(characters, character))
    assert ('href="/admin"' in browser.get("/").text) == (sections is not None)
    if sections:
        page = browser.get("/admin").text
        hub = page[page.index("admin-places") :]
        names = ("People", "Territories", "Segments", "Competitors", "Products", "Accounts")
        shown = [one for one in (*names, "Journal") if f"<strong>{one}</strong>" in hub]
        assert shown == sections


MISSING = (
    "/admin/people/999", f"/admin/people/{2**70}", "/admin/people/x", "/admin/territories/atlantis",
    "/admin/territories/%00", "/admin/segments/nothing", "/admin/competitors/nobody",
    "/admin/products/nothing", "/admin/accounts/999", f"/admin/accounts/{2**70}",
    "/admin/assignments/999", f"/admin/territories/{'x' * 2000}",
    "/admin/import/notes/01890a5d-ac96-774b-bcce-b302099a8057",
    "/admin/import/spells/01890a5d-ac96-774b-bcce-b302099a8057",
)  # fmt: skip


def test_what_does_not_exist_is_not_found(client_of: Open, characters: Characters) -> None:
    browser = client_of(characters.admin)
    assert {browser.get(address).status_code for address in MISSING} == {404}


QUERIES = (
    "q=%00%EF%BF%BE", "q=%ED%A0%80", f"q={'x' * 3000}", "after=x", "after=-1", "archived=maybe",
    "_external=1&_scheme=x&_anchor=y&endpoint=z", "role=king&active=7", "what=%00&person=x",
    "subject=territory:%00", "subject=note:x", "subject=king:1",
    "since=2026-02-30&until=9999-12-31",
    "since=0001-01-01", "person=99999999999999999999", "usable=x", "noun=x", "parent=%00",
    "dimension=x", "q=%25_%5C",
)  # fmt: skip
LISTS = ("people", "territories", "segments", "competitors", "products", "accounts", "tokens",
         "journal", "import", "segments/new", "territories/new")  # fmt: skip


def test_whatever_stands_in_an_address_is_answered(client_of: Open, characters: Characters) -> None:
    browser = client_of(characters.admin)
    for noun in LISTS:
        for query in QUERIES:
            status = browser.get(f"/admin/{noun}?{query}").status_code
            assert status in (200, 422), f"{noun}?{query}: {status}"


def test_numbers_beyond_any_database_go_nowhere(client_of: Open, characters: Characters) -> None:
    browser = client_of(characters.admin)
    for noun in ("people", "accounts"):
        assert browser.get(f"/admin/{noun}?after={10**30}").status_code == 422
    for noun in ("tokens", "journal"):
        assert browser.get(f"/admin/{noun}?after={10**30}").status_code == 200


def test_a_manager_sees_the_own_part_of_the_tree(client_of: Open, characters: Characters) -> None:
    page = client_of(characters.manager).get("/admin/territories").text
    assert "Georgia" in page
    assert "Nevada" not in page
    assert "Nevada" in client_of(characters.admin).get("/admin/territories").text
    assert GEORGIA in characters.manager.scope
