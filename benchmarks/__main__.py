"""`python -m benchmarks NAME`: speed, relevance, chaos and trends; --help lists the names."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from benchmarks import (
    api,
    brief,
    capture,
    chaos,
    loading,
    pages,
    reassign,
    relevance,
    routes,
    search,
    slack,
    slack_chaos,
    slack_fuzz,
)
from benchmarks.relevance_files import UnreadableCollection
from benchmarks.trends import (
    comparison,
    counts_report,
    demo,
    events_report,
    scale,
    scores,
    tool,
)

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
    if isinstance(report, chaos.ChaosReport | slack_chaos.SlackChaosReport) and report.failed:
        sys.exit(1)


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
    _subcommand(named, "capture")
    one = _subcommand(named, "brief")
    one.add_argument("--notes", type=int, help="how many notes the territory has")
    one = _subcommand(named, "routes")
    one.add_argument("--routes", type=int, help="how many routes and alerts")
    one = _subcommand(named, "reassign")
    one.add_argument("--notes", type=int, help="how many demo notes")
    one.add_argument("--territories", type=int, help="how many change hands")
    one.add_argument("--accounts", type=int, help="how many move")
    one = _subcommand(named, "chaos")
    one.add_argument("--notes", type=int, default=1_000, help="how many the phones post")
    one.add_argument("--devices", type=int, default=20, help="how many phones")
    one.add_argument("--kills", type=int, default=10, help="how often the server is killed")
    one.add_argument("--bad", type=float, default=0.3, help="share of exchanges that go wrong")
    one = _subcommand(named, "slack-chaos")
    one.add_argument("--notes", type=int, default=2_000, help="how many are posted")
    one.add_argument("--kills", type=int, default=20, help="how often the product is killed")
    one.add_argument("--bad", type=float, default=0.2, help="share of Slack's calls that go wrong")
    one = _subcommand(named, "slack")
    one.add_argument("--rate", type=int, default=50, help="interactions a second")
    one.add_argument("--seconds", type=int, default=20, help="how long")
    one = _subcommand(named, "slack-fuzz")
    one.add_argument("--count", type=int, default=100_000, help="how many requests")
    one.add_argument("--seed", type=int, default=1)
    one = _subcommand(named, "relevance")
    one.add_argument("folder", type=Path, help="has docs.tsv, queries.tsv and qrels.tsv")
    _trend_commands(named)
    return parser.parse_args()


def _trend_commands(named: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = _subcommand(named, "trends")
    for name in ("notes", "territories", "asof", "out"):
        one.add_argument(f"--{name}", type=Path, required=True)
    one.add_argument("--least", type=float, help="show trends from this score")
    one = _subcommand(named, "trends-scale")
    one.add_argument("--notes", type=int, default=DEFAULT_NOTES, help="how many demo notes")
    _subcommand(named, "trends-demo")
    one = _subcommand(named, "trends-score")
    one.add_argument("--seeds", type=int, nargs="+", default=[1])
    one.add_argument("--drift", action="store_true", help="base rates drift slowly")
    one.add_argument("--null", action="store_true", help="nothing planted: false alarms alone")
    one = _subcommand(named, "trends-compare")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--drift", action="store_true", help="base rates drift slowly")
    one = _subcommand(named, "trends-counts")
    one.add_argument("--series", type=int, default=100, help="how many of each scenario")
    one.add_argument("--seed", type=int, default=1)
    one = _subcommand(named, "trends-events")
    for name in ("notes", "territories", "events"):
        one.add_argument(f"--{name}", type=Path, required=True)
    one.add_argument("--top", type=int, default=10, help="how far down a place's list one looks")
    one.add_argument("--every", type=int, default=7, help="days from one look to the next")


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
    notes = chosen.notes if "notes" in chosen else None
    runs: dict[str, Callable[[], Printable]] = {
        "api": lambda: api.measure(notes or DEFAULT_NOTES),
        "pages": lambda: pages.measure(
            (max(1, (notes or DEFAULT_NOTES) // 10), notes or DEFAULT_NOTES)
        ),
        "loading": lambda: loading.measure(notes or DEFAULT_NOTES),
        "search": lambda: search.measure([notes] if notes else None, chosen.data_dir),
        "capture": capture.measure,
        "brief": lambda: brief.measure(notes or brief.MOST),
        "routes": lambda: routes.measure(chosen.routes),
        "reassign": lambda: reassign.measure(
            notes or DEFAULT_NOTES, chosen.territories, chosen.accounts
        ),
        "chaos": lambda: chaos.measure(notes, chosen.devices, chosen.kills, chosen.bad),
        "slack-chaos": lambda: slack_chaos.measure(notes or 0, chosen.kills, chosen.bad),
        "slack": lambda: slack.measure(chosen.rate, chosen.seconds),
        "slack-fuzz": lambda: slack_fuzz.measure(chosen.count, chosen.seed),
        "relevance": lambda: relevance.measure(chosen.folder),
        "trends": lambda: tool.run(
            chosen.notes, chosen.territories, chosen.asof, chosen.out, least=chosen.least
        ),
        "trends-scale": lambda: scale.measure(chosen.notes),
        "trends-demo": demo.measure,
        "trends-score": lambda: scores.measure(chosen.seeds, drift=chosen.drift, null=chosen.null),
        "trends-counts": lambda: counts_report.measure(chosen.series, chosen.seed),
        "trends-events": lambda: events_report.measure(
            chosen.notes, chosen.territories, chosen.events, top=chosen.top, every=chosen.every
        ),
        "trends-compare": lambda: comparison.measure(chosen.seed, drift=chosen.drift),
    }
    return runs[chosen.what]()


if __name__ == "__main__":
    main()
