"""The pages of rules for accounts."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from insights.models import TerritoryRule
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import MERCY

RULES, NEW = "/admin/territory-rules", "/admin/territory-rules/new"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def number(stage: Stage) -> int:
    with stage.database.reading() as session:
        return session.scalar(select(func.count()).select_from(TerritoryRule)) or 0


def test_a_rule_is_added_and_removed(admin: Browser, stage: Stage) -> None:
    assert "No rules yet" in admin.get(RULES).text
    answer = admin.submit(NEW, territory="florida", state="ga", dimension_1="healthcare")
    assert answer.status_code == 303
    page = admin.get(RULES).text
    assert "state GA and Healthcare" in page
    address = page.split('/remove"')[0].rsplit('action="', 1)[1] + "/remove"
    assert admin.submit(address, RULES).status_code == 303
    assert number(stage) == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"territory": ""}, "territory"),
        ({"territory": "atlantis"}, "territory"),
        ({"state": ""}, "terms"),
        ({"dimension_1": "enterprise"}, "dimension_1"),
        ({"team_type": "none"}, "team_type"),
        ({"team_type": "field", "dimension_1": "healthcare"}, "terms"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    admin: Browser, given: dict[str, str], field: str
) -> None:
    answer = admin.submit(NEW, **{"territory": "florida", "state": "GA", **given})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text


def test_managers_make_rules_for_their_part(
    client_of: Callable[[Actor], Browser], characters: Characters, stage: Stage
) -> None:
    manager = client_of(characters.manager)
    assert manager.submit(NEW, territory="georgia", state="GA").status_code == 303
    assert manager.submit(NEW, territory="nevada", state="NV").status_code == 403
    assert number(stage) == 1


def test_what_stands_elsewhere_is_listed_and_leads_to_a_preview(admin: Browser) -> None:
    page = f"/admin/accounts/{MERCY}"
    given = {"name": "Mercy Hospital", "territory": "georgia", "segments": "", "external_id": ""}
    admin.submit(page, **given, state="fl", team_type="named")
    assert 'value="FL"' in admin.get(page).text
    admin.submit(NEW, territory="florida", state="FL", team_type="named")
    listed = admin.get(f"{RULES}?what=misplaced").text
    assert "Mercy Hospital" in listed
    assert "Elsewhere 1" in listed
    form = admin.get("/admin/reassignments/new?account_to=rules").text
    assert 'value="rules" selected' in form


@pytest.mark.parametrize("what", ["gap", "overlap", "misplaced", "idle", "nonsense"])
def test_every_list_opens(admin: Browser, what: str) -> None:
    assert admin.get(f"{RULES}?what={what}").status_code == 200
