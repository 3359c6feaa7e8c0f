"""The page of promises, and the form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from insights.services import promises
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MERCY, NOW, TODAY
from tests.web.pages import html_of, text_of, textarea_of
from tests.web.reading import links_on, page_text

ClientOf = Callable[[Actor], Browser]
Make = Callable[..., UUID]


@pytest.fixture
def make(stage: Stage, characters: Characters) -> Make:
    """Makes a promise behind the pages' back, by the owner of Georgia."""

    def deed(text: str = "A price list", **given: Any) -> UUID:
        identity = uuid4()
        with stage.database.writing() as session:
            promises.make(
                session, characters.owner, promise_id=identity, territory_id=GEORGIA, text=text,
                now=NOW, **given,
            )  # fmt: skip
        return identity

    return deed


def test_everyone_sees_the_page_and_insiders_what_is_on_it(
    characters: Characters, client_of: ClientOf, make: Make
) -> None:
    make()
    showing = set()
    for name, actor in vars(characters).items():
        page = page_text(client_of(actor).get("/promises"))
        if "A price list" in page:
            showing.add(name)
        else:
            assert "No open promises" in page
    assert showing == {"owner", "manager", "analyst", "admin"}


def test_nobody_sees_or_does_anything(nobody: Browser, make: Make) -> None:
    identity = make()
    assert nobody.get("/promises").location == "/sign-in?next=/promises"
    for deed in ("kept", "dropped", "reopen", "edit"):
        address = f"/promises/{identity}/{deed}"
        assert nobody.submit(address, page="/sign-in").status_code == 401


def test_the_day_is_said_in_words(client_of: ClientOf, characters: Characters, make: Make) -> None:
    for days, said in {
        -3: "Overdue since 15 Mar", 0: "Due today", 1: "Due tomorrow", 30: "Due 17 Apr",
        400: "Due 22 Apr 2027",
    }.items():  # fmt: skip
        make(said, due=TODAY + timedelta(days=days))
    make("some day")
    page = page_text(client_of(characters.owner).get("/promises"))
    for said in ("Overdue since 15 Mar", "Due today", "Due tomorrow", "Due 17 Apr",
                 "Due 22 Apr 2027", "No day set"):  # fmt: skip
        assert said in page


class TestTheForm:
    def test_makes_a_promise_to_an_account_once(
        self, client_of: ClientOf, characters: Characters
    ) -> None:
        owner = client_of(characters.owner)
        form = owner.get(f"/promises/new?account={MERCY}")
        assert "To Mercy Hospital" in text_of(form)
        sent = {"id": str(uuid4()), "account": MERCY, "text": "A visit", "due": "2026-04-01"}
        for _ in range(2):
            answer = owner.submit("/promises/new", **sent)
            assert (answer.status_code, answer.location) == (303, f"/accounts/{MERCY}")
        assert page_text(owner.get("/promises")).count("A visit") == 1

    def test_comes_back_as_it_was_sent(self, client_of: ClientOf, characters: Characters) -> None:
        answer = client_of(characters.analyst).submit(
            "/promises/new", text="A visit", due="soon", territory=""
        )
        assert answer.status_code == 422
        assert textarea_of(answer, "text") == "A visit"
        assert "Give a day such as 2026-03-18" in text_of(answer)
        assert "Choose the territory" in text_of(answer)

    def test_is_refused_for_a_territory_of_others(
        self, client_of: ClientOf, characters: Characters
    ) -> None:
        answer = client_of(characters.stranger).submit(
            "/promises/new", text="A visit", territory="georgia"
        )
        assert answer.status_code == 403

    def test_changes_an_open_promise(
        self, client_of: ClientOf, characters: Characters, make: Make
    ) -> None:
        owner, identity = client_of(characters.owner), make()
        answer = owner.submit(f"/promises/{identity}/edit", text="Two visits", due="")
        assert answer.location == "/promises"
        assert "Two visits" in page_text(owner.get("/promises"))
        assert owner.submit(f"/promises/{identity}/edit", text=" ").status_code == 422


def test_a_settled_promise_moves_to_the_other_list_and_back(
    client_of: ClientOf, characters: Characters, make: Make
) -> None:
    owner, identity = client_of(characters.owner), make()
    assert owner.submit(f"/promises/{identity}/kept", page="/promises").status_code == 303
    assert "A price list" not in page_text(owner.get("/promises"))
    assert "Kept, says Olivia Owner" in page_text(owner.get("/promises?settled=1"))
    refused = client_of(characters.manager).submit(
        f"/promises/{identity}/dropped", page="/promises"
    )
    assert refused.status_code == 409
    assert "Olivia Owner has settled this promise as kept" in text_of(refused)
    owner.submit(f"/promises/{identity}/reopen", page="/promises")
    assert "A price list" in page_text(owner.get("/promises"))


def test_a_deed_at_the_account_leads_back_there(
    client_of: ClientOf, characters: Characters, make: Make
) -> None:
    identity = make(account_id=MERCY)
    answer = client_of(characters.owner).submit(
        f"/promises/{identity}/dropped", page="/promises", account=MERCY
    )
    assert answer.location == f"/accounts/{MERCY}"


def test_long_lists_go_on(client_of: ClientOf, characters: Characters, make: Make) -> None:
    for number in range(52):
        make(f"promise {number:02}", due=TODAY + timedelta(days=number))
    owner = client_of(characters.owner)
    first = owner.get("/promises")
    assert "promise 49" in page_text(first)
    assert "promise 50" not in page_text(first)
    second = owner.get(links_on(first)["Next"])
    assert "promise 51" in page_text(second)
    assert "promise 49" not in html_of(second)
