"""The discussion of a topic: who takes part, and what stays readable after a merge."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Audience
from insights.services import topic_discussion, topic_merging, topics
from insights.services.access import Actor
from insights.services.note_cards import Position
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import EVERYONE, last_entry, refused, who_may
from tests.services.topical import opened

LATER = NOW + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def topic_id(session: Session, characters: Characters) -> int:
    """A topic that everyone sees."""
    return opened(session, characters.analyst)


def say(
    session: Session, actor: Actor, topic_id: int, text: str = "Same here", after: int = 0
) -> UUID:
    """A remark, so many minutes after noon."""
    comment_id, now = uuid4(), NOW + after * MINUTE
    topic_discussion.add(session, actor, topic_id, comment_id=comment_id, text=text, now=now)
    return comment_id


def texts(session: Session, reader: Actor, topic_id: int) -> list[str]:
    """What is read there."""
    return [one.text for one in topic_discussion.list_comments(session, reader, topic_id).items]


class TestTakingPart:
    def test_is_for_everyone_who_sees_the_topic(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        assert who_may(session, characters, lambda one: say(session, one, topic_id)) == EVERYONE
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        for number in (sealed, 9_999):
            with pytest.raises(NotFound):
                say(session, characters.manager, number)
            with pytest.raises(NotFound):
                texts(session, characters.manager, number)

    def test_again_under_one_id_is_once(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        comment_id = say(session, characters.owner, topic_id, " Same here\r\n")

        def again(actor: Actor, number: int = topic_id) -> bool:
            return topic_discussion.add(
                session, actor, number, comment_id=comment_id, text="Other", now=LATER
            )

        assert not again(characters.owner)
        for actor, number in (
            (characters.member, topic_id),
            (characters.owner, opened(session, characters.analyst)),
        ):
            with pytest.raises(Conflict, match="belongs to another remark"):
                again(actor, number)
        assert texts(session, characters.admin, topic_id) == ["Same here"]

    def test_needs_words(self, session: Session, characters: Characters, topic_id: int) -> None:
        for text in ("", " \n", "x" * 5_001):
            assert refused(
                lambda text=text: say(session, characters.owner, topic_id, text)
            ).keys() == {"text"}

    def test_is_journalled_without_its_words(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        comment_id = say(session, characters.owner, topic_id)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_type, entry.subject_id) == (
            "topic.commented", "topic", str(topic_id)
        )  # fmt: skip
        assert entry.data == {"comment": str(comment_id), "what": "added"}


class TestTakingBack:
    def test_is_changing_what_one_said_oneself(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        comment_id = say(session, characters.owner, topic_id)

        def edit(actor: Actor, text: str = "Here too") -> bool:
            return topic_discussion.edit(session, actor, comment_id, text=text, now=LATER)

        assert who_may(session, characters, edit) == {"owner"}
        assert edit(characters.owner)
        assert not edit(characters.owner, "Here too ")
        found = topic_discussion.get(session, characters.member, comment_id)
        assert (found.text, found.edited_at, found.may_edit) == ("Here too", LATER, False)

    def test_is_hiding_ones_own_and_for_admins_any(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        comment_id = say(session, characters.owner, topic_id)

        def withdraw(actor: Actor) -> None:
            topic_discussion.withdraw(session, actor, comment_id, now=LATER)

        assert who_may(session, characters, withdraw) == {"owner", "admin"}
        withdraw(characters.owner)
        withdraw(characters.admin)
        assert texts(session, characters.owner, topic_id) == []
        with pytest.raises(NotFound):
            topic_discussion.get(session, characters.owner, comment_id)
        with pytest.raises(Forbidden, match="was withdrawn"):
            topic_discussion.edit(session, characters.owner, comment_id, text="Oh", now=LATER)

    def test_of_a_hidden_remark_is_refused_as_of_none(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        sealed = opened(session, characters.analyst, audience=Audience.SEALED)
        for comment_id in (say(session, characters.analyst, sealed), uuid4()):
            for deed in (
                lambda one=comment_id: topic_discussion.get(session, characters.manager, one),
                lambda one=comment_id: topic_discussion.withdraw(
                    session, characters.manager, one, now=LATER
                ),
            ):
                with pytest.raises(NotFound, match="no such remark, or you may not see it"):
                    deed()


def test_the_newest_are_shown_and_lead_back_to_the_beginning(
    session: Session, characters: Characters, topic_id: int
) -> None:
    for number in range(5):
        say(session, characters.owner, topic_id, str(number), after=number)
    pages: list[list[str]] = []
    before: Position | None = None
    while not pages or before is not None:
        page = topic_discussion.list_comments(
            session, characters.member, topic_id, before=before, limit=2
        )
        pages.append([one.text for one in page.items])
        before = page.earlier
    assert pages == [["3", "4"], ["1", "2"], ["0"]]


class TestAfterAMerge:
    def test_all_is_read_in_one_place_with_where_it_was_said(
        self, session: Session, characters: Characters, topic_id: int
    ) -> None:
        analyst = characters.analyst
        first, second = (opened(session, analyst, title) for title in ("First", "Second"))
        for number, one in enumerate((first, second, topic_id)):
            say(session, characters.owner, one, str(number), after=number)
        topic_merging.merge(session, analyst, source_id=first, into=second, now=NOW)
        topic_merging.merge(session, analyst, source_id=second, into=topic_id, now=NOW)
        found = topic_discussion.list_comments(session, characters.member, topic_id).items
        assert [(one.origin, one.text) for one in found] == [
            ("First", "0"), ("Second", "1"), ("", "2")
        ]  # fmt: skip
        assert texts(session, characters.member, first) == ["0"]
        with pytest.raises(Conflict, match="was merged into “Second”"):
            say(session, characters.owner, first)

    def test_what_was_said_in_a_sealed_one_stays_hidden(
        self, session: Session, characters: Characters
    ) -> None:
        analyst = characters.analyst
        source, into = (opened(session, analyst, audience=Audience.SEALED) for _ in range(2))
        say(session, analyst, source)
        topic_merging.merge(session, analyst, source_id=source, into=into, now=NOW)
        topics.change(session, analyst, into, audience=Audience.EVERYONE, now=NOW)
        assert texts(session, characters.manager, into) == []
        assert texts(session, characters.admin, into) == ["Same here"]
