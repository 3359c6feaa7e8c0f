"""Capturing: one text is enough, it is stored once, and nothing that was typed is lost."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from insights.models import Account, Attachment, AttachmentState, Note
from insights.services import note_cards, territories
from insights.services.access import Actor
from insights.services.note_cards import NoteCard
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MERCY, NOW, TODAY
from tests.web.pages import html_of, is_checked, text_of, textarea_of, value_of

ClientOf = Callable[[Actor], Browser]
ODD_TEXTS = {
    "right to left": "العميل غير راض عن السعر",
    "emoji": "They love it 👩🏽‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "zero width": "Ac\u200bme\ufeff was here",
    "control": "Acme\x00\x07 was\x1b[31m here",
    "override": "safe \u202egnp.exe",
    "markup": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}",
    "many marks": "Z" + "\u0301" * 5000,
    "long": "x" * 20_000,
}


@pytest.fixture
def owner(characters: Characters, client_of: ClientOf) -> Browser:
    """The owner's browser."""
    return client_of(characters.owner)


def count_of(stage: Stage) -> int:
    """How many notes are stored."""
    with stage.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def stored(stage: Stage, reader: Actor, answer: TestResponse) -> NoteCard:
    """The note to whose receipt the answer leads."""
    assert answer.status_code == 303, text_of(answer)
    note_id = UUID(answer.location.rsplit("/", 1)[1].split("?")[0])
    with stage.database.reading() as session:
        return note_cards.card(session, reader, note_id)


def photo(colour: str = "red") -> tuple[BytesIO, str]:
    """A small picture, as a form sends it."""
    content = BytesIO()
    Image.new("RGB", (8, 6), colour).save(content, "JPEG")
    return BytesIO(content.getvalue()), f"{colour}.jpg"


def sent(browser: Browser, text: str = "They pay by the truck", **fields: Any) -> TestResponse:
    """The form, filled in and sent as a browser without JavaScript does."""
    return browser.submit("/n", id=str(uuid4()), text=text, **fields)


class TestWhoCaptures:
    def test_everyone_who_is_signed_in(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        for one in characters.everyone:
            browser = client_of(one)
            assert browser.get("/n").status_code == 200
            assert stored(stage, one, sent(browser, territory="GA")).author_id == one.id

    def test_nobody_else(self, stage: Stage, nobody: Browser) -> None:
        assert nobody.get("/n").location == "/sign-in?next=/n"
        assert nobody.submit("/n", page="/sign-in", text="x").status_code == 401
        assert count_of(stage) == 0

    def test_no_form_without_its_token(self, stage: Stage, owner: Browser) -> None:
        assert owner.post("/n", data={"text": "x"}).status_code == 400
        assert owner.post("/n/similar", data={"text": "x"}).status_code == 400
        assert count_of(stage) == 0


class TestANoteWithNothingButText:
    def test_belongs_to_the_persons_territory_with_its_kind_guessed(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        card = stored(stage, characters.owner, sent(owner, "Acme undercuts us in healthcare"))
        assert (card.territory.id, card.kind) == (GEORGIA, "competitor")
        assert [one.slug for one in card.competitors] == ["acme-telecom"]
        assert [one.slug for one in card.segments] == ["healthcare"]
        assert (card.known, card.impact, card.sealed) == ("first-hand", "normal", False)

    def test_is_captured_when_the_form_was_opened(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        captured_at = value_of(owner.get("/n"), "captured_at")
        stage.clock.now = NOW + timedelta(minutes=3)
        card = stored(stage, characters.owner, sent(owner, captured_at=captured_at))
        assert (card.captured_at, card.received_at) == (NOW, NOW + timedelta(minutes=3))

    @pytest.mark.parametrize("name", ODD_TEXTS)
    def test_may_hold_any_characters(
        self, stage: Stage, characters: Characters, owner: Browser, name: str
    ) -> None:
        answer = sent(owner, ODD_TEXTS[name])
        card = stored(stage, characters.owner, answer)
        for page in (answer.location, f"/notes/{card.id}", "/", "/me"):
            shown = owner.get(page)
            assert shown.status_code == 200
            assert "<script>alert" not in html_of(shown)
            assert "<img src=x" not in html_of(shown)


class TestTheReceipt:
    def test_says_what_was_stored_and_how_it_was_tagged(self, owner: Browser) -> None:
        answer = sent(owner, "Acme undercuts us in healthcare", account=str(MERCY))
        receipt = text_of(owner.get(answer.location))
        for words in (
            "Competitor guessed from the text",
            "Georgia",
            "Mercy Hospital",
            "Healthcare",
        ):
            assert words in receipt
        assert "Post another" in receipt

    def test_does_not_call_a_chosen_kind_guessed(self, owner: Browser) -> None:
        answer = sent(owner, "Acme undercuts us", kind="challenge")
        assert "guessed" not in text_of(owner.get(answer.location))

    def test_is_not_for_those_who_may_not_see_the_note(
        self, characters: Characters, client_of: ClientOf, owner: Browser
    ) -> None:
        answer = sent(owner, sealed="1")
        assert client_of(characters.stranger).get(answer.location).status_code == 404

    def test_offers_to_undo_as_long_as_the_author_may(self, stage: Stage, owner: Browser) -> None:
        answer = sent(owner)
        assert "Undo" in text_of(owner.get(answer.location))
        stage.clock.now += timedelta(days=2)
        assert "Undo" not in text_of(owner.get(answer.location))


class TestSendingTwice:
    def test_posts_once_and_gives_the_same_receipt(self, stage: Stage, owner: Browser) -> None:
        identity = value_of(owner.get("/n"), "id")
        answers = [owner.submit("/n", id=identity, text="Acme was here") for _ in range(2)]
        assert [one.location for one in answers] == [f"/n/receipt/{identity}?guessed=1"] * 2
        assert count_of(stage) == 1

    def test_with_another_text_keeps_it_and_offers_to_change_the_note(
        self, stage: Stage, owner: Browser
    ) -> None:
        identity = value_of(owner.get("/n"), "id")
        owner.submit("/n", id=identity, text="Acme was here")
        answer = owner.submit("/n", id=identity, text="Ionfield was here")
        assert answer.status_code == 409
        assert textarea_of(answer, "text") == "Ionfield was here"
        assert "The note exists already" in text_of(answer)
        assert f'action="/notes/{identity}/edit"' in html_of(answer)
        assert count_of(stage) == 1

    def test_with_another_text_after_withdrawing_can_be_a_new_note(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        identity = stage.post(characters.owner, "Acme was here")
        owner.submit(f"/notes/{identity}/withdraw", page=f"/notes/{identity}")
        answer = owner.submit("/n", id=str(identity), text="Ionfield was here")
        again = owner.submit("/n", id=value_of(answer, "id"), text=textarea_of(answer, "text"))
        assert stored(stage, characters.owner, again).text == "Ionfield was here"

    def test_of_a_form_that_somebody_else_had_sent_can_be_sent_again(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        identity = stage.post(characters.member, "Acme was here")
        answer = owner.submit("/n", id=str(identity), text="Ionfield was here")
        assert answer.status_code == 409
        assert "Acme was here" not in html_of(answer)
        again = owner.submit("/n", id=value_of(answer, "id"), text=textarea_of(answer, "text"))
        assert stored(stage, characters.owner, again).text == "Ionfield was here"

    def test_two_forms_are_two_notes(self, stage: Stage, owner: Browser) -> None:
        identities = {value_of(owner.get("/n"), "id") for _ in range(2)}
        assert {UUID(one).version for one in identities} == {7}
        assert len(identities) == 2


class TestARefusedForm:
    def test_comes_back_with_everything_that_was_typed(self, stage: Stage, owner: Browser) -> None:
        fields = {
            "text": "  ",
            "kind": "challenge",
            "territory": "florida",
            "known": "heard",
            "impact": "high",
            "sealed": "on",
            "more_competitors": "Acme, Zylo",
            "account_name": "Zy",
            "segments_1": "trucking",
        }
        answer = owner.submit("/n", **fields)
        assert answer.status_code == 422
        assert textarea_of(answer, "text") == "  "
        assert value_of(answer, "more_competitors") == "Acme, Zylo"
        assert value_of(answer, "account_name") == "Zy"
        for name, value in (("kind", "challenge"), ("known", "heard"), ("impact", "high")):
            assert is_checked(answer, name, value)
        assert is_checked(answer, "segments_1", "trucking")
        assert is_checked(answer, "sealed", "on")
        assert '<option value="florida" selected>' in html_of(answer)
        assert count_of(stage) == 0

    def test_says_everything_that_needs_mending_at_once(self, owner: Browser) -> None:
        answer = owner.submit(
            "/n", text="", territory="atlantis", more_competitors="Zylo", account_name="Zylo"
        )
        words = text_of(answer)
        assert "Text: Write what you heard" in words
        assert "Territory: “atlantis” is not a territory" in words
        assert "Competitors: “Zylo” is not known" in words
        assert "Account: No account begins with “Zylo”" in words

    def test_keeps_a_text_of_a_hundred_thousand_characters(self, owner: Browser) -> None:
        text = "Acme says no. " * 7_143
        answer = sent(owner, text)
        assert answer.status_code == 422
        assert "Shorten the text to 20,000 characters" in text_of(answer)
        assert textarea_of(answer, "text") == text

    def test_keeps_what_was_typed_exactly(self, owner: Browser) -> None:
        text = '\n <b>&amp;</b> "quoted" {{ 1 }}</textarea><script>x</script>'
        answer = sent(owner, text, territory="atlantis")
        assert textarea_of(answer, "text") == text
        assert "<script>x" not in html_of(answer)

    def test_can_be_sent_again_under_its_id(self, stage: Stage, owner: Browser) -> None:
        identity = str(uuid4())
        answer = owner.submit("/n", id=identity, text="")
        assert value_of(answer, "id") == identity

    def test_of_somebody_without_territory_asks_for_one(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        answer = sent(client_of(characters.analyst))
        assert answer.status_code == 422
        assert "Choose a territory" in text_of(answer)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("kind", "rumour"), ("known", "x"), ("impact", "\x00"), ("account", "999999999999999"),
            ("account", "-1"), ("account", "1e3"), ("territory", "x" * 100_000),
            ("competitors", "\x00"), ("segments", "zzz"), ("products", "x" * 300),
        ],
    )  # fmt: skip
    def test_with_a_value_that_no_page_offers_is_refused_in_words(
        self, stage: Stage, owner: Browser, name: str, value: str
    ) -> None:
        answer = sent(owner, **{name: value})
        assert answer.status_code == 422
        assert "field-error" in html_of(answer)
        assert count_of(stage) == 0

    @pytest.mark.parametrize(
        ("name", "value"),
        [("id", "x"), ("captured_at", "yesterday"), ("captured_at", "0001-01-01T00:00+23:59")],
    )
    def test_is_none_for_a_damaged_hidden_field(
        self, stage: Stage, owner: Browser, name: str, value: str
    ) -> None:
        owner.submit("/n", **{"text": "Acme", name: value})
        assert count_of(stage) == 1


class TestAnAccount:
    def test_is_found_by_its_name_without_javascript(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        card = stored(stage, characters.owner, sent(owner, account_name=" MERCY hospital "))
        assert card.account is not None
        assert card.account.id == MERCY
        assert [one.slug for one in card.segments] == ["healthcare"]

    def test_is_offered_to_choose_when_the_name_is_not_enough(self, owner: Browser) -> None:
        answer = sent(owner, account_name="mer")
        assert answer.status_code == 422
        assert "Choose which of the accounts found you mean." in text_of(answer)
        assert not is_checked(answer, "account", str(MERCY))

    def test_of_two_with_one_name_has_to_be_chosen(self, stage: Stage, owner: Browser) -> None:
        with stage.database.writing() as session:
            session.add(Account(name="Mercy Hospital", folded="mercy hospital"))
        assert sent(owner, account_name="Mercy Hospital").status_code == 422

    def test_is_found_while_its_name_is_typed(self, owner: Browser) -> None:
        part = owner.get("/n/accounts?account_name=m%C3%A9r")
        assert "Mercy Hospital Georgia · Healthcare · crm-1" in text_of(part)
        assert "<html" not in html_of(part)
        assert "No account begins like this" in text_of(
            owner.get("/n/accounts?account_name=%00x%25")
        )


class TestProposals:
    def test_show_what_the_text_names_and_the_kind(self, owner: Browser) -> None:
        page = owner.get("/n", query_string={"text": "Acme lost healthcare to Ion Cloud"})
        for name, slug in (
            ("competitors", "acme-telecom"), ("segments", "healthcare"), ("products", "ion-cloud"),
        ):  # fmt: skip
            assert is_checked(page, name, slug)
        assert "Guess it from the text: competitor" in text_of(page)

    def test_that_were_taken_away_stay_away_when_the_form_comes_back(self, owner: Browser) -> None:
        form = {"proposed": "competitors:acme-telecom", "territory": "atlantis"}
        page = sent(owner, "Acme and Ionfield", **form)
        assert not is_checked(page, "competitors", "acme-telecom")
        assert is_checked(page, "competitors", "ionfield")

    def test_go_when_the_text_no_longer_names_them(self, owner: Browser) -> None:
        tag = {"competitors": "acme-telecom", "proposed": "competitors:acme-telecom"}
        page = sent(owner, "Acorn", territory="atlantis", **tag)
        assert 'value="acme-telecom"' not in html_of(page)

    def test_that_were_taken_away_are_not_stored(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        fields = {"proposed": ["competitors:acme-telecom", "competitors:ionfield"]}
        answer = sent(owner, "Acme and Ionfield", competitors="ionfield", **fields)
        card = stored(stage, characters.owner, answer)
        assert [one.slug for one in card.competitors] == ["ionfield"]

    def test_are_not_needed(self, stage: Stage, characters: Characters, owner: Browser) -> None:
        card = stored(stage, characters.owner, sent(owner, "Acme", more_products="F1, ion cloud"))
        assert [one.slug for one in card.competitors] == ["acme-telecom"]
        assert {one.slug for one in card.products} == {"fibre-one", "ion-cloud"}


class TestAnAddressThatFillsTheFormIn:
    def test_is_understood_in_words(self, owner: Browser) -> None:
        asked = {
            "text": "At the fair: ",
            "territory": "fl",
            "kind": "challenge",
            "known": "heard",
            "competitor": ["Acme", "Zylo"],
            "account": str(MERCY),
            "segment": "trucking",
        }
        page = owner.get("/n?" + urlencode(asked, doseq=True))
        assert textarea_of(page, "text") == "At the fair: "
        assert '<option value="florida" selected>' in html_of(page)
        assert is_checked(page, "kind", "challenge")
        assert is_checked(page, "known", "heard")
        assert is_checked(page, "competitors", "acme-telecom")
        assert is_checked(page, "segments_1", "trucking")
        assert is_checked(page, "account", str(MERCY))
        assert value_of(page, "more_competitors") == "Zylo"

    @pytest.mark.parametrize(
        ("word", "name", "slug"),
        [
            ("acme", "competitors", "acme-telecom"),
            ("Acme Telecom", "competitors", "acme-telecom"),
            ("F1", "products", "fibre-one"),
            ("Small business", "segments_2", "small-business"),
        ],
    )
    def test_names_a_tag_of_any_sort_by_slug_name_or_alias(
        self, owner: Browser, word: str, name: str, slug: str
    ) -> None:
        assert is_checked(owner.get("/n", query_string={"tag": word}), name, slug)

    def test_leaves_out_a_tag_that_names_nothing(self, owner: Browser) -> None:
        page = owner.get("/n", query_string={"tag": ["Zylo", "ionfield"]})
        assert is_checked(page, "competitors", "ionfield")
        assert "Zylo" not in html_of(page)

    def test_begins_with_the_persons_own_territory(self, owner: Browser) -> None:
        assert '<option value="georgia" selected>' in html_of(owner.get("/n"))

    @pytest.mark.parametrize(
        "query",
        ["text=%00%ff", "territory=%00", "kind=%3Cb%3E", "account=99999999999", "account=x",
         "id=%27", "captured_at=x", "proposed=x", "segment=" + "x" * 5000],
    )  # fmt: skip
    def test_may_hold_anything(self, owner: Browser, query: str) -> None:
        assert owner.get(f"/n?{query}").status_code == 200
        assert owner.get(f"/n/accounts?{query}").status_code == 200


def test_an_archived_territory_is_not_offered(
    stage: Stage, characters: Characters, owner: Browser
) -> None:
    with stage.database.writing() as session:
        territories.archive(session, characters.admin, slug="nevada", now=NOW, today=TODAY)
    assert "nevada" not in html_of(owner.get("/n"))
    assert "“Nevada” is archived" in text_of(sent(owner, territory="nevada"))


class TestPhotos:
    def test_are_stored_with_the_note(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        card = stored(stage, characters.owner, sent(owner, photos=[photo(), photo("blue")]))
        with stage.database.reading() as session:
            kept = session.scalars(select(Attachment).where(Attachment.note_id == card.id)).all()
        assert [one.state for one in kept] == [AttachmentState.READY] * 2

    def test_left_out_are_no_obstacle(self, stage: Stage, owner: Browser) -> None:
        assert sent(owner, photos=(BytesIO(b""), "")).status_code == 303
        assert count_of(stage) == 1

    def test_that_are_none_are_refused_together_with_the_note(
        self, stage: Stage, owner: Browser
    ) -> None:
        answer = sent(owner, "Kept in the form", photos=(BytesIO(b"no picture"), "a.jpg"))
        assert answer.status_code == 422
        assert "Photos: " in text_of(answer)
        assert textarea_of(answer, "text") == "Kept in the form"
        assert count_of(stage) == 0


class TestGuardRails:
    TEXT = "Call Mike at mike.jones@example.com"

    def test_ask_before_personal_data_is_stored(self, stage: Stage, owner: Browser) -> None:
        answer = sent(owner, self.TEXT)
        assert answer.status_code == 422
        assert "Before it is sent" in text_of(answer)
        assert not is_checked(answer, "acknowledged", "e-mail")
        assert count_of(stage) == 0

    def test_let_it_through_when_the_person_says_so(self, stage: Stage, owner: Browser) -> None:
        assert sent(owner, self.TEXT, acknowledged="e-mail").status_code == 303
        assert count_of(stage) == 1

    def test_mask_it_when_asked_and_keep_the_rest_of_the_form(
        self, stage: Stage, owner: Browser
    ) -> None:
        answer = sent(owner, self.TEXT, mask="e-mail", kind="challenge")
        assert answer.status_code == 200
        assert "mike.jones" not in html_of(answer)
        assert is_checked(answer, "kind", "challenge")
        assert count_of(stage) == 0


class TestTheFormThatDevicesKeep:
    def test_is_the_same_for_everybody(
        self, characters: Characters, client_of: ClientOf, nobody: Browser
    ) -> None:
        shells = {html_of(client_of(one).get("/n/shell")) for one in characters.everyone}
        assert shells == {html_of(nobody.get("/n/shell"))}

    def test_holds_nothing_of_a_person(self, nobody: Browser) -> None:
        html = html_of(nobody.get("/n/shell"))
        assert "csrf" not in html
        assert 'name="person"' not in html
        assert "georgia" not in html
        assert 'name="id"' not in html

    def test_has_the_fields_of_the_form(self, nobody: Browser) -> None:
        shell = nobody.get("/n/shell")
        assert textarea_of(shell, "text") == ""
        for kind in ("competitor", "preference", "challenge", "opportunity"):
            assert not is_checked(shell, "kind", kind)


class TestThePageOfWaitingNotes:
    def test_is_public_and_the_same_for_everybody(self, owner: Browser, nobody: Browser) -> None:
        assert html_of(nobody.get("/waiting")) == html_of(owner.get("/waiting"))

    def test_says_what_it_needs_without_javascript(self, nobody: Browser) -> None:
        assert "This page needs JavaScript" in text_of(nobody.get("/waiting"))
