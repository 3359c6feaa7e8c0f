"""The command line: `insights COMMAND --help` says what each does.

Exit codes: 0 done, 1 it failed, 2 wrong arguments or settings, 3 done in part (imports with refused
rows). `--json` prints for machines where it is offered.
"""

from importlib import import_module

import click

# The module of each command, and its name there. Only the one that is called is loaded: the pages
# alone take seconds.
COMMANDS = {
    "serve": ("serve", "serve"),
    "worker": ("serve", "worker"),
    "db": ("database", "db"),
    "demo": ("demo", "demo"),
    "import": ("transfer", "import_"),
    "export": ("transfer", "export"),
    "index": ("index", "index"),
    "trends": ("trends", "trends"),
    "person": ("people", "person"),
    "token": ("token", "token"),
    "slack": ("slack", "slack"),
    "check": ("check", "check"),
}


class Commands(click.Group):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"insights.cli.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="field-insights")
def main() -> None:
    """Field Insights: notes from the field, found and counted by territory.

    Settings are read from INSIGHTS_* variables; docs/settings.md lists them.
    """
