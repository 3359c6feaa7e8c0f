"""The page of who knows: what it is asked with, whom it names, and where it leads."""

from collections.abc import Callable

from insights.models import Audience, Person
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW, OWNER
from tests.web.pages import html_of, text_of

ClientOf = Callable[[Actor], Browser]


def test_names_people_with_what_they_told_and_leads_to_their_notes(
    stage: Stage, characters: Characters, client_of: ClientOf
) -> None:
    stage.post(characters.owner, "Ionfield zebra", account_id=MERCY)
    browser = client_of(characters.analyst)
    for asked, label in (
        ("q=zebra", "“zebra”"),
        ("competitor=ionfield", "Ionfield"),
        ("segment=healthcare", "Healthcare"),
        ("territory=southeast", "Southeast"),
        (f"account={MERCY}", "Mercy Hospital"),
    ):
        page = browser.get(f"/who-knows?{asked}")
        assert f"Who knows about {label}" in text_of(page)
        assert "Olivia Owner 1 note" in text_of(page)
        assert f"/search?author={OWNER}&amp;{asked}" in html_of(page)


def test_what_is_given_together_has_to_be_met_together(
    stage: Stage, characters: Characters, client_of: ClientOf
) -> None:
    stage.post(characters.owner, "Ionfield zebra")
    stage.post(characters.stranger, "Ionfield zebra")
    page = client_of(characters.analyst).get("/who-knows?q=zebra&territory=nevada")
    assert "Stella Stranger" in text_of(page)
    assert "Olivia Owner" not in text_of(page)


def test_says_that_somebody_has_left(
    stage: Stage, characters: Characters, client_of: ClientOf
) -> None:
    stage.post(characters.owner, "Ionfield zebra")
    with stage.database.writing() as session:
        session.get_one(Person, OWNER).deactivated_at = NOW
    page = client_of(characters.analyst).get("/who-knows?q=zebra")
    assert "has left: ask whoever holds the territory now" in text_of(page)


def test_a_sealed_note_names_nobody_to_a_stranger(
    stage: Stage, characters: Characters, client_of: ClientOf
) -> None:
    stage.post(characters.owner, "Zebra secret", audience=Audience.SEALED)
    for actor in characters.everyone:
        page = text_of(client_of(actor).get("/who-knows?q=zebra"))
        seen = actor not in (characters.member, characters.stranger)
        assert ("Olivia Owner" in page) is seen
        assert ("Nobody has told of this yet" in page) is not seen


def test_asks_what_it_is_about_when_nothing_is_named(
    characters: Characters, client_of: ClientOf
) -> None:
    for address in ("/who-knows", "/who-knows?competitor=nobody&account=999&account=x"):
        page = client_of(characters.member).get(address)
        assert page.status_code == 200
        assert "About what?" in text_of(page)


def test_is_linked_from_search_competitors_and_segments(
    stage: Stage, characters: Characters, client_of: ClientOf
) -> None:
    stage.post(characters.owner, "Ionfield zebra")
    browser = client_of(characters.member)
    for address, link in (
        ("/search?q=zebra", "/who-knows?q=zebra"),
        ("/competitors/ionfield", "/who-knows?competitor=ionfield"),
        ("/segments/healthcare", "/who-knows?segment=healthcare"),
        ("/territories/georgia", "/who-knows?territory=georgia"),
    ):
        assert link in html_of(browser.get(address))
