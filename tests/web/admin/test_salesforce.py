"""The page that imports what Salesforce has exported."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from insights.models import Account
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters

PAGE = "/admin/salesforce"
ACCOUNTS = b"Id,Name,BillingState\n0015e00000GhIjKAAV,Peach Clinic,GA\n,Nameless,\n"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def names(stage: Stage) -> set[str]:
    with stage.database.reading() as session:
        return set(session.scalars(select(Account.name)))


def test_is_for_admins(client_of: Callable[[Actor], Browser], characters: Characters) -> None:
    opened = {
        name for name, actor in vars(characters).items()
        if client_of(actor).get(PAGE).status_code == 200
    }  # fmt: skip
    assert opened == {"admin"}


def test_files_are_tried_and_then_taken(admin: Browser, stage: Stage) -> None:
    trial = admin.submit(PAGE, accounts=(io.BytesIO(ACCOUNTS), "Account.csv"))
    assert trial.status_code == 200
    assert "This was only a trial" in trial.text
    assert "Peach Clinic" not in names(stage)
    report = re.search(rf'href="({PAGE}/[0-9a-f-]+/report)"', trial.text)
    assert report
    with admin.get(report.group(1)) as download:
        assert b"This id is empty" in download.data
    kept = re.search(r'name="accounts" value="([0-9a-f-]+)"', trial.text)
    assert kept
    taken = admin.submit(f"{PAGE}/take", PAGE, accounts=kept.group(1))
    assert "Imported" in taken.text
    assert "Peach Clinic" in names(stage)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "one file at least"),
        ({"users": (io.BytesIO(b"Id\n1\n"), "User.csv")}, "no column for: Email"),
        ({"users": (io.BytesIO(b"PK\x03\x04"), "User.xlsx")}, "workbook"),
    ],
)
def test_what_cannot_be_used_is_said(admin: Browser, files: dict[str, Any], said: str) -> None:
    answer = admin.submit(PAGE, **files)
    assert answer.status_code == 422
    assert said in answer.text
