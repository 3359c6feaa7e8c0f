"""Segments, competitors, products and accounts from a file."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.models import Account
from insights.services import accounts, catalogue, competitors, products, segments
from insights.services.catalogue import Catalogue, Item
from insights.services.csv_cells import split_values
from insights.services.import_columns import Field, Row
from insights.services.import_rows import RowTaker, Words
from insights.services.import_run import ImportRun
from insights.services.import_values import read_number
from insights.services.names import one_line
from insights.services.shapes import US_STATES
from insights.text import fold

ALIASES = Field("aliases", ("alias", "other_names", "also_known_as"), many=True)


class Segments(RowTaker):
    """Segments: name and dimension, by its number or its name (the first if nothing is said)."""

    noun = "segments"
    fields = (
        Field("name", ("segment", "title"), required=True),
        Field("dimension", ("group", "kind")),
    )

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self._known: set[tuple[int, str]] = set()

    def take_row(self, session: Session, row: Row) -> bool:
        """Adds the segment unless its dimension has one of that name."""
        known = catalogue.current(session)
        self._known |= {(one.dimension, fold(one.name)) for one in known.segments.values()}
        name = one_line(row.get("name"))
        dimension = _dimension(known, one_line(row.get("dimension")))
        if (dimension, fold(name)) in self._known:
            return False
        segments.create(session, self.run.actor, now=self.run.now, name=name, dimension=dimension)
        return True


class Competitors(RowTaker):
    """Competitors: name and aliases."""

    noun = "competitors"
    fields = (Field("name", ("competitor", "company"), required=True), ALIASES)

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self._words = Words(Catalogue.find_competitor)

    def take_row(self, session: Session, row: Row) -> bool:
        """Adds the competitor unless its name stands for one."""
        name = one_line(row.get("name"))
        if self._words.find(session, name):
            return False
        added = competitors.create(
            session,
            self.run.actor,
            now=self.run.now,
            name=name,
            aliases=split_values(row.get("aliases")),
        )
        self._words.add(added, added.aliases)
        return True


class Products(RowTaker):
    """Products: name, aliases, and the competitor that makes it (nothing: ours)."""

    noun = "products"
    fields = (
        Field("name", ("product", "title"), required=True),
        ALIASES,
        Field("competitor", ("maker", "vendor", "manufacturer")),
    )

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self._words = Words(Catalogue.find_product)
        self._makers = Words(Catalogue.find_competitor)

    def take_row(self, session: Session, row: Row) -> bool:
        """Adds the product unless its name stands for one."""
        name, word = one_line(row.get("name")), one_line(row.get("competitor"))
        if self._words.find(session, name):
            return False
        maker = self.require(session, self._makers, "competitors", word, "competitor")
        added = products.create(
            session,
            self.run.actor,
            now=self.run.now,
            name=name,
            aliases=split_values(row.get("aliases")),
            competitor=maker.slug if maker else None,
        )
        self._words.add(added, added.aliases)
        return True


class Accounts(RowTaker):
    """Accounts: name, external id, territory, segments, state and sort of team.

    A column called state names the territory as well, where no other one does.
    """

    noun = "accounts"
    fields = (
        Field("name", ("account", "account_name", "customer", "client"), required=True),
        Field("external_id", ("id", "crm_id", "account_id", "account_external_id")),
        Field("territory", ("state", "region", "area")),
        Field("segments", ("segment", "industry", "sector", "size"), many=True),
        Field("state", ("account_state", "billing_state", "state_code")),
        Field("team_type", ("team", "account_team")),
    )

    def __init__(self, run: ImportRun) -> None:
        super().__init__(run)
        self._territories = Words(Catalogue.find_territory)
        self._segments = Words(Catalogue.find_segment)

    def take_row(self, session: Session, row: Row) -> bool:
        """Adds the account unless there is one of its external id or, without, of its name in its
        territory."""
        name, external_id = one_line(row.get("name")), one_line(row.get("external_id"))
        word = one_line(row.get("territory"))
        place = self.require(session, self._territories, "territories", word, "territory")
        values = split_values(row.get("segments"))
        for value in values:
            self.require(session, self._segments, "segments", value, "segments")
        if _account_exists(session, name, external_id, place):
            return False
        accounts.create(
            session,
            self.run.actor,
            now=self.run.now,
            name=name,
            external_id=external_id or None,
            territory=place.slug if place else None,
            segments=values,
            state=self._state(row),
            team_type=row.get("team_type") or None,
        )
        return True

    def _state(self, row: Row) -> str | None:
        """Of a column that names territories only what is the sign of a state for certain."""
        state, places = row.get("state"), self.run.columns.positions
        if places.get("state") == places.get("territory") and state.upper() not in US_STATES:
            return None
        return state or None


def _dimension(known: Catalogue, word: str) -> int:
    for number, name in known.dimensions.items():
        if fold(word) == fold(name):
            return number
    return read_number(int, "dimension", word) if word else 1


def _account_exists(session: Session, name: str, external_id: str, place: Item | None) -> bool:
    same = select(Account.id)
    if external_id:
        same = same.where(Account.external_id == external_id)
    else:
        place_id = place.id if place else None
        same = same.where(Account.folded == fold(name), Account.territory_id == place_id)
    return session.scalar(same.limit(1)) is not None
