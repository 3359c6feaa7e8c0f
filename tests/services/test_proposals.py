"""What the form proposes while one types, and what is stored of it."""

import pytest
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.models import Account
from insights.services import accounts, competitors, note_cards
from insights.services.note_drafts import LONGEST_TEXT
from insights.services.proposals import propose
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW


def test_what_a_text_names_is_proposed_in_the_order_of_its_words(
    session: Session, characters: Characters
) -> None:
    text = "In Georgia, Ionfield and Acme push Ion Cloud into healthcare"
    found = propose(session, characters.owner, text=text)
    assert [one.name for one in found.competitors] == ["Ionfield", "Acme Telecom"]
    assert [one.name for one in found.products] == ["Ion Cloud"]
    assert [one.name for one in found.segments] == ["Healthcare"]
    assert [one.name for one in found.territories] == ["Georgia"]
    assert found.kind == "competitor"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\x00"])
def test_nothing_is_proposed_for_no_text(
    session: Session, characters: Characters, text: str
) -> None:
    found = propose(session, characters.owner, text=text)
    assert (found.kind, list(found.competitors)) == (None, [])


def test_a_text_is_read_as_far_as_it_can_be_stored(
    session: Session, characters: Characters
) -> None:
    found = propose(session, characters.owner, text="x " * LONGEST_TEXT + "Acme")
    assert list(found.competitors) == []


def test_what_is_archived_is_not_proposed(session: Session, characters: Characters) -> None:
    competitors.archive(session, characters.admin, slug="acme-telecom", now=NOW)
    assert list(propose(session, characters.owner, text="Acme").competitors) == []


class TestWhatWasTakenAway:
    def test_is_not_stored_although_the_text_names_it(
        self, session: Session, characters: Characters
    ) -> None:
        dismissed = frozenset({"competitors:acme-telecom", "segments:healthcare"})
        text = "Acme and Ionfield in healthcare"
        note_id = posted(session, characters.owner, text, dismissed=dismissed)
        card = note_cards.card(session, characters.owner, note_id)
        assert [one.slug for one in card.competitors] == ["ionfield"]
        assert card.segments == ()

    def test_is_stored_when_it_was_chosen_all_the_same(
        self, session: Session, characters: Characters
    ) -> None:
        dismissed = frozenset({"competitors:acme-telecom"})
        note_id = posted(
            session, characters.owner, "Acme", dismissed=dismissed, competitors=("Acme",)
        )
        card = note_cards.card(session, characters.owner, note_id)
        assert [one.slug for one in card.competitors] == ["acme-telecom"]

    def test_does_not_make_the_note_one_about_a_competitor(
        self, session: Session, characters: Characters
    ) -> None:
        dismissed = frozenset({"competitors:acme-telecom"})
        note_id = posted(session, characters.owner, "Acme", dismissed=dismissed)
        assert note_cards.card(session, characters.owner, note_id).kind == "preference"


class TestAnAccountByItsName:
    def test_is_found_however_it_is_written(self, session: Session, characters: Characters) -> None:
        found = accounts.require_named(session, characters.owner, words=" mércy  HOSPITAL")
        assert found.id == MERCY

    @pytest.mark.parametrize(
        ("words", "message"), [("mer", "Choose which"), ("zylo", "No account begins with “zylo”")]
    )
    def test_is_asked_for_when_none_is_called_so(
        self, session: Session, characters: Characters, words: str, message: str
    ) -> None:
        with pytest.raises(Invalid, match=message):
            accounts.require_named(session, characters.owner, words=words)

    def test_is_asked_for_when_several_are_called_so(
        self, session: Session, characters: Characters
    ) -> None:
        session.add(Account(name="Mercy Hospital", folded="mercy hospital"))
        session.flush()
        with pytest.raises(Invalid, match="Choose which"):
            accounts.require_named(session, characters.owner, words="Mercy Hospital")
