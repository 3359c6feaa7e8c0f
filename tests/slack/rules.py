"""`python -m tests.slack.rules`: which rules of Slack's protocol are tested, and where.

The numbers are those of docs/slack-rules.md. A test names them: `@pytest.mark.slack_rule(14)`.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER.parents[1] / "docs" / "slack-rules.md"
_RULE = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)


def rules() -> dict[int, str]:
    """Every rule by its number."""
    return {int(number): text for number, text in _RULE.findall(DOCUMENT.read_text("utf-8"))}


def tests() -> dict[int, list[str]]:
    """The tests of each rule."""
    found = defaultdict(list)
    for file in sorted(FOLDER.glob("test_*.py")):
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                for number in _numbers(function):
                    found[number].append(f"{file.stem}.{function.name}")
    return dict(found)


def _numbers(function: ast.FunctionDef) -> Iterator[int]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") == "slack_rule":
            yield from (one.value for one in mark.args if isinstance(one, ast.Constant))


def main() -> None:
    """Prints the table; exit code 1 when a rule has no test."""
    found = tests()
    for number, text in rules().items():
        print(f"{number:>3}  {text[:90]}")
        for name in found.get(number, ["(none)"]):
            print(f"       {name}")
    sys.exit(1 if rules().keys() - found.keys() else 0)


if __name__ == "__main__":
    main()
