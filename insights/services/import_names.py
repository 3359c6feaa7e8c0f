"""Names that a file of notes uses and nobody knows yet.

With `--create` they are collected from the whole file and added before the first note: so it makes
no difference to a note, which is tagged by all names, in which line the others first appear. A dry
run adds them to its copy of the catalogue only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from insights.errors import Invalid
from insights.services import accounts, competitors, names, products, segments, territories
from insights.services.catalogue import Catalogue, Item, NamedItem, Place, SegmentItem
from insights.services.import_run import ImportRun
from insights.services.shapes import US_STATES
from insights.text import fold, slugify

MOST_CREATED = 10_000
NAMES_AT_ONCE = 50
FIRST_DIMENSION = 1
ORDER = ("territories", "segments", "competitors", "products")
# Ids that no row has, for what a dry run would create.
_PROVISIONAL = -1

# A noun with a folded word.
Word = tuple[str, str]
_Add = Callable[[Session], object]
_Job = tuple[str, str, _Add]


@dataclass(frozen=True)
class NewAccount:
    """An account that the file names, with what the first such row says of it."""

    name: str
    external_id: str
    territory: str


class NewNames:
    """What is to be created, in order of appearance."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._words: dict[Word, str] = {}
        self._accounts: dict[Word, NewAccount] = {}

    def want(self, noun: str, word: str) -> None:
        """Remembers an unknown word of a noun such as "territories", unless it is no name."""
        key = (noun, fold(word))
        if key not in self._words and _is_name(word):
            self._words[key] = names.one_line(word)
            self._require_sensible()

    def want_account(self, key: Word, account: NewAccount) -> None:
        """The same for an account, by the key under which rows look for it."""
        if _is_name(account.name):
            self._accounts.setdefault(key, account)
            self._require_sensible()

    @property
    def accounts(self) -> Mapping[Word, NewAccount]:
        """The accounts to be created."""
        return self._accounts

    def create(self) -> None:
        """Adds all of them, some at a time, so that nobody else waits long for the database.

        In a dry run they are only remembered.
        """
        jobs = [*self._words_to_create(), *self._accounts_to_create()]
        if self._run.options.dry_run:
            for noun, name, _ in jobs:
                self._run.note_created(noun, name)
            return
        waiting = iter(jobs)
        while batch := list(islice(waiting, NAMES_AT_ONCE)):
            with self._run.changing() as session:
                for noun, name, add in batch:
                    self._add(session, noun, name, add)

    def provisional(self, known: Catalogue) -> Catalogue:
        """The catalogue as it would be with the new names."""
        places, values = dict(known.territories), dict(known.segments)
        rivals, wares = dict(known.competitors), dict(known.products)
        for identity, ((noun, _), name) in enumerate(self._words.items()):
            item = (_PROVISIONAL - identity, name, slugify(name))
            match noun:
                case "territories":
                    places[item[0]] = Place(*item)
                case "segments":
                    values[item[0]] = SegmentItem(*item)
                case "competitors":
                    rivals[item[0]] = NamedItem(*item)
                case "products":
                    wares[item[0]] = NamedItem(*item)
        return Catalogue(
            known.version,
            places,
            values,
            rivals,
            wares,
            known.dimensions,
            known.merged,
            known.merged_products,
        )

    def _add(self, session: Session, noun: str, name: str, add: _Add) -> None:
        try:
            add(session)
        except Invalid:
            # Somebody was faster, or it cannot be: the rows that name it will say so.
            return
        self._run.note_created(noun, name)

    def _words_to_create(self) -> Iterable[_Job]:
        ordered = sorted(self._words.items(), key=lambda one: ORDER.index(one[0][0]))
        for (noun, _), name in ordered:
            yield noun, name, _adder(self._run, noun, name)

    def _accounts_to_create(self) -> Iterable[_Job]:
        for account in self._accounts.values():
            yield "accounts", account.name, _account_adder(self._run, account)

    def _require_sensible(self) -> None:
        if len(self._words) + len(self._accounts) > MOST_CREATED:
            raise Invalid(
                f"The file names more than {MOST_CREATED:,} things that nobody knows. "
                "Is one of its columns taken for another? Say which is which (--map)."
            )


def _adder(run: ImportRun, noun: str, name: str) -> _Add:
    return lambda session: create_word(run, session, noun, name)


def _account_adder(run: ImportRun, account: NewAccount) -> _Add:
    return lambda session: accounts.create(
        session,
        run.actor,
        now=run.now,
        name=account.name,
        external_id=account.external_id or None,
        territory=account.territory or None,
    )


def create_word(run: ImportRun, session: Session, noun: str, name: str) -> Item:
    """Adds a territory at the top, a segment of the first dimension, a competitor or our product.

    A territory that is called like a US state gets its shape. Raises Forbidden and Invalid.
    """
    match noun:
        case "territories":
            state = name.upper()
            shape = {"state": state} if state in US_STATES else None
            return territories.create(session, run.actor, now=run.now, name=name, shape=shape)
        case "segments":
            return segments.create(
                session, run.actor, now=run.now, name=name, dimension=FIRST_DIMENSION
            )
        case "competitors":
            return competitors.create(session, run.actor, now=run.now, name=name)
    return products.create(session, run.actor, now=run.now, name=name)


def _is_name(word: str) -> bool:
    try:
        return bool(names.require_name(word))
    except Invalid:
        return False
