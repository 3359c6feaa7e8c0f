"""Topics: opened, changed, answered and opened again; by whom, and what stays of it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from insights.errors import Conflict, NotFound
from insights.models import Audience, Person, TopicState, TrendReach
from insights.services import topics
from insights.services.access import OPERATOR
from insights.services.topics import TopicView
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, ANALYST, LEAVER, MANAGER, NOW, OWNER
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may
from tests.services.topical import in_topic, opened, told
from tests.trend_rows import showing

LATER = NOW + timedelta(hours=1)
OPEN, PROGRESS, ANSWERED, CLOSED = TopicState


@pytest.fixture
def topic_id(session: Session, characters: Characters) -> int:
    """A topic of the analyst."""
    return opened(session, characters.analyst, owner_id=ANALYST)


class TestOpening:
    def test_is_for_those_who_work_on_topics(
        self, session: Session, characters: Characters
    ) -> None:
        assert who_may(session, characters, lambda one: opened(session, one)) == CURATORS

    def test_from_nothing_says_who_opened_it(
        self, session: Session, characters: Characters
    ) -> None:
        found = topics.open_topic(
            session, characters.manager, title="  Prices\nby the truck ", team=" Pricing ",
            due=date(2026, 4, 1), now=NOW,
        )  # fmt: skip
        assert (found.title, found.team, found.due) == (
            "Prices by the truck", "Pricing", date(2026, 4, 1)
        )  # fmt: skip
        assert (found.state, found.audience, found.version) == (OPEN, Audience.EVERYONE, 1)
        assert (found.creator_name, found.owner_name) == ("Manuel Manager", "")
        assert (found.notes, found.proposed, found.unsettled) == (0, 0, 0)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id, entry.data) == ("topic.opened", str(found.id), {})

    def test_is_also_for_the_operator(self, session: Session) -> None:
        assert topics.get(session, OPERATOR, opened(session, OPERATOR)).creator_name == ""

    def test_with_notes_gathers_those_that_one_may_see(
        self, session: Session, characters: Characters
    ) -> None:
        seen = posted(session, characters.owner)
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        topic_id = opened(session, characters.manager, note_ids=[seen, hidden])
        assert in_topic(session, characters.analyst, topic_id) == {seen}
        assert topics.get(session, characters.manager, topic_id).audience is Audience.EVERYONE

    def test_is_sealed_with_a_sealed_note_unless_told_otherwise(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.stranger, audience=Audience.SEALED)
        analyst = characters.analyst
        for given, audience in (
            ({}, Audience.SEALED),
            ({"audience": Audience.EVERYONE}, Audience.EVERYONE),
        ):
            topic_id = opened(session, analyst, note_ids=[sealed], **given)
            assert topics.get(session, analyst, topic_id).audience is audience

    def test_says_what_to_mend(self, session: Session, characters: Characters) -> None:
        def told_of(**given: Any) -> dict[str, str]:
            values = {"title": "Prices", **given}
            return refused(lambda: opened(session, characters.analyst, **values))

        assert told_of(title=" \n", team="x" * 81) == {
            "title": "Give the topic a title of 1 to 160 characters.",
            "team": "Shorten this to 80 characters at most.",
        }
        assert list(told_of(title="x" * 161)) == ["title"]
        assert list(told_of(query="x" * 1_001)) == ["query"]
        for nobody in (OWNER, LEAVER, 9_999, 2**40, -1):
            assert list(told_of(owner_id=nobody)) == ["owner"]
        many = [UUID(int=number) for number in range(201)]
        assert list(told_of(note_ids=many)) == ["notes"]


class TestOpeningFromATrend:
    def test_proposes_its_sentence_and_the_evidence_that_one_sees(
        self, session: Session, characters: Characters
    ) -> None:
        seen = posted(session, characters.owner)
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        trend_id = showing(session, evidence=[seen, hidden])
        proposal = topics.propose(session, characters.manager, trend_id, now=NOW)
        assert proposal == topics.Proposal(
            "Ionfield is coming up in Georgia", (seen,), Audience.EVERYONE
        )
        topic_id = opened(session, characters.manager, "", trend_id=trend_id)
        found = topics.get(session, characters.manager, topic_id)
        assert (found.title, found.trend_id, found.notes) == (proposal.title, trend_id, 1)

    def test_is_open_when_everyone_sees_the_same_trend(
        self, session: Session, characters: Characters
    ) -> None:
        hidden = posted(session, characters.stranger, audience=Audience.SEALED)
        trend_id = showing(session, reach=TrendReach.ALL, evidence=[hidden])
        showing(session, reach=TrendReach.EVERYONE)
        topic_id = opened(session, characters.analyst, trend_id=trend_id)
        found = topics.get(session, characters.owner, topic_id)
        assert (found.audience, found.notes) == (Audience.EVERYONE, 0)
        assert topics.get(session, characters.analyst, topic_id).notes == 1

    def test_is_sealed_when_only_the_sealed_notes_show_it(
        self, session: Session, characters: Characters
    ) -> None:
        trend_id = showing(session, reach=TrendReach.ALL)
        topic_id = opened(session, characters.analyst, "Ours", trend_id=trend_id)
        found = topics.get(session, characters.analyst, topic_id)
        assert (found.title, found.audience) == ("Ours", Audience.SEALED)
        with pytest.raises(NotFound):
            opened(session, characters.manager, trend_id=trend_id)


class TestSight:
    def test_a_sealed_topic_is_seen_by_its_owner_by_its_maker_and_by_those_who_see_all(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        given = opened(session, characters.admin, audience=Audience.SEALED, owner_id=MANAGER)
        made = opened(session, characters.manager, audience=Audience.SEALED, owner_id=ANALYST)
        seen = {name: set() for name in vars(characters)}
        for name, actor in vars(characters).items():
            for topic_id in (sealed, given, made):
                try:
                    seen[name].add(topics.get(session, actor, topic_id).id)
                except NotFound:
                    continue
        everything = {sealed, given, made}
        assert seen == {
            "owner": set(), "member": set(), "stranger": set(), "manager": {given, made},
            "analyst": everything, "admin": everything,
        }  # fmt: skip

    def test_what_is_not_there_is_said_in_the_same_words(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        words = set()
        for number in (sealed, 9_999, 2**50, -1):
            with pytest.raises(NotFound) as caught:
                topics.get(session, characters.owner, number)
            words.add(caught.value.message)
        assert words == {"There is no such topic, or you may not see it."}


class TestChanging:
    def test_is_for_those_who_work_on_topics(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        def rename(actor: Any) -> TopicView:
            return topics.change(session, actor, topic_id, title="Another", now=LATER)

        assert who_may(session, characters, rename) == CURATORS

    def test_keeps_what_it_said_before(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        due = date(2026, 4, 1)
        topics.change(session, characters.analyst, topic_id, due=due, now=NOW)
        found = topics.change(
            session, characters.manager, topic_id, title="Another", due=None, now=LATER
        )
        assert (found.title, found.due, found.version, found.updated_at) == (
            "Another", None, 3, LATER
        )  # fmt: skip
        last, first = topics.history(session, characters.owner, topic_id)
        assert (last.editor_name, last.at, last.version) == ("Manuel Manager", LATER, 2)
        assert last.before == {"title": "Prices by the truck", "due": "2026-04-01"}
        assert first.before == {"due": None}
        entry = last_entry(session)
        assert (entry.verb, entry.data) == ("topic.changed", {"fields": ["due", "title"]})

    def test_keeps_what_it_said_while_it_was_sealed_to_those_who_could_read_it(
        self, session: Session, characters: Characters
    ) -> None:
        analyst, opener = characters.analyst, characters.manager
        topic_id = opened(session, opener, "Mercy leaves us", audience=Audience.SEALED)
        topics.change(session, analyst, topic_id, title="A customer leaves us", now=NOW)
        topics.change(session, analyst, topic_id, audience=Audience.EVERYONE, now=NOW)
        topics.change(session, analyst, topic_id, team="Pricing", now=LATER)
        for reader, seen in ((opener, 3), (analyst, 3), (characters.owner, 1)):
            assert len(topics.history(session, reader, topic_id)) == seen, reader.name

    def test_of_nothing_is_no_change(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        before = len(journalled(session))
        same = topics.change(
            session, characters.manager, topic_id, title=" Prices by  the truck", now=LATER
        )
        assert (same.version, same.updated_at) == (1, NOW)
        assert len(journalled(session)) == before

    def test_from_an_old_reading_is_told_who_was_there_before(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        topics.change(
            session, characters.analyst, topic_id, team="Pricing", expected_version=1, now=LATER
        )
        for actor, who in ((characters.manager, "Anna Analyst"), (characters.analyst, "You")):
            with pytest.raises(Conflict) as caught:
                topics.change(session, actor, topic_id, team="Sales", expected_version=1, now=LATER)
            assert caught.value.message.startswith(f"{who} changed this topic since you opened it.")
        assert topics.get(session, characters.owner, topic_id).team == "Pricing"

    def test_keeps_an_owner_who_has_left_until_another_is_chosen(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        session.execute(update(Person).where(Person.id == ANALYST).values(deactivated_at=NOW))
        changed = topics.change(
            session, characters.manager, topic_id, owner_id=ANALYST, team="Pricing", now=LATER
        )
        assert changed.owner_id == ANALYST
        assert ANALYST not in dict(topics.owners(session, characters.manager))
        topics.change(session, characters.manager, topic_id, owner_id=None, now=LATER)
        assert refused(
            lambda: topics.change(
                session, characters.manager, topic_id, owner_id=ANALYST, now=LATER
            )
        ).keys() == {"owner"}


class TestAnswering:
    def test_needs_an_answer(self, session: Session, characters: Characters, topic_id: int) -> None:
        analyst = characters.analyst

        def change(**changes: Any) -> TopicView:
            return topics.change(session, analyst, topic_id, now=LATER, **changes)

        assert refused(lambda: change(state=ANSWERED)).keys() == {"answer"}
        assert refused(lambda: change(state=ANSWERED, answer=" \n")).keys() == {"answer"}
        assert refused(lambda: change(answer="x" * 20_001)).keys() == {"answer"}
        found = change(state=ANSWERED, answer="We **follow**.\n")
        assert (found.state, found.answer, found.answered_at) == (ANSWERED, "We **follow**.", LATER)
        assert journalled(session)[-2:] == ["topic.changed", "topic.answered"]
        assert refused(lambda: change(answer="")).keys() == {"answer"}

    def test_and_opening_again_keep_the_answer(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        analyst = characters.analyst
        steps = [
            (ANSWERED, LATER), (CLOSED, LATER), (PROGRESS, None), (CLOSED, None), (OPEN, None),
        ]  # fmt: skip
        topics.change(session, analyst, topic_id, answer="We follow", now=NOW)
        for state, answered_at in steps:
            found = topics.change(session, analyst, topic_id, state=state, now=LATER)
            assert (found.state, found.answered_at, found.answer) == (
                state, answered_at, "We follow"
            )  # fmt: skip
        entry = last_entry(session)
        assert (entry.verb, entry.data) == (
            "topic.moved", {"state": "open", "former": "closed"}
        )  # fmt: skip


class TestTellingTheOwner:
    def test_happens_when_it_is_given_to_somebody_else(
        self, session: Session, characters: Characters
    ) -> None:
        own = opened(session, characters.analyst, owner_id=ANALYST)
        assert told(session) == []
        given = opened(session, characters.analyst, owner_id=MANAGER)
        assert told(session) == [(MANAGER, "topic", str(given))]
        topics.change(session, characters.analyst, own, owner_id=ADMIN, now=LATER)
        assert told(session)[1:] == [(ADMIN, "topic", str(own))]

    def test_happens_again_when_it_comes_back(
        self, session: Session, characters: Characters
    ) -> None:
        topic_id = opened(session, characters.analyst, owner_id=MANAGER)
        for owner_id in (ADMIN, MANAGER, MANAGER):
            topics.change(session, characters.analyst, topic_id, owner_id=owner_id, now=LATER)
        assert [person for person, _, _ in told(session)] == [MANAGER, ADMIN, MANAGER]


def test_owners_are_those_who_may_work_on_it(session: Session, characters: Characters) -> None:
    assert topics.owners(session, characters.analyst) == [
        (ADMIN, "Ada Admin"),
        (ANALYST, "Anna Analyst"),
        (MANAGER, "Manuel Manager"),
    ]
