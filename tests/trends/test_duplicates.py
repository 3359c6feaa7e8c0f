import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from insights.trends.duplicates import DAY, alike_pairs, copied, shingles, voices
from insights.trends.packing import Shingles, Texts

TEXT = "they offered our customer in macon three months free if she signs before friday"
sets = st.frozensets(st.integers(0, 12), max_size=9)


def _by_comparing_all(
    texts: list[frozenset[int]], when: list[int], alike: float, days: int
) -> list[int]:
    origin = list(range(len(texts)))
    for index, own in enumerate(texts):
        for earlier in range(index):
            other = texts[earlier]
            close = when[index] - when[earlier] <= days * DAY
            if own and other and close and len(own & other) / len(own | other) >= alike:
                origin[index] = earlier
                break
    return origin


def _copied(texts: list[frozenset[int]], when: list[int], *, alike: float = 0.75) -> list[int]:
    return copied(Shingles.of(texts), np.array(when), alike=alike, days=60).tolist()


@given(
    st.lists(st.tuples(sets, st.integers(0, 90)), max_size=14),
    st.sampled_from([0.5, 0.6, 0.75, 0.9, 1.0]),
    st.integers(0, 14),
)
def test_copies_are_those_that_comparing_all_pairs_finds(
    texts: list[tuple[frozenset[int], int]], alike: float, first: int
) -> None:
    ordered = sorted(texts, key=lambda one: one[1])
    words, when = [one for one, _ in ordered], [day * DAY for _, day in ordered]
    expected = _by_comparing_all(words, when, alike, 60)
    first = min(first, len(texts))
    assert _copied(words, when, alike=alike) == expected
    pairs = alike_pairs(Shingles.of(words), np.array(when), first, alike=alike, days=60)
    later = pairs.first(np.arange(first, len(texts)), np.ones(len(texts), np.bool_))
    assert later.tolist() == expected[first:]


def test_a_text_with_one_word_changed_is_a_copy() -> None:
    other = TEXT.replace("friday", "monday")
    assert _copied([shingles(TEXT), shingles(other)], [0, DAY]) == [0, 0]


def test_a_text_sent_again_after_a_season_is_no_copy() -> None:
    assert _copied([shingles(TEXT)] * 2, [0, 61 * DAY]) == [0, 1]


def test_a_copy_of_a_copy_speaks_with_the_voice_of_what_it_is_itself_like() -> None:
    assert _copied([shingles(TEXT)] * 3, [0, 50 * DAY, 100 * DAY]) == [0, 0, 1]


def test_very_short_texts_are_never_copies() -> None:
    assert shingles("late again this week") == frozenset()


def test_case_accents_and_typographic_marks_do_not_part_copies() -> None:
    assert shingles("The café won’t open before the first of May") == shingles(
        "the cafe won't open before the first of may"
    )


def _texts(*notes: tuple[int, bool]) -> Texts:
    """The same text by these people, sealed or not, a day after another."""
    return Texts(
        observation=np.arange(len(notes), dtype=np.int32),
        when=np.arange(len(notes)) * DAY,
        voice=np.array([who for who, _ in notes], np.int32),
        sealed=np.array([sealed for _, sealed in notes], np.bool_),
        shingles=Shingles.of([shingles(TEXT)] * len(notes)),
    )


def test_an_open_note_never_borrows_the_voice_of_a_sealed_one() -> None:
    own = _texts((1, True), (2, False), (3, False))
    spoken = voices(own.voice, own, [], alike=0.75, days=60)
    assert spoken.all.tolist() == [1, 1, 1]
    assert spoken.open.tolist()[1:] == [2, 2]


def test_the_first_text_may_be_one_of_an_earlier_week() -> None:
    spoken = voices(np.array([7], np.int32), _texts((7, False)), [_texts((4, False))],
                    alike=0.75, days=60)  # fmt: skip
    assert spoken.all.tolist() == [4]
