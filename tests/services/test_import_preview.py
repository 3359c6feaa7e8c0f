"""A first look at a file that is to be imported."""

import gzip
import io
from collections.abc import Callable

import pytest

from insights.errors import Forbidden, Invalid
from insights.services.import_file import ImportSource
from insights.services.import_preview import Preview, TooLarge, mapping_of, preview
from insights.services.imports import LARGEST_AT_ONCE
from tests.fixtures.world import Characters
from tests.services.outcomes import refused

NOTES = "ref;State;Remark;Colour\n1;GA;They want fibre;red\n2;FL;  Ionfield\u200b   is cheap ;\n"


def source(content: str | bytes, name: str = "notes.csv") -> ImportSource:
    raw = content.encode() if isinstance(content, str) else content
    return ImportSource(io.BytesIO(raw), name)


@pytest.fixture
def look(characters: Characters) -> Callable[..., Preview]:
    """Looks at what a file of notes would hold."""
    return lambda content, noun="notes": preview(characters.admin, source(content), noun)


def test_each_column_is_shown_with_its_field_and_first_cells(
    look: Callable[..., Preview],
) -> None:
    seen = look(NOTES)
    assert [(one.name, one.field) for one in seen.columns] == [
        ("ref", "external_id"),
        ("State", "territory"),
        ("Remark", ""),
        ("Colour", ""),
    ]
    assert seen.columns[2].sample == ("They want fibre", "Ionfield is cheap")
    assert (seen.encoding, seen.delimiter) == ("UTF-8", ";")


def test_rows_that_are_short_or_long_do_no_harm(look: Callable[..., Preview]) -> None:
    seen = look(f"text,kind\nshort\n{'x' * 500},a,b,c\n")
    assert seen.columns[1].sample == ("", "a")
    assert len(seen.columns[0].sample[1]) <= 80


def test_a_packed_file_is_looked_at_as_well(look: Callable[..., Preview]) -> None:
    assert look(gzip.compress(NOTES.encode())).columns[1].field == "territory"


@pytest.mark.parametrize("content", [b"", b"\x00" * 999, b"PK\x03\x04", b"\x1f\x8bxx", b"  \n "])
def test_what_is_no_table_is_refused(look: Callable[..., Preview], content: bytes) -> None:
    assert list(refused(lambda: look(content))) == ["file"]


def test_what_a_request_has_no_time_for_is_told_apart(look: Callable[..., Preview]) -> None:
    large = "text\n" + "a line of a note\n" * (LARGEST_AT_ONCE // 16)
    with pytest.raises(TooLarge, match="more than 10 MB"):
        look(large)
    with pytest.raises(Invalid) as caught:
        look(large.encode() + b"\x00" * (6 * LARGEST_AT_ONCE))
    assert not isinstance(caught.value, TooLarge)


def test_it_is_for_admins(characters: Characters) -> None:
    for actor in (characters.analyst, characters.manager, characters.owner):
        with pytest.raises(Forbidden):
            preview(actor, source(NOTES), "notes")


class TestTheMapping:
    def test_is_what_was_chosen_else_what_was_found(self, look: Callable[..., Preview]) -> None:
        assert mapping_of(look(NOTES), {2: "text", 1: ""}) == {
            "ref": "external_id",
            "State": "",
            "Remark": "text",
            "Colour": "",
        }

    def test_has_every_field_that_is_needed(self, look: Callable[..., Preview]) -> None:
        fields = refused(lambda: mapping_of(look(NOTES), {}))
        assert fields == {"columns": "No column is said to be: text. Choose which one it is."}

    def test_has_each_field_once_unless_it_can_be_many(self, look: Callable[..., Preview]) -> None:
        seen = look(NOTES)
        fields = refused(lambda: mapping_of(seen, {2: "text", 3: "text"}))
        assert "Both “Remark” and “Colour”" in fields["columns"]
        assert mapping_of(seen, {0: "segments", 1: "segments", 2: "text"})["State"] == "segments"
