"""Names and aliases of competitors and of products.

Text is tagged by these words, so a word must not stand for two competitors (or two products): a
name or alias is refused while it is a name or alias of another. Within one thing duplicates are
dropped without a word, and so is an alias that equals the name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.errors import FieldProblems, Invalid
from insights.models import Competitor, CompetitorAlias, Product, ProductAlias
from insights.services.names import require_name
from insights.text import fold

Owner = TypeVar("Owner", Competitor, Product)
Alias = TypeVar("Alias", CompetitorAlias, ProductAlias)

MOST_ALIASES = 50


@dataclass(frozen=True)
class AliasTables(Generic[Owner, Alias]):
    """Where the names, the aliases and the owners of the aliases are stored."""

    owners: type[Owner]
    aliases: type[Alias]
    owner_id: InstrumentedAttribute[int]


COMPETITORS = AliasTables(Competitor, CompetitorAlias, CompetitorAlias.competitor_id)
PRODUCTS = AliasTables(Product, ProductAlias, ProductAlias.product_id)


@dataclass(frozen=True)
class Naming:
    """A name and the aliases beside it, clean, without duplicates, in order of the aliases."""

    name: str
    aliases: tuple[str, ...]


def require_naming(
    session: Session,
    tables: AliasTables[Owner, Alias],
    *,
    name: str,
    aliases: Iterable[str],
    own_id: int = 0,
) -> Naming:
    """What is stored of a typed name and aliases.

    Raises Invalid(name, aliases) when one is unusable or already stands for another than the row
    `own_id` (0 for a new one).
    """
    problems = FieldProblems()
    with problems:
        name = require_name(name)
    with problems:
        aliases = _require_aliases(aliases)
    problems.settle()
    words = {fold(alias): alias for alias in aliases}
    words.pop(fold(name), None)
    _require_free(session, tables, name, words, own_id)
    return Naming(name, tuple(words[one] for one in sorted(words)))


def stored_aliases(
    session: Session, tables: AliasTables[Owner, Alias], owner_id: int
) -> tuple[str, ...]:
    """The aliases of one competitor or product, in the order of a `Naming`."""
    statement = select(tables.aliases.alias).where(tables.owner_id == owner_id)
    return tuple(sorted(session.scalars(statement), key=fold))


def replace_aliases(
    session: Session, tables: AliasTables[Owner, Alias], owner_id: int, aliases: Sequence[str]
) -> None:
    """Afterwards the owner has exactly these aliases, which `require_naming` has passed."""
    session.execute(delete(tables.aliases).where(tables.owner_id == owner_id))
    for alias in aliases:
        values = {tables.owner_id.key: owner_id, "alias": alias, "folded": fold(alias)}
        session.add(tables.aliases(**values))
    session.flush()


def owners_of(
    session: Session, tables: AliasTables[Owner, Alias], folded: set[str], *, own_id: int
) -> dict[str, tuple[str, datetime | None]]:
    """Whose the words are, where they are another's than `own_id`'s: its name, and since when it
    is archived."""
    owners, aliases = tables.owners, tables.aliases
    by_name = select(owners.folded, owners.name, owners.archived_at).where(
        owners.folded.in_(folded), owners.id != own_id
    )
    by_alias = (
        select(aliases.folded, owners.name, owners.archived_at)
        .join(owners, owners.id == tables.owner_id)
        .where(aliases.folded.in_(folded), owners.id != own_id)
    )
    found: dict[str, tuple[str, datetime | None]] = {}
    for statement in (by_alias, by_name):
        for word, name, archived_at in session.execute(statement):
            found[word] = (name, archived_at)
    return found


def _require_aliases(typed: Iterable[str]) -> list[str]:
    aliases = [require_name(one, field="aliases") for one in typed]
    if len(aliases) > MOST_ALIASES:
        raise Invalid({"aliases": [f"Keep to {MOST_ALIASES} aliases; these are {len(aliases)}."]})
    return aliases


def _require_free(
    session: Session,
    tables: AliasTables[Owner, Alias],
    name: str,
    words: dict[str, str],
    own_id: int,
) -> None:
    taken = owners_of(session, tables, {fold(name), *words}, own_id=own_id)
    fields: dict[str, list[str]] = {}
    if fold(name) in taken:
        fields["name"] = [_taken_message(name, *taken[fold(name)])]
    clashes = [_taken_message(words[one], *taken[one]) for one in sorted(words) if one in taken]
    if clashes:
        fields["aliases"] = clashes
    if fields:
        raise Invalid(fields)


def _taken_message(word: str, owner: str, archived_at: datetime | None) -> str:
    if archived_at:
        return f"“{word}” belongs to {owner}, which is archived. Restore it or choose another."
    return f"“{word}” belongs to {owner}. Remove it there or choose another."
