"""Writing battlecards: what is kept of a change, who was faster, and in which order lines stand."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, NotFound
from insights.models import Audience, BattlecardLine, CardSection, LineType
from insights.services import battlecard_history, battlecard_lines, battlecards, notes
from insights.services.access import Actor
from insights.services.battlecard_lines import MOST_CITATIONS
from insights.services.battlecards import MOST_LINES, LineView
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import IONFIELD, NOW
from tests.services.battlecard_lines import added
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    return characters.analyst


def changed(session: Session, actor: Actor, line: LineView, **changes: Any) -> LineView:
    """The line after a change of the version that the actor has read."""
    return battlecard_lines.change_line(
        session, actor, line_id=line.id, version=line.version, now=LATER, **changes
    )


def order(session: Session, reader: Actor) -> list[str]:
    """The lines of Ionfield in order."""
    return [one.text for one in battlecards.card(session, reader, IONFIELD, now=NOW).lines]


def test_all_but_reps_write(session: Session, characters: Characters) -> None:
    line = added(session, characters.analyst)
    note_id = posted(session, characters.owner, "Ionfield")
    arguments = {"line_id": line.id, "now": NOW}
    for deed in (
        lambda actor: added(session, actor),
        lambda actor: changed(session, actor, line, text="Other"),
        lambda actor: battlecard_lines.archive_line(session, actor, **arguments),
        lambda actor: battlecard_lines.restore_line(session, actor, **arguments),
        lambda actor: battlecard_lines.move_line(session, actor, up=True, **arguments),
        lambda actor: battlecard_lines.cite(session, actor, note_id=note_id, **arguments),
        lambda actor: battlecard_lines.uncite(session, actor, note_id=note_id, **arguments),
    ):
        assert who_may(session, characters, deed) == CURATORS


class TestAdding:
    def test_puts_the_line_last_and_journals_no_words(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        added(session, analyst, "First")
        line = added(session, analyst, " Second\n", note_ids=[note_id, note_id])
        assert order(session, analyst) == ["First", "Second"]
        assert [one.note_id for one in line.citations] == [note_id]
        assert (line.creator_name, line.version) == ("Anna Analyst", 1)
        entry = last_entry(session)
        assert (entry.verb, entry.subject_type, entry.subject_id) == (
            "battlecard.added",
            "battlecard",
            str(line.id),
        )
        assert entry.data == {"name": f"{line.id} of Ionfield", "competitor": IONFIELD}

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"text": " \u200b"}, "text"),
            ({"text": "x" * 1_001}, "text"),
            ({"reply": "We answer"}, "reply"),
            ({"section": CardSection.OBJECTIONS, "reply": "x" * 1_001}, "reply"),
            ({"shelf_days": 0}, "shelf_days"),
            ({"shelf_days": 3_651}, "shelf_days"),
        ],
    )
    def test_names_the_field_that_cannot_be(
        self, session: Session, analyst: Actor, given: dict[str, Any], field: str
    ) -> None:
        assert list(refused(lambda: added(session, analyst, **given))) == [field]

    def test_needs_notes_that_the_writer_may_read(
        self, session: Session, characters: Characters
    ) -> None:
        manager, stranger = characters.manager, characters.stranger
        sealed = posted(session, stranger, "Ionfield", audience=Audience.SEALED)
        for note_id in (sealed, uuid4()):
            with pytest.raises(NotFound):
                added(session, manager, note_ids=[note_id])
        gone = posted(session, characters.owner, "Ionfield")
        within = timedelta(days=1)
        notes.withdraw(session, characters.owner, gone, reason="", within=within, now=NOW)
        said = refused(lambda: added(session, characters.admin, note_ids=[gone]))
        assert said == {"notes": "The note was withdrawn. Choose another one."}

    def test_needs_a_competitor(self, session: Session, analyst: Actor) -> None:
        with pytest.raises(NotFound):
            added(session, analyst, competitor_id=99)

    def test_ends_when_the_card_is_full(self, session: Session, analyst: Actor) -> None:
        first = added(session, analyst)
        values = {
            column.key: getattr(session.get_one(BattlecardLine, first.id), column.key)
            for column in table_of(BattlecardLine).c
            if column.key != "id"
        }
        session.execute(insert(table_of(BattlecardLine)), [values] * (MOST_LINES - 1))
        assert "text" in refused(lambda: added(session, analyst))
        battlecard_lines.archive_line(session, analyst, line_id=first.id, now=NOW)
        added(session, analyst)
        restore = {"line_id": first.id, "now": NOW}
        assert "text" in refused(lambda: battlecard_lines.restore_line(session, analyst, **restore))


class TestChanging:
    def test_raises_the_version_and_keeps_what_it_said(
        self, session: Session, analyst: Actor, characters: Characters
    ) -> None:
        line = added(session, analyst, "Forty a month")
        line = changed(session, characters.manager, line, text="Fifty a month", shelf_days=10)
        assert (line.text, line.shelf_days, line.version, line.updated_at) == (
            "Fifty a month",
            10,
            2,
            LATER,
        )
        assert last_entry(session).data["fields"] == ["shelf_days", "text"]
        (change,) = battlecard_history.history(session, analyst, line_id=line.id).changes
        assert (change.editor_name, change.version) == ("Manuel Manager", 2)
        text = change.fields[0]
        assert [piece.text for piece in text.before if piece.changed] == ["Forty"]
        assert [piece.text for piece in text.after if piece.changed] == ["Fifty"]

    def test_to_what_is_so_already_is_none(self, session: Session, analyst: Actor) -> None:
        line = added(session, analyst, "The same")
        assert changed(session, analyst, line, text=" The same ").version == 1
        assert journalled(session) == ["battlecard.added"]

    def test_an_outdated_version_tells_who_was_faster(
        self, session: Session, analyst: Actor, characters: Characters
    ) -> None:
        line = added(session, analyst)
        changed(session, characters.manager, line, text="Theirs")
        with pytest.raises(Conflict, match="Manuel Manager changed this line just now"):
            changed(session, analyst, line, text="Mine")
        assert order(session, analyst) == ["Theirs"]

    def test_to_another_section_puts_it_last_there(self, session: Session, analyst: Actor) -> None:
        added(session, analyst, "Wins", section=CardSection.HOW_WE_WIN)
        line = added(session, analyst, "Moves")
        changed(session, analyst, line, section=CardSection.HOW_WE_WIN, type=LineType.PEOPLE)
        assert order(session, analyst) == ["Wins", "Moves"]

    def test_an_answer_belongs_to_objections_alone(self, session: Session, analyst: Actor) -> None:
        line = added(session, analyst, section=CardSection.OBJECTIONS, reply="So are we")
        assert list(
            refused(lambda: changed(session, analyst, line, section=CardSection.FACTS))
        ) == ["reply"]


class TestCiting:
    def test_twice_is_once_and_takes_away_again(
        self, session: Session, analyst: Actor, characters: Characters
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        line = added(session, analyst)
        values = {"line_id": line.id, "note_id": note_id, "now": NOW}
        for _ in range(2):
            line = battlecard_lines.cite(session, analyst, **values)
        assert ([one.note_id for one in line.citations], line.version) == ([note_id], 2)
        for _ in range(2):
            line = battlecard_lines.uncite(session, analyst, **values)
        assert (line.citations, line.version) == ((), 3)
        changes = battlecard_history.history(session, analyst, line_id=line.id).changes
        words = ["".join(piece.text for piece in one.fields[0].after) for one in changes]
        assert words == ["none", "“Ionfield”"]

    def test_has_an_end(self, session: Session, analyst: Actor, characters: Characters) -> None:
        names = (f"Ionfield {number}" for number in range(MOST_CITATIONS + 1))
        ids = [posted(session, characters.owner, name) for name in names]
        assert "notes" in refused(lambda: added(session, analyst, note_ids=ids))
        line = added(session, analyst, note_ids=ids[1:])
        values = {"line_id": line.id, "note_id": ids[0], "now": NOW}
        assert "notes" in refused(lambda: battlecard_lines.cite(session, analyst, **values))


class TestOrder:
    def test_goes_one_place_up_and_down(self, session: Session, analyst: Actor) -> None:
        ids = {text: added(session, analyst, text).id for text in "ABC"}
        for text, up, expected in (
            ("C", True, "ACB"),
            ("C", True, "CAB"),
            ("C", True, "CAB"),
            ("A", False, "CBA"),
            ("A", False, "CBA"),
        ):
            battlecard_lines.move_line(session, analyst, line_id=ids[text], up=up, now=NOW)
            assert "".join(order(session, analyst)) == expected
        assert battlecards.line(session, analyst, ids["C"], now=NOW).version == 1

    def test_passes_over_what_the_mover_does_not_see(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        sealed = posted(session, characters.stranger, "Ionfield", audience=Audience.SEALED)
        first = added(session, analyst, "A")
        added(session, analyst, "secret", note_ids=[sealed])
        added(session, analyst, "B")
        battlecard_lines.move_line(session, characters.manager, line_id=first.id, up=False, now=NOW)
        assert order(session, characters.manager) == ["B", "A"]
        assert order(session, analyst) == ["secret", "B", "A"]


class TestHistory:
    def test_withholds_what_rested_on_a_sealed_note(
        self, session: Session, characters: Characters, analyst: Actor
    ) -> None:
        sealed = posted(session, characters.stranger, "Ionfield", audience=Audience.SEALED)
        line = added(session, analyst, "Open")
        note: dict[str, Any] = {"line_id": line.id, "note_id": sealed, "now": NOW}
        line = battlecard_lines.cite(session, analyst, **note)
        line = changed(session, analyst, line, text="What the sealed note says")
        line = changed(session, analyst, line, text="Harmless")
        line = battlecard_lines.uncite(session, analyst, **note)
        changed(session, analyst, line, text="Harmless again")
        whole = battlecard_history.history(session, analyst, line_id=line.id)
        part = battlecard_history.history(session, characters.member, line_id=line.id)
        assert (len(whole.changes), whole.withheld) == (5, False)
        assert ([one.version for one in part.changes], part.withheld) == ([6], True)
        said = str(part)
        assert "sealed" not in said
        assert battlecard_history.history(
            session, characters.stranger, line_id=line.id
        ) == whole  # fmt: skip

    def test_names_archiving(self, session: Session, analyst: Actor) -> None:
        line = added(session, analyst)
        battlecard_lines.archive_line(session, analyst, line_id=line.id, now=NOW)
        battlecard_lines.restore_line(session, analyst, line_id=line.id, now=NOW)
        assert journalled(session)[1:] == ["battlecard.archived", "battlecard.restored"]
        found = battlecard_history.history(session, analyst, line_id=line.id).changes
        assert [one.fields[0].after[0].text for one in found] == ["yes", "no"]


def test_nothing_can_be_done_to_what_is_sealed(
    session: Session, characters: Characters, analyst: Actor
) -> None:
    sealed: UUID = posted(session, characters.stranger, "Ionfield", audience=Audience.SEALED)
    line = added(session, analyst, note_ids=[sealed])
    values = {"line_id": line.id, "now": NOW}
    for deed in (battlecard_lines.archive_line, battlecard_lines.restore_line):
        with pytest.raises(NotFound):
            deed(session, characters.manager, **values)
    with pytest.raises(NotFound):
        changed(session, characters.manager, line, text="Guess")
    with pytest.raises(NotFound):
        battlecard_history.history(session, characters.member, line_id=line.id)
