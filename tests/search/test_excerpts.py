"""Excerpts show where a note matches, as pieces of text that the page marks itself."""

from collections.abc import Callable

import pytest

from insights.search.engine import Reader
from insights.search.replica import Replica
from insights.search.request import Excerpt
from tests.search.corpus import note, request


def excerpt(reader: Reader, typed: str) -> Excerpt:
    [hit] = reader.search(request(typed)).hits
    assert hit.excerpt is not None
    return hit.excerpt


@pytest.fixture
def excerpt_of(replica: Replica) -> Callable[[str, str], Excerpt]:
    """The excerpt of the only note, with this text, for what is typed."""

    def search(text: str, typed: str) -> Excerpt:
        writer = replica.open_writer()
        writer.put([note(1, text)])
        writer.publish(cursor=1)
        writer.close()
        return excerpt(replica.open_reader(), typed)

    return search


def test_the_words_sought_are_marked(index: Reader) -> None:
    assert excerpt(index, "load robbing") == (
        ("Load", True),
        (" theft is up: two trucks were ", False),
        ("robbed", True),
        (".", False),
    )


def test_excluded_words_are_not_marked(index: Reader) -> None:
    assert ("price", True) in excerpt(index, "price -twice")
    assert len(excerpt(index, "price -twice")) == 3


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Łódź: café 👍 closed", "cafe", "café"),
        ("He can’t pay €49.99 now", "can't", "can’t"),
        ("He can’t pay €49.99 now", "€49.99", "49.99"),
        ("<b>Acme</b> & co", "acme", "Acme"),
    ],
)
def test_marks_fit_the_text_as_written(
    excerpt_of: Callable[[str, str], Excerpt], text: str, typed: str, marked: str
) -> None:
    pieces = excerpt_of(text, typed)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, match in pieces if match] == [marked]


def test_a_long_note_is_cut_around_the_match(
    excerpt_of: Callable[[str, str], Excerpt],
) -> None:
    pieces = excerpt_of("before " * 200 + "zebra " + "after " * 200, "zebra")
    assert ("zebra", True) in pieces
    assert pieces[0] == pieces[-1] == ("…", False)
    assert sum(len(piece) for piece, _ in pieces) <= 210


def test_without_words_the_beginning_is_shown(excerpt_of: Callable[[str, str], Excerpt]) -> None:
    [(piece, match)] = excerpt_of("word " * 100, "")
    assert (piece[:9], piece[-1], match) == ("word word", "…", False)


def test_a_match_in_the_account_only_shows_the_beginning(index: Reader) -> None:
    assert excerpt(index, "freight") == (("They renew in May.", False),)


def test_excerpts_can_be_left_out(index: Reader) -> None:
    [hit] = index.search(request("robbed", highlight=False)).hits
    assert hit.excerpt is None
