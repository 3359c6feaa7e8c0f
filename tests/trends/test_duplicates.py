from hypothesis import given
from hypothesis import strategies as st

from insights.trends.duplicates import DAY, first_of_copies, shingles

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
                origin[index] = origin[earlier]
                break
    return origin


@given(
    st.lists(st.tuples(sets, st.integers(0, 90)), max_size=14),
    st.sampled_from([0.5, 0.6, 0.75, 0.9, 1.0]),
)
def test_copies_are_those_that_comparing_all_pairs_finds(
    texts: list[tuple[frozenset[int], int]], alike: float
) -> None:
    ordered = sorted(texts, key=lambda one: one[1])
    words, when = [one for one, _ in ordered], [day * DAY for _, day in ordered]
    found = first_of_copies(words, when, alike=alike, days=60)
    assert found == _by_comparing_all(words, when, alike, 60)


def test_a_text_with_one_word_changed_is_a_copy() -> None:
    other = TEXT.replace("friday", "monday")
    copies = first_of_copies([shingles(TEXT), shingles(other)], [0, DAY], alike=0.75, days=60)
    assert copies == [0, 0]


def test_a_text_sent_again_after_a_season_is_no_copy() -> None:
    same = [shingles(TEXT)] * 2
    assert first_of_copies(same, [0, 61 * DAY], alike=0.75, days=60) == [0, 1]


def test_very_short_texts_are_never_copies() -> None:
    assert shingles("late again this week") == frozenset()


def test_case_accents_and_typographic_marks_do_not_part_copies() -> None:
    assert shingles("The café won’t open before the first of May") == shingles(
        "the cafe won't open before the first of may"
    )
