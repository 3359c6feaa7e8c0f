"""`python -m benchmarks api|pages|loading|search`, `python -m benchmarks relevance DIR`."""

import argparse
import sys
from pathlib import Path
from typing import Protocol

from benchmarks import api, loading, pages, relevance, search
from benchmarks.relevance_files import UnreadableCollection

DEFAULT_NOTES = 100_000


class Printable(Protocol):
    """What a benchmark comes to."""

    def text(self) -> str:
        """For people."""

    def as_json(self) -> str:
        """For machines."""


def main() -> None:
    """Runs one benchmark and prints its figures."""
    chosen = _arguments()
    try:
        report = _run(chosen)
    except UnreadableCollection as error:
        sys.exit(str(error))
    print(report.as_json() if chosen.json else report.text())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--json", action="store_true", help="print for machines")
    named = parser.add_subparsers(dest="what", required=True)
    for name in ("api", "pages", "loading", "search"):
        one = _subcommand(named, name)
        one.add_argument("--notes", type=int, help="how many demo notes (pages: the larger size)")
        if name == "search":
            one.add_argument(
                "--data-dir",
                type=Path,
                help="search a copy of this installation instead of making one",
            )
    one = _subcommand(named, "relevance")
    one.add_argument("folder", type=Path, help="has docs.tsv, queries.tsv and qrels.tsv")
    return parser.parse_args()


def _subcommand(
    named: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str
) -> argparse.ArgumentParser:
    one = named.add_parser(name)
    # Without a default of its own, so that the option may also stand before the name.
    one.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print for machines"
    )
    return one


def _run(chosen: argparse.Namespace) -> Printable:
    match chosen.what:
        case "api":
            return api.measure(chosen.notes or DEFAULT_NOTES)
        case "pages":
            notes = chosen.notes or DEFAULT_NOTES
            return pages.measure((max(1, notes // 10), notes))
        case "loading":
            return loading.measure(chosen.notes or DEFAULT_NOTES)
        case "search":
            return search.measure([chosen.notes] if chosen.notes else None, chosen.data_dir)
        case _:
            return relevance.measure(chosen.folder)


if __name__ == "__main__":
    main()
