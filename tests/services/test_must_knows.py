"""Must-knows: pinned by those who hold a territory, read by those whose business it is."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Audience
from insights.services import handovers, must_knows, notes
from insights.services.access import Actor
from insights.services.handover_checks import NewHandover
from insights.services.must_knows import MustKnowView, NewMustKnow, Prompt
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MEMBER, MERCY, NOW, OWNER, TODAY
from tests.services.outcomes import journalled, last_entry, refused, who_may

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def owner(characters: Characters) -> Actor:
    """Holds Georgia."""
    return characters.owner


def pin(session: Session, actor: Actor, text: str = "Call before nine", **given: Any) -> UUID:
    new = NewMustKnow(
        **{"id": uuid4(), "territory_id": GEORGIA, "text": text, "prompt": Prompt.COMING, **given}
    )
    return must_knows.pin(session, actor, new, now=NOW).id


def listed(session: Session, actor: Actor, territory_id: int = GEORGIA) -> list[str]:
    return [one.text for one in must_knows.list_current(session, actor, [territory_id])]


class TestPinning:
    def test_is_for_holders_managers_and_admins(
        self, session: Session, characters: Characters
    ) -> None:
        assert who_may(session, characters, lambda actor: pin(session, actor)) == {
            "owner",
            "manager",
            "admin",
        }

    def test_is_for_the_leaver_until_the_handover_is_done(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        [made] = handovers.prepare(
            session, characters.manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TODAY,
            now=NOW, today=TODAY,
        )  # fmt: skip
        gone = Actor(OWNER, owner.name, owner.email, owner.role, (), frozenset())
        assert pin(session, gone)
        handovers.carry_out(session, characters.manager, made.id, now=NOW, today=TODAY)
        with pytest.raises(Forbidden):
            pin(session, gone)

    def test_comes_behind_the_others_with_what_it_leans_on(
        self, session: Session, owner: Actor
    ) -> None:
        note_id = posted(session, owner)
        pin(session, owner, "First")
        pin(session, owner, "Second", account_id=MERCY, note_id=note_id)
        first, second = must_knows.list_current(session, owner, [GEORGIA])
        assert (first.text, second.text) == ("First", "Second")
        assert second.account is not None
        assert (second.account.name, second.note_id) == ("Mercy Hospital", note_id)
        assert (second.author_name, second.prompt) == ("Olivia Owner", Prompt.COMING)

    def test_twice_pins_once_and_an_id_of_somebody_else_is_refused(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        identity = uuid4()
        for _ in range(2):
            pin(session, owner, id=identity)
        assert len(listed(session, owner)) == 1
        with pytest.raises(Conflict):
            pin(session, characters.manager, id=identity)

    def test_is_journalled_without_its_words(self, session: Session, owner: Actor) -> None:
        made = pin(session, owner)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("must_know.pinned", str(made))
        assert entry.data == {"territory": GEORGIA}

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"text": "  "}, "text"),
            ({"text": "x" * 2_001}, "text"),
            ({"account_id": 999}, "account"),
            ({"account_id": 2**70}, "account"),
            ({"note_id": uuid4()}, "note"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, session: Session, owner: Actor, given: dict[str, Any], field: str
    ) -> None:
        assert list(refused(lambda: pin(session, owner, **given))) == [field]


class TestSight:
    def test_is_of_the_holders_those_above_analysts_and_admins(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        made = pin(session, owner)
        seeing = {name for name, actor in vars(characters).items() if listed(session, actor)}
        assert seeing == {"owner", "analyst", "manager", "admin"}
        with pytest.raises(NotFound):
            must_knows.get(session, characters.stranger, made)

    def test_of_a_pinned_note_ends_with_the_note(self, session: Session, owner: Actor) -> None:
        note_id = posted(session, owner, "They sign in May")
        pin(session, owner, "They sign in May", note_id=note_id, prompt=None, is_note=True)
        pin(session, owner, "My own words", note_id=note_id)
        within = timedelta(hours=1)
        notes.withdraw(session, owner, note_id, reason="", within=within, now=NOW)
        [left] = must_knows.list_current(session, owner, [GEORGIA])
        assert (left.text, left.note_id) == ("My own words", None)

    def test_of_a_note_that_is_sealed_from_the_reader_has_no_link(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.member, territory="florida", audience=Audience.SEALED)
        pin(session, characters.manager, "As in Florida", note_id=sealed)
        [seen] = must_knows.list_current(session, characters.owner, [GEORGIA])
        assert seen.note_id is None
        [seen] = must_knows.list_current(session, characters.manager, [GEORGIA])
        assert seen.note_id == sealed


class TestChanging:
    def change(self, session: Session, actor: Actor, made: UUID, **given: Any) -> MustKnowView:
        return must_knows.change(session, actor, made, now=LATER, **given)

    def test_keeps_its_place_and_author(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        made = pin(session, owner)
        changed = self.change(session, characters.manager, made, text="Call before eight")
        assert (changed.text, changed.author_id, changed.edited_at) == (
            "Call before eight",
            OWNER,
            LATER,
        )
        self.change(session, owner, made, text="Call before eight")
        assert journalled(session) == ["must_know.pinned", "must_know.changed"]

    def test_from_an_outdated_reading_is_refused(self, session: Session, owner: Actor) -> None:
        made = pin(session, owner)
        self.change(session, owner, made, text="One")
        with pytest.raises(Conflict, match="Read it again"):
            self.change(session, owner, made, text="Two", last_change=NOW)
        assert self.change(session, owner, made, text="Two", last_change=LATER).text == "Two"

    def test_retired_it_is_in_no_list(self, session: Session, owner: Actor) -> None:
        made = pin(session, owner)
        for _ in range(2):
            must_knows.retire(session, owner, made, now=LATER)
        assert listed(session, owner) == []
        assert journalled(session) == ["must_know.pinned", "must_know.retired"]

    def test_is_not_for_those_who_only_read(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        made = pin(session, owner)
        with pytest.raises(Forbidden):
            must_knows.retire(session, characters.analyst, made, now=NOW)
        with pytest.raises(NotFound):
            must_knows.retire(session, characters.stranger, made, now=NOW)
