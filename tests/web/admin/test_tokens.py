"""Everybody's tokens in the administration."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.services import tokens
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY

PAGE = "/admin/tokens"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def make(stage: Stage, actor: Actor, name: str, days: int = 30) -> tuple[int, str]:
    with stage.database.writing() as session:
        expires_at = NOW + timedelta(days=days)
        made, secret = tokens.make(
            session, actor, now=NOW, name=name, scopes=["read"], expires_at=expires_at
        )
    return made.id, secret


def test_without_any_the_page_says_where_they_are_made(admin: Browser) -> None:
    page = admin.get(PAGE).text
    assert "No tokens" in page
    assert "/me/tokens" in page


def test_the_list_names_the_person_and_never_the_secret(
    admin: Browser, stage: Stage, characters: Characters
) -> None:
    _, secret = make(stage, characters.owner, "CRM bridge")
    page = admin.get(PAGE).text
    assert "CRM bridge" in page
    assert "Olivia Owner" in page
    assert secret[:8] in page
    assert secret not in page


def test_a_revoked_token_is_refused_at_once(
    admin: Browser, stage: Stage, characters: Characters
) -> None:
    token_id, secret = make(stage, characters.owner, "CRM bridge")
    assert "data-confirm" in admin.get(PAGE).text
    assert admin.submit(f"{PAGE}/{token_id}/revoke", PAGE).status_code == 303
    with stage.database.reading() as session:
        assert tokens.find(session, secret, today=TODAY, now=NOW) is None
    admin.get(PAGE)
    assert "CRM bridge" not in admin.get(PAGE).text
    assert "revoked" in admin.get(f"{PAGE}?usable=no").text


def test_what_has_expired_is_told_apart(
    admin: Browser, stage: Stage, characters: Characters
) -> None:
    make(stage, characters.owner, "Old laptop", days=1)
    stage.clock.now = NOW + timedelta(days=2)
    assert "Old laptop" not in admin.get(PAGE).text
    assert "has expired" in admin.get(f"{PAGE}?usable=no").text


@pytest.mark.parametrize("token_id", [999, 2**70])
def test_a_token_that_does_not_exist_is_not_found(admin: Browser, token_id: int) -> None:
    assert admin.submit(f"{PAGE}/{token_id}/revoke", PAGE).status_code == 404


def test_the_list_comes_in_pages_with_the_same_queries(
    admin: Browser, stage: Stage, characters: Characters, count_queries: Counter
) -> None:
    make(stage, characters.owner, "Key 00")
    admin.get(PAGE)  # reads the catalogue
    with count_queries(stage.database) as few:
        admin.get(PAGE)
    for number in range(1, 60):
        make(stage, characters.owner, f"Key {number:02}")
    with count_queries(stage.database) as many:
        first = admin.get(PAGE).text
    # Who asks, the keys, and what the navigation counts: news of notes, all else that one is told,
    # and the inbox.
    assert len(many) == len(few) <= 5
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert first.count('<th scope="row">Key ') == 50
    assert admin.get(following).text.count('<th scope="row">Key ') == 10
