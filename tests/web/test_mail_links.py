"""The link of a mail that ends it: for whoever has the mail, and for nobody else."""

from collections.abc import Callable

import pytest

from insights.models import ToldBy
from insights.services import news, routes
from insights.services.access import Actor
from integrations.mail.links import Links
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.web.pages import text_of

ALERT = {"name": "Prices", "query": "price", "cadence": "at-once", "send_at": "08:00"}


@pytest.fixture
def link(stage: Stage, characters: Characters, client_of: Callable[[Actor], Browser]) -> str:
    """The path of the link in a mail of the owner's alert."""
    client_of(characters.owner).submit("/routes/new", **ALERT)
    links = Links("https://insights.example.com", stage.runtime.settings.secret_key)
    return links.end(1).removeprefix("https://insights.example.com")


def is_muted(stage: Stage, characters: Characters) -> bool:
    with stage.database.reading() as session:
        (alert,) = routes.list_routes(session, characters.owner, limit=5)
        return alert.muted


def test_opening_it_asks_first(
    stage: Stage, characters: Characters, nobody: Browser, link: str
) -> None:
    page = nobody.get(link)
    assert "End these mails?" in text_of(page)
    assert not is_muted(stage, characters)


def test_one_click_of_a_mail_program_ends_it(
    stage: Stage, characters: Characters, nobody: Browser, link: str
) -> None:
    answer = nobody.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "“Prices” is switched off" in text_of(answer)
    assert is_muted(stage, characters)
    assert nobody.post(link).status_code == 200


def test_news_of_ones_notes_end_with_one_click_too(
    stage: Stage, characters: Characters, nobody: Browser, client_of: Callable[[Actor], Browser]
) -> None:
    client_of(characters.owner).submit("/me/news", "/me/settings", told_by="mail")
    links = Links("", stage.runtime.settings.secret_key)
    link = links.end_news(characters.owner.id)
    assert "End these mails?" in text_of(nobody.get(link))
    assert told_by(stage, characters.owner) is ToldBy.MAIL
    answer = nobody.post(link, data={"List-Unsubscribe": "One-Click"})
    assert "not told of news by mail any more" in text_of(answer)
    assert told_by(stage, characters.owner) is ToldBy.PAGE


def told_by(stage: Stage, actor: Actor) -> ToldBy:
    with stage.database.reading() as session:
        return news.telling(session, actor).by


@pytest.mark.parametrize("token", ["x", "MQ.forged", "1", "%00", "x" * 4000])
def test_a_link_that_nobody_signed_ends_nothing(
    stage: Stage, characters: Characters, nobody: Browser, link: str, token: str
) -> None:
    for answer in (nobody.get(f"/alerts/end/{token}"), nobody.post(f"/alerts/end/{token}")):
        assert answer.status_code == 404
    assert not is_muted(stage, characters)
