"""The files of an import from Salesforce: which columns each needs, and how its rows are read.

They are what Data Loader and Data Export write: one CSV file for each object, its columns named as
the fields of the object are. The fields stand in the Object Reference for the Salesforce Platform
(https://developer.salesforce.com/docs/platform/object-reference/references/standard-objects/),
under Territory2, User, UserTerritory2Association, Account and ObjectTerritory2Association. Names
of columns are found whatever their capitals; other columns are passed over and reported.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from insights.errors import Invalid
from insights.services.import_columns import Columns, Field, Row, match_columns
from insights.services.import_file import FileForm, ImportSource, Line, examine, read_lines
from insights.services.import_run import LONGEST_VALUE, Report
from insights.services.lookup import quoted
from insights.text import clean, shorten

SHORT_ID, LONG_ID = 15, 18
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_NO = frozenset({"false", "0", "no", "n"})


class SalesforceFile(StrEnum):
    """What a file holds, in the order in which files are taken."""

    TERRITORIES = "territories"
    USERS = "users"
    ASSOCIATIONS = "associations"
    ACCOUNTS = "accounts"
    ACCOUNT_TERRITORIES = "account_territories"


# Of each file the object it is an export of.
OBJECTS = {
    SalesforceFile.TERRITORIES: "Territory2",
    SalesforceFile.USERS: "User",
    SalesforceFile.ASSOCIATIONS: "UserTerritory2Association",
    SalesforceFile.ACCOUNTS: "Account",
    SalesforceFile.ACCOUNT_TERRITORIES: "ObjectTerritory2Association",
}


def _needed(name: str, *others: str) -> Field:
    return Field(name, others, required=True)


FIELDS = {
    SalesforceFile.TERRITORIES: (
        _needed("Id", "Territory2Id"),
        _needed("Name", "Label"),
        Field("DeveloperName"),
        Field("ParentTerritory2Id", ("ParentTerritoryId",)),
        Field("Territory2ModelId"),
    ),
    SalesforceFile.USERS: (
        _needed("Id", "UserId"),
        _needed("Email"),
        Field("Name"),
        Field("IsActive"),
    ),
    SalesforceFile.ASSOCIATIONS: (
        _needed("UserId"),
        _needed("Territory2Id", "TerritoryId"),
        Field("IsActive"),
        Field("RoleInTerritory2"),
    ),
    SalesforceFile.ACCOUNTS: (
        _needed("Id", "AccountId"),
        _needed("Name"),
        Field("BillingStateCode", ("BillingState",)),
        Field("Industry"),
    ),
    SalesforceFile.ACCOUNT_TERRITORIES: (
        _needed("ObjectId", "AccountId"),
        _needed("Territory2Id", "TerritoryId"),
        Field("AssociationCause"),
        Field("SobjectType"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class FileResult:
    """What a file did, or would do; `report` names its refused rows, None when there are none.

    `remarks` are sentences about what was decided on the way.
    """

    kind: SalesforceFile
    name: str
    read: int
    added: int
    changed: int
    unchanged: int
    refused: int
    report: Path | None
    ignored_columns: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass
class Sheet:
    """One file while it is taken, with its counts."""

    kind: SalesforceFile
    source: ImportSource
    form: FileForm
    columns: Columns
    report: Report
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    remarks: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The rows behind the header; lines that are none are refused."""
        lines = read_lines(self.source, self.form, lambda _read: None)
        next(lines)
        for line in lines:
            try:
                yield self.columns.row(line)
            except Invalid as error:
                self.refuse(Row(line.number, {}), "", error.message)

    def refuse(self, row: Row, name: str, reason: str) -> None:
        """Counts a row that cannot be taken, and reports why."""
        self.refused += 1
        cell = shorten(clean(row.get(name)), LONGEST_VALUE)
        self.report.write(row.number, self.columns.title(name), cell, reason)

    def result(self) -> FileResult:
        """The counts as they are now."""
        return FileResult(
            kind=self.kind,
            name=self.source.name,
            read=self.added + self.changed + self.unchanged + self.refused,
            added=self.added,
            changed=self.changed,
            unchanged=self.unchanged,
            refused=self.refused,
            report=self.report.path,
            ignored_columns=self.columns.ignored,
            remarks=tuple(self.remarks),
        )


def open_sheet(
    kind: SalesforceFile, source: ImportSource, *, report: Path | None, largest: int | None
) -> Sheet:
    """Looks the file over; raises Invalid under the file's kind when it cannot be used."""
    try:
        form = examine(source, largest=largest)
        header = _header(source, form)
        columns = match_columns(header.cells, FIELDS[kind], {})
    except Invalid as error:
        message = f"{quoted(source.name)}: {error.message}"
        raise Invalid({kind.value: [message]}) from None
    return Sheet(kind, source, form, columns, Report(report or _beside(source)))


def long_id(typed: str) -> str:
    """The 18 characters of an id, also of one that was given with 15.

    The last three tell which of the others are capitals, so that no case is needed to tell ids
    apart; anything else stays as it is.
    """
    word = clean(typed)
    if len(word) != SHORT_ID or not (word.isascii() and word.isalnum()):
        return word
    checks = ""
    for start in range(0, SHORT_ID, 5):
        capitals = sum(1 << place for place in range(5) if word[start + place].isupper())
        checks += _CHECK[capitals]
    return word + checks


def is_no(cell: str) -> bool:
    """Whether a cell of a checkbox says no; an empty one does not."""
    return cell.strip().lower() in _NO


def _header(source: ImportSource, form: FileForm) -> Line:
    for line in read_lines(source, form, lambda _read: None):
        if line.problem:
            raise Invalid(f"The first line cannot be read. {line.problem}")
        return line
    raise Invalid("The file is empty.")


def _beside(source: ImportSource) -> Path | None:
    path = source.path
    return path.with_name(f"{path.name}.report.csv") if path else None


def close_reports(sheets: list[Sheet]) -> None:
    """Writes the rest of every report."""
    for sheet in sheets:
        with suppress(OSError):
            sheet.report.close()
