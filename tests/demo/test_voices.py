"""People write in a hurry, and names stay what they are."""

from random import Random

from insights.demo.voices import make_voice

NAMES = "Northland Oakland with Portland and Newfor "


def test_no_hurry_changes_a_name() -> None:
    random = Random(1)
    for _ in range(300):
        written = make_voice(random).roughen(NAMES, random.random)
        assert written.startswith("Northland Oakland ")
        assert "Newfor " in written
