"""A week as bytes, and back."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from insights.trends.packing import (
    Lists,
    Shingles,
    Texts,
    Voices,
    Week,
    is_any_sealed,
    pack_texts,
    pack_voices,
    pack_week,
    phrase_number,
    unpack_texts,
    unpack_voices,
    unpack_week,
    vocabulary_of,
)

numbers = st.integers(0, 2**31 - 1)


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    size = draw(st.integers(0, 6))

    def column(dtype: Any, elements: st.SearchStrategy[Any]) -> Any:
        return draw(arrays.arrays(dtype, size, elements=elements))

    def lists(most: int) -> Lists:
        every = st.lists(st.integers(0, most), max_size=4)
        return Lists.of(draw(st.lists(every, min_size=size, max_size=size)))

    vocabulary = draw(st.lists(st.integers(0, 2**64 - 1), unique=True, max_size=5))
    return Week(
        note=draw(arrays.arrays(np.uint8, (size, 16))),
        second=column(np.int32, numbers),
        voice=column(np.int32, numbers),
        place=column(np.int32, numbers),
        account=column(np.int32, numbers),
        kind=column(np.int32, st.integers(0, 3)),
        sealed=column(np.bool_, st.booleans()),
        segments=lists(9),
        competitors=lists(9),
        products=lists(9),
        vocabulary=np.array(sorted(vocabulary), np.uint64),
        phrases=lists(max(len(vocabulary) - 1, 0)),
    )


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return all(_same(value, getattr(other, name)) for name, value in vars(one).items())


@given(weeks())
def test_a_week_comes_back_as_it_was_packed(week: Week) -> None:
    assert _same(unpack_week(pack_week(week)), week)


@given(weeks())
def test_parts_of_a_week_are_read_without_the_others(week: Week) -> None:
    packed = pack_week(week)
    none = Lists.of([[]] * len(week.second))
    without = replace(week, vocabulary=np.zeros(0, np.uint64), phrases=none)
    assert _same(unpack_week(packed, phrases=False), without)
    assert _same(vocabulary_of(packed), week.vocabulary)
    assert is_any_sealed(packed) == week.sealed.any()


@given(weeks(), st.data())
def test_some_observations_keep_all_that_is_theirs(week: Week, data: st.DataObject) -> None:
    kept = data.draw(arrays.arrays(np.bool_, len(week.second)))
    some = week.only(kept)
    for new, old in enumerate(np.flatnonzero(kept)):
        assert some.second[new] == week.second[old]
        for mine, whole in ((some.segments, week.segments), (some.phrases, week.phrases)):
            own = mine.items[mine.starts[new] : mine.starts[new + 1]]
            assert own.tolist() == whole.items[whole.starts[old] : whole.starts[old + 1]].tolist()


def test_texts_and_voices_come_back_as_they_were_packed() -> None:
    column = np.array([3, 5], np.int32)
    sets = Shingles.of([frozenset({7, 1}), frozenset({2**32 - 1})])
    texts = Texts(column, column.astype(np.int64), column, np.array([True, False]), sets)
    assert _same(unpack_texts(pack_texts(texts)), texts)
    assert _same(unpack_voices(pack_voices(Voices(column, column))), Voices(column, column))


def test_a_phrase_has_the_same_number_in_every_process() -> None:
    assert phrase_number("load theft") == 0xD762_FB30_56A2_013B
