"""The fidelity table: each claim says how it is known, and is held by tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from tests.slack_server.call import METHODS

HERE = Path(__file__).parent
TABLE = HERE.parent / "slack_server" / "FIDELITY.md"
HOW_KNOWN = {"documented", "client", "observed", "unverified"}
SOURCE = re.compile(r"https://\S+|slack_sdk|slack_bolt|—")


def rows() -> list[list[str]]:
    """The cells of each row: claim, how known, source, tests."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return [row for row in cells if row[0] != "Claim" and set(row[0]) != {"-"}]


def names_of_tests() -> set[str]:
    """The names of all tests of the stand-in."""
    return {
        node.name
        for path in HERE.glob("test_server_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.slack_rule(60)
@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_each_claim_has_its_source_and_its_tests(row: list[str]) -> None:
    claim, how, source, tests = row
    named = re.findall(r"`(test_\w+)`", tests)
    assert claim
    assert how in HOW_KNOWN
    assert SOURCE.fullmatch(source)
    assert (source == "—") == (how == "unverified")
    assert named
    assert set(named) <= names_of_tests()


@pytest.mark.slack_rule(60)
def test_each_method_stands_in_the_table() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert [name for name in METHODS if f"{name}" not in text] == []
