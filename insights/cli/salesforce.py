"""`insights import salesforce`: territories, assignments and accounts from Salesforce's exports."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from insights.cli import context
from insights.clock import utc_now
from insights.errors import InsightsError, Invalid
from insights.services import people
from insights.services.access import OPERATOR, load_actor
from insights.services.import_salesforce import SalesforceOptions, SalesforceResult, take
from insights.services.import_salesforce_files import (
    FIELDS,
    OBJECTS,
    FileResult,
    SalesforceFile,
)

WORD = "salesforce"
UNUSABLE, IN_PART = 2, 3

Option = TypeVar("Option", bound=Callable[..., object])

_COLUMNS = "\n\n".join(
    f"\b\n--{kind.value.replace('_', '-')} ({OBJECTS[kind]}):\n  "
    + ", ".join(f"{one.name}{'' if one.required else ' (optional)'}" for one in FIELDS[kind])
    for kind in SalesforceFile
)


class WithSalesforce(click.Command):
    """The command `import`, which has one more form: `import salesforce` with options alone."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Leads to the other command when its word comes first."""
        if args[:1] == [WORD]:
            return command.make_context(f"{info_name} {WORD}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


def _file(kind: SalesforceFile, text: str) -> Callable[[Option], Option]:
    return click.option(
        f"--{kind.value.replace('_', '-')}",
        kind.value,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=text,
    )


@click.command(WORD, epilog=f"Columns, in any order, whatever their capitals:\n\n{_COLUMNS}")
@_file(SalesforceFile.TERRITORIES, "Territories (Territory2).")
@_file(SalesforceFile.USERS, "Who is who, by e-mail address (User).")
@_file(SalesforceFile.ASSOCIATIONS, "Who is assigned (UserTerritory2Association).")
@_file(SalesforceFile.ACCOUNTS, "Accounts (Account).")
@_file(SalesforceFile.ACCOUNT_TERRITORIES, "Where accounts are (ObjectTerritory2Association).")
@click.option("--dry-run", is_flag=True, help="Do everything but keep it.")
@click.option("--as", "email", help="Whose import it is; nobody's by default.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
@context.in_words
def command(*, dry_run: bool, email: str | None, as_json: bool, **files: Path | None) -> None:
    """Take territories, assignments and accounts from files that Salesforce has exported.

    All files are taken in one transaction. Refused rows are reported beside each file, in
    FILE.report.csv. To take the same files again changes nothing.
    """
    given = {SalesforceFile(name): path for name, path in files.items() if path is not None}
    chosen, now = context.settings(), utc_now()
    database, today = context.open_database(chosen), now.astimezone(chosen.zone).date()
    try:
        actor = OPERATOR
        if email:
            with database.reading() as session:
                entry = people.require_email(session, OPERATOR, email=email)
                actor = load_actor(session, entry.id, today=today)
        options = SalesforceOptions(dry_run=dry_run)
        result = take(database, actor, given, options, now=now, today=today)
    except InsightsError as error:
        lines = error.fields.values() if isinstance(error, Invalid) else [[error.message]]
        context.fail("\n".join(text for texts in lines for text in texts), UNUSABLE)
    if as_json:
        context.print_json(asdict(result))
    else:
        for line in _lines(result):
            click.echo(line)
    sys.exit(IN_PART if result.refused else 0)


def _lines(result: SalesforceResult) -> Iterator[str]:
    if result.dry_run:
        yield "This is a trial: nothing was kept."
    for one in result.files:
        yield from _told(one)


def _told(one: FileResult) -> Iterator[str]:
    numbers = (f"{getattr(one, name):,} {name}" for name in ("added", "changed", "unchanged"))
    yield f"{one.name}: {one.read:,} rows, {', '.join(numbers)}, {one.refused:,} refused."
    yield from (f"  {remark}" for remark in one.remarks)
    if one.report:
        yield f"  What was refused, and why: {one.report}"
