"""Guard-rails on every way in: what is refused, what is asked, and what is kept of it."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Forbidden
from insights.models import GuardAction, GuardMatch, GuardOverride, GuardTopic, Note
from insights.services import guard_overrides, guard_rails, guard_words, notes
from insights.services.access import Actor
from insights.services.notes import NoteChanges
from tests.drafts import draft, posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.importing import Bench
from tests.services.outcomes import refused, who_may

PHONE = "Call Ann at 404-555-0137"
ASKED: frozenset[str] = frozenset()


@pytest.fixture
def owner(characters: Characters) -> Actor:
    return characters.owner


@pytest.fixture(autouse=True)
def words(database: Database, characters: Characters) -> None:
    """“cartel” warns, “Project Heron” blocks."""
    with database.writing() as session:
        for word, topic, action in (
            ("cartel", GuardTopic.COMPETITION, GuardAction.WARN),
            ("Project Heron", GuardTopic.RESTRICTED, GuardAction.BLOCK),
        ):
            guard_words.add(
                session, characters.admin, now=NOW, topic=topic, word=word, action=action
            )


def overrides(session: Session) -> list[tuple[UUID, str, bool]]:
    rows = select(GuardOverride).order_by(GuardOverride.id)
    return [(one.note_id, one.finding, one.was_asked) for one in session.scalars(rows)]


class TestAPost:
    def test_with_nothing_in_it_is_stored_at_once(self, session: Session, owner: Actor) -> None:
        posted(session, owner, acknowledged=ASKED)
        assert overrides(session) == []

    def test_with_personal_data_is_refused_until_it_is_confirmed(
        self, session: Session, owner: Actor
    ) -> None:
        fields = refused(lambda: posted(session, owner, PHONE, acknowledged=ASKED))
        assert list(fields) == ["acknowledged"]
        assert "looks like a phone number" in fields["acknowledged"]
        assert "404" not in fields["acknowledged"]
        note_id = posted(session, owner, PHONE, acknowledged=frozenset({"phone"}))
        assert overrides(session) == [(note_id, "phone", True)]

    def test_names_all_that_was_found_and_was_not_confirmed(
        self, session: Session, owner: Actor
    ) -> None:
        text = f"{PHONE}, ann@example.com, about a cartel"
        fields = refused(
            lambda: posted(session, owner, text, acknowledged=frozenset({"phone", "card"}))
        )
        assert "e-mail" in fields["acknowledged"]
        assert "“word:cartel”" in fields["acknowledged"]
        assert "phone" not in fields["acknowledged"]

    def test_by_a_program_that_could_not_ask_is_stored_and_listed(
        self, session: Session, owner: Actor
    ) -> None:
        note_id = posted(session, owner, f"{PHONE} or 404-555-0138, cartel")
        assert sorted(overrides(session), key=str) == [
            (note_id, "phone", False),
            (note_id, "word:cartel", False),
        ]

    @pytest.mark.parametrize("acknowledged", [None, frozenset({"word:project heron"})])
    def test_with_a_blocked_word_is_refused_to_everyone(
        self, session: Session, owner: Actor, acknowledged: frozenset[str] | None
    ) -> None:
        text = "About project-heron"
        fields = refused(lambda: posted(session, owner, text, acknowledged=acknowledged))
        assert fields == {
            "text": "“Project Heron” is on the list of restricted words. Say it in other words."
        }

    def test_tells_what_else_is_wrong_too(self, session: Session, owner: Actor) -> None:
        fields = refused(
            lambda: posted(session, owner, PHONE, territory="Atlantis", acknowledged=ASKED)
        )
        assert sorted(fields) == ["acknowledged", "territory"]

    def test_that_was_stored_before_the_word_was_guarded_is_answered_again(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        note = draft("About a boycott")
        notes.post(session, owner, note, now=NOW)
        guard_words.add_starter_words(session, characters.admin, now=NOW)
        note = draft("About a boycott", id=note.id, acknowledged=ASKED)
        assert not notes.post(session, owner, note, now=NOW).created

    def test_a_second_send_is_listed_once(self, session: Session, owner: Actor) -> None:
        note = draft(PHONE)
        for _ in range(2):
            notes.post(session, owner, note, now=NOW)
        assert len(overrides(session)) == 1


class TestAnEdit:
    @pytest.fixture
    def note_id(self, session: Session, owner: Actor) -> UUID:
        """A note that holds a phone number already."""
        return posted(session, owner, PHONE)

    def edit(self, session: Session, actor: Actor, note_id: UUID, **changes: Any) -> Note:
        given = NoteChanges(**changes)  # type: ignore[typeddict-item]
        return notes.edit(session, actor, note_id, given, now=NOW)

    def test_asks_only_for_what_is_new(self, session: Session, owner: Actor, note_id: UUID) -> None:
        self.edit(session, owner, note_id, text=f"{PHONE}, tomorrow", acknowledged=ASKED)
        assert len(overrides(session)) == 1
        more = f"{PHONE} or 404-555-0138"
        fields = refused(lambda: self.edit(session, owner, note_id, text=more, acknowledged=ASKED))
        assert list(fields) == ["acknowledged"]

    def test_lists_the_one_who_changed_the_note(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        manager, text = characters.manager, f"{PHONE} about a cartel"
        keys = frozenset({"word:cartel"})
        self.edit(session, manager, note_id, text=text, acknowledged=keys)
        newest, _ = guard_overrides.overrides(session, characters.admin, limit=9)
        assert (newest.finding, newest.person_name, newest.was_asked) == (
            "word:cartel",
            "Manuel Manager",
            True,
        )

    def test_with_a_blocked_word_is_refused(
        self, session: Session, owner: Actor, note_id: UUID
    ) -> None:
        fields = refused(lambda: self.edit(session, owner, note_id, text="Project Heron"))
        assert list(fields) == ["text"]

    def test_by_a_program_is_stored_and_listed(
        self, session: Session, owner: Actor, note_id: UUID
    ) -> None:
        self.edit(session, owner, note_id, text="A cartel")
        assert overrides(session)[-1] == (note_id, "word:cartel", False)

    def test_of_other_fields_checks_nothing(
        self, session: Session, owner: Actor, note_id: UUID
    ) -> None:
        self.edit(session, owner, note_id, impact="high", acknowledged=ASKED)
        assert len(overrides(session)) == 1


class TestAnImport:
    @pytest.fixture
    def bench(self, database: Database, characters: Characters, tmp_path: Path) -> Bench:
        return Bench(database, characters.admin, tmp_path)

    def test_refuses_blocked_rows_and_lists_the_others(
        self, bench: Bench, session: Session, characters: Characters
    ) -> None:
        rows = f"territory,text\nGA,{PHONE}\nGA,About Project Heron\nGA,Nothing else\n"
        result = bench.take(rows)
        assert (result.added, result.refused) == (2, 1)
        (one,) = guard_overrides.overrides(session, characters.admin, limit=9)
        assert (one.finding, one.person_name, one.was_asked) == ("phone", "Ada Admin", False)


class TestTheRules:
    def test_are_the_same_object_until_a_word_changes(
        self, database: Database, characters: Characters
    ) -> None:
        with database.reading() as session:
            before = guard_rails.current(session)
        with database.reading() as session:
            assert guard_rails.current(session) is before
        with database.writing() as session:
            guard_words.add_starter_words(session, characters.admin, now=NOW)
            assert guard_rails.current(session).findings("a boycott")
        with database.reading() as session:
            assert guard_rails.current(session).findings("a boycott")

    def test_that_are_undone_are_not_kept(
        self, database: Database, session: Session, characters: Characters
    ) -> None:
        guard_words.add_starter_words(session, characters.admin, now=NOW)
        assert guard_rails.current(session).findings("a boycott")
        session.close()
        with database.reading() as another:
            assert not guard_rails.current(another).findings("a boycott")

    def test_go_along_with_a_device(self, session: Session) -> None:
        kit = guard_rails.current(session).as_kit()
        assert kit["words"][0] == {
            "key": "word:cartel",
            "word": "cartel",
            "match": "exact",
            "action": "warn",
            "title": "“cartel” may be a matter of competition law",
            "advice": guard_rails.ADVICE[GuardTopic.COMPETITION],
        }
        assert set(kit["personal"]) == {"e-mail", "phone", "card", "national-id"}

    def test_find_a_word_as_a_part_where_an_admin_says_so(
        self, session: Session, characters: Characters
    ) -> None:
        (word,) = (
            one for one in guard_words.list_words(session, characters.admin) if one.word == "cartel"
        )
        assert not guard_rails.current(session).findings("cartels")
        match = GuardMatch.PART
        guard_words.change(session, characters.admin, word.id, now=NOW, match=match)
        assert guard_rails.current(session).findings("cartels")


class TestTheListOfOverrides:
    def test_is_for_admins(self, session: Session, characters: Characters) -> None:
        def read(actor: Actor) -> object:
            return guard_overrides.overrides(session, actor, limit=9)

        assert who_may(session, characters, read) == {"admin"}
        with pytest.raises(Forbidden):
            read(characters.owner)

    def test_is_newest_first_a_page_at_a_time(
        self, session: Session, characters: Characters, owner: Actor
    ) -> None:
        sent = [posted(session, owner, PHONE) for _ in range(5)]

        def page(after: int | None = None) -> list[guard_overrides.OverrideView]:
            return guard_overrides.overrides(session, characters.admin, limit=3, after=after)

        first = page()
        assert [one.note_id for one in first] == sent[:1:-1]
        assert [one.note_id for one in page(first[-1].id)] == sent[1::-1]
        assert page(-1) == []
        assert len(page(2**80)) == 3

    def test_holds_nothing_of_what_was_found(self, session: Session, owner: Actor) -> None:
        posted(session, owner, f"{PHONE} ann@example.com 4111 1111 1111 1111 219-09-9999")
        assert sorted(finding for _, finding, _ in overrides(session)) == [
            "card",
            "e-mail",
            "national-id",
            "phone",
        ]
