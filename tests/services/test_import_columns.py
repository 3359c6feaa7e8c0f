"""Columns are found by name, whatever their order and spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.errors import Invalid
from insights.services.import_columns import Columns, Field, match_columns
from insights.services.import_file import Line

FIELDS = (
    Field("external_id", ("id",)),
    Field("text", ("body", "note"), required=True),
    Field("segments", ("segment", "industry"), many=True),
)


def matched(*header: str, **mapping: str) -> Columns:
    return match_columns(header, FIELDS, mapping)


@given(st.permutations(["External-ID", "T E X T", "in.dus_try"]))
def test_order_case_and_signs_make_no_difference(header: list[str]) -> None:
    found = matched(*header)
    assert {name: found.title(name) for name in found.positions} == {
        "external_id": "External-ID",
        "text": "T E X T",
        "segments": "in.dus_try",
    }
    assert found.ignored == ()


def test_the_own_name_of_a_field_comes_before_its_synonyms() -> None:
    found = matched("id", "body", "external_id", "note")
    assert (found.title("external_id"), found.title("text")) == ("external_id", "body")
    assert found.ignored == ("id", "note")


def test_what_is_said_comes_before_what_is_guessed() -> None:
    found = matched("text", "Remark", Remark="text")
    assert found.title("text") == "Remark"
    assert found.ignored == ("text",)


def test_a_column_can_be_said_to_be_nothing() -> None:
    assert matched("text", "industry", Industry="").ignored == ("industry",)


def test_several_columns_of_values_are_read_together() -> None:
    found = matched("industry", "text", "segment")
    row = found.row(Line(2, ["Trucking", "x", "Healthcare; Small"]))
    assert row.get("segments") == "Trucking;Healthcare;Small"


@pytest.mark.parametrize(
    ("header", "mapping", "message"),
    [
        (["id"], {}, "There is no column for: text. The columns are: id"),
        (["text"], {"Remark": "text"}, "There is no column “Remark”. There are: text"),
        (["text"], {"text": "colour"}, "There is no field “colour”. There are: external_id, text"),
        (["text"] * 501, {}, "500 are the most"),
    ],
)
def test_columns_that_cannot_be_used_are_refused_with_the_way_out(
    header: list[str], mapping: dict[str, str], message: str
) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        match_columns(header, FIELDS, mapping)
    assert list(refusal.value.fields) == ["columns"]


def test_a_short_line_leaves_the_last_fields_empty() -> None:
    assert matched("text", "id").row(Line(2, ["x"])).values == {"text": "x"}


def test_a_line_with_more_cells_than_columns_is_no_row() -> None:
    columns = matched("text", "id")
    assert columns.row(Line(2, ["x", "1", "", ""])).values == {"text": "x", "external_id": "1"}
    with pytest.raises(Invalid, match="3 cells, the header 2"):
        columns.row(Line(2, ["x", "1", "y"]))


@given(st.lists(st.text(), max_size=6), st.dictionaries(st.text(), st.text(), max_size=2))
def test_any_header_is_matched_or_refused(header: list[str], mapping: dict[str, str]) -> None:
    try:
        found = match_columns(header, FIELDS, mapping)
    except Invalid:
        return
    assert set(found.ignored) <= set(found.header)
