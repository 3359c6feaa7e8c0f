"""What every command needs first: the settings, the database, and failures in words."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
import orjson
from sqlalchemy.exc import OperationalError, ProgrammingError

from insights import settings as settings_module
from insights.clock import iso
from insights.db import Database
from insights.errors import InsightsError, Invalid
from insights.settings import Settings, SettingsError

P = ParamSpec("P")
R = TypeVar("R")


def fail(message: str, code: int = 1) -> NoReturn:
    """Ends the command with a message on standard error."""
    click.secho(message, fg="red", err=True)
    sys.exit(code)


def settings() -> Settings:
    """The settings; ends the command with exit code 2 and every problem when they are unusable."""
    try:
        return settings_module.from_environment()
    except SettingsError as error:
        fail("These settings have to be mended:\n  " + "\n  ".join(error.problems), 2)


def open_database(chosen: Settings) -> Database:
    """The database of the settings, let go of when the command ends.

    The data folder is made where it is missing.
    """
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(chosen.effective_database_url)
    click.get_current_context().call_on_close(database.dispose)
    return database


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Turns refusals, and a database that does not answer, into a message and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Invalid as error:
            fail("\n".join(_lines(error)))
        except InsightsError as error:
            fail(error.message)
        except (OperationalError, ProgrammingError) as error:
            fail(
                f"The database does not answer as expected: {error.orig}\nTry: insights db upgrade"
            )

    return run


def print_json(value: Any) -> None:
    """One JSON value on standard output, times as ISO 8601 in UTC."""
    text = orjson.dumps(
        value, option=orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATETIME, default=_as_text
    )
    click.echo(text.decode())


def _as_text(value: Any) -> str:
    return iso(value) if hasattr(value, "astimezone") else str(value)


def _lines(error: Invalid) -> list[str]:
    return [
        f"{name}: {text}" if name else text
        for name, texts in error.fields.items()
        for text in texts
    ]
