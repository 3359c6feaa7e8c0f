"""The exit interview: six prompts, notes worth pinning, and the end of it."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Impact
from insights.services import exit_interview, handovers, sightings
from insights.services.access import Actor
from insights.services.exit_interview import Answer, Interview
from insights.services.handover_checks import NewHandover
from insights.services.handovers import HandoverView
from insights.services.must_knows import Prompt
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MEMBER, MERCY, NOW, OWNER, TODAY
from tests.services.outcomes import journalled, refused


@pytest.fixture
def handover(session: Session, characters: Characters) -> HandoverView:
    """Georgia goes from the owner to the member."""
    [made] = handovers.prepare(
        session, characters.manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TODAY,
        now=NOW, today=TODAY,
    )  # fmt: skip
    return made


def tell(
    session: Session, actor: Actor, handover: HandoverView, prompt: Prompt, text: str = "Ann does"
) -> UUID:
    identity = uuid4()
    due = date(2026, 5, 1) if prompt is Prompt.PROMISED else None
    answer = Answer(identity, prompt, text, MERCY, due)
    exit_interview.tell(session, actor, handover.id, answer, now=NOW)
    return identity


def read(session: Session, actor: Actor, handover: HandoverView) -> Interview:
    return exit_interview.read(session, actor, handover.id, now=NOW)


class TestTelling:
    def test_keeps_each_answer_under_its_prompt(
        self, session: Session, characters: Characters, handover: HandoverView
    ) -> None:
        owner = characters.owner
        tell(session, owner, handover, Prompt.DECIDERS, "Ann, and not Bob")
        tell(session, owner, handover, Prompt.DECIDERS, "At Mercy the board")
        tell(session, owner, handover, Prompt.PROMISED, "A survey")
        found = read(session, owner, handover)
        told = [one.text for one in found.told[Prompt.DECIDERS]]
        assert told == ["Ann, and not Bob", "At Mercy the board"]
        [promise] = found.promised
        assert (promise.text, promise.account_name, promise.due) == (
            "A survey",
            "Mercy Hospital",
            date(2026, 5, 1),
        )
        assert found.count == 3

    def test_twice_under_one_id_is_once(
        self, session: Session, characters: Characters, handover: HandoverView
    ) -> None:
        answer = Answer(uuid4(), Prompt.INSIDE, "Call Ann")
        for _ in range(2):
            exit_interview.tell(session, characters.owner, handover.id, answer, now=NOW)
        assert read(session, characters.owner, handover).count == 1

    @pytest.mark.parametrize("prompt", [Prompt.INSIDE, Prompt.PROMISED])
    def test_nothing_is_refused(
        self, session: Session, characters: Characters, handover: HandoverView, prompt: Prompt
    ) -> None:
        assert "text" in refused(lambda: tell(session, characters.owner, handover, prompt, " "))

    def test_is_the_leavers_and_for_managers_in_their_place(
        self, session: Session, characters: Characters, handover: HandoverView
    ) -> None:
        for actor in (characters.owner, characters.manager, characters.admin):
            assert read(session, actor, handover)
        with pytest.raises(Forbidden):
            read(session, characters.member, handover)
        for actor in (characters.stranger, characters.analyst):
            with pytest.raises(NotFound):
                read(session, actor, handover)

    def test_after_cancelling_is_refused(
        self, session: Session, characters: Characters, handover: HandoverView
    ) -> None:
        handovers.cancel(session, characters.manager, handover.id, now=NOW)
        with pytest.raises(Conflict):
            tell(session, characters.owner, handover, Prompt.INSIDE)


class TestNotesWorthPinning:
    def test_are_those_that_others_saw_or_that_matter(
        self, session: Session, characters: Characters, handover: HandoverView
    ) -> None:
        owner, old = characters.owner, NOW - timedelta(days=400)
        posted(session, owner, "Nobody saw it")
        posted(session, owner, "Too old", impact=Impact.HIGH, now=old, captured_at=old)
        posted(session, characters.member, "Not theirs", impact=Impact.HIGH)
        important = posted(session, owner, "It matters", impact=Impact.HIGH)
        seen = posted(session, owner, "Others saw it")
        sightings.add(session, characters.member, seen, now=NOW)
        assert [one.id for one in read(session, owner, handover).suggested] == [seen, important]

    def test_are_pinned_with_one_tap_and_then_not_suggested(
        self, session: Session, characters: Characters, handover: HandoverView
    ) -> None:
        owner = characters.owner
        note_id = posted(session, owner, "They sign\n in May", impact=Impact.HIGH)
        exit_interview.pin_note(session, owner, handover.id, note_id, must_know_id=uuid4(), now=NOW)
        found = read(session, owner, handover)
        assert [(one.text, one.note_id) for one in found.pinned] == [("They sign in May", note_id)]
        assert found.suggested == []


def test_the_end_is_said_once(
    session: Session, characters: Characters, handover: HandoverView
) -> None:
    for _ in range(2):
        done = exit_interview.finish(session, characters.owner, handover.id, now=NOW)
        assert done.interviewed_at == NOW
    assert journalled(session) == ["handover.prepared", "handover.interviewed"]
