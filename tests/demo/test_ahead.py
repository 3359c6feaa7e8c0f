"""Notes made by a second process: the same ones, and no process left behind."""

import multiprocessing
from itertools import islice

import pytest

from insights.demo.ahead import notes_ahead
from insights.demo.notes import notes
from tests.demo.conftest import UNTIL


@pytest.mark.parametrize("chunk", [7, 50, 1_000])
def test_they_are_the_notes_that_this_process_would_make(chunk: int) -> None:
    assert list(notes_ahead(3, 50, UNTIL, chunk=chunk)) == list(notes(3, 50, UNTIL))


def test_the_second_process_ends_when_nobody_takes_more() -> None:
    stream = notes_ahead(1, 100_000, UNTIL, chunk=10)
    assert len(list(islice(stream, 5))) == 5
    assert multiprocessing.active_children()
    stream.close()
    assert not multiprocessing.active_children()


def test_its_failure_is_told() -> None:
    with pytest.raises(RuntimeError, match="has failed"):
        list(notes_ahead(1, 10, UNTIL.replace(tzinfo=None), chunk=5))
