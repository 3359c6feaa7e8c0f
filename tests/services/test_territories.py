"""The tree of territories: it is kept by admins, has no cycles and forgets nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Invalid, NotFound
from insights.models import Assignment, Territory
from insights.services import access, catalogue, territories
from insights.services.access import Actor
from insights.services.catalogue import Place
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, NOW, SOUTHEAST, TODAY, WEST
from tests.services.outcomes import journalled, last_entry, refused, who_may

TRIANGLE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
DEEDS: dict[str, Callable[[Session, Actor], object]] = {
    "create": lambda s, a: territories.create(s, a, now=NOW, name="Utah"),
    "change": lambda s, a: territories.change(s, a, now=NOW, slug="georgia", name="Peach State"),
    "move": lambda s, a: territories.move(s, a, now=NOW, slug="georgia", parent_slug="west"),
    "archive": lambda s, a: territories.archive(s, a, now=NOW, today=TODAY, slug="georgia"),
    "restore": lambda s, a: territories.restore(s, a, now=NOW, slug="georgia"),
}


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def create(session: Session, actor: Actor, name: str, **given: Any) -> Place:
    return territories.create(session, actor, now=NOW, name=name, **given)


def move(session: Session, actor: Actor, slug: str, below: str | None) -> Place:
    return territories.move(session, actor, now=NOW, slug=slug, parent_slug=below)


def archive(session: Session, actor: Actor, slug: str) -> Place:
    return territories.archive(session, actor, now=NOW, today=TODAY, slug=slug)


def chain(session: Session, actor: Actor, prefix: str, length: int) -> list[str]:
    """The slugs of new territories, each below the one before."""
    slugs: list[str] = []
    for number in range(length):
        above = slugs[-1] if slugs else None
        slugs.append(create(session, actor, f"{prefix} {number}", parent_slug=above).slug)
    return slugs


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_the_tree_is_changed_by_admins_only(
    session: Session, characters: Characters, deed: Callable[[Session, Actor], object]
) -> None:
    assert who_may(session, characters, lambda actor: deed(session, actor)) == {"admin"}


class TestANewTerritory:
    def test_is_in_the_catalogue_and_in_the_journal(self, session: Session, admin: Actor) -> None:
        made = create(session, admin, "  Utah  ", code="ut", parent_slug="west")
        assert (made.name, made.slug, made.code) == ("Utah", "utah", "UT")
        assert catalogue.current(session).territories[made.id] == made
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("territory.created", str(made.id))
        assert entry.data == {"name": "Utah", "parent": WEST}
        assert entry.actor_id == admin.id

    def test_can_be_made_by_the_operator_of_the_server(self, session: Session) -> None:
        create(session, access.OPERATOR, "Utah")
        assert last_entry(session).actor_id is None

    @pytest.mark.parametrize("name", ["", "  ", "\u200b", "™", "x" * 121, "ﷺ" * 20])
    def test_needs_a_usable_name(self, session: Session, admin: Actor, name: str) -> None:
        assert "120 characters" in refused(lambda: create(session, admin, name))["name"]

    @pytest.mark.parametrize("name", ["Georgia", "GEÓRGIA", " georgia\n"])
    def test_has_a_name_of_its_own(self, session: Session, admin: Actor, name: str) -> None:
        message = refused(lambda: create(session, admin, name))["name"]
        assert message == ("There is a territory called “Georgia” already. Choose another name.")

    def test_cannot_take_the_name_of_an_archived_one(self, session: Session, admin: Actor) -> None:
        archive(session, admin, "georgia")
        assert "Restore it" in refused(lambda: create(session, admin, "Georgia"))["name"]

    @pytest.mark.parametrize("given", [{"code": "ga"}, {"code": "Georgia"}, {"code": "W!"}])
    def test_has_a_code_that_stands_for_it_alone(
        self, session: Session, admin: Actor, given: dict[str, str]
    ) -> None:
        assert list(refused(lambda: create(session, admin, "Utah", **given))) == ["code"]

    def test_cannot_be_called_like_the_code_of_another(
        self, session: Session, admin: Actor
    ) -> None:
        assert "code of Georgia" in refused(lambda: create(session, admin, "ga"))["name"]

    def test_lies_below_one_that_exists_and_is_in_use(self, session: Session, admin: Actor) -> None:
        archive(session, admin, "nevada")
        unknown = refused(lambda: create(session, admin, "Utah", parent_slug="atlantis"))
        archived = refused(lambda: create(session, admin, "Utah", parent_slug="nevada"))
        assert "no territory" in unknown["parent"]
        assert "archived" in archived["parent"]

    def test_is_told_everything_that_is_wrong_at_once(self, session: Session, admin: Actor) -> None:
        given = {"code": "!", "shape": {}, "parent_slug": "atlantis"}
        fields = refused(lambda: create(session, admin, "", **given))
        assert sorted(fields) == ["code", "name", "parent", "shape"]

    @pytest.mark.parametrize("slug_taken_by", ["Rhône Alpes", "RHONE_ALPES"])
    def test_has_an_address_of_its_own(
        self, session: Session, admin: Actor, slug_taken_by: str
    ) -> None:
        create(session, admin, slug_taken_by)
        assert create(session, admin, "Rhone-Alpes").slug == "rhone-alpes-2"
        assert create(session, admin, "Rhone, Alpes").slug == "rhone-alpes-3"

    def test_does_not_take_the_address_of_a_page(self, session: Session, admin: Actor) -> None:
        assert create(session, admin, "New").slug == "new-2"


class TestChanging:
    def change(self, session: Session, actor: Actor, slug: str, **changes: Any) -> Place:
        return territories.change(session, actor, now=NOW, slug=slug, **changes)

    def test_a_name_keeps_the_address(self, session: Session, admin: Actor) -> None:
        changed = self.change(session, admin, "georgia", name="Peach State")
        assert (changed.name, changed.slug, changed.code) == ("Peach State", "georgia", "GA")
        assert last_entry(session).data == {"name": "Peach State", "changed": ["name"]}

    def test_leaves_alone_what_is_not_given(self, session: Session, admin: Actor) -> None:
        self.change(session, admin, "georgia", shape=TRIANGLE)
        assert self.change(session, admin, "georgia", name="Georgia").code == "GA"
        assert territories.shapes(session, admin) == {GEORGIA: TRIANGLE}

    def test_to_none_removes_code_and_shape(self, session: Session, admin: Actor) -> None:
        self.change(session, admin, "georgia", shape={"state": "ga"})
        assert self.change(session, admin, "georgia", code=None, shape=None).code is None
        assert territories.shapes(session, admin) == {}

    def test_nothing_is_not_journalled(self, session: Session, admin: Actor) -> None:
        self.change(session, admin, "georgia", name="Georgia", code="ga")
        assert journalled(session) == []

    def test_only_the_spelling_of_a_name_is_possible(self, session: Session, admin: Actor) -> None:
        assert self.change(session, admin, "georgia", name="GEORGIA").name == "GEORGIA"

    def test_to_the_name_of_another_is_refused_and_changes_nothing(
        self, session: Session, admin: Actor
    ) -> None:
        fields = refused(lambda: self.change(session, admin, "georgia", code="PS", name="florida"))
        assert list(fields) == ["name"]
        assert session.get_one(Territory, GEORGIA).code == "GA"

    @pytest.mark.parametrize("slug", ["atlantis", "", "x" * 200, "ge\x00rgia", "\ud800", "Georgia"])
    def test_one_that_does_not_exist_is_refused(
        self, session: Session, admin: Actor, slug: str
    ) -> None:
        with pytest.raises(NotFound, match="There is no territory"):
            self.change(session, admin, slug, name="Utah")


class TestMoving:
    def test_takes_everything_below_along(self, session: Session, admin: Actor) -> None:
        move(session, admin, "southeast", "west")
        assert catalogue.current(session).subtree(WEST) == {
            WEST,
            NEVADA,
            SOUTHEAST,
            GEORGIA,
            FLORIDA,
        }
        assert last_entry(session).data == {
            "name": "Southeast",
            "parent": WEST,
            "former_parent": None,
        }

    def test_to_the_top_is_possible(self, session: Session, admin: Actor) -> None:
        assert move(session, admin, "georgia", None).parent_id is None
        assert move(session, admin, "florida", "").parent_id is None

    def test_to_where_it_is_changes_nothing(self, session: Session, admin: Actor) -> None:
        move(session, admin, "georgia", "southeast")
        assert journalled(session) == []

    @pytest.mark.parametrize("below", ["southeast", "georgia"])
    def test_below_itself_is_refused(self, session: Session, admin: Actor, below: str) -> None:
        fields = refused(lambda: move(session, admin, "southeast", below))
        assert "cannot lie below itself" in fields["parent"]

    def test_below_an_archived_one_is_refused(self, session: Session, admin: Actor) -> None:
        archive(session, admin, "nevada")
        assert "archived" in refused(lambda: move(session, admin, "georgia", "nevada"))["parent"]

    def test_of_two_at_the_same_time_makes_no_cycle(self, database: Database, admin: Actor) -> None:
        start = Barrier(2, timeout=10)

        def attempt(slug: str, below: str) -> bool:
            start.wait()
            try:
                with database.writing() as session:
                    move(session, admin, slug, below)
            except Invalid:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(attempt, ("southeast", "west"), ("west", "southeast")))
        assert sorted(done) == [False, True]


class TestTheDepth:
    def test_is_twelve_levels(self, session: Session, admin: Actor) -> None:
        slugs = chain(session, admin, "Level", 12)
        fields = refused(lambda: create(session, admin, "Too deep", parent_slug=slugs[-1]))
        assert "12 levels" in fields["parent"]

    def test_counts_what_a_moved_part_brings_along(self, session: Session, admin: Actor) -> None:
        slugs = chain(session, admin, "Level", 11)
        assert "12 levels" in refused(lambda: move(session, admin, "west", slugs[-1]))["parent"]
        assert move(session, admin, "west", slugs[-2]).parent_id


class TestArchiving:
    def test_ends_assignments_and_keeps_their_history(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        assert archive(session, admin, "georgia").archived
        assert access.load_actor(session, characters.owner.id, today=TODAY).held == ()
        rows = session.query(Assignment).filter_by(territory_id=GEORGIA)
        assert max(row.until for row in rows if row.until) == TODAY
        assert journalled(session) == ["assignment.ended", "territory.archived"]

    def test_is_refused_while_something_below_is_in_use(
        self, session: Session, admin: Actor
    ) -> None:
        message = refused(lambda: archive(session, admin, "southeast"))[""]
        assert message == "Archive or move what lies below Southeast first: Florida and 1 more."
        archive(session, admin, "georgia")
        archive(session, admin, "florida")
        assert archive(session, admin, "southeast").archived

    def test_twice_happens_once(self, session: Session, admin: Actor) -> None:
        for _ in range(2):
            archive(session, admin, "nevada")
        assert journalled(session).count("territory.archived") == 1

    def test_is_undone_by_restoring_without_holders(
        self, session: Session, characters: Characters, admin: Actor
    ) -> None:
        archive(session, admin, "nevada")
        assert not territories.restore(session, admin, now=NOW, slug="nevada").archived
        assert access.load_actor(session, characters.stranger.id, today=TODAY).held == ()
        assert journalled(session)[-1] == "territory.restored"

    def test_is_undone_from_the_top_downwards(self, session: Session, admin: Actor) -> None:
        archive(session, admin, "nevada")
        archive(session, admin, "west")
        below = refused(lambda: territories.restore(session, admin, now=NOW, slug="nevada"))
        assert below[""] == "Restore West first: Nevada lies below it."


class TestTheList:
    def test_shows_each_territory_before_what_is_below(
        self, session: Session, characters: Characters
    ) -> None:
        listed = territories.list_territories(session, characters.stranger)
        assert [one.id for one in listed] == [SOUTHEAST, FLORIDA, GEORGIA, WEST, NEVADA]

    def test_leaves_archived_ones_out_unless_asked_for(
        self, session: Session, admin: Actor
    ) -> None:
        archive(session, admin, "florida")
        in_use = territories.list_territories(session, admin)
        everything = territories.list_territories(session, admin, archived=True)
        assert FLORIDA not in [one.id for one in in_use]
        assert FLORIDA in [one.id for one in everything]

    def test_asks_for_nothing_but_the_version_once_it_is_known(
        self, database: Database, admin: Actor, count_queries: Counter
    ) -> None:
        with database.reading() as session:
            territories.list_territories(session, admin)
        with database.reading() as session, count_queries(database) as statements:
            territories.list_territories(session, admin)
        assert len(statements) == 1

    def test_gives_one_by_its_address(self, session: Session, characters: Characters) -> None:
        assert territories.get(session, characters.member, slug="georgia").id == GEORGIA
        with pytest.raises(NotFound, match="no territory “atlantis”"):
            territories.get(session, characters.member, slug="atlantis")


def test_the_shape_of_one_territory_is_read_alone(session: Session, admin: Actor) -> None:
    territories.change(session, admin, now=NOW, slug="georgia", shape={"state": "GA"})
    assert territories.shape(session, admin, territory_id=GEORGIA) == {"state": "GA"}
    assert territories.shape(session, admin, territory_id=NEVADA) is None
