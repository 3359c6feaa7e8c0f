"""Guard-rails in the forms of notes, without JavaScript: warnings, boxes to confirm, and masks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from insights.models import GuardAction, GuardTopic
from insights.services import guard_overrides, guard_words
from insights.services.access import Actor
from insights.web.guard_findings import ShownFinding, masked_text, shown_findings
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.deeds import card_of
from tests.web.pages import html_of, is_checked, text_of, textarea_of

ClientOf = Callable[[Actor], Browser]
BOTH = "Call 404-555-0137 or write to ann@example.com"


def guard(session: Session, admin: Actor, word: str, action: GuardAction) -> None:
    topic = GuardTopic.RESTRICTED
    guard_words.add(session, admin, now=NOW, topic=topic, word=word, action=action)


def sent_all_the_same(stage: Stage, characters: Characters) -> list[tuple[str, bool]]:
    with stage.database.reading() as session:
        rows = guard_overrides.overrides(session, characters.admin, limit=9)
        return [(one.finding, one.was_asked) for one in rows]


class TestWhatIsShown:
    def test_is_each_kind_once_with_what_it_would_become(self, session: Session) -> None:
        found = shown_findings(
            session, "404-555-0137, 404-555-0138, ann@example.com", acknowledged={"e-mail"}
        )
        assert [(one.key, one.excerpt, one.mask, one.count, one.acknowledged) for one in found] == [
            ("phone", "404-555-0137", "[phone]", 2, False),
            ("e-mail", "ann@example.com", "[e-mail]", 1, True),
        ]

    def test_puts_first_what_keeps_the_note_from_being_sent(
        self, session: Session, characters: Characters
    ) -> None:
        guard(session, characters.admin, "heron", GuardAction.BLOCK)
        found = shown_findings(session, "404-555-0137 about Heron")
        assert [(one.key, one.blocked) for one in found] == [
            ("word:heron", True),
            ("phone", False),
        ]

    def test_shortens_what_is_long(self, session: Session) -> None:
        (one,) = shown_findings(session, f"{'a' * 500}@example.com")
        assert isinstance(one, ShownFinding)
        assert len(one.excerpt) <= 60

    def test_is_nothing_for_what_was_there_before(self, session: Session) -> None:
        assert shown_findings(session, f"{BOTH}!", former=BOTH) == []


@pytest.mark.parametrize(
    ("wanted", "masked"),
    [
        ("phone", "Call [phone] or write to ann@example.com"),
        ("e-mail", "Call 404-555-0137 or write to [e-mail]"),
        ("all", "Call [phone] or write to [e-mail]"),
        ("card", BOTH),
    ],
)
def test_masks_are_put_where_they_are_wanted(session: Session, wanted: str, masked: str) -> None:
    assert masked_text(session, f" {BOTH}\r\n", wanted) == masked


class TestChangingANote:
    @pytest.fixture
    def note_id(self, stage: Stage, characters: Characters) -> UUID:
        return stage.post(characters.owner, "They pay by the truck")

    @pytest.fixture
    def save(
        self, client_of: ClientOf, characters: Characters, note_id: UUID
    ) -> Callable[..., Any]:
        """Sends the form of the note."""
        owner = client_of(characters.owner)

        def send(text: str = BOTH, **fields: Any) -> Any:
            return owner.submit(
                f"/notes/{note_id}/edit", **{"text": text, "version": "1", **fields}
            )

        return send

    def test_asks_before_anything_is_stored(
        self, save: Callable[..., Any], stage: Stage, characters: Characters, note_id: UUID
    ) -> None:
        answer = save(acknowledged="phone")
        assert answer.status_code == 422
        assert 'id="field-acknowledged"' in html_of(answer)
        assert "Mask it, or say that it goes as it is." in text_of(answer)
        assert is_checked(answer, "acknowledged", "phone")
        assert not is_checked(answer, "acknowledged", "e-mail")
        assert textarea_of(answer, "text") == BOTH
        assert card_of(stage, characters.owner, note_id).text == "They pay by the truck"

    def test_stores_what_is_confirmed(
        self, save: Callable[..., Any], stage: Stage, characters: Characters, note_id: UUID
    ) -> None:
        assert save(acknowledged=["phone", "e-mail"]).status_code == 303
        assert card_of(stage, characters.owner, note_id).text == BOTH
        assert sorted(sent_all_the_same(stage, characters)) == [("e-mail", True), ("phone", True)]

    def test_masks_in_the_form_and_stores_nothing(
        self, save: Callable[..., Any], stage: Stage, characters: Characters, note_id: UUID
    ) -> None:
        answer = save(mask="phone")
        assert answer.status_code == 200
        assert textarea_of(answer, "text") == "Call [phone] or write to ann@example.com"
        assert "This looks like an e-mail address" in text_of(answer)
        assert "phone number" not in text_of(answer)
        assert card_of(stage, characters.owner, note_id).version == 1

    def test_says_when_the_note_was_changed_while_the_form_was_masked(
        self, save: Callable[..., Any], note_id: UUID
    ) -> None:
        assert save("They pay weekly").status_code == 303
        answer = save(mask="all", version="1")
        assert "changed this note meanwhile" in text_of(answer)
        assert textarea_of(answer, "text") == "Call [phone] or write to [e-mail]"

    def test_masking_is_for_those_who_may_change_it(
        self, client_of: ClientOf, characters: Characters, note_id: UUID
    ) -> None:
        address = f"/notes/{note_id}/edit"
        answer = client_of(characters.stranger).submit(address, "/", text=BOTH, mask="all")
        assert answer.status_code == 403

    def test_shows_nothing_of_what_the_note_holds_already(
        self, client_of: ClientOf, stage: Stage, characters: Characters
    ) -> None:
        note_id = stage.post(characters.owner, BOTH)
        owner, address = client_of(characters.owner), f"/notes/{note_id}/edit"
        assert "field-acknowledged" not in html_of(owner.get(address))
        assert owner.submit(address, text=f"{BOTH}, tomorrow", version="1").status_code == 303

    def test_blocks_a_word_whatever_is_confirmed(
        self, save: Callable[..., Any], stage: Stage, characters: Characters
    ) -> None:
        with stage.database.writing() as session:
            guard(session, characters.admin, "heron", GuardAction.BLOCK)
        answer = save("About Heron", acknowledged="word:heron")
        assert answer.status_code == 422
        assert "It cannot be sent with this." in text_of(answer)
        assert "list of restricted words" in text_of(answer)
        assert 'value="word:heron"' in html_of(answer)


class TestPostingANote:
    @pytest.fixture
    def post(self, client_of: ClientOf, characters: Characters) -> Callable[..., Any]:
        """Sends the form of a new note."""
        owner = client_of(characters.owner)

        def send(text: str = BOTH, **fields: Any) -> Any:
            return owner.submit("/n", text=text, territory="georgia", **fields)

        return send

    def test_asks_and_then_stores_what_is_confirmed(
        self, post: Callable[..., Any], stage: Stage, characters: Characters
    ) -> None:
        answer = post()
        assert answer.status_code == 422
        assert not is_checked(answer, "acknowledged", "phone")
        assert post(acknowledged=["phone", "e-mail"]).status_code == 303
        assert sorted(sent_all_the_same(stage, characters)) == [("e-mail", True), ("phone", True)]

    def test_masks_in_the_form(
        self, post: Callable[..., Any], stage: Stage, characters: Characters
    ) -> None:
        answer = post(mask="all")
        assert answer.status_code == 200
        assert textarea_of(answer, "text") == "Call [phone] or write to [e-mail]"
        assert post("Call [phone] or write to [e-mail]").status_code == 303
        assert sent_all_the_same(stage, characters) == []
