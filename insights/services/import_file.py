"""The file of an import: plain or gzip, in whatever encoding and with whatever delimiter.

A file is read twice, each time as a stream, so that 1 GB needs no more memory than 1 MB. The first
reading (`examine`) checks that it can be read to its end and decides on the encoding: a single
byte that is not UTF-8, even in the last line, decides over the whole file. The second
(`read_lines`) gives the lines. Bad lines are given as bad lines; a file that cannot be used at
all is refused with Invalid(file).
"""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from insights.errors import Invalid
from insights.services.import_detection import EncodingCount, find_delimiter, is_separator_line

CHUNK = 1 << 20
LONGEST_LINE = 1_000_000
LONGEST_RECORD = 4_000_000
SAMPLE = 65_536
# Text packs to a tenth of its size, seldom to a thirtieth; what unpacks to more was made to.
MOST_UNPACKED_PER_BYTE = 200
SMALLEST_BOMB = 64 << 20
LINES_PER_PROGRESS = 500

_GZIP = b"\x1f\x8b"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}

# Called with the bytes of the file that have been read so far.
OnBytes = Callable[[int], None]


@dataclass(frozen=True)
class ImportSource:
    """A file to be imported: that of a path, or an upload. The stream must allow to go back."""

    stream: BinaryIO
    name: str
    # Where the report is put by default; uploads have no such place.
    path: Path | None = None


@dataclass(frozen=True)
class FileForm:
    """What the first reading has found out."""

    encoding: str
    delimiter: str
    # How many signs are not of the encoding; they are read as the sign U+FFFD.
    damaged: int
    # The bytes of the file as it is, packed or not.
    size: int

    @property
    def encoding_name(self) -> str:
        """The encoding as people call it."""
        return _NAMES[self.encoding]


@dataclass(frozen=True, slots=True)
class Line:
    """One record with the number of the line on which it begins; `problem` if it is unreadable."""

    number: int
    cells: list[str]
    problem: str = ""


class _TooLongError(Exception):
    """A line or record is longer than any row of a table."""


@contextmanager
def open_source(path: Path) -> Iterator[ImportSource]:
    """The file of that path; raises Invalid(file) when it cannot be opened."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise _unusable(f"{path.name} cannot be opened: {error.strerror}.") from None
    with stream:
        yield ImportSource(stream, path.name, path)


def examine(source: ImportSource, *, largest: int | None = None) -> FileForm:
    """Reads the file to its end; raises Invalid(file) unless it is a text of a bearable size.

    `largest` is the most bytes that it may have when unpacked.
    """
    if not source.stream.seekable():
        raise _unusable("The file has to be read twice, so it cannot be a pipe. Save it first.")
    start = _start_of(source)
    if start.startswith(_WORKBOOKS):
        raise _unusable("This is a workbook or an archive. Save the sheet as “CSV UTF-8” first.")
    if not start.strip():
        raise _unusable("The file is empty.")
    count = EncodingCount()
    packed = source.stream.seek(0, io.SEEK_END)
    for chunk in _chunks(source):
        count.add(chunk)
        _require_bearable(count.total, packed, largest)
    encoding, damaged = count.verdict(start)
    if "utf-16" not in encoding and count.nul * 4 > count.total:
        raise _unusable("This is not a text file. Save the sheet as “CSV UTF-8” first.")
    return FileForm(encoding, _delimiter(source, encoding), damaged, packed)


def read_lines(source: ImportSource, form: FileForm, on_bytes: OnBytes) -> Iterator[Line]:
    """The records of the file in order, the header first; lines without anything are left out."""
    with _text(source, form.encoding) as text:
        feed = _Feed(text)
        reader = csv.reader(feed, delimiter=form.delimiter, strict=True, skipinitialspace=True)
        while True:
            line = _next_line(reader, feed)
            if line is None:
                return
            if feed.number % LINES_PER_PROGRESS == 0:
                on_bytes(source.stream.tell())
            if line.problem or any(cell and not cell.isspace() for cell in line.cells):
                yield line


class _Feed:
    """Gives the lines of a text to the reader of CSV, and keeps them in bounds."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self.number = 0
        self.record = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.record += len(line)
        if len(line) >= LONGEST_LINE or self.record > LONGEST_RECORD:
            self._skip_rest(line)
            raise _TooLongError
        if self.number == 1 and is_separator_line(line):
            return "\n"
        return line.replace("\0", "") if "\0" in line else line

    def _skip_rest(self, piece: str) -> None:
        while piece and not piece.endswith(("\n", "\r")):
            piece = self._text.readline(LONGEST_LINE)


def _next_line(reader: "Iterator[list[str]]", feed: _Feed) -> Line | None:
    first = feed.number + 1
    feed.record = 0
    try:
        return Line(first, next(reader))
    except StopIteration:
        return None
    except _TooLongError:
        return Line(first, [], f"The line is longer than {LONGEST_LINE:,} characters.")
    except csv.Error as error:
        return Line(first, [], _quoting_problem(str(error), first, feed.number))


def _quoting_problem(error: str, first: int, last: int) -> str:
    until = f" It reaches to line {last}." if last > first else ""
    if "field larger" in error:
        return f"A cell is too long, or its quotation mark is never closed.{until}"
    if "end of data" in error:
        return f"A quotation mark is opened and never closed.{until}"
    return (
        "Something stands behind a closing quotation mark; inside a quoted cell a quotation mark "
        f"is written twice.{until}"
    )


def _unpacked(source: ImportSource) -> BinaryIO:
    source.stream.seek(0)
    is_packed = source.stream.read(2) == _GZIP
    source.stream.seek(0)
    # A GzipFile is a binary stream in all but its declared type.
    return gzip.GzipFile(fileobj=source.stream) if is_packed else source.stream  # type: ignore[return-value]


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except EOFError:
        message = "The file is cut off: its packed contents end too early. Copy it again."
        raise _unusable(message) from None
    except (gzip.BadGzipFile, zlib.error):
        raise _unusable("The packed file is damaged. Copy it again.") from None
    except OSError as error:
        raise _unusable(f"The file cannot be read: {error.strerror or error}.") from None


def _start_of(source: ImportSource) -> bytes:
    with _readable():
        return _unpacked(source).read(CHUNK)


def _chunks(source: ImportSource) -> Iterator[bytes]:
    stream = _unpacked(source)
    with _readable():
        while chunk := stream.read(CHUNK):
            yield chunk


@contextmanager
def _text(source: ImportSource, encoding: str) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(_unpacked(source), encoding, errors="replace", newline="")
    try:
        with _readable():
            yield text
    finally:
        # Otherwise the wrapper would take the stream with it when it goes.
        text.detach()


def _require_bearable(total: int, packed: int, largest: int | None) -> None:
    if total > SMALLEST_BOMB and total > packed * MOST_UNPACKED_PER_BYTE:
        message = f"The file unpacks to more than {MOST_UNPACKED_PER_BYTE} times its size."
        raise _unusable(f"{message} Import it unpacked if that is meant.")
    if largest is not None and total > largest:
        raise _unusable(
            f"The file is larger than {largest >> 20} MB. Import it on the server: "
            "insights import --help says how."
        )


def _delimiter(source: ImportSource, encoding: str) -> str:
    with _text(source, encoding) as text:
        return find_delimiter(text.read(SAMPLE))


def _unusable(message: str) -> Invalid:
    return Invalid({"file": [message]})
