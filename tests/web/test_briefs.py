"""The page of a territory's brief: for everyone, with what its reader may see."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from insights.models import Audience
from insights.services import must_knows
from insights.services.access import Actor
from insights.services.must_knows import NewMustKnow
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MERCY, NOW
from tests.web.pages import html_of, text_of

Open = Callable[[Actor], Browser]
PAGE = "/briefs/territories/georgia"


def test_opens_for_everyone_who_is_signed_in(
    client_of: Open, characters: Characters, nobody: Browser
) -> None:
    for actor in characters.everyone:
        answer = client_of(actor).get(PAGE)
        assert answer.status_code == 200
        assert "Brief of Georgia" in text_of(answer)
    assert nobody.get(PAGE).status_code == 302


def test_of_a_place_that_does_not_exist_there_is_none(
    client_of: Open, characters: Characters
) -> None:
    assert client_of(characters.owner).get("/briefs/territories/atlantis").status_code == 404


def test_says_what_there_is_to_know(client_of: Open, characters: Characters, stage: Stage) -> None:
    note_id = stage.post(characters.owner, "Ionfield is cheap", account_id=MERCY)
    page = client_of(characters.manager).get(PAGE)
    for heading in ("Must know", "Promised", "Competitors", "Customers", "Who else knows"):
        assert f">{heading}</h2>" in html_of(page)
    assert f'href="/notes/{note_id}"' in html_of(page)
    assert "only Olivia Owner wrote about it" in text_of(page)
    assert 'href="/competitors/ionfield"' in html_of(page)


def test_a_sealed_note_is_in_none_of_a_stranger(
    client_of: Open, characters: Characters, stage: Stage
) -> None:
    stage.post(characters.owner, "Ionfield buys them", audience=Audience.SEALED, account_id=MERCY)
    assert "Ionfield" not in text_of(client_of(characters.stranger).get(PAGE))
    assert "Ionfield buys them" in text_of(client_of(characters.manager).get(PAGE))


class TestMustKnows:
    @pytest.fixture
    def pinned(self, stage: Stage, characters: Characters) -> str:
        """The address of one."""
        new = NewMustKnow(uuid4(), GEORGIA, "Call before nine")
        with stage.database.writing() as session:
            must_knows.pin(session, characters.owner, new, now=NOW)
        return f"/briefs/must-knows/{new.id}"

    def test_are_pinned_by_those_who_hold_or_manage(
        self, client_of: Open, characters: Characters
    ) -> None:
        for name, actor in vars(characters).items():
            browser, may = client_of(actor), name in ("owner", "manager", "admin")
            assert ("Pin a must-know" in text_of(browser.get(PAGE))) == may, name
            given = {"id": str(uuid4()), "text": f"By the {name}"}
            answer = browser.submit("/briefs/territories/georgia/must-knows", PAGE, **given)
            assert answer.status_code == (303 if may else 403), name
        shown = text_of(client_of(characters.owner).get(PAGE))
        assert "By the owner" in shown
        assert "By the stranger" not in shown

    def test_are_changed_and_retired(
        self, client_of: Open, characters: Characters, pinned: str
    ) -> None:
        owner = client_of(characters.owner)
        owner.submit(f"{pinned}/change", PAGE, text="Call before eight")
        assert "Call before eight" in text_of(owner.get(PAGE))
        owner.submit(f"{pinned}/retire", PAGE)
        assert "Call before eight" not in html_of(owner.get(PAGE))

    @pytest.mark.parametrize("deed", ["change", "retire"])
    def test_are_nobody_elses_to_change(
        self, client_of: Open, characters: Characters, pinned: str, deed: str
    ) -> None:
        expected = {"member": 404, "stranger": 404, "analyst": 403}
        for name, status in expected.items():
            browser = client_of(getattr(characters, name))
            assert browser.submit(f"{pinned}/{deed}", PAGE, text="x").status_code == status, name

    def test_without_words_or_with_a_damaged_form_are_refused(
        self, client_of: Open, characters: Characters
    ) -> None:
        owner, address = client_of(characters.owner), "/briefs/territories/georgia/must-knows"
        owner.submit(address, PAGE, id=str(uuid4()), text=" ")
        assert "Write what whoever comes next" in text_of(owner.get(PAGE))
        assert owner.submit(address, PAGE, id="x", text="y").status_code == 422
