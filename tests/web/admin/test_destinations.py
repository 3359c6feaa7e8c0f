"""The administration of destinations: trouble, sealed notes, webhooks and their secrets."""

import re
from collections.abc import Callable

import pytest
from standardwebhooks import Webhook

from insights.models import Delivery, DeliveryState, Destination, DestinationKind
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER
from tests.web.pages import html_of, text_of, value_of

ClientOf = Callable[[Actor], Browser]
HOOK = {"label": "CRM", "url": "https://crm.example.com/notes"}


@pytest.fixture
def admin(characters: Characters, client_of: ClientOf) -> Browser:
    """The admin's browser."""
    return client_of(characters.admin)


def stored(stage: Stage) -> list[Destination]:
    with stage.database.reading() as session:
        return session.query(Destination).order_by(Destination.id).all()


def add(stage: Stage, **fields: object) -> int:
    chosen = {"kind": DestinationKind.MAIL, "address": "a@example.com", "label": "Pricing"}
    row = Destination(**{**chosen, "created_at": NOW, **fields})
    with stage.database.writing() as session:
        session.add(row)
        session.flush()
    return row.id


def secret_on(page: str) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert found
    return found.group()


def test_is_for_admins(characters: Characters, client_of: ClientOf) -> None:
    for one in characters.everyone:
        status = client_of(one).get("/admin/destinations").status_code
        assert status == (200 if one.role == "admin" else 403)


def test_an_empty_page_says_how_they_come_about(admin: Browser) -> None:
    assert "appear here with the first route or alert" in text_of(admin.get("/admin/destinations"))


class TestWebhooks:
    def test_one_is_added_and_its_secret_shown_once(self, stage: Stage, admin: Browser) -> None:
        secret = secret_on(html_of(admin.submit("/admin/destinations", **HOOK)))
        assert Webhook(secret)
        (made,) = stored(stage)
        assert (made.kind, made.label) == (DestinationKind.WEBHOOK, "CRM")
        assert made.secret is not None
        assert secret.encode() not in made.secret
        assert "whsec_" not in html_of(admin.get("/admin/destinations"))

    def test_a_new_secret_is_another_one(self, stage: Stage, admin: Browser) -> None:
        first = secret_on(html_of(admin.submit("/admin/destinations", **HOOK)))
        renewed = admin.submit("/admin/destinations/1/secret", page="/admin/destinations")
        assert secret_on(html_of(renewed)) != first
        assert stored(stage)[0].former_secret is not None

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"url": "ftp://x"}, "Give a web address"),
            ({"url": "https://user:word@example.com"}, "Give a web address"),
            ({"url": ""}, "Give a web address"),
            ({"label": " "}, "Give it a name"),
        ],
    )
    def test_bad_input_comes_back(
        self, stage: Stage, admin: Browser, wrong: dict[str, str], said: str
    ) -> None:
        form = admin.submit("/admin/destinations", **{**HOOK, **wrong})
        assert form.status_code == 422
        assert said in text_of(form)
        assert value_of(form, "label") == {**HOOK, **wrong}["label"]
        assert stored(stage) == []

    def test_the_same_one_is_not_set_up_twice(self, admin: Browser) -> None:
        admin.submit("/admin/destinations", **HOOK)
        assert admin.submit("/admin/destinations", **HOOK).status_code == 422


class TestTrouble:
    def test_is_shown_first_with_what_waits(self, stage: Stage, admin: Browser) -> None:
        add(stage, address="well@example.com", label="A team")
        broken = add(stage, trouble="The mail server refuses it: no such user")
        with stage.database.writing() as session:
            for number, state in enumerate((DeliveryState.WAITING, DeliveryState.DEAD)):
                session.add(
                    Delivery(
                        destination_id=broken, cause=str(number), state=state, attempts=1,
                        due_at=NOW, created_at=NOW,
                    )
                )  # fmt: skip
        page = text_of(admin.get("/admin/destinations"))
        assert "no such user 1 waiting, 1 given up" in page
        assert page.index("Pricing") < page.index("A team")

    def test_attempts_that_failed_are_said_before_it_is_given_up(
        self, stage: Stage, admin: Browser
    ) -> None:
        add(stage, failures=1)
        said = text_of(admin.get("/admin/destinations"))
        assert "The last attempt failed. It is tried again by itself." in said
        assert "Well" not in said

    def test_sending_again_takes_it_off(self, stage: Stage, admin: Browser) -> None:
        broken = add(stage, trouble="It is gone.")
        admin.submit(f"/admin/destinations/{broken}/again", page="/admin/destinations")
        assert stored(stage)[0].trouble == ""

    def test_what_does_not_exist_is_not_found(self, admin: Browser) -> None:
        for deed in ("again", "open", "close", "secret"):
            answer = admin.submit(f"/admin/destinations/99/{deed}", page="/admin/destinations")
            assert answer.status_code == 404


class TestSealedNotes:
    def test_are_allowed_and_forbidden_again(self, stage: Stage, admin: Browser) -> None:
        team = add(stage)
        for deed, takes in (("open", True), ("close", False)):
            admin.submit(f"/admin/destinations/{team}/{deed}", page="/admin/destinations")
            assert [one.takes_sealed for one in stored(stage)] == [takes]

    def test_are_no_choice_for_a_persons_own_box(self, stage: Stage, admin: Browser) -> None:
        add(stage, person_id=OWNER)
        assert "Allow sealed notes" not in text_of(admin.get("/admin/destinations"))
