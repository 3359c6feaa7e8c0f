"""The packed files that pages load are those that the modules make."""

import subprocess

from tests.guards.sources import ROOT


def test_the_packed_modules_are_up_to_date() -> None:
    command = ["node", "insights/static/bundle.mjs", "--check"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
