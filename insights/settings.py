"""Settings: one frozen object, read once from `INSIGHTS_*` variables.

Every field carries its own sentence of documentation; `docs/settings.md` lists the same ones
(a test compares). A secret may also be given as a file: `INSIGHTS_SECRET_KEY_FILE=/run/key`.
All bad values are reported at once and the start is refused. There is no default secret, except
in demo mode, which makes one and keeps it in its data folder.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "INSIGHTS_"
SECRET_MIN_LENGTH = 16


class SettingsError(Exception):
    """One or more settings are unusable; `problems` holds a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _text(raw: str) -> str:
    return raw.strip()


def _flag(raw: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False, "": False}
    try:
        return words[raw.strip().lower()]
    except KeyError:
        raise ValueError("say 1 or 0") from None


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        try:
            number = int(raw)
        except ValueError:
            raise ValueError(f"say a whole number from {low} to {high}") from None
        if not low <= number <= high:
            raise ValueError(f"say a whole number from {low} to {high}")
        return number

    return read


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        word = raw.strip().lower()
        if word not in allowed:
            raise ValueError("say one of: " + ", ".join(allowed))
        return word

    return read


def _zone(raw: str) -> str:
    try:
        ZoneInfo(raw.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("say a time zone such as Europe/London") from None
    return raw.strip()


def _folder(raw: str) -> Path:
    try:
        return Path(raw.strip()).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        raise ValueError("say a folder, by its full path") from None


def _database(raw: str) -> str:
    """A SQLAlchemy address; the short forms of PostgreSQL get their driver's name."""
    address = raw.strip()
    for short in ("postgres://", "postgresql://"):
        if address.startswith(short):
            address = "postgresql+psycopg://" + address.removeprefix(short)
    if not _is_lasting(address):
        raise ValueError("say sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")
    return address


def _is_lasting(address: str) -> bool:
    """Whether the address can be read and is not one of a database in memory, which every process
    would have for itself."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return False
    in_file = url.drivername == "sqlite" and url.database not in (None, "", ":memory:")
    return in_file or url.drivername == "postgresql+psycopg"


def _web_address(raw: str) -> str:
    address = raw.strip().rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise ValueError("say an address such as https://s3.example.com")
    return address


def _prefix(raw: str) -> str:
    """Ends with a slash, so that it reads as a folder."""
    prefix = raw.strip().strip("/")
    if not re.fullmatch(r"[A-Za-z0-9._/-]*", prefix):
        raise ValueError("say a name of letters, digits, points, dashes and slashes")
    return prefix + "/" if prefix else ""


def _networks(raw: str) -> str:
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    try:
        return ",".join(str(ip_network(part)) for part in parts)
    except ValueError:
        raise ValueError("say networks such as 10.7.0.0/16,fd00::/8") from None


def _teams(raw: str) -> str:
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    if not all(re.fullmatch(r"[TE][A-Z0-9]{1,19}", part) for part in parts):
        raise ValueError("say ids of workspaces such as T0123ABCD,T0456EFGH")
    return ",".join(parts)


def _emoji(raw: str) -> str:
    name = raw.strip().strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]{0,100}", name):
        raise ValueError("say the name of an emoji, such as bulb")
    return name


def _token(raw: str) -> str:
    if len(raw.strip()) < SECRET_MIN_LENGTH:
        raise ValueError(f"say at least {SECRET_MIN_LENGTH} random characters")
    return raw.strip()


def _limit(raw: str) -> str:
    try:
        parse_many(raw)
    except ValueError:
        raise ValueError("say a limit such as 20 per minute") from None
    return raw.strip()


def _setting(doc: str, read: Callable[[str], Any], default: Any, *, shown: bool = True) -> Any:
    """A field; one that is not `shown` holds a secret and stays out of logs and tracebacks."""
    return field(default=default, repr=shown, metadata={"doc": doc, "read": read})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation can be told. See each field's `doc`."""

    secret_key: str = _setting("Signs sign-ins; at least 16 characters.", _text, "", shown=False)
    demo: bool = _setting("Demo mode: makes and keeps its own secret key.", _flag, False)
    data_dir: Path = _setting("Folder for all files.", _folder, Path("data"))
    database_url: str = _setting(
        "Database; SQLite in the data folder if empty.", _database, "", shown=False
    )
    host: str = _setting("Address to listen on.", _text, "127.0.0.1")
    port: int = _setting("Port to listen on (PORT is read too).", _whole(0, 65535), 8000)
    web_processes: int = _setting("Web server processes.", _whole(1, 64), 2)
    web_threads: int = _setting("Threads of each web process.", _whole(1, 64), 2)
    organisation: str = _setting("Name of the organisation.", _text, "Field Insights")
    timezone: str = _setting("Time zone in which days and weeks are counted.", _zone, "UTC")
    search_engine: str = _setting(
        "Search engine, tantivy or whoosh.", _choice("tantivy", "whoosh"), "tantivy"
    )
    search_language: Literal["english", "none"] = _setting(
        "Language whose forms of words are found together, english or none.",
        _choice("english", "none"),
        "english",
    )
    https: bool = _setting("Served over HTTPS: secure cookies and HSTS.", _flag, False)
    proxies: int = _setting("Trusted reverse proxies in front.", _whole(0, 5), 0)
    session_days: int = _setting("Days a sign-in lasts.", _whole(1, 365), 30)
    withdraw_hours: int = _setting(
        "Hours within which authors may withdraw a note.", _whole(0, 8760), 24
    )
    max_request_mb: int = _setting("Largest request, import uploads aside.", _whole(1, 64), 2)
    max_import_mb: int = _setting("Largest import upload.", _whole(1, 4096), 1024)
    s3_bucket: str = _setting("Bucket for photos; the data folder if empty.", _text, "")
    s3_endpoint: str = _setting("Address of an S3 server other than Amazon's.", _web_address, "")
    s3_region: str = _setting("Region of the bucket.", _text, "")
    s3_key: str = _setting("Access key of the bucket.", _text, "")
    s3_secret: str = _setting("Secret of the access key.", _text, "", shown=False)
    s3_prefix: str = _setting("Beginning of all keys in the bucket.", _prefix, "")
    public_url: str = _setting(
        "Address at which people open it, for mails and Slack.", _web_address, ""
    )
    smtp_host: str = _setting("Mail server; without one no mail is sent.", _text, "")
    smtp_port: int = _setting("Port of the mail server.", _whole(1, 65535), 587)
    smtp_security: Literal["tls", "starttls", "none"] = _setting(
        "How mail is encrypted on its way to the server: tls, starttls or none.",
        _choice("tls", "starttls", "none"),
        "starttls",
    )
    smtp_user: str = _setting("User at the mail server.", _text, "")
    smtp_password: str = _setting("Password of that user.", _text, "", shown=False)
    mail_from: str = _setting("Sender of all mails.", _text, "")
    webhook_networks: str = _setting(
        "Private networks that webhooks may reach, such as 10.7.0.0/16, parted by commas.",
        _networks,
        "",
    )
    slack_signing_secret: str = _setting(
        "Signing secret of the Slack app; without one nothing is taken from Slack over HTTP.",
        _text,
        "",
        shown=False,
    )
    slack_bot_token: str = _setting(
        "Bot token (xoxb-) of the one workspace; several are added by OAuth instead.",
        _text,
        "",
        shown=False,
    )
    slack_app_token: str = _setting(
        "App token (xapp-): Slack is reached by Socket Mode, without a public address.",
        _text,
        "",
        shown=False,
    )
    slack_client_id: str = _setting("Client id of the Slack app, for OAuth.", _text, "")
    slack_client_secret: str = _setting("Client secret of the Slack app.", _text, "", shown=False)
    slack_teams: str = _setting(
        "Workspaces (T...) that may be added by OAuth, parted by commas; any if empty.", _teams, ""
    )
    slack_emoji: str = _setting(
        "Reaction that saves a Slack message as a note, such as bulb; none if empty.", _emoji, ""
    )
    slack_api_url: str = _setting("Address of Slack's API.", _web_address, "https://slack.com/api")
    slack_authorize_url: str = _setting(
        "Address at which Slack asks for consent.",
        _web_address,
        "https://slack.com/oauth/v2/authorize",
    )
    sign_in_limit: str = _setting("Sign-in attempts per address.", _limit, "20 per minute")
    api_limit: str = _setting("API calls per person, for example 100 per second.", _limit, "")
    metrics_token: str = _setting("Token that opens /metrics to monitors.", _token, "", shown=False)
    log_level: str = _setting("Log level.", _choice("debug", "info", "warning", "error"), "info")

    @cached_property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def uses_slack(self) -> bool:
        """Whether anything is taken from Slack, over HTTP or by Socket Mode."""
        return bool(self.slack_signing_secret or self.slack_app_token)

    @property
    def effective_database_url(self) -> str:
        """The database's address, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'insights.db'}"

    @property
    def search_dir(self) -> Path:
        """Where this machine keeps its search replica."""
        return self.data_dir / "search"

    @property
    def files_dir(self) -> Path:
        """Where this machine keeps the bytes of photos, unless a bucket does."""
        return self.data_dir / "files"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; raises `SettingsError` naming every bad one at once."""
    source = dict(os.environ if environ is None else environ)
    source[PREFIX + "PORT"] = source.get(PREFIX + "PORT") or source.get("PORT", "")
    source.setdefault(PREFIX + "DATA_DIR", "data")
    problems: list[str] = []
    values = {}
    for one in fields(Settings):
        raw = _raw_value(source, PREFIX + one.name.upper(), problems)
        if raw is None:
            continue
        try:
            values[one.name] = one.metadata["read"](raw)
        except ValueError as error:
            problems.append(f"{PREFIX}{one.name.upper()}: {error}.")
    settings = Settings(**values)
    if settings.demo and not settings.secret_key:
        if not problems:
            values["secret_key"] = _kept_secret(settings.data_dir, problems)
    elif len(settings.secret_key) < SECRET_MIN_LENGTH:
        problems.append(
            f"{PREFIX}SECRET_KEY: say at least {SECRET_MIN_LENGTH} random characters, "
            "for example from: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'."
        )
    if settings.smtp_host and not (settings.mail_from and settings.public_url):
        problems.append(f"{PREFIX}SMTP_HOST: say {PREFIX}MAIL_FROM and {PREFIX}PUBLIC_URL as well.")
    problems += _slack_problems(settings)
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def _slack_problems(settings: Settings) -> list[str]:
    """What is missing beside the settings of Slack that are given."""
    given = settings.slack_bot_token or settings.slack_client_id
    problems = []
    if given and not settings.uses_slack:
        problems.append(
            f"{PREFIX}SLACK_SIGNING_SECRET: say it (or {PREFIX}SLACK_APP_TOKEN) as well, "
            "or nothing can be taken from Slack."
        )
    if settings.uses_slack and not given:
        problems.append(
            f"{PREFIX}SLACK_BOT_TOKEN: say it, or {PREFIX}SLACK_CLIENT_ID and "
            f"{PREFIX}SLACK_CLIENT_SECRET, as well."
        )
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret):
        problems.append(
            f"{PREFIX}SLACK_CLIENT_ID: say it together with {PREFIX}SLACK_CLIENT_SECRET."
        )
    if settings.uses_slack and not settings.public_url:
        problems.append(f"{PREFIX}PUBLIC_URL: say it as well; what is said in Slack leads there.")
    return problems


def _raw_value(source: Mapping[str, str], name: str, problems: list[str]) -> str | None:
    if source.get(name):
        return source[name]
    path = source.get(name + "_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name}_FILE: cannot be read ({error}).")
        return None


def _kept_secret(data_dir: Path, problems: list[str]) -> str:
    """The demo's own secret: made once, readable by its owner only."""
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _keep_new_secret(path)
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{PREFIX}DATA_DIR: the secret key cannot be kept there ({error}).")
        return ""
    if len(secret) < SECRET_MIN_LENGTH:
        problems.append(f"{PREFIX}SECRET_KEY: {path} holds none. Delete the file.")
    return secret


def _keep_new_secret(path: Path) -> None:
    """Writes the file in full before it gets its name, which only one of several gets: processes
    that start at the same time have the same secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        os.unlink(made)
