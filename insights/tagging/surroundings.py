"""When a very short alias is meant: ``OR`` for Oregon, ``IN`` for Indiana, ``O2`` for the company.

One or two characters are too often a word or a part of something else, so such an alias counts only

* written with exactly the capitals of the alias: ``or`` is not ``OR``;
* on its own: not tied to its neighbours by a sign (``AT&T``, ``T-Mobile``, ``C++``, ``I'M``,
  ``U.S.``, ``OR.com``) and not in ``AND/OR``;
* outside a text in capitals: within 40 characters on either side there is a lower-case letter, or
  no word of three capitals. ``COME IN NOW`` does not name Indiana; ``Stores in IN``, ``IN, OR`` and
  ``IN`` alone do.
"""

import re
import unicodedata

_WINDOW = 40
_TIED_BEFORE = re.compile(r"(?:[-&+@_'’]|\w\.|\b(?i:and)/)$")
_TIED_AFTER = re.compile(r"[-&+#@_]|[.'’]\w(?<!['’]s)")
_WORD = re.compile(r"[^\W\d_]{3,}")


def may_be_short_alias(alias: str, text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is the short alias by the rules above; constant time."""
    written = unicodedata.normalize("NFC", text[start:end])
    if written != unicodedata.normalize("NFC", alias.strip()):
        return False
    if _TIED_BEFORE.search(text[max(0, start - 5) : start]) or _TIED_AFTER.match(text, end):
        return False
    around = f"{text[max(0, start - _WINDOW) : start]} {text[end : end + _WINDOW]}"
    return any(map(str.islower, around)) or not any(map(str.isupper, _WORD.findall(around)))
