"""Tagging: what a note is about, read from its text without asking anyone.

``dictionary`` finds the competitors, products, segments and territories that a text names,
``kinds`` proposes the kind of note. Both are pure: the caller brings the aliases.
"""

from insights.tagging.dictionary import Dictionary, Entry, Match, TagKind
from insights.tagging.kinds import NoteKind, guess_kind

__all__ = ["Dictionary", "Entry", "Match", "NoteKind", "TagKind", "guess_kind"]
