"""`python -m benchmarks api|pages|loading`."""

import argparse

from benchmarks import api, loading, pages

DEFAULT_NOTES = 100_000


def main() -> None:
    """Runs one benchmark and prints its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("what", choices=("api", "pages", "loading"))
    parser.add_argument("--notes", type=int, help="how many demo notes (pages: the larger size)")
    parser.add_argument("--json", action="store_true", help="print for machines")
    chosen = parser.parse_args()
    notes = chosen.notes or DEFAULT_NOTES
    if chosen.what == "api":
        report = api.measure(notes)
    elif chosen.what == "pages":
        report = pages.measure((max(1, notes // 10), notes))
    else:
        report = loading.measure(notes)
    print(report.as_json() if chosen.json else report.text())


if __name__ == "__main__":
    main()
