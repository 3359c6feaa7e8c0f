"""Accounts: customers and prospects."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.accounts import (
    AccountOut,
    AccountPatch,
    AccountPost,
    AccountsQuery,
    account_out,
)
from insights.schemas.lists import page_of
from insights.services import accounts, catalogue
from insights.services.lookup import quoted

blueprint = ApiBlueprint("accounts", __name__)


@blueprint.operation(
    "GET", "/accounts", scope="read", query=AccountsQuery(), answers=page_of(AccountOut)
)
def list_accounts(query: dict[str, Any]) -> Answer:
    """Accounts in order of name, a page at a time; with `q` those that a person may mean."""
    limit = query["limit"]
    if "q" in query:
        meant = accounts.find(db_session(), actor(), words=query["q"], limit=limit)
        return page([account_out(one) for one in meant], None)
    found = accounts.list_accounts(
        db_session(),
        actor(),
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
        territory_id=_territory_id(query.get("territory")),
        archived=query["archived"],
    )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([account_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation("GET", "/accounts/<number:account_id>", scope="read", answers=AccountOut())
def get_account(account_id: int) -> Answer:
    """One account."""
    return account_out(accounts.get(db_session(), actor(), account_id=account_id))


@blueprint.operation(
    "POST",
    "/accounts",
    scope="write",
    body=AccountPost(),
    answers=AccountOut(),
    success=(201,),
)
def post_account(body: dict[str, Any]) -> Answer:
    """Adds an account. For analysts, managers and admins."""
    return answer(account_out(accounts.create(db_session(), actor(), now=now(), **body)), 201)


@blueprint.operation(
    "PATCH",
    "/accounts/<number:account_id>",
    scope="write",
    body=AccountPatch(),
    answers=AccountOut(),
)
def patch_account(account_id: int, body: dict[str, Any]) -> Answer:
    """Changes an account; notes keep the territory and segments that they have.

    For analysts, managers and admins.
    """
    return account_out(
        accounts.change(db_session(), actor(), now=now(), account_id=account_id, **body)
    )


@blueprint.operation(
    "POST", "/accounts/<number:account_id>/archive", scope="write", answers=AccountOut()
)
def archive_account(account_id: int) -> Answer:
    """Takes an account out of use; notes keep it."""
    return account_out(accounts.archive(db_session(), actor(), now=now(), account_id=account_id))


@blueprint.operation(
    "POST", "/accounts/<number:account_id>/restore", scope="write", answers=AccountOut()
)
def restore_account(account_id: int) -> Answer:
    """Takes an account into use again."""
    return account_out(accounts.restore(db_session(), actor(), now=now(), account_id=account_id))


def _territory_id(word: str | None) -> int | None:
    if word is None:
        return None
    place = catalogue.current(db_session()).find_territory(word)
    if place is None:
        raise Invalid({"territory": [f"“{quoted(word)}” is not known."]})
    return place.id
