"""A server that dies between storing a note and saying so: the note is there once."""

import http.client
import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.chaos_run import Product
from insights import migration
from insights.app import create_app
from insights.demo.load import load
from insights.http.runtime import Runtime
from insights.settings import Settings
from tests.browser.arrived import notes_with, posts_of
from tests.browser.capture_form import SAVED, Form, answered
from tests.fixtures.live import PHONE, Site, open_page

pytestmark = pytest.mark.browser

KEY = "for tests of killed servers"


class Between(ThreadingHTTPServer):
    """Hands everything on; at the first note it kills the server once that has answered."""

    daemon_threads = True

    def __init__(self, product: Product) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.product = product
        self.is_cut = False  # there was an answer that nobody has seen

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    server: Between

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.product.port)
        # A server that is away breaks the connection, as the network would.
        with suppress(OSError, http.client.HTTPException):
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upstream.putheader(name, value)
            upstream.endheaders(body)
            self._pass_on(upstream.getresponse())
        upstream.close()
        self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names are the library's

    def _pass_on(self, answer: http.client.HTTPResponse) -> None:
        whole = answer.read()
        if self.command == "POST" and self.path == "/api/v1/notes" and not self.server.is_cut:
            assert answer.status == 201
            self.server.product.kill()
            self.server.is_cut = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(whole)

    def log_message(self, *_of: object) -> None:
        """Nothing is told."""


@pytest.fixture
def between(tmp_path: Path) -> Iterator[tuple[Between, Site]]:
    """The product as it is served, behind what kills it, and the same database for looking."""
    app = create_app(Settings(secret_key=KEY, data_dir=tmp_path))
    runtime: Runtime = app.extensions["insights"]
    migration.migrate(runtime.database)
    load(runtime.database, notes=10, seed=1, until=datetime.now(UTC))
    folder = {"INSIGHTS_DATA_DIR": str(tmp_path), "INSIGHTS_DATABASE_URL": ""}
    product = Product(os.environ | folder | {"INSIGHTS_SECRET_KEY": KEY})
    product.start()
    server = Between(product)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    _until_ready(product)
    yield server, Site(server.address, app)
    server.shutdown()
    thread.join()
    server.server_close()
    product.kill()
    runtime.reader.close()
    runtime.database.dispose()


def _until_dead(page: Page, server: Between) -> None:
    for _ in range(100):
        if server.is_cut:
            return
        page.wait_for_timeout(50)
    raise AssertionError("no note has come")


def _until_ready(product: Product) -> None:
    """Not by the product's own waiting, which needs a loop of its own beside the browser's."""
    for _ in range(600):
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{product.port}/healthz", timeout=2),
        ):
            return
        time.sleep(0.1)
    raise AssertionError("the server does not start")


def test_a_note_whose_answer_died_with_the_server_is_there_once(
    between: tuple[Between, Site], chromium: Browser, word: str
) -> None:
    server, site = between
    page = open_page(chromium, PHONE)
    site.sign_in(page, "rep")
    posts = posts_of(page)
    form = Form(page, site).open()
    form.write(f"Ionfield cuts prices {word}")
    form.save()
    expect(form.receipt).to_contain_text(SAVED)
    _until_dead(page, server)
    (stored,) = notes_with(site, word)

    server.product.start()
    _until_ready(server.product)
    expect(form.receipt).to_contain_text("Sent", timeout=15_000)
    assert {post["id"] for post in posts} == {str(stored.id)}
    assert len(posts) >= 2
    (note,) = answered(page, site, word)
    assert note["id"] == str(stored.id)
    (kept,) = notes_with(site, word)
    assert (kept.version, kept.received_at) == (1, stored.received_at)
    page.context.close()
