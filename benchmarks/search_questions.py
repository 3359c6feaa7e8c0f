"""The questions, with words chosen by how many notes have them: the same ones for the same notes.

All candidates have one form only in all notes (but for the common word), so that stemmers of
different schools agree about them, and are no part of a name in the catalogue.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

import tantivy

from benchmarks.contenders.question import Question
from insights.search.analysis import STOP_WORDS
from insights.search.document import NoteDocument

COMMON_SHARE, TOGETHER_SHARE, MEDIUM_SHARE, PHRASE_SHARE = 0.20, 0.02, 0.01, 0.005
RARE_NOTES = 10
PAIRS_EVERY = 10  # pairs of words are counted in every tenth note, which is enough for a share
PREFIX_LENGTH = 4
# Words that one engine or another leaves out of its index.
LEFT_OUT = STOP_WORDS | frozenset(
    [
        *("about", "above", "after", "again", "against", "been", "before", "being", "below"),
        *("between", "does", "doing", "down", "during", "each", "further", "here", "hers"),
        *("just", "more", "most", "once", "only", "other", "ours", "over", "same", "should"),
        *("some", "than", "through", "under", "until", "very", "what", "when", "where", "which"),
        *("while", "whom", "whose", "would", "yours", "because", "both", "could"),
    ]
)
_RUN = re.compile(r"[a-z]+")
_CANDIDATE = re.compile(r"[a-z]{4,}")
_STEMMER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


class Words:
    """Counts, while the notes go by, how many notes have each word and each pair of words."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        # The product reads the name of a competitor as more than a word.
        self._excluded = LEFT_OUT.union(*(_RUN.findall(name.lower()) for name in names))
        self.notes = 0
        self.frequencies: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()

    def count(self, documents: Iterable[NoteDocument]) -> None:
        """Takes a batch into account."""
        for document in documents:
            found = _RUN.findall(document.text.lower())
            self.frequencies.update({word for word in found if self._is_candidate(word)})
            if self.notes % PAIRS_EVERY == 0:
                self._pairs.update(set(pairwise(found)))
            self.notes += 1

    def nearest(self, wanted: float, shortest: int = 4) -> str:
        """The word with one form only that about `wanted` notes have."""
        candidates = [word for word in self.single_forms() if len(word) >= shortest]
        return min(candidates, key=lambda word: (abs(self.frequencies[word] - wanted), word))

    def common(self) -> str:
        """The least frequent word that at least a fifth of the notes have, in whatever form."""
        groups = self._groups()
        sizes = {stem: sum(self.frequencies[word] for word in groups[stem]) for stem in groups}
        enough = [stem for stem in sizes if sizes[stem] >= COMMON_SHARE * self.notes]
        chosen = min(enough, key=lambda stem: (sizes[stem], stem)) if enough else (
            max(sizes, key=lambda stem: (sizes[stem], stem))
        )  # fmt: skip
        return max(groups[chosen], key=lambda word: (self.frequencies[word], word))

    def beside(self, word: str, sample: Sequence[NoteDocument]) -> str:
        """The word with one form only that about one in fifty notes of the sample has beside it."""
        together: Counter[str] = Counter()
        for document in sample:
            found = set(_RUN.findall(document.text.lower()))
            if word in found:
                together.update(found)
        wanted = TOGETHER_SHARE * len(sample)
        return min(self.single_forms(), key=lambda other: (abs(together[other] - wanted), other))

    def phrase(self) -> tuple[str, str]:
        """The pair of neighbours, no rare words, that about one in two hundred notes has."""
        known = MEDIUM_SHARE * self.notes
        single = {word for word in self.single_forms() if self.frequencies[word] > known}
        wanted = PHRASE_SHARE * self.notes / PAIRS_EVERY
        pairs = [pair for pair in self._pairs if single.issuperset(pair)]
        return min(pairs, key=lambda pair: (abs(self._pairs[pair] - wanted), pair))

    def single_forms(self) -> Sequence[str]:
        """The words that are alone with their stem, in alphabetical order."""
        return sorted(words[0] for words in self._groups().values() if len(words) == 1)

    def _is_candidate(self, word: str) -> bool:
        return _CANDIDATE.fullmatch(word) is not None and word not in self._excluded

    def _groups(self) -> Mapping[str, list[str]]:
        words = sorted(self.frequencies)
        groups = defaultdict(list)
        for word, stem in zip(words, _STEMMER.analyze(" ".join(words)), strict=True):
            groups[stem].append(word)
        return groups


def questions(
    words: Words,
    sample: Sequence[NoteDocument],
    *,
    territory: str,
    subtree: frozenset[int],
    since: date,
) -> list[Question]:
    """One question of each kind, the filters on top of the common word."""
    common, medium = words.common(), words.nearest(MEDIUM_SHARE * words.notes, 6)
    rare = words.nearest(RARE_NOTES)
    prefix = medium[:PREFIX_LENGTH]
    return [
        Question(name="common word", words=(common,)),
        Question(name="medium word", words=(medium,)),
        Question(name="rare word", words=(rare,)),
        Question(name="two words", words=(common, words.beside(common, sample))),
        Question(name="phrase", words=words.phrase(), form="phrase"),
        Question(name="prefix", words=(prefix,), form="prefix"),
        Question(
            name="common in a region", words=(common,), territory=territory, territory_ids=subtree
        ),
        Question(name="common in 90 days", words=(common,), since=since),
    ]
