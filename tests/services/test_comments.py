"""Comments: the conversation under a note, for whoever may see the note."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.errors import Conflict, Forbidden, NotFound
from insights.models import Audience, Comment
from insights.services import comments, notes
from insights.services.access import Actor
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import journalled, last_entry, refused, who_may

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note of the owner in Georgia."""
    return posted(session, characters.owner)


def comment(session: Session, actor: Actor, note_id: UUID, text: str = "Same here") -> UUID:
    """The id of a comment that `actor` has just written."""
    comment_id = uuid4()
    assert comments.add(session, actor, note_id, comment_id=comment_id, text=text, now=LATER)
    return comment_id


def texts(session: Session, reader: Actor, note_id: UUID) -> list[str]:
    return [one.text for one in comments.list_comments(session, reader, note_id)]


class TestWriting:
    def test_is_for_everyone_who_may_see_the_note(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        allowed = who_may(session, characters, lambda one: comment(session, one, note_id))
        assert allowed == {"owner", "member", "stranger", "analyst", "manager", "admin"}
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        with pytest.raises(NotFound):
            comment(session, characters.member, sealed)

    def test_keeps_who_said_what_and_when(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id, " They\x00 said\r\nso \u202e")
        (one,) = comments.list_comments(session, characters.stranger, note_id)
        assert (one.id, one.note_id, one.text) == (comment_id, note_id, "They said\nso")
        assert (one.author_name, one.at) == ("Max Member", LATER)
        assert last_entry(session).data == {"comment": str(comment_id)}

    def test_twice_under_one_id_stores_the_first(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id, "first")
        assert not comments.add(
            session, characters.member, note_id, comment_id=comment_id, text="second", now=LATER
        )
        assert texts(session, characters.owner, note_id) == ["first"]
        assert journalled(session) == ["note.posted", "comment.added"]

    def test_under_the_id_of_another_comment_is_a_conflict(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id)
        elsewhere = posted(session, characters.owner)
        for actor, note in ((characters.stranger, note_id), (characters.member, elsewhere)):
            with pytest.raises(Conflict, match="Send it under a new id"):
                comments.add(session, actor, note, comment_id=comment_id, text="x", now=LATER)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "Write a comment: the text is empty."),
            ("\u200b\x00 ", "Write a comment: the text is empty."),
            ("x" * 5_001, "Shorten the comment to 5,000 characters; it has 5,001."),
        ],
    )
    def test_of_an_empty_or_endless_text_is_refused(
        self, session: Session, characters: Characters, note_id: UUID, text: str, message: str
    ) -> None:
        problems = refused(lambda: comment(session, characters.member, note_id, text))
        assert problems == {"text": message}

    def test_to_a_withdrawn_note_is_over(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.owner, note_id, "first")
        within = timedelta(hours=24)
        notes.withdraw(session, characters.owner, note_id, reason="", within=within, now=LATER)
        with pytest.raises(Forbidden, match="its conversation is closed"):
            comment(session, characters.owner, note_id)
        again = comments.add(
            session, characters.owner, note_id, comment_id=comment_id, text="first", now=LATER
        )
        assert not again


class TestEditing:
    def test_is_for_its_author_while_it_stands(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id)

        def deed(actor: Actor) -> None:
            comments.edit(session, actor, comment_id, text=f"By {actor.name}", now=LATER)

        assert who_may(session, characters, deed) == {"member"}
        comments.withdraw(session, characters.manager, comment_id, now=LATER)
        with pytest.raises(Forbidden, match="Write a new one"):
            deed(characters.member)
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        for hidden in (comment(session, characters.owner, sealed), uuid4()):
            with pytest.raises(NotFound, match="no such comment"):
                comments.edit(session, characters.member, hidden, text="x", now=LATER)

    def test_keeps_what_it_said_before_and_tells_once(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id, "They said so")
        for changed in (True, False):
            deed = comments.edit(
                session, characters.member, comment_id, text=" They said no ", now=LATER
            )
            assert deed is changed
        (one,) = comments.list_comments(session, characters.member, note_id)
        assert (one.text, one.edited_at, one.may_edit) == ("They said no", LATER, True)
        assert journalled(session)[1:] == ["comment.added", "comment.edited"]
        assert last_entry(session).data == {"comment": str(comment_id), "before": "They said so"}
        problems = refused(
            lambda: comments.edit(session, characters.member, comment_id, text=" ", now=LATER)
        )
        assert problems == {"text": "Write a comment: the text is empty."}

    def test_ends_with_the_note(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.owner, note_id)
        within = timedelta(hours=24)
        notes.withdraw(session, characters.owner, note_id, reason="", within=within, now=LATER)
        with pytest.raises(Forbidden, match="its conversation is closed"):
            comments.edit(session, characters.owner, comment_id, text="More", now=LATER)


class TestWithdrawing:
    def test_is_for_its_author_managers_of_the_territory_and_admins(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id)

        def deed(actor: Actor) -> None:
            comments.withdraw(session, actor, comment_id, now=LATER)

        assert who_may(session, characters, deed) == {"member", "manager", "admin"}

    def test_hides_it_keeps_it_and_is_done_once(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment_id = comment(session, characters.member, note_id, "gone")
        for _ in range(2):
            comments.withdraw(session, characters.member, comment_id, now=LATER)
        assert texts(session, characters.owner, note_id) == []
        assert session.get_one(Comment, comment_id).text == "gone"
        assert journalled(session)[1:] == ["comment.added", "comment.withdrawn"]

    def test_of_what_is_hidden_or_not_there_finds_nothing(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.owner, audience=Audience.SEALED)
        hidden = comment(session, characters.owner, sealed)
        messages = set()
        for comment_id in (hidden, uuid4()):
            with pytest.raises(NotFound) as caught:
                comments.withdraw(session, characters.member, comment_id, now=LATER)
            messages.add(caught.value.message)
        assert messages == {"There is no such comment, or you may not see it."}


class TestReading:
    def test_shows_the_newest_two_hundred_in_the_order_they_were_written(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        for number in range(201):
            at = LATER + timedelta(seconds=number)
            comments.add(
                session, characters.owner, note_id, comment_id=uuid4(), text=f"{number}", now=at
            )
        shown = texts(session, characters.member, note_id)
        assert (len(shown), shown[0], shown[-1]) == (200, "1", "200")

    def test_says_to_each_reader_which_they_may_withdraw(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        comment(session, characters.member, note_id)
        may = {
            name: comments.list_comments(session, actor, note_id)[0].may_withdraw
            for name, actor in vars(characters).items()
        }
        assert {name for name, allowed in may.items() if allowed} == {"member", "manager", "admin"}
