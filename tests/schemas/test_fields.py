"""Fields: whatever comes in is either a value that can be stored, or is refused in words."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.errors import Invalid
from insights.models import Kind, Source
from insights.schemas.fields import (
    Choice,
    Day,
    Degrees,
    Identity,
    InputSchema,
    Moment,
    Origin,
    Several,
    Structure,
    Switch,
    Text,
    WholeNumber,
    load,
)
from insights.schemas.notes import NotePatch, NotePost, changes_from, draft_from

ID = "01890a5d-ac96-774b-bcce-b302099a8057"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


class Everything(InputSchema):
    """One field of each type."""

    text = Text(longest=20)
    id = Identity()
    number = WholeNumber()
    degrees = Degrees(limit=90)
    moment = Moment()
    day = Day()
    kind = Choice(Kind)
    switch = Switch()
    words = Several(Text())
    structure = Structure()


FIELDS = tuple(Everything().fields)


@given(st.sampled_from(FIELDS), JSON, st.sampled_from(Origin))
def test_any_value_is_loaded_or_refused_in_words(name: str, value: Any, origin: Origin) -> None:
    try:
        loaded = load(Everything(origin), {name: value})
    except Invalid as error:
        refused = error.fields
    else:
        refused = {name: []}
        assert set(loaded) <= {name}
    assert list(refused) == [name]
    assert all(text.endswith(".") for text in refused[name])


@given(JSON)
def test_anything_at_all_is_loaded_or_refused_in_words(data: Any) -> None:
    with pytest.raises(Invalid) as caught:
        load(NotePost(), data)
    assert caught.value.message.encode()


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_every_written_time_is_read_as_the_same_moment(moment: datetime) -> None:
    loaded = load(Everything(), {"moment": moment.isoformat()})["moment"]
    assert loaded == moment.astimezone(UTC)


@given(st.text())
def test_text_is_kept_as_it_was_sent(text: str) -> None:
    class Plain(InputSchema):
        text = Text()

    if "\x00" in text:
        with pytest.raises(Invalid):
            load(Plain(), {"text": text})
    else:
        assert load(Plain(), {"text": text})["text"] == text


def test_text_from_a_form_or_an_address_becomes_numbers_and_days() -> None:
    typed = {"number": " 12 ", "degrees": "-3.5", "day": "2026-03-18", "switch": "true"}
    read = {"number": 12, "degrees": -3.5, "day": date(2026, 3, 18), "switch": True}
    assert load(Everything(Origin.QUERY), typed) == read
    assert load(Everything(Origin.FORM), typed) == read
    with pytest.raises(Invalid) as caught:
        load(Everything(), typed)
    assert set(caught.value.fields) == {"number", "degrees", "switch"}


def test_a_field_of_a_form_that_was_left_blank_was_not_given() -> None:
    assert load(Everything(Origin.FORM), {"number": "", "kind": " ", "words": []}) == {"words": []}
    with pytest.raises(Invalid):
        load(Everything(Origin.QUERY), {"number": ""})


def test_what_is_missing_is_asked_for() -> None:
    with pytest.raises(Invalid) as caught:
        load(NotePost(), {})
    assert set(caught.value.fields) == {"id", "text"}


def test_a_thousand_bad_items_are_not_a_thousand_messages() -> None:
    with pytest.raises(Invalid) as caught:
        load(Everything(), {"words": [1] * 1_000})
    assert len(caught.value.fields["words"]) == 20


def test_a_draft_holds_what_was_given_and_leaves_the_rest_open() -> None:
    body = {"id": ID, "text": "Load theft", "account": 7, "segments": ["a"], "kind": "challenge"}
    draft = draft_from(load(NotePost(), body), Source.API)
    assert (draft.id, draft.account_id, draft.segments) == (UUID(ID), 7, ("a",))
    assert (draft.kind, draft.territory, draft.competitors) == (Kind.CHALLENGE, None, ())


def test_changes_hold_only_what_was_given() -> None:
    changes = changes_from(load(NotePatch(), {"account": None, "segments": []}))
    assert changes == {"account_id": None, "segments": []}
