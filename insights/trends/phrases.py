"""Phrases: the runs of one to three words by which new subjects make themselves known.

A phrase lies within a clause and holds no stop word, number or name of a competitor or product;
hyphens part words, and a plural counts as its singular (the s-stemmer of Harman 1991, "How
effective is suffixing?", JASIS 42(1)).
"""

import re
from collections.abc import Iterable, Iterator, Set

from insights.text import fold

_STOP_WORDS = """
    a about after again all also am an and another any are aren't as at back be because been
    before being both but by can can't cannot could couldn't did didn't do does doesn't doing don't
    done down during each either else even ever every few for from further get gets getting give
    gives go goes going got had hadn't has hasn't have haven't having he her here hers herself him
    himself his how i i'm i've if in into is isn't it it's its itself just let like made make makes
    many may me might mine more most much must my myself need needs never no none nor not now of off
    on once one ones only or other others our ours ourselves out over own per put quite rather
    really said same say saying says see seem seems seen shall she should shouldn't since so
    some still
    such take takes tell tells than that that's the their theirs them themselves then there these
    they they're thing things this those through to today told too took two under until up upon us
    use used uses using very want wants was wasn't way we we're well went were weren't what when
    where whether which while who whom whose why will with within without won't would wouldn't yes
    yesterday yet you your yours yourself week weeks month months year years day days time times
    january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat
    three four five six seven eight nine ten eleven twelve twenty hundred thousand million
    first second third last next
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\S")
_SHORTEST = 2
# They end like plurals and are none.
_NO_PLURALS = frozenset(["always", "atlas", "bias", "canvas", "christmas", "overseas"])


def phrases_of(
    text: str,
    names: Set[str] = frozenset(),
    *,
    places: Set[str] = frozenset(),
    longest: int = 3,
) -> list[str]:
    """The phrases of a text, each once, in order of their first place.

    `names` are folded words that never belong to a phrase (competitors, products); any sign,
    number, stop word or name ends a run of words. What consists of words of `places` alone is no
    phrase either: that Georgia is spoken of in Georgia is no news.
    """
    found: dict[str, None] = {}
    for run in _runs(fold(text).replace("-", " "), names):
        for start in range(len(run)):
            for end in range(start + 1, min(start + longest, len(run)) + 1):
                if not places >= set(run[start:end]):
                    found[" ".join(run[start:end])] = None
    return list(found)


def _runs(folded: str, names: Set[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for token in _TOKEN.findall(folded):
        word = singular(token.removesuffix("'s"))
        if token in STOP_WORDS or len(word) < _SHORTEST or word in names or token in names:
            if run:
                yield run
            run = []
        else:
            run.append(word)
    if run:
        yield run


def place_words(names: Iterable[str]) -> frozenset[str]:
    """The words of the names of places, as they would stand in a phrase."""
    return frozenset(
        singular(word) for name in names for word in fold(name).replace("-", " ").split()
    )


def singular(word: str) -> str:
    """The word without a plural's ending; a guess that is the same for both forms."""
    if word in _NO_PLURALS:
        return word
    if len(word) > 4 and word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
