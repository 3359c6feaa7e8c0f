"""The list of accounts, and the brief of one before a visit."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from insights.models import Account, Audience, Kind
from insights.services import accounts
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW, ROADWAY
from tests.web.pages import html_of, text_of
from tests.web.reading import links_on, notes_on, page_text

ClientOf = Callable[[Actor], Browser]
PAGE = f"/accounts/{MERCY}"


@pytest.fixture
def owner(characters: Characters, client_of: ClientOf) -> Browser:
    """The browser of whoever holds Georgia."""
    return client_of(characters.owner)


def post(stage: Stage, actor: Actor, text: str, **given: Any) -> None:
    stage.post(actor, text, **{"kind": Kind.COMPETITOR, "account_id": MERCY, **given})


class TestTheList:
    def test_is_for_everyone_their_own_first(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        for actor in characters.everyone:
            page = page_text(client_of(actor).get("/accounts"))
            assert "Mercy Hospital" in page
            assert "Roadway Freight" in page
            assert ("In my territories" in page) is bool(
                actor.id in (characters.owner.id, characters.stranger.id, characters.manager.id)
            )

    def test_finds_by_a_part_of_the_name(self, owner: Browser) -> None:
        found = page_text(owner.get("/accounts?q=hospital"))
        assert "Mercy Hospital" in found
        assert "Roadway" not in found
        assert "No account found" in page_text(owner.get("/accounts?q=nowhere"))

    def test_counts_what_the_reader_may_see(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        post(stage, characters.owner, "One", audience=Audience.SEALED)
        assert "1 note" in text_of(client_of(characters.owner).get("/accounts"))
        assert "1 note" not in text_of(client_of(characters.stranger).get("/accounts"))

    def test_goes_on_in_order_of_name(
        self, stage: Stage, owner: Browser, characters: Characters
    ) -> None:
        with stage.database.writing() as session:
            for number in range(60):
                accounts.create(session, characters.admin, now=NOW, name=f"Aardvark {number:02}")
        first = owner.get("/accounts")
        assert "Aardvark 49" in text_of(first)
        assert "Aardvark 50" not in text_of(first)
        second = text_of(owner.get(links_on(first)["Next"]))
        assert "Aardvark 50" in second
        assert "Roadway Freight" in second
        assert "In my territories" not in second

    def test_leaves_archived_ones_out(self, stage: Stage, owner: Browser) -> None:
        with stage.database.writing() as session:
            session.execute(update(Account).where(Account.id == MERCY).values(archived_at=NOW))
        assert "Mercy" not in text_of(owner.get("/accounts"))
        page = owner.get(PAGE)
        assert "Archived" in page_text(page)
        assert "New note here" not in text_of(page)


class TestTheBrief:
    def test_is_for_everyone_who_is_signed_in(
        self, characters: Characters, client_of: ClientOf, nobody: Browser
    ) -> None:
        for actor in characters.everyone:
            page = page_text(client_of(actor).get(PAGE))
            assert "Georgia, held by Olivia Owner" in page
            assert "Healthcare" in page
        assert nobody.get(PAGE).status_code == 302
        assert client_of(characters.owner).get("/accounts/999").status_code == 404

    def test_offers_what_insiders_do(self, characters: Characters, client_of: ClientOf) -> None:
        insiders = {
            name
            for name, actor in vars(characters).items()
            if "Write down a promise" in text_of(client_of(actor).get(PAGE))
        }
        assert insiders == {"owner", "manager", "analyst", "admin"}

    def test_leads_to_the_form_of_a_note_about_it(self, owner: Browser) -> None:
        address = links_on(owner.get(PAGE))["New note here"]
        assert "Mercy Hospital" in text_of(owner.get(address))

    def test_lists_its_notes_and_what_they_name(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        post(stage, characters.owner, "Ionfield was here")
        post(stage, characters.owner, "Acme too, between us", audience=Audience.SEALED)
        page = client_of(characters.owner).get(PAGE)
        assert set(notes_on(page)) == {"Acme too, between us", "Ionfield was here"}
        assert "Ionfield 1 note, last just now" in page_text(page)
        assert "Olivia Owner 2 notes" in page_text(page)
        strange = client_of(characters.stranger).get(PAGE)
        assert notes_on(strange) == ["Ionfield was here"]
        assert "Acme" not in text_of(strange)
        assert "Olivia Owner 1 note" in page_text(strange)

    def test_keeps_a_promise_made_on_it(self, owner: Browser) -> None:
        answer = owner.submit("/promises/new", page=PAGE, account=MERCY, text="A visit in May")
        assert answer.location == PAGE
        assert "A visit in May" in page_text(owner.get(PAGE))

    def test_shows_more_of_many_notes(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        for number in range(12):
            post(stage, characters.owner, f"note {number}")
        more = owner.get(links_on(owner.get(PAGE))["Show more"], headers={"HX-Request": "true"})
        assert len(notes_on(more)) == 2
        assert "<h1" not in html_of(more)

    def test_of_an_account_without_territory_says_so(self, stage: Stage, owner: Browser) -> None:
        with stage.database.writing() as session:
            session.execute(update(Account).where(Account.id == ROADWAY).values(territory_id=None))
        assert "Not in a territory yet" in page_text(owner.get(f"/accounts/{ROADWAY}"))

    def test_asks_a_fixed_number_of_queries(
        self, stage: Stage, characters: Characters, owner: Browser, count_queries: Counter
    ) -> None:
        post(stage, characters.owner, "Ionfield")
        with count_queries(stage.database) as few:
            owner.get(PAGE)
        for number in range(5):
            post(stage, characters.member, f"Acme {number}")
        with count_queries(stage.database) as many:
            owner.get(PAGE)
        assert len(many) <= len(few)
