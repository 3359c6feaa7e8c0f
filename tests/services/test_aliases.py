"""Aliases: what is kept of a typed list of names, for competitors and products alike."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.services.aliases import (
    COMPETITORS,
    MOST_ALIASES,
    PRODUCTS,
    Naming,
    replace_aliases,
    require_naming,
    stored_aliases,
)
from insights.text import fold
from tests.organisation import ACME, FIBRE_ONE
from tests.services.outcomes import refused


def naming(session: Session, name: str, aliases: Sequence[str], own_id: int = 0) -> Naming:
    return require_naming(session, COMPETITORS, name=name, aliases=aliases, own_id=own_id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ([], ()),
        (["  Big\n Bell "], ("Big Bell",)),
        (["Zeta", "alpha"], ("alpha", "Zeta")),
        (["Bell Co", "BELL CO", "Bell™ Co"], ("Bell™ Co",)),
        (["bell", "BÈLL"], ()),
    ],
)
def test_duplicates_and_the_name_itself_are_dropped(
    session: Session, typed: list[str], kept: tuple[str, ...]
) -> None:
    assert naming(session, "Bell", typed) == Naming("Bell", kept)


@pytest.mark.parametrize("alias", ["", " \u200b", "x" * 121])
def test_an_alias_is_a_name(session: Session, alias: str) -> None:
    assert list(refused(lambda: naming(session, "Bell", [alias]))) == ["aliases"]


def test_there_is_a_limit_to_their_number(session: Session) -> None:
    many = [f"Bell {number}" for number in range(MOST_ALIASES + 1)]
    assert naming(session, "Bell", many[1:]).aliases
    assert "Keep to 50" in refused(lambda: naming(session, "Bell", many))["aliases"]


def test_ones_own_words_are_free(session: Session) -> None:
    assert naming(session, "Acme", ["Acme Telecom"], own_id=ACME).aliases == ("Acme Telecom",)


def test_a_word_may_stand_for_a_competitor_and_for_a_product(session: Session) -> None:
    assert naming(session, "Fibre One", ["F1"]).aliases == ("F1",)
    both = require_naming(session, PRODUCTS, name="Acme", aliases=["Ionfield"])
    assert both.aliases == ("Ionfield",)


def test_aliases_are_replaced_as_a_whole_and_of_one_owner_only(session: Session) -> None:
    replace_aliases(session, PRODUCTS, FIBRE_ONE, ("F1", "Fibre1"))
    replace_aliases(session, PRODUCTS, FIBRE_ONE, ("Fibre1", "Glass"))
    assert stored_aliases(session, PRODUCTS, FIBRE_ONE) == ("Fibre1", "Glass")
    assert stored_aliases(session, COMPETITORS, ACME) == ("Acme",)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(max_size=130), aliases=st.lists(st.text(max_size=130), max_size=5))
def test_whatever_is_typed_is_refused_or_can_be_stored_and_read_back(
    session: Session, name: str, aliases: list[str]
) -> None:
    with session.begin_nested() as attempt:
        try:
            kept = naming(session, name, aliases)
        except Invalid:
            kept = Naming("", ())
        replace_aliases(session, COMPETITORS, ACME, kept.aliases)
        assert stored_aliases(session, COMPETITORS, ACME) == kept.aliases
        assert fold(kept.name) not in map(fold, kept.aliases)
        attempt.rollback()
