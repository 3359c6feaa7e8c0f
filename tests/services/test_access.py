"""Who may see which note, and who may do what to it."""

from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, NEVADA, SOUTHEAST


def test_a_holder_has_the_territory_and_what_is_below_in_scope(characters: Characters) -> None:
    assert characters.owner.held == (GEORGIA,)
    assert characters.manager.scope == {SOUTHEAST, GEORGIA, FLORIDA}
    assert NEVADA not in characters.manager.scope
