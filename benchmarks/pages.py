"""Server time and number of queries of the main pages, at growing numbers of notes."""

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks import scratch
from benchmarks.report import Report
from insights.app import create_app
from insights.http.runtime import Runtime
from insights.settings import from_environment

REPEATS = 60
PAGES = (
    ("home", "/"),
    ("search", "/search?q=price"),
    ("search, two filters", "/search?q=contract&territory=southeast&kind=competitor"),
    ("territory", "/territories/georgia"),
    ("region", "/territories/southeast"),
    ("territories", "/territories"),
    ("competitor", "/competitors/ionfield"),
    ("capture form", "/n"),
)
SIGN_IN = {"email": "manager@example.com", "password": "field-notes-demo"}


def measure(sizes: tuple[int, ...]) -> Report:
    """Each page as a manager sees it, once the process is warm."""
    report = Report(
        "Pages (server time of the whole answer)",
        ("page", "notes", "median ms", "p95 ms", "queries", "kB"),
    )
    for size in sizes:
        with scratch.installation(size) as place:
            app = create_app(from_environment(place.environment))
            browser = signed_in(app)
            for name, address in PAGES:
                _measure_page(report, app, browser, name, address, size)
    return report


def signed_in(app: Flask) -> FlaskClient:
    """A browser of the demo's manager."""
    browser = app.test_client()
    form = browser.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    answer = browser.post("/sign-in", data=SIGN_IN | {"csrf_token": token.group(1)})
    assert answer.status_code in (302, 303), answer.status
    return browser


def _measure_page(  # noqa: PLR0917
    report: Report, app: Flask, browser: FlaskClient, name: str, address: str, size: int
) -> None:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status)
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        browser.get(address)
        times.append((time.perf_counter() - start) * 1000)
    with counting(app) as count:
        browser.get(address)
    p95 = statistics.quantiles(times, n=20)[-1]
    report.add(name, size, statistics.median(times), p95, count.queries, len(answer.data) // 1024)


@contextmanager
def counting(app: Flask) -> Iterator[SimpleNamespace]:
    """Counts the statements that the application sends to its database."""
    runtime: Runtime = app.extensions["insights"]
    count = SimpleNamespace(queries=0)

    def note(*_arguments: object) -> None:
        count.queries += 1

    event.listen(runtime.database.engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        event.remove(runtime.database.engine, "before_cursor_execute", note)
