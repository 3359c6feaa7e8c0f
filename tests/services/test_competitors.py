"""Competitors: kept by marketing, managers and admins, each word standing for one of them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import catalogue, competitors
from insights.services.access import Actor
from insights.services.catalogue import NamedItem
from tests.fixtures.world import Characters
from tests.organisation import ACME, IONFIELD, NOW
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may

DEEDS: dict[str, Callable[[Session, Actor], object]] = {
    "create": lambda s, a: competitors.create(s, a, now=NOW, name="Bell"),
    "change": lambda s, a: competitors.change(s, a, now=NOW, slug="ionfield", name="Ion"),
    "archive": lambda s, a: competitors.archive(s, a, now=NOW, slug="ionfield"),
    "restore": lambda s, a: competitors.restore(s, a, now=NOW, slug="ionfield"),
}


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    """One of those who may."""
    return characters.analyst


def create(session: Session, actor: Actor, name: str, aliases: Sequence[str] = ()) -> NamedItem:
    return competitors.create(session, actor, now=NOW, name=name, aliases=aliases)


def change(session: Session, actor: Actor, slug: str, **changes: Any) -> NamedItem:
    return competitors.change(session, actor, now=NOW, slug=slug, **changes)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_competitors_are_kept_by_all_but_reps(
    session: Session, characters: Characters, deed: Callable[[Session, Actor], object]
) -> None:
    assert who_may(session, characters, lambda actor: deed(session, actor)) == CURATORS


class TestANewCompetitor:
    def test_is_in_the_catalogue_and_in_the_journal(self, session: Session, analyst: Actor) -> None:
        made = create(session, analyst, "AT&T", ["ATT", "Ma Bell"])
        assert (made.slug, made.aliases) == ("at-t", ("ATT", "Ma Bell"))
        assert catalogue.current(session).competitors[made.id] == made
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("competitor.created", str(made.id))

    @pytest.mark.parametrize("name", ["acme telecom", "ACME", "Ion  field"])
    def test_has_a_name_that_stands_for_nobody_else(
        self, session: Session, analyst: Actor, name: str
    ) -> None:
        assert (
            "Remove it there or choose another"
            in refused(lambda: create(session, analyst, name))["name"]
        )

    def test_has_aliases_that_stand_for_nobody_else(self, session: Session, analyst: Actor) -> None:
        fields = refused(lambda: create(session, analyst, "Bell", ["Ma Bell", "Acme", "Ionfield"]))
        assert fields == {
            "aliases": "“Acme” belongs to Acme Telecom. Remove it there or choose another. "
            "“Ionfield” belongs to Ionfield. Remove it there or choose another."
        }

    def test_is_told_everything_that_is_wrong_at_once(
        self, session: Session, analyst: Actor
    ) -> None:
        assert sorted(refused(lambda: create(session, analyst, "", [" "]))) == ["aliases", "name"]
        assert sorted(refused(lambda: create(session, analyst, "Acme", ["Ionfield"]))) == [
            "aliases",
            "name",
        ]


class TestChanging:
    def test_the_name_keeps_the_address_and_the_aliases(
        self, session: Session, analyst: Actor
    ) -> None:
        changed = change(session, analyst, "acme-telecom", name="Acme Group")
        assert (changed.name, changed.slug, changed.aliases) == (
            "Acme Group",
            "acme-telecom",
            ("Acme",),
        )
        assert last_entry(session).data == {"name": "Acme Group", "changed": ["name"]}

    def test_the_name_to_one_of_the_aliases_drops_the_alias(
        self, session: Session, analyst: Actor
    ) -> None:
        changed = change(session, analyst, "acme-telecom", name="Acme")
        assert (changed.name, changed.aliases) == ("Acme", ())

    def test_the_aliases_replaces_all_of_them(self, session: Session, analyst: Actor) -> None:
        change(session, analyst, "acme-telecom", aliases=["A.C.M.E.", "ACME"])
        assert catalogue.current(session).competitors[ACME].aliases == ("A.C.M.E.", "ACME")
        change(session, analyst, "acme-telecom", aliases=[])
        assert catalogue.current(session).competitors[ACME].aliases == ()

    def test_nothing_is_not_journalled(self, session: Session, analyst: Actor) -> None:
        change(session, analyst, "acme-telecom", name="Acme Telecom", aliases=["Acme"])
        assert journalled(session) == []

    def test_to_a_word_of_another_is_refused_and_changes_nothing(
        self, session: Session, analyst: Actor
    ) -> None:
        before = catalogue.current(session).competitors[ACME]
        fields = refused(
            lambda: change(session, analyst, "acme-telecom", name="Zeta", aliases=["Ion Field"])
        )
        assert list(fields) == ["aliases"]
        catalogue.changed(session)
        assert catalogue.current(session).competitors[ACME] == before

    def test_what_does_not_exist_is_refused(self, session: Session, analyst: Actor) -> None:
        with pytest.raises(NotFound, match="There is no competitor “bell”"):
            change(session, analyst, "bell", name="Bell")


class TestArchiving:
    def test_hides_a_competitor_until_it_is_restored(
        self, session: Session, analyst: Actor
    ) -> None:
        assert competitors.archive(session, analyst, now=NOW, slug="ionfield").archived
        assert [one.id for one in competitors.list_competitors(session, analyst)] == [ACME]
        restored = competitors.restore(session, analyst, now=NOW, slug="ionfield")
        assert restored.aliases == ("Ion Field",)
        assert journalled(session) == ["competitor.archived", "competitor.restored"]

    def test_leaves_its_words_taken(self, session: Session, analyst: Actor) -> None:
        competitors.archive(session, analyst, now=NOW, slug="ionfield")
        assert refused(lambda: create(session, analyst, "Ion Field"))["name"] == (
            "“Ion Field” belongs to Ionfield, which is archived. Restore it or choose another."
        )


class TestTheList:
    def test_is_ordered_by_name_and_seen_by_everyone(
        self, session: Session, characters: Characters
    ) -> None:
        for actor in characters.everyone:
            listed = competitors.list_competitors(session, actor)
            assert [one.id for one in listed] == [ACME, IONFIELD]

    def test_shows_archived_ones_when_asked(self, session: Session, analyst: Actor) -> None:
        competitors.archive(session, analyst, now=NOW, slug="ionfield")
        listed = competitors.list_competitors(session, analyst, archived=True)
        assert [one.id for one in listed if one.archived] == [IONFIELD]

    def test_gives_one_by_its_address(self, session: Session, characters: Characters) -> None:
        assert competitors.get(session, characters.owner, slug="acme-telecom").aliases == ("Acme",)
        with pytest.raises(NotFound, match="no competitor “bell”"):
            competitors.get(session, characters.owner, slug="bell")
