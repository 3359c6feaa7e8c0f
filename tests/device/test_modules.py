"""The modules that run on the device, proved by node's own test runner: one test a file."""

import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MOST_SECONDS = 300


@pytest.mark.parametrize("file", sorted(file.name for file in HERE.glob("*.test.mjs")))
def test_modules_of_the_device(file: str) -> None:
    finished = subprocess.run(
        ["node", "--test", HERE / file],
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "# pass 0" not in finished.stdout, "the file holds no test"
