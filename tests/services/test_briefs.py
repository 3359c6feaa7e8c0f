"""Briefs: all that whoever takes a territory over must know, and nothing that they may not see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from insights.errors import NotFound, Unavailable
from insights.models import Audience
from insights.services import (
    briefs,
    handovers,
    must_knows,
    promises,
    questions,
    sightings,
    topics,
)
from insights.services.access import Actor
from insights.services.brief_lines import Brief, BriefLine, Leads, SectionName
from insights.services.handover_checks import NewHandover
from insights.services.must_knows import NewMustKnow, Prompt
from tests.fixtures.app import Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    GEORGIA,
    HEALTHCARE,
    IONFIELD,
    MEMBER,
    MERCY,
    NEVADA,
    NOW,
    OWNER,
    SOUTHEAST,
    TODAY,
)

ZONE = ZoneInfo("UTC")
AGO = timedelta(days=1)


@dataclass
class Desk:
    """Posts notes and reads briefs of Georgia."""

    stage: Stage
    characters: Characters

    def post(self, actor: Actor, text: str, *, days_ago: int = 0, **fields: Any) -> UUID:
        at = NOW - AGO * days_ago
        now, self.stage.clock.now = self.stage.clock.now, at
        try:
            return self.stage.post(actor, text, captured_at=at, **fields)
        finally:
            self.stage.clock.now = now

    def write(self, deed: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with self.stage.database.writing() as session:
            return deed(session, *given, now=NOW, **more)

    def read(
        self,
        actor: Actor,
        territory_id: int = GEORGIA,
        *,
        since: datetime | None = None,
        leaver_id: int | None = None,
    ) -> Brief:
        with self.stage.database.reading() as session:
            return briefs.brief(
                session,
                actor,
                self.stage.runtime.reader,
                territory_id=territory_id,
                now=NOW,
                today=TODAY,
                zone=ZONE,
                since=since,
                leaver_id=leaver_id,
            )

    def lines(self, actor: Actor, name: SectionName, **given: Any) -> list[BriefLine]:
        [found] = [one for one in self.read(actor, **given).sections if one.name is name]
        return list(found.lines)


@pytest.fixture
def desk(stage: Stage, characters: Characters) -> Desk:
    """With the application behind it."""
    return Desk(stage, characters)


def titles(lines: list[BriefLine]) -> list[str]:
    return [line.title for line in lines]


class TestWhatPeopleSaid:
    def test_must_knows_come_with_their_question_and_account(
        self, desk: Desk, characters: Characters
    ) -> None:
        new = NewMustKnow(uuid4(), GEORGIA, "Ann decides", Prompt.DECIDERS, account_id=MERCY)
        desk.write(must_knows.pin, characters.owner, new)
        [line] = desk.lines(characters.manager, SectionName.MUST_KNOWS)
        assert (line.key, line.title) == (f"must:{new.id}", "Ann decides")
        assert line.facts == [
            "Who decides at the most important customers?",
            "Mercy Hospital",
            "Olivia Owner",
        ]
        assert line.lead is not None
        assert (line.lead.to, line.lead.key) == (Leads.ACCOUNT, str(MERCY))

    def test_those_of_territories_below_stand_in_the_brief_of_the_one_above(
        self, desk: Desk, characters: Characters
    ) -> None:
        desk.write(must_knows.pin, characters.owner, NewMustKnow(uuid4(), GEORGIA, "Below"))
        above = desk.lines(characters.manager, SectionName.MUST_KNOWS, territory_id=SOUTHEAST)
        assert [(one.title, one.facts[0]) for one in above] == [("Below", "Georgia")]
        assert desk.lines(characters.admin, SectionName.MUST_KNOWS, territory_id=NEVADA) == []

    def test_open_promises_say_to_whom_and_by_when(
        self, desk: Desk, characters: Characters
    ) -> None:
        desk.write(
            promises.make,
            characters.owner,
            promise_id=uuid4(),
            territory_id=GEORGIA,
            account_id=MERCY,
            text="A second survey",
            due=date(2026, 4, 1),
        )
        [line] = desk.lines(characters.manager, SectionName.PROMISES)
        assert list(line.facts) == [
            "to Mercy Hospital",
            "due 1 Apr 2026",
            "promised by Olivia Owner",
        ]

    def test_must_knows_and_promises_are_nobody_elses_business(
        self, desk: Desk, characters: Characters
    ) -> None:
        desk.write(must_knows.pin, characters.owner, NewMustKnow(uuid4(), GEORGIA, "Ann decides"))
        desk.write(
            promises.make,
            characters.owner,
            promise_id=uuid4(),
            territory_id=GEORGIA,
            text="A survey",
        )
        for name in (SectionName.MUST_KNOWS, SectionName.PROMISES):
            assert desk.lines(characters.stranger, name) == []
            assert len(desk.lines(characters.analyst, name)) == 1

    def test_topics_with_a_note_from_there_and_questions_without_an_answer(
        self, desk: Desk, characters: Characters
    ) -> None:
        note_id = desk.post(characters.owner, "They want fibre")
        desk.write(topics.open_topic, characters.analyst, title="Fibre", note_ids=[note_id])
        desk.write(
            questions.ask,
            characters.analyst,
            text="Who sells fibre?",
            territory_ids=[GEORGIA],
            until=TODAY + 9 * AGO,
            today=TODAY,
        )
        assert titles(desk.lines(characters.stranger, SectionName.TOPICS)) == ["Fibre"]
        [question] = desk.lines(characters.owner, SectionName.QUESTIONS)
        assert question.title == "Who sells fibre?"
        assert question.facts == ["asked by Anna Analyst", "until 27 Mar 2026"]
        assert desk.lines(characters.owner, SectionName.TOPICS, territory_id=NEVADA) == []


class TestWhatNotesSay:
    def test_competitors_come_with_their_last_note_and_what_was_lately(
        self, desk: Desk, characters: Characters
    ) -> None:
        desk.post(characters.owner, "Acme was here", days_ago=200)
        desk.post(characters.owner, "Ionfield is cheap", days_ago=20)
        newest = desk.post(characters.owner, "Ionfield is cheaper", days_ago=2)
        ionfield, acme = desk.lines(characters.owner, SectionName.COMPETITORS)
        assert (ionfield.key, ionfield.title) == (f"competitor:{IONFIELD}", "Ionfield")
        assert list(ionfield.facts) == ["2 notes in 90 days"]
        assert ionfield.quote is not None
        assert (ionfield.quote.note_id, ionfield.quote.text) == (newest, "Ionfield is cheaper")
        assert (acme.title, list(acme.facts)) == ("Acme Telecom", ["0 notes in 90 days"])

    def test_customers_come_with_their_last_note_newest_first(
        self, desk: Desk, characters: Characters
    ) -> None:
        [line] = desk.lines(characters.owner, SectionName.ACCOUNTS)
        assert (line.title, list(line.facts), line.quote) == (
            "Mercy Hospital",
            ["no note yet"],
            None,
        )
        desk.post(characters.owner, "Old", days_ago=9, account_id=MERCY)
        newest = desk.post(characters.owner, "New", days_ago=1, account_id=MERCY)
        [line] = desk.lines(characters.owner, SectionName.ACCOUNTS)
        assert line.quote is not None
        assert (line.quote.note_id, line.quote.author_name) == (newest, "Olivia Owner")

    def test_colleagues_are_those_who_wrote_about_the_same_competitors(
        self, desk: Desk, characters: Characters
    ) -> None:
        desk.post(characters.owner, "Ionfield is cheap")
        for _ in range(2):
            desk.post(characters.stranger, "Ionfield in Nevada")
        desk.post(characters.member, "Acme in Florida")
        seen = desk.lines(characters.manager, SectionName.PEOPLE, leaver_id=OWNER)
        assert [(one.title, list(one.facts)) for one in seen] == [
            ("Stella Stranger", ["Ionfield: 2 notes"])
        ]
        assert desk.lines(characters.stranger, SectionName.PEOPLE, leaver_id=OWNER) == []

    def test_without_an_index_the_rest_is_there(self, desk: Desk, characters: Characters) -> None:
        class Gone:
            def __getattr__(self, _name: str) -> Any:
                raise Unavailable("There is no index.")

        with desk.stage.database.reading() as session:
            gone: Any = Gone()
            found = briefs.brief(
                session, characters.owner, gone, territory_id=GEORGIA, now=NOW, today=TODAY,
                zone=ZONE,
            )  # fmt: skip
        uncounted = {one.name for one in found.sections if not one.is_counted}
        assert SectionName.COMPETITORS in uncounted
        assert SectionName.ACCOUNTS not in uncounted


class TestWhatOnlyOnePersonKnows:
    def sole(self, desk: Desk, reader: Actor, **given: Any) -> list[str]:
        return sorted(one.key for one in desk.lines(reader, SectionName.ONLY_ONE, **given))

    def test_is_what_nobody_else_wrote_about_there(
        self, desk: Desk, characters: Characters
    ) -> None:
        newest = desk.post(characters.owner, "Ionfield again", account_id=MERCY)
        desk.post(characters.owner, "Acme was here", days_ago=3)
        desk.post(characters.member, "Acme too", territory="georgia")
        found = desk.lines(characters.manager, SectionName.ONLY_ONE, leaver_id=OWNER)
        keys = {one.key for one in found}
        assert {f"sole-account:{MERCY}", f"sole-competitor:{IONFIELD}"} <= keys
        assert f"sole-segment:{HEALTHCARE}" in keys
        assert len(keys) == 3
        [mercy] = [one for one in found if one.key == f"sole-account:{MERCY}"]
        assert list(mercy.facts) == ["only Olivia Owner wrote about it", "1 note"]
        assert mercy.quote is not None
        assert mercy.quote.note_id == newest

    def test_ends_when_somebody_has_seen_it_too(self, desk: Desk, characters: Characters) -> None:
        note_id = desk.post(characters.owner, "Ionfield again")
        assert self.sole(desk, characters.manager) == [f"sole-competitor:{IONFIELD}"]
        desk.write(sightings.add, characters.member, note_id)
        assert self.sole(desk, characters.manager) == []

    def test_is_not_older_than_two_years(self, desk: Desk, characters: Characters) -> None:
        desk.post(characters.owner, "Ionfield again", days_ago=360)
        assert self.sole(desk, characters.manager) == [f"sole-competitor:{IONFIELD}"]
        with desk.stage.database.reading() as session:
            later = briefs.brief(
                session, characters.manager, desk.stage.runtime.reader, territory_id=GEORGIA,
                now=NOW + timedelta(days=400), today=TODAY, zone=ZONE,
            )  # fmt: skip
        assert later.keys[SectionName.ONLY_ONE] == []

    def test_with_a_leaver_is_theirs(self, desk: Desk, characters: Characters) -> None:
        desk.post(characters.owner, "Ionfield again")
        assert self.sole(desk, characters.manager, leaver_id=MEMBER) == []
        assert len(self.sole(desk, characters.manager, leaver_id=OWNER)) == 1

    def test_after_a_handover_is_that_of_the_former_holder(
        self, desk: Desk, characters: Characters
    ) -> None:
        made = desk.write(
            handovers.prepare,
            characters.manager,
            [NewHandover(GEORGIA, MEMBER)],
            from_id=OWNER,
            on=TODAY,
            today=TODAY,
        )
        desk.write(handovers.carry_out, characters.manager, made[0].id, today=TODAY)
        assert desk.read(characters.manager).leaver_id == OWNER


class TestSealedNotes:
    def test_are_in_no_section_of_a_stranger(self, desk: Desk, characters: Characters) -> None:
        sealed = desk.post(
            characters.owner,
            "Ionfield buys Mercy",
            audience=Audience.SEALED,
            account_id=MERCY,
        )
        desk.write(topics.open_topic, characters.analyst, title="Secret", note_ids=[sealed])
        new = NewMustKnow(uuid4(), GEORGIA, "Ionfield buys", None, sealed, is_note=True)
        desk.write(must_knows.pin, characters.owner, new)
        everything = str(desk.read(characters.stranger).sections)
        for word in ("Ionfield", "buys", "Secret", str(sealed)):
            assert word not in everything
        known = str(desk.read(characters.manager).sections)
        assert "Ionfield buys Mercy" in known

    @pytest.mark.parametrize("character", ["owner", "analyst", "manager", "admin"])
    def test_are_told_to_those_who_may_see_them(
        self, desk: Desk, characters: Characters, character: str
    ) -> None:
        desk.post(characters.owner, "Ionfield buys Mercy", audience=Audience.SEALED)
        reader = getattr(characters, character)
        [line] = desk.lines(reader, SectionName.COMPETITORS)
        assert line.quote is not None
        assert line.quote.sealed

    def test_that_another_wrote_make_nothing_known_to_more_people(
        self, desk: Desk, characters: Characters
    ) -> None:
        desk.post(characters.owner, "Ionfield is cheap")
        desk.post(
            characters.member, "Ionfield sealed", territory="georgia", audience=Audience.SEALED
        )
        name = SectionName.ONLY_ONE
        assert len(desk.lines(characters.stranger, name)) == 1
        assert desk.lines(characters.manager, name) == []


def test_what_happened_since_the_last_reading_is_new(desk: Desk, characters: Characters) -> None:
    desk.post(characters.owner, "Ionfield is cheap", days_ago=2)
    found = desk.read(characters.owner, since=NOW - 3 * AGO)
    [line] = next(one for one in found.sections if one.name is SectionName.COMPETITORS).lines
    assert found.is_new(line)
    assert not desk.read(characters.owner, since=NOW - AGO).is_new(line)
    assert not desk.read(characters.owner).is_new(line)


def test_of_a_territory_that_does_not_exist_there_is_none(
    desk: Desk, characters: Characters
) -> None:
    with pytest.raises(NotFound):
        desk.read(characters.owner, territory_id=999)


def test_takes_as_many_queries_for_many_notes_as_for_few(
    desk: Desk, characters: Characters, count_queries: Counter
) -> None:
    def counted() -> int:
        with count_queries(desk.stage.database) as statements:
            desk.read(characters.manager)
        return len(statements)

    desk.post(characters.owner, "Ionfield is cheap", account_id=MERCY)
    desk.read(characters.manager)
    few = counted()
    for number in range(5):
        desk.post(characters.owner, f"Acme and Ionfield {number}", account_id=MERCY)
    assert counted() == few
