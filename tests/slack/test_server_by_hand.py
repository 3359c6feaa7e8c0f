"""`python -m tests.slack_server`: what somebody needs to try the product with it."""

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.guards.sources import ROOT


@pytest.fixture
def started() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The command with sockets, and what it says until it waits."""
    command = [sys.executable, "-m", "tests.slack_server", "--port", "0", "--sockets"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        while "in a browser" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        yield process, said
        process.kill()


def test_it_says_how_to_start_the_product_and_ends_when_told(
    started: tuple["subprocess.Popen[str]", str],
) -> None:
    process, said = started
    settings = dict(re.findall(r"INSIGHTS_SLACK_(\w+)=(\S+)", said))
    assert set(settings) == {"API_URL", "SIGNING_SECRET", "BOT_TOKEN", "APP_TOKEN"}
    client = WebClient(token=settings["BOT_TOKEN"], base_url=settings["API_URL"])
    opened = client.apps_connections_open(app_token=settings["APP_TOKEN"])
    assert opened["url"].startswith("ws://127.0.0.1:")
    assert client.users_lookupByEmail(email="rep@example.com")["user"]["name"] == "rep"
    page = settings["API_URL"].removesuffix("api/")
    assert b"Acme Field Sales" in urllib.request.urlopen(page).read()

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=60) == 0
