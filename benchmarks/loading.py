"""How fast notes come in by the thousand: the demo, a CSV import, and a rebuild of the index."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import scratch
from benchmarks.report import Report


def measure(notes: int) -> Report:
    """Demo generator, export, import into a second installation, and the index."""
    report = Report(
        f"Loading {notes:,} notes", ("what", "notes", "seconds", "notes per second", "peak MB")
    )
    with tempfile.TemporaryDirectory(prefix="insights-benchmark-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target"
        _timed(report, "demo into SQLite", notes, source, "demo", "--notes", str(notes))
        _timed(report, "index rebuild", notes, source, "index", "rebuild")
        file = Path(folder) / "notes.csv"
        _timed(report, "export as CSV", notes, source, "export", "notes", str(file))
        _as_anonymous(file)
        _timed(report, "import from CSV", notes, target, "import", "notes", str(file), "--create")
        _timed(report, "import again", notes, target, "import", "notes", str(file), "--create")
    return report


def _as_anonymous(file: Path) -> None:
    """Drops the authors, whom a new installation does not know."""
    rewritten = file.with_suffix(".tmp")
    with (
        file.open(newline="", encoding="utf-8-sig") as old,
        rewritten.open("w", newline="", encoding="utf-8") as new,
    ):
        rows = csv.DictReader(old)
        kept = [name for name in rows.fieldnames or () if not name.startswith("author")]
        writer = csv.DictWriter(new, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    rewritten.replace(file)


def _timed(report: Report, what: str, notes: int, folder: Path, *arguments: str) -> None:
    environment = os.environ | {
        "INSIGHTS_DATA_DIR": str(folder),
        "INSIGHTS_DEMO": "1",
        "INSIGHTS_DATABASE_URL": "",
    }
    if not folder.exists():
        scratch.insights(environment, "db", "upgrade")
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "insights", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{what} failed")
    report.add(what, notes, seconds, notes / seconds, usage.ru_maxrss // 1024)
