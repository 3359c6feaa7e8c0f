"""Parts of the form: what it shows for any text, what it remembers, and what its lists find."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.errors import Invalid
from insights.models import GuardAction
from insights.services.catalogue import NamedItem, Place
from insights.services.guard_rails import Rule
from integrations.slack import blocks
from integrations.slack.capture_fields import (
    Filled,
    Found,
    Memory,
    chosen,
    consent_to,
    filled_of,
    form,
    memory_of,
)
from integrations.slack.capture_lists import matching
from integrations.slack.links import Links
from integrations.slack.saved_messages import SavedMessage, message_of, web_address
from tests.slack_server.blocks import check_view

LINKS = Links("https://app.example.com")
MESSAGE = SavedMessage("T1", "C1", "1700000000.000100", "1690000000.000100")
SHORT = st.text(max_size=300)
RULE = Rule("e-mail", GuardAction.WARN, "This looks like an e-mail address", "Take it out.")


def memories() -> st.SearchStrategy[Memory]:
    notes = st.lists(st.uuids(), max_size=3).map(tuple)
    return st.builds(
        Memory, st.uuids(), st.sampled_from(["", "C1"]), st.sampled_from([None, MESSAGE]),
        notes, notes, st.booleans(),
    )  # fmt: skip


@pytest.mark.slack_rule(33)
@given(memories())
def test_the_form_remembers_ids_and_nothing_else(memory: Memory) -> None:
    packed = memory.packed()
    assert memory_of({"private_metadata": packed}, "T1") == memory
    assert len(packed) <= 3000


@pytest.mark.parametrize("packed", ["", "{}", "[]", "null", '{"note": "1"}', '{"note": 5}'])
def test_a_memory_that_cannot_be_read_is_said_so(packed: str) -> None:
    with pytest.raises(Invalid, match="older version"):
        memory_of({"private_metadata": packed}, "T1")


@pytest.mark.slack_rule(28)
@pytest.mark.slack_rule(31)
@given(text=st.text(max_size=4000), piece=SHORT, name=SHORT.filter(bool), brief=st.booleans())
def test_the_form_is_one_that_slack_takes_whatever_was_written(
    text: str, piece: str, name: str, *, brief: bool
) -> None:
    memory = Memory(uuid4(), brief=brief)
    filled = Filled(text, chosen("territory", blocks.option(f"x{name}", "1", name)))
    view = form(memory, filled, LINKS, Found([(RULE, piece)]))
    assert blocks.check(view, "modal") == [] == check_view(view)


def test_what_stands_in_the_form_comes_back_as_it_was_offered() -> None:
    option = blocks.option("Georgia", "2", "Southeast")
    values = {
        "text": {"capture.text": {"type": "plain_text_input", "value": "Words"}},
        "territory": {"capture.territory": {"type": "external_select", "selected_option": option}},
        "account": {"capture.account": {"type": "external_select", "selected_option": None}},
        "segments": {"capture.segments": {"type": "multi_external_select", "selected_options": []}},
    }
    filled = filled_of({"state": {"values": values}})
    assert (filled.text, filled.first("territory"), filled.value("territory")) == (
        "Words",
        option,
        "2",
    )
    assert (filled.value("account"), filled.values("segments")) == (None, ())
    assert filled_of({}) == Filled()


def test_consent_is_to_what_was_found_and_to_no_more() -> None:
    other = replace(RULE, key="phone")
    assert consent_to([(RULE, "a@b.c")]) == consent_to([(RULE, "d@e.f")])
    assert consent_to([(RULE, "x"), (other, "y")]) == consent_to([(other, "y"), (RULE, "x")])
    assert consent_to([(RULE, "x"), (other, "y")]) != consent_to([(RULE, "x")])


def test_lists_find_whole_names_first_then_beginnings_then_later_words() -> None:
    names = ("New York", "York", "Yorkshire", "Old yorkish", "Lancaster")
    places = [Place(number, name, name.lower(), code=name[:2]) for number, name in enumerate(names)]
    found = [one.name for one in matching(places, "YORK")]
    assert found == ["York", "Yorkshire", "New York", "Old yorkish"]
    assert next(iter(matching(places, "york", first={3}))).name == "Old yorkish"
    assert [one.name for one in matching(places, "la")] == ["Lancaster"]
    assert len(matching(places, "")) == len(places)
    gone = [replace(places[1], archived=True)]
    assert matching(gone, "york") == []
    acme = NamedItem(1, "Acme Telecom", "acme-telecom", aliases=("Akmé",))
    assert matching([acme], "akme") == [acme]


@pytest.mark.slack_rule(18)
@pytest.mark.slack_rule(45)
def test_a_message_is_known_by_where_it_stands() -> None:
    said = {"ts": "1700000000.000100", "text": "x"}
    first = message_of("T1", "C1", said)
    assert first is not None
    assert first.thread == first.ts
    assert first.said_at == datetime(2023, 11, 14, 22, 13, 20, 100, UTC)
    reply = message_of("T1", "C1", said | {"thread_ts": "1690000000.000100"})
    assert reply == MESSAGE
    others = [message_of("T2", "C1", said), message_of("T1", "C2", said)]
    ids = {one.note_id for one in (first, *others) if one is not None}
    assert len(ids | {first.note_id_of("U1"), first.note_id_of("U2")}) == 5
    assert all(isinstance(one, UUID) for one in ids)
    assert web_address(first.external_id) == (
        "https://slack.com/app_redirect?team=T1&channel=C1&message_ts=1700000000.000100"
    )
    for other in (None, "", "crm-7", "slack:T1/C1", "slack:T1/C1/1.0&x=y", "slack:t/c/1.0"):
        assert web_address(other) is None


@pytest.mark.parametrize("said", [{}, {"ts": "yesterday"}, {"ts": "1.0", "thread_ts": "x"}])
def test_what_has_no_place_is_no_message(said: dict[str, str]) -> None:
    assert message_of("T1", "C1", said) is None
    assert message_of("T1", "", {"ts": "1.0"}) is None
