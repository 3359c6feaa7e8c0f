"""Signed nonsense for /slack/events: what Slack sends, mutated, must never be answered with a 500,
and no note that was acknowledged may be lost among it."""

import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from hmac import new as hmac_of
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks import slack_payloads as made
from benchmarks.report import Report
from insights import migration
from insights.app import create_app
from insights.db import Database
from insights.demo.load import load
from insights.models import Note
from insights.settings import Settings
from insights.vault import Vault
from integrations.slack import installations, people
from integrations.slack.installations import Grant

TEAM = "T0FUZZ"
USERS = {
    "U0REP": "rep@example.com",
    "U0MARKETING": "marketing@example.com",
    "U0ADMIN": "admin@example.com",
    "U0GUEST": "guest@example.net",
}
SECRET = "signing secret of a benchmark"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
CAPTURE_EVERY = 10
MUTATED = 0.9
DEMO_NOTES = 200
NOTHING_LISTENS = "http://127.0.0.1:9/api"
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**70, 1e308, "", " ", "\ud800", "\x00", "x" * 4000, "<!channel>", "U1",
    "&lt;&amp;", "\u202e", "👩‍👩‍👧", [], {}, [[]], [None], {"id": None},
    [{"action_id": 7}], "null", "0",
)  # fmt: skip
COMMANDS = ("", "help", "search price team:acme", "trends", "mine", "trends -1", 'search "', "note")
ACTIONS = (
    "note.take", "note.seen", "note.known", "note.open", "capture.seen", "capture.undo",
    "home.capture", "share", "nothing",
)  # fmt: skip
LISTS = ("territory", "capture.territory", "segments", "competitors", "account", "nothing")


@dataclass
class Outcome:
    """How the requests were answered, and what became of the notes."""

    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: set[UUID] = field(default_factory=set)
    lost: set[UUID] = field(default_factory=set)

    @property
    def failed(self) -> bool:
        """Whether anything was answered with a 500, or a note is lost."""
        return bool(self.lost) or any(status >= 500 for status in self.statuses)


class Fuzz:
    """Posts mutated payloads to one application, by a seeded draw.

    The first of the users holds a territory: their notes need no more than a text.
    """

    def __init__(
        self, app: Flask, secret: str, team_id: str, users: Sequence[str], *,
        clock: Callable[[], float], seed: int = 1,
    ) -> None:  # fmt: skip
        self._client: FlaskClient = app.test_client()
        self._secret = secret
        self._team = team_id
        self._users = users
        self._clock = clock
        self._random = random.Random(seed)
        self.outcome = Outcome()

    def run(self, count: int, database: Database) -> Outcome:
        """Posts that many, and looks for the notes that were acknowledged."""
        for number in range(count):
            if number % CAPTURE_EVERY == 0:
                self._capture()
            else:
                self._one(number)
        with database.reading() as session:
            stored = set(session.scalars(select(Note.id)))
        self.outcome.lost = self.outcome.acknowledged - stored
        return self.outcome

    def _capture(self) -> None:
        """A form as it should be: when it was taken without a word, its note is stored."""
        note_id = UUID(int=self._random.getrandbits(128), version=4)
        text = " ".join(f"{self._random.getrandbits(32):x}" for _ in range(4))
        metadata = json.dumps({"note": str(note_id), "channel": "C1"})
        payload = made.submission(self._team, self._users[0], "capture", {"text": text}, metadata)
        answer = self._post(made.as_form(payload), FORM)
        if answer.status_code == 200 and not answer.data:
            self.outcome.acknowledged.add(note_id)

    def _one(self, number: int) -> None:
        body, kind = self._payload(number)
        if isinstance(body, bytes):
            fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
            mutated = self._maybe(fields)
            raw = urlencode(mutated if isinstance(mutated, dict) else fields, errors="replace")
            self._post(self._bytes(raw.encode()), FORM)
        else:
            text = json.dumps(self._maybe(body))
            raw = text if kind == JSON else urlencode({"payload": text})
            self._post(self._bytes(raw.encode(errors="replace")), kind)

    def _payload(self, number: int) -> tuple[Any, str]:
        pick, user = self._random.choice, self._random.choice(self._users)
        team = self._team
        makers: tuple[Callable[[], tuple[Any, str]], ...] = (
            lambda: (made.command(team, user, pick(COMMANDS)), FORM),
            lambda: (made.click(team, user, pick(ACTIONS), str(UUID(int=number))), FORM),
            lambda: (made.shortcut(team, user, "insight_capture"), FORM),
            lambda: (made.message_shortcut(team, user, "insight_save_message", "said"), FORM),
            lambda: (made.suggestion(team, user, pick(LISTS), "ge"), FORM),
            lambda: (made.submission(team, user, "capture", {"text": "x", "account": "1"}), FORM),
            lambda: (made.event(team, f"Ev{number}", self._event(user)), JSON),
            lambda: (made.event(team, f"Ev{number}", self._event(user)), JSON),
        )
        return pick(makers)()

    def _event(self, user: str) -> dict[str, Any]:
        message = {"type": "message", "channel": "C1", "user": user, "text": "said", "ts": "1.5"}
        inner = {**message, "thread_ts": "1.1"}
        return self._random.choice(
            (
                {**message, "channel_type": "channel"},
                inner,
                {**message, "subtype": "message_changed", "message": inner, "previous_message": {}},
                {**message, "subtype": "message_deleted", "deleted_ts": "1.5"},
                {"type": "reaction_added", "user": user, "reaction": "bulb",
                 "item": {"type": "message", "channel": "C1", "ts": "1.5"}},
                {"type": "link_shared", "user": user, "channel": "C1", "message_ts": "1.5",
                 "links": [{"domain": "x.example", "url": "https://x.example/notes/1"}]},
                {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"},
                {"type": "member_joined_channel", "user": user, "channel": "C1"},
                {"type": "channel_rename", "channel": {"id": "C1", "name": "new"}},
                {"type": "channel_archive", "channel": "C1", "user": user},
                {"type": "user_change", "user": {"id": "U0NEW", "name": "n", "profile": {}}},
            )
        )  # fmt: skip

    def _maybe(self, value: Any) -> Any:
        if self._random.random() > MUTATED:
            return value
        for _ in range(self._random.choice((1, 1, 1, 2, 3))):
            value = self._mutated(value)
        return value

    def _mutated(self, value: Any) -> Any:
        """The value with something odd at a place drawn at random."""
        if not isinstance(value, dict | list) or not value or self._random.random() < 0.15:
            return self._random.choice(ODD)
        if isinstance(value, list):
            place = self._random.randrange(len(value))
            return [*value[:place], self._mutated(value[place]), *value[place + 1 :]]
        name = self._random.choice(list(value))
        rest = {key: inner for key, inner in value.items() if key != name}
        if name in ("team", "team_id", "authorizations") and self._random.random() < 0.8:
            return value
        return rest if self._random.random() < 0.2 else rest | {name: self._mutated(value[name])}

    def _bytes(self, raw: bytes) -> bytes:
        """Most are left whole; some end early or have another byte somewhere."""
        draw = self._random.random()
        if draw < 0.9 or not raw:
            return raw
        place = self._random.randrange(len(raw))
        if draw < 0.95:
            return raw[:place]
        return raw[:place] + bytes([self._random.randrange(256)]) + raw[place + 1 :]

    def _post(self, body: bytes, content_type: str) -> Any:
        stamp = str(int(self._clock()))
        base = b"v0:" + stamp.encode() + b":" + body
        headers = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + hmac_of(self._secret.encode(), base, sha256).hexdigest(),
            "Content-Type": content_type,
        }
        answer = self._client.post("/slack/events", data=body, headers=headers)
        self.outcome.statuses[answer.status_code] += 1
        return answer


@dataclass
class FuzzReport(Report):
    """The figures, and whether anything was answered with a 500 or a note is lost."""

    failed: bool = False


def measure(count: int, seed: int) -> FuzzReport:
    """Posts that many to a fresh installation with demo notes."""
    with tempfile.TemporaryDirectory(prefix="insights-fuzz-") as folder:
        app = _app(Path(folder))
        database: Database = app.extensions["insights"].database
        clock = lambda: datetime.now(UTC).timestamp()  # noqa: E731 - one expression
        fuzz = Fuzz(app, SECRET, TEAM, list(USERS), clock=clock, seed=seed)
        outcome = fuzz.run(count, database)
        database.dispose()
    title = f"{count:,} signed and mutated requests"
    report = FuzzReport(title, ("answer", "times"), failed=outcome.failed)
    for status, times in sorted(outcome.statuses.items()):
        report.add(str(status), times)
    report.add("notes acknowledged", len(outcome.acknowledged))
    report.add("notes lost", len(outcome.lost))
    return report


def _app(folder: Path) -> Flask:
    settings = Settings(
        secret_key="for a benchmark only",
        data_dir=folder,
        public_url="https://insights.example.com",
        slack_signing_secret=SECRET,
        slack_bot_token="xoxb-benchmark",
        slack_emoji="bulb",
        slack_api_url=NOTHING_LISTENS,
    )
    app = create_app(settings)
    database: Database = app.extensions["insights"].database
    migration.migrate(database)
    now = datetime.now(UTC)
    load(database, notes=DEMO_NOTES, seed=1, until=now)
    install(database, Vault(settings.secret_key), now)
    return app


def install(database: Database, vault: Vault, now: datetime) -> None:
    """The app in a workspace with people of the demo, without asking Slack."""
    grant = Grant(TEAM, "Acme", "", "A000000001", "B0APP", "U0APP", "xoxb-benchmark", ())
    users = [
        {"id": user_id, "team_id": TEAM, "name": email, "profile": {"email": email}}
        for user_id, email in USERS.items()
    ]
    with database.writing() as session:
        installations.save(session, vault, grant, installed_by=None, now=now)
        people.remember(session, TEAM, users, now=now)
