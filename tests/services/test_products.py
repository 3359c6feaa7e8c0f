"""Products: ours and those of competitors, kept like competitors."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import catalogue, competitors, products
from insights.services.access import Actor
from insights.services.catalogue import NamedItem
from tests.fixtures.world import Characters
from tests.organisation import ACME, FIBRE_ONE, ION_CLOUD, IONFIELD, NOW
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may

DEEDS: dict[str, Callable[[Session, Actor], object]] = {
    "create": lambda s, a: products.create(s, a, now=NOW, name="Router"),
    "change": lambda s, a: products.change(s, a, now=NOW, slug="fibre-one", name="Fibre"),
    "archive": lambda s, a: products.archive(s, a, now=NOW, slug="fibre-one"),
    "restore": lambda s, a: products.restore(s, a, now=NOW, slug="fibre-one"),
}


@pytest.fixture
def manager(characters: Characters) -> Actor:
    """One of those who may."""
    return characters.manager


def create(session: Session, actor: Actor, name: str, **given: Any) -> NamedItem:
    return products.create(session, actor, now=NOW, name=name, **given)


def change(session: Session, actor: Actor, slug: str, **changes: Any) -> NamedItem:
    return products.change(session, actor, now=NOW, slug=slug, **changes)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_products_are_kept_by_all_but_reps(
    session: Session, characters: Characters, deed: Callable[[Session, Actor], object]
) -> None:
    assert who_may(session, characters, lambda actor: deed(session, actor)) == CURATORS


class TestANewProduct:
    def test_is_ours_unless_a_competitor_is_named(self, session: Session, manager: Actor) -> None:
        assert create(session, manager, "Router").competitor_id is None
        assert create(session, manager, "Switch", competitor="").competitor_id is None
        assert create(session, manager, "Modem", competitor="acme-telecom").competitor_id == ACME

    def test_is_in_the_catalogue_and_in_the_journal(self, session: Session, manager: Actor) -> None:
        made = create(session, manager, "Router", aliases=["Box"], competitor="ionfield")
        assert catalogue.current(session).products[made.id] == made
        assert last_entry(session).verb == "product.created"

    def test_is_made_by_a_competitor_that_exists_and_is_in_use(
        self, session: Session, manager: Actor
    ) -> None:
        competitors.archive(session, manager, now=NOW, slug="ionfield")
        unknown = refused(lambda: create(session, manager, "Router", competitor="bell"))
        archived = refused(lambda: create(session, manager, "Router", competitor="ionfield"))
        assert "There is no competitor “bell”" in unknown["competitor"]
        assert "Ionfield is archived" in archived["competitor"]

    def test_is_told_everything_that_is_wrong_at_once(
        self, session: Session, manager: Actor
    ) -> None:
        given = {"aliases": ["F1"], "competitor": "bell"}
        fields = refused(lambda: create(session, manager, "fibre one", **given))
        assert sorted(fields) == ["aliases", "competitor", "name"]


class TestChanging:
    def test_the_maker_leaves_the_rest(self, session: Session, manager: Actor) -> None:
        changed = change(session, manager, "fibre-one", competitor="acme-telecom")
        assert (changed.name, changed.aliases, changed.competitor_id) == (
            "Fibre One",
            ("F1",),
            ACME,
        )
        assert last_entry(session).data == {"name": "Fibre One", "changed": ["competitor"]}

    def test_the_maker_to_none_makes_it_ours(self, session: Session, manager: Actor) -> None:
        assert change(session, manager, "ion-cloud", competitor=None).competitor_id is None

    def test_the_name_leaves_the_maker(self, session: Session, manager: Actor) -> None:
        assert change(session, manager, "ion-cloud", name="Cloud").competitor_id == IONFIELD

    def test_nothing_is_possible_although_the_maker_was_archived(
        self, session: Session, manager: Actor
    ) -> None:
        competitors.archive(session, manager, now=NOW, slug="ionfield")
        unchanged = change(session, manager, "ion-cloud", name="Ion Cloud", competitor="ionfield")
        assert unchanged.competitor_id == IONFIELD
        assert journalled(session) == ["competitor.archived"]

    def test_what_does_not_exist_is_refused(self, session: Session, manager: Actor) -> None:
        with pytest.raises(NotFound, match="There is no product “router”"):
            change(session, manager, "router", name="Router")


class TestTheList:
    def test_is_ordered_by_name_and_seen_by_everyone(
        self, session: Session, characters: Characters
    ) -> None:
        for actor in characters.everyone:
            listed = products.list_products(session, actor)
            assert [one.id for one in listed] == [FIBRE_ONE, ION_CLOUD]

    def test_leaves_archived_ones_out_unless_asked_for(
        self, session: Session, manager: Actor
    ) -> None:
        products.archive(session, manager, now=NOW, slug="fibre-one")
        assert [one.id for one in products.list_products(session, manager)] == [ION_CLOUD]
        assert len(products.list_products(session, manager, archived=True)) == 2
        assert products.restore(session, manager, now=NOW, slug="fibre-one").aliases == ("F1",)

    def test_gives_one_by_its_address(self, session: Session, manager: Actor) -> None:
        assert products.get(session, manager, slug="ion-cloud").competitor_id == IONFIELD
        with pytest.raises(NotFound, match="no product “router”"):
            products.get(session, manager, slug="router")
