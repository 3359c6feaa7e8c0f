"""“Still true?”: which lines are asked about, whom, and what comes of the answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Conflict, NotFound
from insights.models import (
    Assignment,
    Audience,
    BattlecardCheck,
    Person,
    Telling,
    TellingMatter,
    Verdict,
)
from insights.services import (
    battlecard_asking,
    battlecard_checks,
    battlecard_letters,
    battlecard_lines,
    battlecards,
    competitors,
    sightings,
)
from insights.services.access import Actor
from insights.services.battlecards import LineView
from insights.services.letter import Leads
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    MANAGER,
    MEMBER,
    NOW,
    OWNER,
    STRANGER,
    TODAY,
)
from tests.services.battlecard_lines import added
from tests.services.outcomes import journalled, last_entry

DAY = timedelta(days=1)
LONG_AGO = NOW - 200 * DAY


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    return characters.analyst


def stale(session: Session, keeper: Actor, *note_ids: UUID, text: str = "Four people") -> LineView:
    """A line of long ago that rests on these notes."""
    return added(session, keeper, text, now=LONG_AGO, note_ids=note_ids)


def heard(session: Session, author: Actor, **fields: Any) -> UUID:
    """A note about Ionfield of long ago."""
    return posted(session, author, "Ionfield has four people", now=LONG_AGO, **fields)


def ask(session: Session, *, days: int = 0) -> list[tuple[int, int]]:
    """Asks some days later; returns who is asked about which line, the last first."""
    now = NOW + days * DAY
    battlecard_asking.ask_stale(session, today=TODAY + days * DAY, now=now)
    rows = session.execute(
        select(BattlecardCheck.person_id, BattlecardCheck.line_id)
        .where(BattlecardCheck.asked_at == now)
        .order_by(BattlecardCheck.id)
    )
    return [(row.person_id, row.line_id) for row in rows]


def check_of(session: Session, person_id: int) -> int:
    """The number of the last check of somebody."""
    of_person = BattlecardCheck.person_id == person_id
    newest = select(BattlecardCheck.id).where(of_person).order_by(BattlecardCheck.id.desc())
    return session.scalars(newest.limit(1)).one()


def answer(session: Session, actor: Actor, verdict: Verdict) -> str:
    """The actor answers what they were asked last."""
    number = check_of(session, actor.id)
    return battlecard_checks.answer(session, actor, check_id=number, verdict=verdict, now=NOW)


class TestWhomIsAsked:
    def test_is_who_holds_the_territory_of_the_newest_note(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        notes = [heard(session, one) for one in (characters.owner, characters.member)]
        sightings.add(session, characters.stranger, notes[0], now=LONG_AGO + DAY)
        line = stale(session, analyst, *notes)
        assert ask(session) == [(STRANGER, line.id)]
        told = session.scalars(select(Telling)).one()
        assert (told.person_id, told.matter) == (STRANGER, TellingMatter.CHECK)
        assert told.subject == str(check_of(session, STRANGER))
        entry = last_entry(session)
        assert (entry.verb, entry.actor_id) == ("battlecard.asked", None)

    def test_is_for_a_line_without_notes_where_the_competitor_was_last_heard_of(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        posted(session, characters.owner, "Ionfield", now=NOW - 9 * DAY)
        posted(session, characters.member, "Ionfield", now=NOW - 3 * DAY)
        posted(session, characters.stranger, "Ionfield", now=NOW, audience=Audience.SEALED)
        line = stale(session, analyst)
        assert ask(session) == [(MEMBER, line.id)]

    def test_is_the_holder_above_where_nobody_holds_it(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        line = stale(session, analyst, heard(session, characters.owner))
        session.execute(
            Assignment.__table__.update()  # type: ignore[attr-defined]
            .where(Assignment.territory_id == GEORGIA, Assignment.until.is_(None))
            .values(until=TODAY)
        )
        assert ask(session) == [(MANAGER, line.id)]

    def test_may_see_the_line(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        sealed = heard(session, characters.stranger, audience=Audience.SEALED)
        opened = heard(session, characters.owner)
        sightings.add(session, characters.member, opened, now=LONG_AGO + DAY)
        line = stale(session, analyst, sealed, opened)
        assert ask(session) == [(STRANGER, line.id)]

    def test_has_not_left(self, session: Session, characters: Characters, analyst: Actor) -> None:
        line = stale(session, analyst, heard(session, characters.owner))
        session.get_one(Person, OWNER).deactivated_at = NOW
        session.flush()
        assert ask(session) == [(MANAGER, line.id)]

    def test_is_nobody_where_nobody_knows(self, session: Session, analyst: Actor) -> None:
        stale(session, analyst)
        assert ask(session) == []
        assert journalled(session) == ["battlecard.added"]

    def test_has_three_open_at_most(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        note_id = heard(session, characters.owner)
        for number in range(5):
            stale(session, analyst, note_id, text=f"Line {number}")
        asked = [person for person, _ in ask(session)]
        assert asked == [OWNER] * 3 + [MANAGER] * 2


class TestWhatIsAskedAbout:
    def test_are_stale_lines_alone_in_use_of_competitors_in_use(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        note_id = heard(session, characters.owner)
        added(session, analyst, "Fresh", note_ids=[posted(session, characters.owner, "Ionfield")])
        gone = stale(session, analyst, note_id)
        battlecard_lines.archive_line(session, analyst, line_id=gone.id, now=NOW)
        assert ask(session) == []
        line = stale(session, analyst, note_id)
        competitors.archive(session, analyst, now=NOW, slug="ionfield")
        assert ask(session) == []
        competitors.restore(session, analyst, now=NOW, slug="ionfield")
        assert ask(session) == [(OWNER, line.id)]

    def test_is_left_alone_for_as_long_as_it_holds(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        line = stale(session, analyst, heard(session, characters.owner))
        assert ask(session) == [(OWNER, line.id)]
        assert ask(session, days=1) == ask(session, days=119) == []
        # Whoever has not answered is not asked again.
        assert ask(session, days=121) == [(MANAGER, line.id)]

    def test_goes_on_where_a_step_ended(self, session: Session, analyst: Actor) -> None:
        for _ in range(2):
            stale(session, analyst)
        asked = battlecard_asking.ask_stale(session, after=10**6, today=TODAY, now=NOW)
        assert asked == (0, None)


class TestTheAnswer:
    @pytest.fixture(autouse=True)
    def line(self, session: Session, characters: Characters, analyst: Actor) -> LineView:
        """A stale line that the owner is asked about."""
        line = stale(session, analyst, heard(session, characters.owner))
        assert ask(session) == [(OWNER, line.id)]
        return line

    def test_still_true_makes_it_fresh(
        self, session: Session, characters: Characters, line: LineView
    ) -> None:
        assert "fresh again" in answer(session, characters.owner, Verdict.STILL_TRUE)
        found = battlecards.line(session, characters.member, line.id, now=NOW + DAY)
        assert found.freshness.words == "confirmed 1 day ago in Georgia"
        assert battlecard_checks.open_for(session, characters.owner, now=NOW) == []
        assert last_entry(session).data["verdict"] == "still-true"

    def test_no_longer_marks_it_for_those_who_keep_it_until_they_change_it(
        self, session: Session, characters: Characters, analyst: Actor, line: LineView
    ) -> None:
        answer(session, characters.owner, Verdict.NO_LONGER)
        found = battlecards.line(session, analyst, line.id, now=NOW)
        assert found.doubt is not None
        assert (found.doubt.person_name, found.doubt.at) == ("Olivia Owner", NOW)
        assert found.doubt.place is not None
        assert found.doubt.place.id == GEORGIA
        assert battlecards.line(session, characters.member, line.id, now=NOW).doubt is None
        changed = battlecard_lines.change_line(
            session, analyst, line_id=line.id, version=1, text="Five people", now=NOW + DAY
        )
        assert changed.doubt is None

    def test_do_not_know_asks_the_next_once(
        self, session: Session, characters: Characters, line: LineView
    ) -> None:
        answer(session, characters.owner, Verdict.DO_NOT_KNOW)
        assert check_of(session, MANAGER) > check_of(session, OWNER)
        answer(session, characters.manager, Verdict.DO_NOT_KNOW)
        asked = session.scalars(select(BattlecardCheck.person_id)).all()
        assert sorted(asked) == [OWNER, MANAGER]
        assert battlecards.line(session, characters.owner, line.id, now=NOW).freshness.stale

    def test_twice_is_once_and_another_one_is_refused(
        self, session: Session, characters: Characters
    ) -> None:
        thanks = answer(session, characters.owner, Verdict.STILL_TRUE)
        assert answer(session, characters.owner, Verdict.STILL_TRUE) == thanks
        with pytest.raises(Conflict, match="You have answered this already: still true"):
            answer(session, characters.owner, Verdict.NO_LONGER)
        assert journalled(session).count("battlecard.checked") == 1

    def test_is_for_whom_it_was_asked_of(self, session: Session, characters: Characters) -> None:
        number = check_of(session, OWNER)
        for one in characters.everyone:
            if one.id == OWNER:
                continue
            assert battlecard_checks.open_for(session, one, now=NOW) == []
            with pytest.raises(NotFound):
                battlecard_checks.get(session, one, check_id=number)
            with pytest.raises(NotFound):
                battlecard_checks.answer(
                    session, one, check_id=number, verdict=Verdict.STILL_TRUE, now=NOW
                )

    def test_is_none_once_the_line_is_sealed_from_them(
        self, session: Session, characters: Characters, line: LineView
    ) -> None:
        sealed = heard(session, characters.stranger, audience=Audience.SEALED)
        battlecard_lines.cite(session, characters.admin, line_id=line.id, note_id=sealed, now=NOW)
        assert battlecard_checks.open_for(session, characters.owner, now=NOW) == []
        with pytest.raises(NotFound):
            answer(session, characters.owner, Verdict.STILL_TRUE)
        number = str(check_of(session, OWNER))
        assert battlecard_letters.check(session, characters.owner, number) is None

    def test_is_offered_by_a_letter_to_them_alone(
        self, session: Session, characters: Characters
    ) -> None:
        number = str(check_of(session, OWNER))
        letter = battlecard_letters.check(session, characters.owner, number)
        assert letter is not None
        assert letter.title == "Still true of Ionfield? Four people"
        assert (letter.leads, letter.key) == (Leads.COMPETITOR, "ionfield")
        assert [one.value for one in letter.choices] == ["still-true", "no-longer", "do-not-know"]
        [line] = letter.lines
        assert "in Georgia (stale: nothing new for 200 days" in line
        assert battlecard_letters.check(session, characters.member, number) is None
        answer(session, characters.owner, Verdict.NO_LONGER)
        letter = battlecard_letters.check(session, characters.owner, number)
        assert letter is not None
        assert (letter.choices, letter.lines[-1]) == ((), "You have said: no longer true.")

    def test_goes_with_the_line(
        self, session: Session, characters: Characters, analyst: Actor, line: LineView
    ) -> None:
        battlecard_lines.archive_line(session, analyst, line_id=line.id, now=NOW)
        number = str(check_of(session, OWNER))
        assert battlecard_letters.check(session, characters.owner, number) is None
        assert battlecard_checks.open_for(session, characters.owner, now=NOW) == []


def test_of_two_places_the_nearer_knows_better(
    session: Session, characters: Characters, analyst: Actor
) -> None:
    line = stale(session, analyst, heard(session, characters.member))
    ask(session)
    (found,) = battlecard_checks.open_for(session, characters.member, now=NOW)
    assert found.place is not None
    assert (found.place.id, found.line.id) == (FLORIDA, line.id)
