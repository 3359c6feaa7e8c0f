"""The command line: `insights COMMAND --help` says what each does.

Exit codes: 0 done, 1 it failed, 2 wrong arguments or settings, 3 done in part (imports with refused
rows). `--json` prints for machines where it is offered.
"""

import click

from insights.cli import check, database, demo, index, people, serve, slack, token, transfer, trends


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="field-insights")
def main() -> None:
    """Field Insights: notes from the field, found and counted by territory.

    Settings are read from INSIGHTS_* variables; docs/settings.md lists them.
    """


for command in (
    serve.serve,
    serve.worker,
    database.db,
    demo.demo,
    transfer.import_,
    transfer.export,
    index.index,
    trends.trends,
    people.person,
    token.token,
    slack.slack,
    check.check,
):
    main.add_command(command)
