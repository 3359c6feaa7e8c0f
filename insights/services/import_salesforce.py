"""Import from Salesforce: territories, who is assigned to them, and accounts, from its exports.

Any of the five files may be given; what one refers to comes from the others or from an earlier
import. All of them are one transaction: afterwards everything that is not refused is in, or, when
something fails or with a dry run, nothing is. Refused rows are reported with line, column, value
and reason. Taking the same files again changes nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import FieldProblems, Invalid
from insights.services import access, journal
from insights.services import import_salesforce_accounts as account_files
from insights.services import import_salesforce_places as place_files
from insights.services.access import Actor
from insights.services.import_file import open_source
from insights.services.import_salesforce_files import (
    FileResult,
    SalesforceFile,
    Sheet,
    close_reports,
    open_sheet,
)
from insights.services.lookup import quoted


@dataclass(frozen=True, kw_only=True)
class SalesforceResult:
    """What came of an import, or would with `dry_run`, file by file in the order of taking."""

    dry_run: bool
    files: tuple[FileResult, ...]

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(one.refused for one in self.files)

    @property
    def kept(self) -> int:
        """How many rows were added or changed something."""
        return sum(one.added + one.changed for one in self.files)


@dataclass(frozen=True)
class SalesforceOptions:
    """What an import is told: `reports` says where refused rows of a file are reported, beside it
    by default; `largest` is the most bytes that a file may have when unpacked."""

    dry_run: bool = False
    reports: Mapping[SalesforceFile, Path] | None = None
    largest: int | None = None


def take(
    database: Database,
    actor: Actor,
    files: Mapping[SalesforceFile, Path],
    options: SalesforceOptions,
    *,
    now: datetime,
    today: date,
) -> SalesforceResult:
    """Takes the files. `today` is the day in the organisation's time zone, from which new
    assignments hold.

    Ends its own transaction: call it outside of any other. Raises Forbidden unless the actor is an
    admin, and Invalid with nothing written, under the kind of a file that cannot be used.
    """
    access.require_admin(actor)
    if not files:
        raise Invalid({"files": ["Give one file at least."]})
    with ExitStack() as stack:
        sheets = _open(stack, files, options)
        with _changing(database, dry_run=options.dry_run) as session:
            entries = _take_all(session, actor, sheets, now, today)
            result = SalesforceResult(
                dry_run=options.dry_run, files=tuple(one.result() for one in sheets.values())
            )
            entries.append(_finished(actor, result, now))
            journal.append_many(session, entries)
    return result


def _open(
    stack: ExitStack, files: Mapping[SalesforceFile, Path], options: SalesforceOptions
) -> dict[SalesforceFile, Sheet]:
    """Every file that is given, looked over before anything is taken."""
    sheets: dict[SalesforceFile, Sheet] = {}
    problems = FieldProblems()
    for kind in SalesforceFile:
        if kind not in files:
            continue
        source = stack.enter_context(open_source(files[kind]))
        report = (options.reports or {}).get(kind)
        with problems:
            sheets[kind] = open_sheet(kind, source, report=report, largest=options.largest)
    problems.settle()
    stack.callback(close_reports, list(sheets.values()))
    return sheets


def _take_all(
    session: Session,
    actor: Actor,
    sheets: Mapping[SalesforceFile, Sheet],
    now: datetime,
    today: date,
) -> list[dict[str, Any]]:
    """Gives the journal entries that are still to be appended."""
    places, users = place_files.Places(session, actor, now), place_files.Users(session)
    entries: list[dict[str, Any]] = []
    for kind, sheet in sheets.items():
        match kind:
            case SalesforceFile.TERRITORIES:
                places.take(sheet)
            case SalesforceFile.USERS:
                users.take(sheet)
            case SalesforceFile.ASSOCIATIONS:
                entries += place_files.assign(
                    session, actor, sheet, places, users, now=now, today=today
                )
            case SalesforceFile.ACCOUNTS:
                entries += account_files.AccountRows(session, actor, now).take(sheet)
            case SalesforceFile.ACCOUNT_TERRITORIES:
                entries += account_files.place(session, actor, sheet, places, now)
    return entries


def _finished(actor: Actor, result: SalesforceResult, now: datetime) -> dict[str, Any]:
    names = ("read", "added", "changed", "unchanged", "refused")
    counts = {name: sum(getattr(one, name) for one in result.files) for name in names}
    files = ", ".join(quoted(one.name) for one in result.files)
    subject = ("import", "salesforce")
    data = {"file": files, **counts}
    return journal.entry("import.finished", subject, actor_id=actor.journal_id, now=now, data=data)


@contextmanager
def _changing(database: Database, *, dry_run: bool) -> Iterator[Session]:
    """One transaction; a dry run undoes it."""
    if not dry_run:
        with database.writing() as session:
            yield session
        return
    session = database.open_session(write=True)
    try:
        yield session
    finally:
        session.close()
