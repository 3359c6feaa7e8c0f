"""Files of all sorts are read to their last line, or refused in words."""

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.errors import Invalid
from insights.services import import_file
from insights.services.import_file import FileForm, ImportSource, Line, examine, read_lines


def source_of(contents: bytes) -> ImportSource:
    return ImportSource(io.BytesIO(contents), "file.csv")


def read(contents: bytes) -> tuple[FileForm, list[Line]]:
    source = source_of(contents)
    form = examine(source)
    return form, list(read_lines(source, form, lambda _read: None))


def cells(contents: bytes) -> list[list[str]]:
    return [line.cells for line in read(contents)[1]]


@pytest.mark.parametrize(
    ("contents", "encoding"),
    [
        ("a,é\n".encode(), "UTF-8"),
        ("a,é\n".encode("utf-8-sig"), "UTF-8"),
        ("a,é\n".encode("latin-1"), "Windows-1252"),
        ("a,é\n".encode("utf-16"), "UTF-16"),
        (b"a,e\n", "UTF-8"),
    ],
)
def test_the_encoding_is_found(contents: bytes, encoding: str) -> None:
    form, (line,) = read(contents)
    assert form.encoding_name == encoding
    assert line.cells in (["a", "é"], ["a", "e"])


def test_a_single_byte_at_the_end_decides_over_the_whole_file() -> None:
    contents = b"plain\n" * 400_000 + b"caf\xe9\n"
    form, lines = read(contents)
    assert form.encoding == "cp1252"
    assert (len(lines), lines[-1].cells) == (400_001, ["café"])


def test_a_utf_8_file_with_a_damaged_byte_stays_utf_8() -> None:
    form, lines = read("naïve\n".encode() * 20 + b"bro\xffken\n")
    assert (form.encoding, form.damaged) == ("utf-8", 1)
    assert [lines[0].cells, lines[-1].cells] == [["naïve"], ["bro\ufffdken"]]


def test_a_character_that_is_cut_by_a_chunk_is_not_damaged() -> None:
    form, _ = read(b"x" * (import_file.CHUNK - 1) + "é\n".encode())
    assert (form.encoding, form.damaged) == ("utf-8", 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    row = ["id", "a text", "x,y;z\tz"]
    header = delimiter.join(["id", "text", '"and, so; on"'])
    quoted = delimiter.join(f'"{cell}"' for cell in row)
    form, lines = read(f"{header}\n{quoted}\n".encode())
    assert (form.delimiter, lines[1].cells) == (delimiter, row)


def test_a_spreadsheet_may_name_its_delimiter_in_a_line_of_its_own() -> None:
    assert cells(b"sep=;\r\na,b;c\r\n") == [["a,b", "c"]]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_all_line_endings_are_read_and_lines_counted(ending: str) -> None:
    text = ending.join(["a,b", '1,"two', 'lines"', "", "3,4", ""])
    lines = read(text.encode())[1]
    assert [line.number for line in lines] == [1, 2, 5]
    assert lines[1].cells == ["1", f"two{ending}lines"]


def test_nul_bytes_are_left_out() -> None:
    assert cells(b"a,b\n1\0,\x002\n") == [["a", "b"], ["1", "2"]]


def problems(contents: bytes) -> list[tuple[int, str]]:
    return [(line.number, line.problem) for line in read(contents)[1]]


def test_a_line_that_is_far_too_long_is_bad_and_the_next_one_is_read() -> None:
    long = b"x" * (import_file.LONGEST_LINE + 5)
    found = problems(b"a\n" + long + b"\nb\n")
    assert found == [(1, ""), (2, "The line is longer than 1,000,000 characters."), (3, "")]


def test_a_cell_that_is_too_long_is_bad_and_the_next_line_is_read() -> None:
    (_, good), (number, bad), (_, last) = problems(b"a\n" + b"x" * 140_000 + b"\nb\n")
    assert (good, number, last) == ("", 2, "")
    assert "too long" in bad


def test_a_quotation_mark_that_is_never_closed_swallows_no_row_in_silence() -> None:
    (_, first), (number, bad) = problems(b'a,b\n1,"open\n2,c\n')
    assert (first, number) == ("", 2)
    assert bad == "A quotation mark is opened and never closed. It reaches to line 3."


def test_a_stray_quotation_mark_is_named() -> None:
    assert "written twice" in problems(b'a\n"b" c\nd\n')[1][1]


def test_a_record_of_endless_quoted_lines_is_bad() -> None:
    piece = b'"' + b"x" * 100_000 + b'\n",'
    found = problems(b"a\n" + piece * 50 + b"\nb\n")
    assert "longer" in found[1][1]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"PK\x03\x04 and more", "workbook"),
        (b"\x00\x01\x02\x00" * 50, "not a text file"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:-9], "cut off"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:20] + b"\xff" * 30, "damaged"),
        (b"\x1f\x8bnonsense", "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(contents: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refusal:
        examine(source_of(contents))
    assert list(refusal.value.fields) == ["file"]


def test_a_packed_file_is_read_like_a_plain_one() -> None:
    assert cells(gzip.compress(b"a,b\n1,2\n", mtime=0)) == [["a", "b"], ["1", "2"]]


def test_a_bomb_is_refused() -> None:
    bomb = gzip.compress(b"a" * (import_file.SMALLEST_BOMB + import_file.CHUNK))
    with pytest.raises(Invalid, match="unpacks to more than 200 times its size"):
        examine(source_of(bomb))


def test_a_limit_counts_the_unpacked_bytes() -> None:
    packed = gzip.compress(b"a,b\n" * 1_000, mtime=0)
    with pytest.raises(Invalid, match="larger than"):
        examine(source_of(packed), largest=3_999)
    assert examine(source_of(packed), largest=4_000).size == len(packed)


def test_a_pipe_is_refused() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(Invalid, match="pipe"):
        examine(ImportSource(Pipe(b"a"), "pipe"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(Invalid, match=r"none\.csv cannot be opened"),
        import_file.open_source(tmp_path / "none.csv"),
    ):
        pass


CSV_LIKE = st.lists(
    st.sampled_from([b'"', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"\xe9", b"a", b"\xc3\xa9"])
).map(b"".join)


@given(st.binary() | CSV_LIKE | CSV_LIKE.map(gzip.compress))
def test_any_bytes_are_read_or_refused(contents: bytes) -> None:
    try:
        _, lines = read(contents)
    except Invalid:
        return
    assert [line.number for line in lines] == sorted({line.number for line in lines})
