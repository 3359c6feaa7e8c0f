"""The list of guarded words: kept by admins, each word once."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.errors import Conflict, NotFound
from insights.models import GuardAction, GuardMatch, GuardTopic, GuardWord
from insights.services import guard_rails, guard_words
from insights.services.access import Actor
from insights.services.guard_starter import STARTER_WORDS
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import journalled, last_entry, refused, who_may


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def add(session: Session, actor: Actor, word: str = "Project Heron", **fields: Any) -> GuardWord:
    given = {"topic": GuardTopic.RESTRICTED, **fields}
    return guard_words.add(session, actor, now=NOW, word=word, **given)


def listed(session: Session, actor: Actor) -> list[str]:
    return [one.word for one in guard_words.list_words(session, actor)]


DEEDS: dict[str, Callable[[Session, Actor, int], object]] = {
    "list": lambda s, a, _: guard_words.list_words(s, a),
    "get": guard_words.get,
    "add": lambda s, a, _: add(s, a, "Other"),
    "add the starter words": lambda s, a, _: guard_words.add_starter_words(s, a, now=NOW),
    "change": lambda s, a, one: guard_words.change(s, a, one, now=NOW, word="Other"),
    "remove": lambda s, a, one: guard_words.remove(s, a, one, now=NOW),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_words_are_kept_by_admins_only(
    session: Session, characters: Characters, deed: Callable[[Session, Actor, int], object]
) -> None:
    word = add(session, characters.admin)
    assert who_may(session, characters, lambda actor: deed(session, actor, word.id)) == {"admin"}


class TestANewWord:
    def test_is_on_the_list_and_in_the_journal(self, session: Session, admin: Actor) -> None:
        word = add(session, admin, " Project\nHeron ", advice=" Call it\nPH ")
        assert (word.word, word.folded, word.advice) == (
            "Project Heron",
            "project heron",
            "Call it PH",
        )
        assert (word.match, word.action) == (GuardMatch.EXACT, GuardAction.WARN)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("guard_word.added", str(word.id))
        assert entry.data == {"name": "Project Heron", "topic": "restricted"}

    @pytest.mark.parametrize("again", ["project heron", "PROJECT-HERON", "Projéct  Heron"])
    def test_is_on_the_list_once(self, session: Session, admin: Actor, again: str) -> None:
        add(session, admin)
        with pytest.raises(Conflict, match="“Project Heron” is on the list already"):
            add(session, admin, again, topic=GuardTopic.COMPETITION)

    @pytest.mark.parametrize("word", ["", " ", "…", "- -", "x" * 121, "ﷺ" * 100])
    def test_has_letters_and_a_length(self, session: Session, admin: Actor, word: str) -> None:
        assert list(refused(lambda: add(session, admin, word))) == ["word"]

    def test_as_a_part_needs_three_letters(self, session: Session, admin: Actor) -> None:
        assert (
            "letters" in refused(lambda: add(session, admin, "ab", match=GuardMatch.PART))["word"]
        )
        assert add(session, admin, "ab").folded == "ab"

    def test_names_all_that_is_wrong_at_once(self, session: Session, admin: Actor) -> None:
        fields = refused(lambda: add(session, admin, "", advice="x" * 301))
        assert sorted(fields) == ["advice", "word"]

    def test_has_its_place_among_five_hundred(self, session: Session, admin: Actor) -> None:
        for number in range(guard_words.MOST_WORDS):
            session.add(
                GuardWord(
                    topic=GuardTopic.RESTRICTED,
                    word=f"w{number}",
                    folded=f"w{number}",
                    match=GuardMatch.EXACT,
                    action=GuardAction.WARN,
                    advice="",
                    created_at=NOW,
                )
            )
        assert "500 words at most" in refused(lambda: add(session, admin))[""]
        starter = refused(lambda: guard_words.add_starter_words(session, admin, now=NOW))
        assert "500 words at most" in starter[""]


class TestChanging:
    def change(self, session: Session, actor: Actor, row: GuardWord, **changes: Any) -> GuardWord:
        return guard_words.change(session, actor, row.id, now=NOW, **changes)

    def test_says_in_the_journal_what_was_changed(self, session: Session, admin: Actor) -> None:
        word = add(session, admin)
        self.change(session, admin, word, action=GuardAction.BLOCK, word="Heron", advice="")
        assert (word.word, word.folded, word.action) == ("Heron", "heron", GuardAction.BLOCK)
        assert last_entry(session).data["fields"] == ["action", "word"]

    def test_to_what_is_so_already_is_not_journalled(self, session: Session, admin: Actor) -> None:
        word = add(session, admin)
        self.change(session, admin, word, word="Project Heron", match=GuardMatch.EXACT)
        assert journalled(session) == ["guard_word.added"]

    def test_to_a_word_of_the_list_is_a_conflict(self, session: Session, admin: Actor) -> None:
        add(session, admin, "cartel")
        other = add(session, admin)
        with pytest.raises(Conflict):
            self.change(session, admin, other, word="Cartel")
        assert self.change(session, admin, other, word="PROJECT HERON").word == "PROJECT HERON"

    def test_keeps_a_part_long_enough(self, session: Session, admin: Actor) -> None:
        word = add(session, admin, "ab")
        fields = refused(lambda: self.change(session, admin, word, match=GuardMatch.PART))
        assert list(fields) == ["word"]


class TestRemoving:
    def test_deletes_the_word_and_keeps_that_it_was_there(
        self, session: Session, admin: Actor
    ) -> None:
        word = add(session, admin)
        guard_words.remove(session, admin, word.id, now=NOW)
        assert listed(session, admin) == []
        assert last_entry(session).verb == "guard_word.removed"
        assert last_entry(session).data["name"] == "Project Heron"

    @pytest.mark.parametrize("number", [0, -1, 99, 2**70])
    def test_what_is_not_there_is_not_found(
        self, session: Session, admin: Actor, number: int
    ) -> None:
        with pytest.raises(NotFound, match="no such word"):
            guard_words.remove(session, admin, number, now=NOW)


class TestTheStarterWords:
    def test_are_hints_that_warn(self, session: Session, admin: Actor) -> None:
        assert guard_words.add_starter_words(session, admin, now=NOW) == len(STARTER_WORDS)
        rows = guard_words.list_words(session, admin)
        assert {(one.topic, one.action) for one in rows} == {
            (GuardTopic.COMPETITION, GuardAction.WARN)
        }
        assert journalled(session) == ["guard_word.added"] * len(STARTER_WORDS)

    def test_are_added_to_what_is_there(self, session: Session, admin: Actor) -> None:
        add(session, admin, "Cartel")
        count = guard_words.add_starter_words(session, admin, now=NOW)
        assert count == len(STARTER_WORDS) - 1
        assert guard_words.add_starter_words(session, admin, now=NOW) == 0

    def test_are_each_found(self, session: Session, admin: Actor) -> None:
        guard_words.add_starter_words(session, admin, now=NOW)
        rails = guard_rails.current(session)
        missed = [one for one in STARTER_WORDS if not rails.findings(f"They {one.upper()}.")]
        assert missed == []


def test_the_list_is_ordered_by_topic_and_alphabet(session: Session, admin: Actor) -> None:
    add(session, admin, "zebra")
    add(session, admin, "cartel", topic=GuardTopic.COMPETITION)
    add(session, admin, "Apple")
    assert listed(session, admin) == ["Apple", "zebra", "cartel"]
