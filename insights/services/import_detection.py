"""How a file of unknown origin is written: its encoding and the delimiter of its cells."""

import codecs
import csv
import io
import re

DELIMITERS = (",", ";", "\t")
_ASCII = bytes(range(128))
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=([,;\t])\s*", re.IGNORECASE)


class EncodingCount:
    """What the bytes of a file say about its encoding."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.total = self.nul = self._high = self._bad = 0

    def add(self, chunk: bytes) -> None:
        """Counts the next bytes of the file."""
        self.total += len(chunk)
        self.nul += chunk.count(0)
        if chunk.isascii() and not self._decoder.getstate()[0]:
            return
        # The replacement character may stand in a sound file as well.
        self._bad += self._decoder.decode(chunk).count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
        self._high += len(chunk.translate(None, _ASCII))

    def verdict(self, start: bytes) -> tuple[str, int]:
        """The encoding, and how many signs are damaged.

        A file with more sound UTF-8 than bad bytes is UTF-8 that has suffered; otherwise it is
        Windows-1252, of which Latin-1 is the printable part.
        """
        bad = max(0, self._bad + self._decoder.decode(b"", final=True).count("\ufffd"))
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", 0
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig", bad
        return ("cp1252", 0) if bad and self._high <= 2 * bad else ("utf-8", bad)


def is_separator_line(line: str) -> bool:
    """Whether the line only names the delimiter, as some spreadsheets write before the header."""
    return _SEPARATOR_LINE.fullmatch(line) is not None


def find_delimiter(sample: str) -> str:
    """The one that is named, or that cuts the first line of the sample into the most cells."""
    start = sample.replace("\0", "").lstrip("\ufeff\r\n")
    named = _SEPARATOR_LINE.match(start)
    if named:
        return named.group(1)
    return max(DELIMITERS, key=lambda one: _cells_of_first_line(start, one))


def _cells_of_first_line(sample: str, delimiter: str) -> int:
    lines = io.StringIO(sample, newline="")
    try:
        rows = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        return len(next(row for row in rows if any(row)))
    except (csv.Error, StopIteration):
        return 0
