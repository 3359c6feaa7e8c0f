"""Segments: the values of two dimensions, kept by admins."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import catalogue, segments
from insights.services.access import Actor
from insights.services.catalogue import SegmentItem
from tests.fixtures.world import Characters
from tests.organisation import ENTERPRISE, HEALTHCARE, NOW, SMALL, TRUCKING
from tests.services.outcomes import journalled, last_entry, refused, who_may

DEEDS: dict[str, Callable[[Session, Actor], object]] = {
    "create": lambda s, a: segments.create(s, a, now=NOW, name="Mining", dimension=1),
    "rename": lambda s, a: segments.rename(s, a, now=NOW, slug="trucking", name="Haulage"),
    "archive": lambda s, a: segments.archive(s, a, now=NOW, slug="trucking"),
    "restore": lambda s, a: segments.restore(s, a, now=NOW, slug="trucking"),
    "rename a dimension": lambda s, a: segments.rename_dimension(
        s, a, now=NOW, dimension=1, name="Trade"
    ),
}


@pytest.fixture
def admin(characters: Characters) -> Actor:
    """The one who may."""
    return characters.admin


def create(session: Session, actor: Actor, name: str, dimension: int = 1) -> SegmentItem:
    return segments.create(session, actor, now=NOW, name=name, dimension=dimension)


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_segments_are_changed_by_admins_only(
    session: Session, characters: Characters, deed: Callable[[Session, Actor], object]
) -> None:
    assert who_may(session, characters, lambda actor: deed(session, actor)) == {"admin"}


class TestANewSegment:
    def test_is_in_the_catalogue_and_in_the_journal(self, session: Session, admin: Actor) -> None:
        made = create(session, admin, "Oil & gas")
        assert (made.slug, made.dimension) == ("oil-gas", 1)
        assert catalogue.current(session).segments[made.id] == made
        assert last_entry(session).data == {"name": "Oil & gas", "dimension": 1}

    def test_has_a_name_of_its_own_in_its_dimension(self, session: Session, admin: Actor) -> None:
        assert "already" in refused(lambda: create(session, admin, "TRUCKING"))["name"]
        assert create(session, admin, "Trucking", dimension=2).slug == "trucking-2"

    @pytest.mark.parametrize("dimension", [0, 3, -1])
    def test_belongs_to_one_of_two_dimensions(
        self, session: Session, admin: Actor, dimension: int
    ) -> None:
        fields = refused(lambda: create(session, admin, "", dimension))
        assert sorted(fields) == ["dimension", "name"]


class TestRenaming:
    def rename(self, session: Session, actor: Actor, slug: str, name: str) -> SegmentItem:
        return segments.rename(session, actor, now=NOW, slug=slug, name=name)

    def test_keeps_the_address(self, session: Session, admin: Actor) -> None:
        renamed = self.rename(session, admin, "trucking", "Haulage")
        assert (renamed.name, renamed.slug) == ("Haulage", "trucking")
        assert last_entry(session).data == {"name": "Haulage", "former_name": "Trucking"}

    def test_to_the_present_name_is_not_journalled(self, session: Session, admin: Actor) -> None:
        self.rename(session, admin, "trucking", " Trucking ")
        assert journalled(session) == []

    def test_to_the_name_of_another_is_refused(self, session: Session, admin: Actor) -> None:
        fields = refused(lambda: self.rename(session, admin, "trucking", "healthcare"))
        assert "called “Healthcare” already" in fields["name"]

    def test_what_does_not_exist_is_refused(self, session: Session, admin: Actor) -> None:
        with pytest.raises(NotFound, match="There is no segment “mining”"):
            self.rename(session, admin, "mining", "Quarrying")


class TestADimension:
    def rename(self, session: Session, actor: Actor, dimension: int, name: str) -> str:
        return segments.rename_dimension(session, actor, now=NOW, dimension=dimension, name=name)

    def test_can_be_called_otherwise(self, session: Session, admin: Actor) -> None:
        assert self.rename(session, admin, 2, " Head\ncount ") == "Head count"
        assert catalogue.current(session).dimensions[2] == "Head count"
        assert last_entry(session).verb == "dimension.changed"

    def test_cannot_be_called_like_the_other(self, session: Session, admin: Actor) -> None:
        other = catalogue.current(session).dimensions[1]
        assert "other dimension" in refused(lambda: self.rename(session, admin, 2, other))["name"]

    def test_of_another_number_does_not_exist(self, session: Session, admin: Actor) -> None:
        assert list(refused(lambda: self.rename(session, admin, 3, "Third"))) == ["dimension"]


class TestArchiving:
    def test_hides_a_segment_until_it_is_restored(self, session: Session, admin: Actor) -> None:
        segments.archive(session, admin, now=NOW, slug="trucking")
        assert TRUCKING not in [one.id for one in segments.list_segments(session, admin)]
        segments.restore(session, admin, now=NOW, slug="trucking")
        assert TRUCKING in [one.id for one in segments.list_segments(session, admin)]
        assert journalled(session) == ["segment.archived", "segment.restored"]

    def test_twice_happens_once(self, session: Session, admin: Actor) -> None:
        for _ in range(2):
            assert segments.archive(session, admin, now=NOW, slug="trucking").archived
        assert journalled(session) == ["segment.archived"]

    def test_leaves_the_name_taken(self, session: Session, admin: Actor) -> None:
        segments.archive(session, admin, now=NOW, slug="trucking")
        assert "Restore it" in refused(lambda: create(session, admin, "Trucking"))["name"]


class TestTheList:
    def test_is_ordered_by_dimension_and_name_and_seen_by_everyone(
        self, session: Session, characters: Characters
    ) -> None:
        for actor in characters.everyone:
            listed = segments.list_segments(session, actor)
            assert [one.id for one in listed] == [HEALTHCARE, TRUCKING, ENTERPRISE, SMALL]

    def test_can_be_of_one_dimension(self, session: Session, admin: Actor) -> None:
        listed = segments.list_segments(session, admin, dimension=2)
        assert [one.id for one in listed] == [ENTERPRISE, SMALL]

    def test_shows_archived_ones_when_asked(self, session: Session, admin: Actor) -> None:
        segments.archive(session, admin, now=NOW, slug="trucking")
        listed = segments.list_segments(session, admin, archived=True)
        assert [one.id for one in listed if one.archived] == [TRUCKING]

    def test_gives_one_by_its_address(self, session: Session, admin: Actor) -> None:
        assert segments.get(session, admin, slug="small-business").id == SMALL
        with pytest.raises(NotFound, match="no segment “mining”"):
            segments.get(session, admin, slug="mining")
