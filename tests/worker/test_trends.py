"""The worker marks weeks, and has trends computed by a process of its own."""

import sys
from pathlib import Path

from sqlalchemy import select

from insights.db import Database
from insights.models import TrendWeek
from insights.services import jobs
from insights.worker.trends import TrendWork
from tests.organisation import NOW, OWNER
from tests.trend_history import Said, filled
from tests.worker.conftest import UTC_ZONE, wait_for


def work(database: Database, *command: str) -> TrendWork:
    return TrendWork(database, UTC_ZONE, lambda: NOW, command=command, look_every=0)


def _touching(file: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", f"open({str(file)!r}, 'a').write('x')")


def test_it_reads_the_journal_and_starts_computing(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "computed"
    worker = work(database, *_touching(file))
    filled(database, [Said(NOW, OWNER)])
    assert worker.step() > 0
    wait_for(lambda: file.exists() and not worker.is_computing)
    with database.reading() as session:
        assert session.scalars(select(TrendWeek.stale)).all() == [True]
    worker.close()


def test_nothing_new_starts_nothing(database: Database, tmp_path: Path) -> None:
    worker = work(database, *_touching(tmp_path / "computed"))
    worker.step()
    assert worker.step() == 0
    assert not worker.is_computing
    assert not (tmp_path / "computed").exists()


def test_nothing_is_started_while_another_worker_computes(
    database: Database, tmp_path: Path
) -> None:
    filled(database, [Said(NOW, OWNER)])
    worker = work(database, *_touching(tmp_path / "computed"))
    with jobs.held(database, jobs.TRENDS_JOB, holder="another", clock=lambda: NOW):
        worker.step()
        assert not worker.is_computing


def test_closing_ends_what_is_computing(database: Database) -> None:
    filled(database, [Said(NOW, OWNER)])
    worker = work(database, sys.executable, "-c", "import time; time.sleep(60)")
    worker.step()
    assert worker.is_computing
    worker.close()
    assert not worker.is_computing
