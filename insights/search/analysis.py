"""How a text becomes words: the same way for notes and for queries, whatever the engine.

A text is folded (case, accents, typography), then cut into words:

* letters and digits make a word, also with an apostrophe between them (``don't``, ``O'Brien``);
* a number keeps its decimal point and thousands commas (``49.99``, ``1,000``), so that a price is
  found as typed; the sign before it is not part of it;
* everything else separates words. What a person types without spaces (``wi-fi``, ``AT&T``,
  ``jo@acme.com``) is several words and is looked for as a phrase.

An engine stems these words for its main field and keeps them as they are in a second one, in which
an exact match raises the rank.
"""

import re

from insights.text import fold

LONGEST_WORD = 64
"""Characters of a word that count; the rest of a longer one is neither indexed nor searched."""

_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*[^\W_]*|[^\W_]+(?:'[^\W_]+)*")

STOP_WORDS = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "had", "has"),
        *("have", "i", "if", "in", "into", "is", "it", "its", "my", "of", "on", "or", "our", "so"),
        *("such", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to"),
        *("was", "we", "were", "will", "with", "you", "your"),
    ]
)
"""Words that a query may do without, because nearly every note has them.

They are indexed like all others, so phrases with them work. Words that turn a meaning round are not
among them (``no``, ``not``, ``out``): ``no signal`` is about something else than ``signal``.
"""


def words(text: str) -> list[str]:
    """The folded words of a text in their order, each at most ``LONGEST_WORD`` characters.

    Takes any ``str`` and never raises; a text of signs alone has no words.
    """
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def has_words(text: str) -> bool:
    """Whether ``words`` finds any, without finding all."""
    return _WORD.search(fold(text)) is not None
