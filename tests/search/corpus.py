"""A dozen notes that the tests search, and short ways to write a note and to ask for names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from insights.search.document import EVERYONE, NoteDocument
from insights.search.engine import Reader
from insights.search.query import parse
from insights.search.request import Filters, SearchRequest

NOVEMBER = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # a Monday
WEEK = 20759  # NOVEMBER's day since 1970-01-01

GEORGIA, FLORIDA, TEXAS = 12, 13, 14
HEALTHCARE, TRUCKING = 1, 2
SMALL, LARGE = 11, 12
INDUSTRIES, SIZES = frozenset({HEALTHCARE, TRUCKING}), frozenset({SMALL, LARGE})
ACME, GLOBEX = 501, 502
ANN, BOB = 7, 8

SEALED_IN_GEORGIA = ("t:12", "p:7")

PLAIN = NoteDocument(
    id=UUID(int=0),
    text="",
    account_name="",
    kind="competitor",
    known="first-hand",
    impact="normal",
    source="web",
    audience=(EVERYONE,),
    author_id=ANN,
    territory_id=GEORGIA,
    segment_ids=(HEALTHCARE, SMALL),
    competitor_ids=(),
    product_ids=(),
    account_id=None,
    captured_at=NOVEMBER,
    week=WEEK,
    month=202611,
    sightings=0,
)


def note(number: int, text: str = "", *, weeks_ago: int = 0, **values: object) -> NoteDocument:
    """A note whose id is its number, captured on a Monday so many weeks ago."""
    captured = NOVEMBER - timedelta(weeks=weeks_ago, minutes=number)
    dated = replace(
        PLAIN,
        id=UUID(int=number),
        text=text,
        captured_at=captured,
        week=WEEK - 7 * weeks_ago,
        month=captured.year * 100 + captured.month,
    )
    return replace(dated, **values)  # type: ignore[arg-type]


CORPUS = {
    "prices": note(1, "Acme raised its prices twice this year.", competitor_ids=(ACME,)),
    "price": note(2, "The price of Globex is $49.99 a month.", competitor_ids=(GLOBEX,)),
    "theft": note(
        3, "Load theft is up: two trucks were robbed.", kind="challenge", territory_id=FLORIDA,
        segment_ids=(TRUCKING, LARGE), author_id=BOB, impact="high",
    ),
    "stolen": note(
        4, "Theft of a load again; the driver can’t sleep.", kind="challenge", weeks_ago=1,
        segment_ids=(TRUCKING, SMALL), author_id=BOB,
    ),
    "cafe": note(5, "Met the buyer in a café near the clinic.", kind="preference", weeks_ago=2),
    "signal": note(6, "No signal at the new hospital.", kind="challenge", territory_id=TEXAS),
    "strong": note(7, "Strong signal in the old hospital.", kind="opportunity", weeks_ago=5),
    "both": note(
        8, "Acme and Globex both bid; Acme won.", competitor_ids=(ACME, GLOBEX), weeks_ago=1
    ),
    "account": note(9, "They renew in May.", account_name="O'Brien Freight", account_id=71),
    "heard": note(
        10, "Somebody said Acme will close its Austin office.", known="heard",
        territory_id=TEXAS, competitor_ids=(ACME,), product_ids=(31,), weeks_ago=5,
    ),
    "sealed": note(
        11, "Quietly: Acme offers the zebrawood discount.", audience=SEALED_IN_GEORGIA,
        kind="opportunity", competitor_ids=(ACME,), weeks_ago=3,
    ),
    "wifi": note(12, "The Wi-Fi of AT&T drops; mail jo@acme.example.", segment_ids=()),
}  # fmt: skip

NAMES = {document.id: name for name, document in CORPUS.items()}


def request(text: str = "", **values: object) -> SearchRequest:
    """A search by a reader who may see all, unless ``audience`` says otherwise.

    Names of filters may be given directly.
    """
    filters = {name: values.pop(name) for name in list(values) if name in _FILTER_NAMES}
    return SearchRequest(
        **{  # type: ignore[arg-type]
            "audience": None,
            "query": parse(text),
            "filters": Filters(**filters),  # type: ignore[arg-type]
            **values,
        }
    )


_FILTER_NAMES = frozenset(Filters.__dataclass_fields__)


def found(reader: Reader, text: str = "", **values: object) -> list[str]:
    """The names of the corpus's notes that a search finds, in order."""
    return [NAMES[hit.id] for hit in reader.search(request(text, **values)).hits]
