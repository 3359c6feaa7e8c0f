"""Undoing a merge: two are again what they were, and what came since stays where it was said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from insights.db import table_of
from insights.errors import Conflict, Forbidden, Invalid, NotFound
from insights.models import (
    Base,
    BattlecardLine,
    CardSection,
    Competitor,
    CompetitorAlias,
    LineType,
    NoteCompetitor,
    NoteProduct,
    Product,
    ProductAlias,
)
from insights.services import catalogue, competitors, notes, products
from insights.services.access import Actor
from insights.tagging.dictionary import TagKind
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import ACME, FIBRE_ONE, ION_CLOUD, IONFIELD, NOW
from tests.services.outcomes import CURATORS, last_entry, refused, who_may

LATER = NOW + timedelta(hours=1)
# What a merge may touch, by table; ids of aliases are nobody's business.
TABLES: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (Competitor, ("id", "name", "folded", "slug", "archived_at", "merged_into_id")),
    (CompetitorAlias, ("competitor_id", "alias", "folded")),
    (NoteCompetitor, ("note_id", "competitor_id")),
    (Product, ("id", "name", "folded", "slug", "competitor_id", "archived_at", "merged_into_id")),
    (ProductAlias, ("product_id", "alias", "folded")),
    (NoteProduct, ("note_id", "product_id")),
    (BattlecardLine, ("id", "competitor_id", "position", "text", "version")),
)


def everything(session: Session) -> dict[str, set[tuple[Any, ...]]]:
    """All that a merge may touch, as it is stored."""
    found = {}
    for model, names in TABLES:
        table = table_of(model)
        rows = session.execute(select(*(table.c[name] for name in names))).all()
        found[table.name] = {tuple(row) for row in rows}
        assert len(found[table.name]) == len(rows), f"{table.name} holds one thing twice"
    return found


def tags(session: Session, note_id: UUID) -> set[int]:
    """The competitors of a note."""
    of_note = NoteCompetitor.note_id == note_id
    return set(session.scalars(select(NoteCompetitor.competitor_id).where(of_note)))


def line(session: Session, competitor_id: int, text: str, position: int = 1) -> int:
    """A line of a battlecard."""
    row = BattlecardLine(
        competitor_id=competitor_id,
        section=CardSection.FACTS,
        type=LineType.OTHER,
        text=text,
        position=position,
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def analyst(characters: Characters) -> Actor:
    return characters.analyst


@pytest.fixture
def merge(session: Session, analyst: Actor) -> Callable[..., Any]:
    """Merges one competitor into another by their slugs."""
    return lambda slug="ionfield", into="acme-telecom": competitors.merge(
        session, analyst, now=LATER, slug=slug, into=into
    )


@pytest.fixture
def part(session: Session, analyst: Actor) -> Callable[..., Any]:
    """Undoes the merge of a competitor."""
    return lambda slug="ionfield": competitors.part(session, analyst, now=LATER, slug=slug)


def test_competitors_and_products_are_parted_by_all_but_reps(
    session: Session, characters: Characters, analyst: Actor, merge: Any
) -> None:
    merge()
    products.merge(session, analyst, now=NOW, slug="ion-cloud", into="fibre-one")
    for deed in (
        lambda actor: competitors.part(session, actor, now=NOW, slug="ionfield"),
        lambda actor: products.part(session, actor, now=NOW, slug="ion-cloud"),
    ):
        assert who_may(session, characters, deed) == CURATORS
    for slug, deed in (("acme-telecom", products.merge), ("acme-telecom", competitors.merge)):
        with pytest.raises(Forbidden):
            deed(session, characters.owner, now=NOW, slug=slug, into="x")


class TestAfterwards:
    def test_all_is_as_it_was(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        for text in ("Ionfield", "Ionfield and Acme", "Acme", "Ion Cloud"):
            posted(session, analyst, text, territory="GA")
        for competitor, text in ((IONFIELD, "Theirs"), (ACME, "Others"), (ACME, "More")):
            line(session, competitor, text)
        before = everything(session)
        merge()
        assert everything(session) != before
        assert part().aliases == ("Ion Field",)
        assert everything(session) == before
        known = catalogue.current(session)
        assert known.tags_of("Ionfield, Acme")[TagKind.COMPETITOR] == [IONFIELD, ACME]

    def test_the_journal_says_it_once(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        posted(session, analyst, "Ionfield", territory="GA")
        merge()
        part()
        entry = last_entry(session)
        assert (entry.verb, entry.subject_id) == ("competitor.parted", str(IONFIELD))
        assert entry.data == {"name": "Ionfield", "into": ACME, "notes": 1, "merge": 1}

    def test_the_list_says_who_did_what(
        self, session: Session, analyst: Actor, characters: Characters, merge: Any, part: Any
    ) -> None:
        merge()
        (open_one,) = competitors.list_merged(session, analyst, slug="acme-telecom")
        assert (open_one.name, open_one.is_open, open_one.actor_name) == (
            "Ionfield",
            True,
            "Anna Analyst",
        )
        competitors.part(session, characters.admin, now=LATER, slug="ionfield")
        (undone,) = competitors.list_merged(session, analyst, slug="acme-telecom")
        assert (undone.is_open, undone.undone_by) == (False, "Ada Admin")

    def test_it_can_be_merged_and_parted_again(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        posted(session, analyst, "Ionfield", territory="GA")
        before = everything(session)
        for _ in range(2):
            merge()
            part()
        assert everything(session) == before


class TestWhatCameSince:
    def test_notes_that_name_the_other_one_stay_with_it(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        earlier = posted(session, analyst, "Ionfield", territory="GA")
        merge()
        since = posted(session, analyst, "Ionfield", territory="GA")
        part()
        assert (tags(session, earlier), tags(session, since)) == ({IONFIELD}, {ACME})

    def test_a_note_whose_tag_somebody_took_away_gets_none(
        self, session: Session, analyst: Actor, characters: Characters, merge: Any, part: Any
    ) -> None:
        note_id = posted(session, characters.owner, "Ionfield")
        merge()
        notes.edit(session, characters.owner, note_id, {"competitors": []}, now=LATER)
        part()
        assert tags(session, note_id) == set()

    def test_products_and_lines_that_were_added_or_given_away_stay(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        mine = line(session, IONFIELD, "Mine")
        merge()
        products.change(session, analyst, now=NOW, slug="ion-cloud", competitor=None)
        products.create(session, analyst, now=NOW, name="Ion Phone", competitor="acme-telecom")
        later = line(session, ACME, "Later", position=9)
        part()
        assert products.get(session, analyst, slug="ion-cloud").competitor_id is None
        assert products.get(session, analyst, slug="ion-phone").competitor_id == ACME
        owners = dict(
            session.execute(select(BattlecardLine.id, BattlecardLine.competitor_id)).all()
        )
        assert owners == {mine: IONFIELD, later: ACME}

    def test_a_word_that_was_removed_comes_back_and_a_new_one_stays(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        merge()
        words = ["Acme", "Ionfield", "ACM"]
        competitors.change(session, analyst, now=NOW, slug="acme-telecom", aliases=words)
        assert part().aliases == ("Ion Field",)
        target = competitors.get(session, analyst, slug="acme-telecom")
        assert target.aliases == ("ACM", "Acme")


class TestWhatCannotBeUndone:
    def test_is_what_is_not_merged_or_does_not_exist(self, part: Any) -> None:
        with pytest.raises(Conflict, match="Ionfield is not merged into another one"):
            part()
        with pytest.raises(NotFound):
            part("umbrella")

    def test_is_a_merge_whose_target_was_merged_itself_until_that_is_undone(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        posted(session, analyst, "Ionfield, Acme", territory="GA")
        competitors.create(session, analyst, now=NOW, name="Bell")
        before = everything(session)
        merge()
        merge("acme-telecom", "bell")
        with pytest.raises(Conflict, match="Acme Telecom was itself merged into Bell"):
            part()
        part("acme-telecom")
        part()
        assert everything(session) == before

    def test_is_a_merge_whose_words_are_anothers_by_now(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        merge()
        competitors.change(session, analyst, now=NOW, slug="acme-telecom", aliases=[])
        competitors.create(session, analyst, now=NOW, name="Bell", aliases=["Ion Field"])
        with pytest.raises(Conflict, match="“Ion Field” belongs to Bell now"):
            part()

    def test_is_a_merge_whose_name_the_other_one_has_taken(
        self, session: Session, analyst: Actor, merge: Any, part: Any
    ) -> None:
        merge()
        competitors.change(session, analyst, now=NOW, slug="acme-telecom", name="Ionfield")
        with pytest.raises(Conflict, match="“Ionfield” belongs to Ionfield now"):
            part()

    def test_is_an_old_merge_of_which_nothing_was_written_down(
        self, session: Session, analyst: Actor, part: Any
    ) -> None:
        row = session.get_one(Competitor, IONFIELD)
        row.merged_into_id, row.folded = ACME, "MERGED 1"
        catalogue.changed(session)
        session.flush()
        with pytest.raises(Conflict, match="before it was written down what moved"):
            part()


class TestProducts:
    def test_are_made_one_and_two_again(self, session: Session, analyst: Actor) -> None:
        for text in ("Ion Cloud", "Ion Cloud and F1", "F1"):
            posted(session, analyst, text, territory="GA")
        before = everything(session)
        target = products.merge(session, analyst, now=NOW, slug="ion-cloud", into="fibre-one")
        assert (target.id, target.aliases) == (FIBRE_ONE, ("F1", "Ion Cloud"))
        assert products.count_notes(session, analyst, slug="ion-cloud") == 3
        known = catalogue.current(session)
        assert known.product(ION_CLOUD) == known.find_product("ion-cloud") == target
        assert products.get(session, analyst, slug="ion-cloud").slug == "fibre-one"
        with pytest.raises(Conflict, match="was merged into Fibre One"):
            products.archive(session, analyst, now=NOW, slug="ion-cloud")
        products.part(session, analyst, now=NOW, slug="ion-cloud")
        assert everything(session) == before

    def test_say_at_the_field_what_cannot_be_merged(self, session: Session, analyst: Actor) -> None:
        def merge(into: str) -> dict[str, str]:
            return refused(
                lambda: products.merge(session, analyst, now=NOW, slug="ion-cloud", into=into)
            )

        assert merge("nothing") == {
            "into": "There is no product “nothing”. Choose one from the list."
        }
        assert "cannot be merged into itself" in merge("ion-cloud")["into"]


# Five competitors, notes that name any of them, and what is done to them, in any order.
NAMES = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
named = st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=8)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, 4), st.integers(0, 4)),
        st.tuples(st.just("part"), st.integers(0, 4), st.just(0)),
    ),
    max_size=12,
)


@pytest.fixture
def scene(session: Session, analyst: Actor) -> list[int]:
    """The ids of five competitors, each with an alias, a product and a line."""
    ids = []
    for name in NAMES:
        made = competitors.create(session, analyst, now=NOW, name=name, aliases=[f"{name} Inc"])
        products.create(session, analyst, now=NOW, name=f"{name} One", competitor=made.slug)
        line(session, made.id, f"About {name}")
        ids.append(made.id)
    return ids


def note_all(session: Session, analyst: Actor, ids: list[int], named: list[set[int]]) -> list[UUID]:
    """A note for each set of competitors."""
    found = []
    for places in named:
        note_id = posted(session, analyst, f"Note {uuid4()}", territory="GA")
        rows = [{"note_id": note_id, "competitor_id": ids[one]} for one in sorted(places)]
        if rows:
            session.execute(insert(table_of(NoteCompetitor)), rows)
        found.append(note_id)
    return found


def tried(session: Session, deed: Callable[[], object]) -> bool:
    """Whether it could be done; what could not be has done nothing."""
    with session.begin_nested() as attempt:
        try:
            deed()
        except (Conflict, Invalid):
            attempt.rollback()
            session.expire_all()
            return False
    return True


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(named=named, deeds=deeds)
def test_whatever_is_merged_and_parted_nothing_is_lost_or_doubled(
    session: Session,
    analyst: Actor,
    scene: list[int],
    named: list[set[int]],
    deeds: list[tuple[str, int, int]],
) -> None:
    with session.begin_nested() as example:
        note_ids = note_all(session, analyst, scene, named)
        slugs = [name.lower() for name in NAMES]
        before = everything(session)
        merged: dict[int, int] = {}
        for verb, one, other in deeds:
            if verb == "merge":
                done = tried(
                    session,
                    lambda one=one, other=other: competitors.merge(  # type: ignore[misc]
                        session, analyst, now=NOW, slug=slugs[one], into=slugs[other]
                    ),
                )
                if done:
                    merged[one] = other
            else:
                done = tried(
                    session,
                    lambda one=one: competitors.part(  # type: ignore[misc]
                        session, analyst, now=NOW, slug=slugs[one]
                    ),
                )
                if done:
                    del merged[one]
            everything(session)
            for note_id, places in zip(note_ids, named, strict=True):
                expected = {scene[_end(merged, place)] for place in places}
                assert tags(session, note_id) == expected
        _part_all(session, analyst, slugs, merged)
        assert everything(session) == before
        example.rollback()
        session.expire_all()


def _end(merged: dict[int, int], place: int) -> int:
    while place in merged:
        place = merged[place]
    return place


def _part_all(session: Session, analyst: Actor, slugs: list[str], merged: dict[int, int]) -> None:
    """Undoes what is left, those first into which nothing else leads on."""
    while merged:
        last = next(one for one, other in merged.items() if other not in merged)
        competitors.part(session, analyst, now=NOW, slug=slugs[last])
        del merged[last]
