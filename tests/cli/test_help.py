"""Every command explains itself."""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from insights.cli import main


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(_commands(main)), ids=" ".join)
def test_help_says_what_the_command_does(path: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(main, [*path, "--help"])
    assert answer.exit_code == 0
    assert "Usage:" in answer.output
    explanation = answer.output.split("\n\n")[1].strip()
    assert len(explanation) > 10, explanation


@pytest.mark.parametrize("name", ["db", "trends", "import", "token", "index"])
def test_a_command_does_not_load_the_pages(name: str) -> None:
    loaded = (
        "import sys; from insights.cli import main;"
        f" main(['{name}', '--help'], standalone_mode=False);"
        " sys.exit('insights.web' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0


def test_an_unknown_command_is_refused_in_words() -> None:
    answer = CliRunner().invoke(main, ["trend"])
    assert answer.exit_code == 2
    assert "No such command 'trend'" in answer.output
