"""Merging: one competitor that exists twice becomes one, and all that was said of it follows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, NotFound
from insights.models import Audience, Competitor, Note, NoteCompetitor, NoteRevision
from insights.services import (
    catalogue,
    competitors,
    note_cards,
    note_history,
    notes,
    products,
)
from insights.services.access import Actor
from insights.services.catalogue import NamedItem
from insights.services.note_cards import NoteFilter
from insights.tagging.dictionary import TagKind
from tests.drafts import draft, posted
from tests.fixtures.world import Characters
from tests.organisation import ACME, ION_CLOUD, IONFIELD, NOW
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    """One of those who may."""
    return characters.analyst


def merge(
    session: Session, actor: Actor, slug: str = "ionfield", into: str = "acme-telecom"
) -> NamedItem:
    return competitors.merge(session, actor, now=LATER, slug=slug, into=into)


def tags(session: Session, note_id: UUID) -> list[int]:
    """The ids of a note's competitors as they are stored."""
    statement = select(NoteCompetitor.competitor_id).where(NoteCompetitor.note_id == note_id)
    return sorted(session.scalars(statement))


def named(session: Session, actor: Actor, note_id: UUID) -> list[str]:
    """The competitors that a reader sees on the note."""
    return [one.name for one in note_cards.card(session, actor, note_id).competitors]


def test_competitors_are_merged_by_all_but_reps(session: Session, characters: Characters) -> None:
    assert who_may(session, characters, lambda actor: merge(session, actor)) == CURATORS


class TestTheNotes:
    def test_are_all_about_the_other_one(self, session: Session, analyst: Actor) -> None:
        ids = [posted(session, analyst, text, territory="GA") for text in ("Ionfield", "Ion Field")]
        other = posted(session, analyst, "Nobody", territory="GA")
        merge(session, analyst)
        assert [tags(session, one) for one in ids] == [[ACME], [ACME]]
        assert tags(session, other) == []

    def test_that_named_both_name_the_one_that_stays_once(
        self, session: Session, analyst: Actor
    ) -> None:
        note_id = posted(session, analyst, "Ionfield and Acme meet", territory="GA")
        assert tags(session, note_id) == [IONFIELD, ACME]
        merge(session, analyst)
        assert tags(session, note_id) == [ACME]
        assert named(session, analyst, note_id) == ["Acme Telecom"]

    def test_follow_also_when_nobody_present_may_see_them(
        self, session: Session, characters: Characters
    ) -> None:
        owner = characters.owner
        sealed = posted(session, owner, "Ionfield", audience=Audience.SEALED)
        withdrawn = posted(session, owner, "Ionfield")
        notes.withdraw(session, owner, withdrawn, reason="", within=timedelta(days=1), now=NOW)
        merge(session, characters.manager)
        assert tags(session, sealed) == tags(session, withdrawn) == [ACME]

    def test_are_listed_with_those_of_the_other_one(
        self, session: Session, analyst: Actor, characters: Characters
    ) -> None:
        ids = {posted(session, characters.owner, text) for text in ("Ionfield", "Acme")}
        merge(session, analyst)
        listed = note_cards.list_notes(session, analyst, NoteFilter(competitor_id=ACME)).cards
        assert {one.id for one in listed} == ids

    def test_get_no_version_and_no_revision_but_one_row_in_the_journal(
        self, session: Session, analyst: Actor, characters: Characters
    ) -> None:
        for text in ("Ionfield", "Ionfield and Acme", "Acme"):
            posted(session, characters.owner, text)
        merge(session, analyst)
        assert set(session.scalars(select(Note.version))) == {1}
        assert session.scalars(select(NoteRevision)).all() == []
        assert journalled(session) == ["note.posted"] * 3 + ["competitor.merged"]
        entry = last_entry(session)
        assert (entry.subject_type, entry.subject_id) == ("competitor", str(IONFIELD))
        assert entry.data == {"name": "Ionfield", "into": ACME, "notes": 2, "merge": 1}

    def test_keep_the_former_name_in_their_history(
        self, session: Session, analyst: Actor, characters: Characters
    ) -> None:
        owner = characters.owner
        note_id = posted(session, owner, "Ionfield")
        notes.edit(session, owner, note_id, {"competitors": []}, now=NOW)
        merge(session, analyst)
        (change,) = note_history.changes(session, owner, note_id)
        assert [piece.text for piece in change.fields[0].before] == ["Ionfield"]

    def test_are_counted_before_for_whoever_asks(
        self, session: Session, characters: Characters
    ) -> None:
        posted(session, characters.owner, "Ionfield")
        posted(session, characters.stranger, "Ionfield", audience=Audience.SEALED)
        counts = {
            name: competitors.count_notes(session, actor, slug="ionfield")
            for name, actor in vars(characters).items()
        }
        everything = {name for name, count in counts.items() if count == 2}
        assert everything == {"stranger", "analyst", "admin"}
        assert set(counts.values()) == {1, 2}


class TestTheWords:
    def test_become_aliases_so_that_text_goes_on_being_tagged(
        self, session: Session, analyst: Actor
    ) -> None:
        target = merge(session, analyst)
        assert target.aliases == ("Acme", "Ion Field", "Ionfield")
        known = catalogue.current(session)
        assert known.competitors[ACME] == target
        for text in ("Ionfield is cheap", "ion-field is cheap", "Acme is cheap", "Ion Cloud"):
            assert known.tags_of(text)[TagKind.COMPETITOR] == [ACME]

    def test_find_the_one_that_stays(self, session: Session, analyst: Actor) -> None:
        competitors.change(session, analyst, now=NOW, slug="ionfield", name="Zeta")
        merge(session, analyst)
        known = catalogue.current(session)
        for word in ("ionfield", "ZETA", "Ion Field", "acme-telecom"):
            found = known.find_competitor(word)
            assert found is not None
            assert found.id == ACME

    def test_are_free_for_the_one_that_stays_and_then_for_others(
        self, session: Session, analyst: Actor
    ) -> None:
        merge(session, analyst)
        create = lambda: competitors.create(session, analyst, now=NOW, name="Ionfield")  # noqa: E731
        assert "belongs to Acme Telecom" in refused(create)["name"]
        renamed = competitors.change(
            session, analyst, now=NOW, slug="acme-telecom", name="Ionfield", aliases=["Acme"]
        )
        assert (renamed.slug, renamed.aliases) == ("acme-telecom", ("Acme",))
        competitors.change(session, analyst, now=NOW, slug="acme-telecom", name="Acme Telecom")
        another = create()
        assert (another.name, another.slug) == ("Ionfield", "ionfield-2")
        known = catalogue.current(session)
        assert known.tags_of("Ionfield")[TagKind.COMPETITOR] == [another.id]

    def test_are_not_more_than_a_competitor_can_have(
        self, session: Session, analyst: Actor
    ) -> None:
        names = [f"name {number}" for number in range(49)]
        competitors.change(session, analyst, now=NOW, slug="acme-telecom", aliases=names)
        before = catalogue.current(session).competitors
        assert refused(lambda: merge(session, analyst)) == {
            "into": "Acme Telecom would have 51 aliases, and 50 is the most. "
            "Remove some of Ionfield or Acme Telecom first."
        }
        assert catalogue.current(session).competitors == before
        competitors.change(session, analyst, now=NOW, slug="ionfield", aliases=[])
        assert len(merge(session, analyst).aliases) == 50


class TestTheMergedOne:
    def test_is_no_competitor_any_more_but_keeps_its_name(
        self, session: Session, analyst: Actor
    ) -> None:
        merge(session, analyst)
        known = catalogue.current(session)
        assert list(known.competitors) == [ACME]
        assert known.competitors_ever[IONFIELD].name == "Ionfield"
        listed = competitors.list_competitors(session, analyst, archived=True)
        assert [one.id for one in listed] == [ACME]
        merged = competitors.merged(session, analyst, slug="ionfield")
        assert merged is not None
        assert (merged.name, merged.archived, merged.into_id) == ("Ionfield", True, ACME)
        assert competitors.merged(session, analyst, slug="acme-telecom") is None
        assert session.get_one(Competitor, IONFIELD).archived_at == LATER

    def test_is_found_as_the_other_one_by_its_address(
        self, session: Session, analyst: Actor
    ) -> None:
        merge(session, analyst)
        assert competitors.get(session, analyst, slug="ionfield").slug == "acme-telecom"

    def test_gives_its_products_to_the_other_one(self, session: Session, analyst: Actor) -> None:
        merge(session, analyst)
        assert products.get(session, analyst, slug="ion-cloud").competitor_id == ACME
        later = products.create(session, analyst, now=NOW, name="Ion Phone", competitor="ionfield")
        assert later.competitor_id == ACME
        assert catalogue.current(session).tags_of("Ion Cloud") == {
            TagKind.COMPETITOR: [ACME],
            TagKind.PRODUCT: [ION_CLOUD],
            TagKind.SEGMENT: [],
            TagKind.TERRITORY: [],
        }

    def test_cannot_be_changed_restored_or_merged_again(
        self, session: Session, analyst: Actor
    ) -> None:
        merge(session, analyst)
        for deed in (competitors.archive, competitors.restore, competitors.change):
            with pytest.raises(Conflict, match="Ionfield was merged into Acme Telecom"):
                deed(session, analyst, now=NOW, slug="ionfield")
        with pytest.raises(Conflict):
            merge(session, analyst)
        assert journalled(session) == ["competitor.merged"]

    def test_follows_when_the_other_one_is_merged_as_well(
        self, session: Session, analyst: Actor
    ) -> None:
        note_id = posted(session, analyst, "Ionfield", territory="GA")
        bell = competitors.create(session, analyst, now=NOW, name="Bell")
        merge(session, analyst)
        merge(session, analyst, "acme-telecom", "bell")
        assert tags(session, note_id) == [bell.id]
        for slug in ("ionfield", "acme-telecom"):
            assert competitors.get(session, analyst, slug=slug).id == bell.id
            assert catalogue.current(session).find_competitor(slug) == competitors.get(
                session, analyst, slug="bell"
            )

    def test_is_shown_as_the_other_one_where_a_tag_was_left(
        self, session: Session, analyst: Actor
    ) -> None:
        note_id = posted(session, analyst, "Acme", territory="GA")
        merge(session, analyst)
        session.add(NoteCompetitor(note_id=note_id, competitor_id=IONFIELD))
        session.flush()
        assert named(session, analyst, note_id) == ["Acme Telecom"]


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("into", "message"),
        [
            ("umbrella", "There is no competitor “umbrella”. Choose one from the list."),
            ("\x00", "Choose one from the list."),
            ("ionfield", "Ionfield cannot be merged into itself. Choose another competitor."),
        ],
    )
    def test_is_a_merge_into_nothing_or_into_itself(
        self, session: Session, analyst: Actor, into: str, message: str
    ) -> None:
        assert refused(lambda: merge(session, analyst, into=into)) == {"into": message}

    def test_is_a_merge_of_what_does_not_exist(self, session: Session, analyst: Actor) -> None:
        with pytest.raises(NotFound, match="umbrella"):
            merge(session, analyst, "umbrella")

    @pytest.mark.parametrize(
        ("slug", "name"), [("ionfield", "Ionfield"), ("acme-telecom", "Acme Telecom")]
    )
    def test_is_a_merge_with_what_is_archived(
        self, session: Session, analyst: Actor, slug: str, name: str
    ) -> None:
        competitors.archive(session, analyst, now=NOW, slug=slug)
        fields = refused(lambda: merge(session, analyst))
        assert fields == {"into": f"{name} is archived. Restore it first."}

    def test_is_a_merge_into_what_was_merged_itself(self, session: Session, analyst: Actor) -> None:
        competitors.create(session, analyst, now=NOW, name="Bell")
        merge(session, analyst)
        fields = refused(lambda: merge(session, analyst, "bell", "ionfield"))
        assert fields == {
            "into": "Ionfield was itself merged into Acme Telecom. Choose Acme Telecom."
        }


class TestAtTheSameMoment:
    def test_a_note_that_was_prepared_before_is_tagged_with_the_other_one(
        self, database: Database, characters: Characters
    ) -> None:
        note = draft("Ionfield and Acme")
        with database.writing() as session:
            assert IONFIELD in catalogue.current(session).competitors
            with database.writing() as other:
                merge(other, characters.analyst)
            notes.post(session, characters.owner, note, now=NOW)
        with database.reading() as session:
            assert tags(session, note.id) == [ACME]

    def test_a_change_that_was_prepared_before_means_the_other_one(
        self, database: Database, characters: Characters
    ) -> None:
        owner = characters.owner
        with database.writing() as session:
            kept, taken = posted(session, owner, "Ionfield"), posted(session, owner, "Ionfield")
        with database.writing() as session:
            assert IONFIELD in catalogue.current(session).competitors
            with database.writing() as other:
                merge(other, characters.analyst)
            notes.edit(session, owner, kept, {"text": "Ionfield, Acme"}, now=NOW)
            notes.edit(session, owner, taken, {"competitors": []}, now=NOW)
        with database.reading() as session:
            assert (tags(session, kept), tags(session, taken)) == ([ACME], [])

    def test_a_merge_waits_for_the_note_that_is_being_stored(
        self, database: Database, characters: Characters
    ) -> None:
        def merge_now() -> None:
            with database.writing() as session:
                merge(session, characters.analyst)

        with ThreadPoolExecutor(1) as thread:
            with database.writing() as session:
                note_id = posted(session, characters.owner, "Ionfield")
                merging = thread.submit(merge_now)
                with pytest.raises(TimeoutError):
                    merging.result(timeout=0.3)
            merging.result(timeout=30)
        with database.reading() as session:
            assert tags(session, note_id) == [ACME]

    def test_no_note_is_left_behind_while_many_are_posted(
        self, database: Database, characters: Characters
    ) -> None:
        def post(number: int) -> UUID:
            with database.writing() as session:
                return posted(session, characters.owner, f"Ionfield {number}")

        with ThreadPoolExecutor(4) as threads:
            waiting = [threads.submit(post, number) for number in range(40)]
            with database.writing() as session:
                merge(session, characters.analyst)
            ids = [one.result(timeout=60) for one in waiting]
        with database.reading() as session:
            assert [tags(session, one) for one in ids] == [[ACME]] * 40
