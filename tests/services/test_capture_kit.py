"""The capture kit: what a phone needs, nothing archived, and a version that tells of changes."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.models import GuardTopic
from insights.services import (
    accounts,
    assignments,
    capture_kit,
    competitors,
    guard_words,
    products,
    questions,
    segments,
    territories,
)
from insights.services.access import Actor, load_actor
from insights.services.capture_kit import MOST_ACCOUNTS, CaptureKit
from insights.services.question_views import QuestionView
from insights.tagging import TagKind
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    GEORGIA,
    HEALTHCARE,
    ION_CLOUD,
    IONFIELD,
    MERCY,
    NOW,
    ROADWAY,
    SOUTHEAST,
    TODAY,
)


def kit_of(session: Session, actor: Actor) -> CaptureKit:
    sources = capture_kit.sources(session, actor, today=TODAY)
    return capture_kit.kit(session, actor, made_from=sources)


def version_for(session: Session, actor: Actor) -> str:
    return capture_kit.sources(session, actor, today=TODAY).version


def ask(session: Session, actor: Actor, territory_id: int, text: str = "Weekends?") -> QuestionView:
    return questions.ask(
        session,
        actor,
        text=text,
        territory_ids=[territory_id],
        until=TODAY,
        now=NOW,
        today=TODAY,
    )


def questions_for(session: Session, actor: Actor) -> Sequence[QuestionView]:
    return capture_kit.sources(session, actor, today=TODAY).questions


def account_ids(session: Session, actor: Actor) -> list[int]:
    return [one.id for one in capture_kit.sources(session, actor, today=TODAY).accounts]


def test_it_lists_what_notes_are_filed_under(session: Session, characters: Characters) -> None:
    kit = kit_of(session, characters.owner)
    places = [one.slug for one in kit.territories]
    assert places == ["southeast", "florida", "georgia", "west", "nevada"]
    assert [one.slug for one in kit.sources.held] == ["georgia"]
    assert {one.slug for one in kit.competitors} == {"ionfield", "acme-telecom"}
    assert {one.slug for one in kit.products} == {"fibre-one", "ion-cloud"}
    assert {product: maker.id for product, maker in kit.makers.items()} == {ION_CLOUD: IONFIELD}
    assert len(kit.segments) == 4


def test_its_dictionary_names_things_by_slug(session: Session, characters: Characters) -> None:
    kit = kit_of(session, characters.owner)
    named = {(entry.kind, slug, entry.alias) for entry, slug in kit.entries}
    assert {
        (TagKind.COMPETITOR, "ionfield", "Ion Field"),
        (TagKind.PRODUCT, "fibre-one", "F1"),
        (TagKind.SEGMENT, "healthcare", "Healthcare"),
        (TagKind.TERRITORY, "nevada", "Nevada"),
    } <= named


def test_it_brings_the_guard_rails(session: Session, characters: Characters) -> None:
    topic = GuardTopic.RESTRICTED
    guard_words.add(session, characters.admin, now=NOW, topic=topic, word="Cartel")
    sources = capture_kit.sources(session, characters.owner, today=TODAY)
    assert [one["word"] for one in sources.guard_rails["words"]] == ["cartel"]


def test_what_is_archived_is_left_out(session: Session, characters: Characters) -> None:
    admin, owner = characters.admin, characters.owner
    competitors.archive(session, admin, now=NOW, slug="ionfield")
    products.archive(session, admin, now=NOW, slug="fibre-one")
    segments.archive(session, admin, now=NOW, slug="trucking")
    territories.archive(session, admin, now=NOW, today=TODAY, slug="nevada")
    kit = kit_of(session, owner)
    slugs = {slug for _, slug in kit.entries}
    for items in (kit.competitors, kit.products, kit.segments, kit.territories):
        slugs |= {one.slug for one in items}
    assert slugs.isdisjoint({"ionfield", "fibre-one", "trucking", "nevada"})
    assert ION_CLOUD not in kit.makers


def test_a_territory_that_was_archived_is_held_no_longer(
    session: Session, characters: Characters
) -> None:
    territories.archive(session, characters.admin, now=NOW, today=TODAY, slug="georgia")
    assert kit_of(session, characters.owner).sources.held == []


class TestQuestions:
    def test_open_ones_to_the_person_are_in_it(
        self, session: Session, characters: Characters
    ) -> None:
        asked = ask(session, characters.analyst, GEORGIA)
        assert [one.id for one in questions_for(session, characters.owner)] == [asked.id]
        assert questions_for(session, characters.member) == []
        questions.close(session, characters.analyst, asked.id, summary="", now=NOW)
        assert questions_for(session, characters.owner) == []

    def test_the_version_tells_of_a_new_a_changed_and_an_answered_one(
        self, session: Session, characters: Characters
    ) -> None:
        owner, versions = characters.owner, []
        versions.append(version_for(session, owner))
        asked = ask(session, characters.analyst, GEORGIA)
        versions.append(version_for(session, owner))
        questions.change(
            session, characters.analyst, asked.id, text="Sundays?", now=NOW, today=TODAY
        )
        versions.append(version_for(session, owner))
        posted(session, owner, question_id=asked.id)
        versions.append(version_for(session, owner))
        assert len(set(versions)) == 4


class TestAccounts:
    def test_only_those_of_own_territories_and_below(
        self, session: Session, characters: Characters
    ) -> None:
        assert account_ids(session, characters.owner) == [MERCY]
        assert account_ids(session, characters.manager) == [MERCY]
        assert account_ids(session, characters.stranger) == [ROADWAY]
        for actor in (characters.member, characters.analyst, characters.admin):
            assert account_ids(session, actor) == []

    def test_with_their_segments_and_without_archived_ones(
        self, session: Session, characters: Characters
    ) -> None:
        [account] = capture_kit.sources(session, characters.owner, today=TODAY).accounts
        assert (account.territory_id, account.segment_ids) == (GEORGIA, (HEALTHCARE,))
        accounts.archive(session, characters.admin, now=NOW, account_id=MERCY)
        assert account_ids(session, characters.owner) == []

    def test_at_most_the_first_ones_in_order_of_name(
        self, session: Session, characters: Characters
    ) -> None:
        for number in range(MOST_ACCOUNTS + 1):
            name = f"Clinic {number:04}"
            accounts.create(session, characters.admin, now=NOW, name=name, territory="GA")
        found = capture_kit.sources(session, characters.owner, today=TODAY).accounts
        assert [one.name for one in found] == [f"Clinic {one:04}" for one in range(MOST_ACCOUNTS)]


class TestOutlines:
    def test_a_territory_with_a_shape_has_one(
        self, session: Session, characters: Characters
    ) -> None:
        shape = {"state": "GA"}
        territories.change(session, characters.admin, now=NOW, slug="georgia", shape=shape)
        outlines = kit_of(session, characters.owner).outlines
        assert list(outlines) == [GEORGIA]
        assert len(outlines[GEORGIA][0]) > 10

    def test_they_are_read_again_when_a_shape_has_changed(
        self, database: Database, characters: Characters
    ) -> None:
        def rings() -> int:
            with database.reading() as session:
                return len(kit_of(session, characters.owner).outlines)

        assert rings() == 0
        with database.writing() as session:
            shape = {"state": "GA"}
            territories.change(session, characters.admin, now=NOW, slug="georgia", shape=shape)
        assert rings() == 1


CHANGES: dict[str, Callable[[Session, Actor], object]] = {
    "competitor": lambda s, a: competitors.archive(s, a, now=NOW, slug="ionfield"),
    "alias": lambda s, a: products.change(s, a, now=NOW, slug="fibre-one", aliases=["F-One"]),
    "shape": lambda s, a: territories.change(s, a, now=NOW, slug="georgia", shape={"state": "GA"}),
    "guard word": lambda s, a: guard_words.add(
        s, a, now=NOW, topic=GuardTopic.RESTRICTED, word="Cartel"
    ),
    "account": lambda s, a: accounts.change(s, a, now=NOW, account_id=MERCY, name="Mercy"),
    "segments": lambda s, a: accounts.change(s, a, now=NOW, account_id=MERCY, segments=[]),
    "archived": lambda s, a: accounts.archive(s, a, now=NOW, account_id=MERCY),
    "added": lambda s, a: accounts.create(s, a, now=NOW, name="Bay", territory="GA"),
}


class TestVersion:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
    def test_it_differs_after_a_change(
        self, session: Session, characters: Characters, change: Callable[[Session, Actor], object]
    ) -> None:
        before = version_for(session, characters.owner)
        change(session, characters.admin)
        assert version_for(session, characters.owner) != before

    def test_it_stays_while_nothing_of_the_kit_changes(
        self, session: Session, characters: Characters
    ) -> None:
        before = version_for(session, characters.owner)
        accounts.change(session, characters.admin, now=NOW, account_id=ROADWAY, name="Roadways")
        assert version_for(session, characters.owner) == before

    def test_it_differs_with_the_person_and_what_they_hold(
        self, session: Session, characters: Characters
    ) -> None:
        before = version_for(session, characters.owner)
        assert version_for(session, characters.member) != before
        person_id, day = characters.owner.id, TODAY
        assignments.assign(
            session,
            characters.admin,
            now=NOW,
            territory_slug="florida",
            person_id=person_id,
            since=day,
        )
        now_held = load_actor(session, person_id, today=day)
        assert version_for(session, now_held) != before


def test_it_asks_as_often_for_many_things_as_for_few(
    database: Database, characters: Characters, count_queries: Counter
) -> None:
    def asked() -> int:
        with database.reading() as session, count_queries(database) as statements:
            kit_of(session, characters.manager)
        return len(statements)

    with database.writing() as session:
        ask(session, characters.analyst, GEORGIA)
        ask(session, characters.admin, SOUTHEAST)
    asked()
    few = asked()
    with database.writing() as session:
        for number in range(20):
            accounts.create(
                session,
                characters.admin,
                now=NOW,
                name=f"Clinic {number}",
                territory="GA",
                segments=["healthcare"],
            )
            territories.create(
                session,
                characters.admin,
                now=NOW,
                name=f"County {number}",
                parent_slug="georgia",
                shape={"state": "GA"},
            )
            ask(session, characters.analyst, SOUTHEAST, f"Question {number}?")
    asked()
    assert asked() == few == 8
