"""The pages of reassignments: from the tick boxes of the tree to the undoing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Account, Assignment
from insights.services import assignments
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, MEMBER, MERCY, NOW, OWNER, STRANGER, TODAY

NEW, PREVIEW, MAKE = (
    "/admin/reassignments/new",
    "/admin/reassignments/preview",
    "/admin/reassignments",
)
GIVEN = {"since": TODAY.isoformat(), "territories": "georgia", "to": str(MEMBER)}


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def fingerprint(page: str) -> str:
    found = re.search(r'name="fingerprint" value="([0-9a-f]+)"', page)
    assert found
    return found.group(1)


def holders(stage: Stage, territory_id: int = GEORGIA) -> set[int]:
    lasting = select(Assignment.person_id).where(
        Assignment.territory_id == territory_id, Assignment.until.is_(None)
    )
    with stage.database.reading() as session:
        return set(session.scalars(lasting))


def make(browser: Browser, **given: Any) -> str:
    """Makes a reassignment; gives the address of its page."""
    values = {**GIVEN, **given}
    page = browser.submit(PREVIEW, NEW, **values)
    answer = browser.submit(MAKE, NEW, **values, fingerprint=fingerprint(page.text))
    assert answer.status_code == 303
    return answer.headers["Location"]


@pytest.mark.parametrize("path", ["/admin/reassignments", NEW, "/admin/territory-rules"])
def test_the_pages_are_for_managers_and_admins(
    client_of: Callable[[Actor], Browser], characters: Characters, path: str
) -> None:
    opened = {
        name for name, actor in vars(characters).items()
        if client_of(actor).get(path).status_code == 200
    }  # fmt: skip
    assert opened == {"manager", "admin"}


class TestTheWay:
    def test_begins_with_boxes_in_the_tree(self, admin: Browser) -> None:
        assert 'name="territory" value="georgia"' in admin.get("/admin/territories").text
        tree = "/admin/territories"
        form = admin.submit(NEW, tree, territory=["georgia", "florida"])
        assert "2 ticked: Georgia, Florida" in form.text

    def test_finds_what_has_no_holder(self, admin: Browser) -> None:
        page = admin.get("/admin/territories?vacant=1").text
        assert "West" in page
        assert "Georgia" not in page

    def test_shows_what_would_move_and_changes_nothing(self, admin: Browser, stage: Stage) -> None:
        page = admin.submit(PREVIEW, NEW, **GIVEN)
        assert page.status_code == 200
        assert "Georgia to Max Member" in page.text
        assert "Olivia Owner" in page.text
        assert holders(stage) == {OWNER}

    def test_leads_from_a_copied_address_of_a_preview_to_the_form(self, admin: Browser) -> None:
        assert admin.get(PREVIEW).location == NEW

    def test_asks_about_what_moves_alone(self, admin: Browser) -> None:
        page = admin.submit(PREVIEW, NEW, **GIVEN)
        assert "Reassign 1 territory? You can undo it for a day." in page.text

    def test_moves_it_and_takes_it_back(self, admin: Browser, stage: Stage) -> None:
        address = make(admin)
        assert holders(stage) == {MEMBER}
        assert "Undo it" in admin.get(address).text
        assert "Georgia to Max Member" in admin.get("/admin/reassignments").text
        assert admin.submit(f"{address}/undo", address).status_code == 303
        assert holders(stage) == {OWNER}
        assert "Undone by Ada Admin" in admin.get(address).text

    def test_moves_accounts(self, admin: Browser, stage: Stage) -> None:
        make(admin, territories="", to="", account_region="georgia", account_to="florida")
        with stage.database.reading() as session:
            assert session.get_one(Account, MERCY).territory_id == FLORIDA

    def test_reads_a_table_as_spreadsheets_copy_it(self, admin: Browser, stage: Stage) -> None:
        table = "Southeast\tStella Stranger\r\nGA\tmax member"
        make(admin, territories="georgia,florida", to="table", table=table)
        assert (holders(stage), holders(stage, FLORIDA)) == ({MEMBER}, {STRANGER})

    def test_leaves_territories_without_a_holder(self, admin: Browser, stage: Stage) -> None:
        page = admin.submit(PREVIEW, NEW, **{**GIVEN, "to": "nobody"})
        assert "Left without a holder: Georgia." in page.text
        make(admin, to="nobody")
        assert holders(stage) == set()


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"to": ""}, "to"),
            ({"to": "x"}, "to"),
            ({"to": "999"}, "to"),
            ({"since": "yesterday"}, "since"),
            ({"territories": "", "holder": "", "region": ""}, "holder"),
            ({"territories": "atlantis"}, "territory"),
            ({"region": "atlantis"}, "region"),
            ({"to": "table", "table": ""}, "table"),
            ({"to": "table", "table": "Georgia"}, "table"),
            ({"to": "table", "table": "Georgia; Nobody Known"}, "table"),
            ({"to": "table", "table": "Atlantis; Max Member"}, "table"),
            ({"account_to": "atlantis"}, "account_to"),
            ({"account_state": "GA"}, "account_to"),
            ({"account_team_type": "none"}, "account_team_type"),
        ],
    )
    def test_come_back_with_the_form(
        self, admin: Browser, given: dict[str, str], field: str
    ) -> None:
        answer = admin.submit(PREVIEW, NEW, **{**GIVEN, **given})
        assert answer.status_code == 422
        assert f'href="#field-{field}"' in answer.text

    def test_of_what_lies_outside_say_what(
        self, client_of: Callable[[Actor], Browser], characters: Characters
    ) -> None:
        manager = client_of(characters.manager)
        answer = manager.submit(PREVIEW, NEW, **{**GIVEN, "territories": "nevada"})
        assert answer.status_code == 403
        assert "outside of your part: Nevada" in answer.text

    def test_show_a_new_preview_when_something_has_changed(
        self, admin: Browser, stage: Stage, characters: Characters
    ) -> None:
        page = admin.submit(PREVIEW, NEW, **GIVEN)
        with stage.database.writing() as session:
            given: dict[str, Any] = {"person_id": STRANGER, "since": TODAY}
            assignments.assign(
                session, characters.admin, now=NOW, territory_slug="georgia", **given
            )
        old = fingerprint(page.text)
        answer = admin.submit(MAKE, NEW, **GIVEN, fingerprint=old)
        assert answer.status_code == 409
        assert "have changed since the preview" in answer.text
        assert fingerprint(answer.text) != old
        assert holders(stage) == {OWNER, STRANGER}

    def test_of_an_undoing_say_what_has_changed(self, admin: Browser, stage: Stage) -> None:
        address = make(admin)
        make(admin, to=str(STRANGER))
        answer = admin.submit(f"{address}/undo", address)
        assert answer.status_code == 409
        assert "who holds Georgia" in answer.text
        assert holders(stage) == {STRANGER}
