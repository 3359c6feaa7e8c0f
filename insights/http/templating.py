"""What templates can use besides what a view gives them."""

import hashlib
from datetime import datetime
from typing import Any

from flask import Flask, current_app, url_for
from markupsafe import Markup

from insights import resources
from insights.clock import in_zone, iso
from insights.http.runtime import now, runtime
from insights.markdown import to_html
from insights.text import shorten

STATIC = resources.PACKAGE / "static"
MINUTE, HOUR, DAY = 60, 3600, 86400


def register(app: Flask) -> None:
    """Adds the filters and globals that all templates share."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        relative_time=relative_time,
        exact_time=exact_time,
        iso=iso,
        shorten=shorten,
        markdown=rendered,
    )
    app.jinja_env.globals.update(static_url=static_url, organisation=organisation)


def relative_time(moment: datetime) -> str:
    """How long ago, in words that are read at a glance; the day itself after a week."""
    seconds = (now() - moment).total_seconds()
    if seconds < MINUTE:
        return "just now"
    for limit, unit, word in ((HOUR, MINUTE, "min"), (DAY, HOUR, "h"), (7 * DAY, DAY, "day")):
        if seconds < limit:
            count = int(seconds // unit)
            plural = "s" if word == "day" and count > 1 else ""
            return f"{count} {word}{plural} ago"
    local = in_zone(moment, runtime().settings.zone)
    same_year = local.year == now().astimezone(runtime().settings.zone).year
    return f"{local.day} {local:%b}" if same_year else f"{local.day} {local:%b %Y}"


def exact_time(moment: datetime) -> str:
    """The full local time with its zone, for titles."""
    local = in_zone(moment, runtime().settings.zone)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"


def rendered(text: str) -> Markup:
    """Markdown that somebody wrote, as HTML that is safe to show (`insights.markdown`)."""
    return Markup(to_html(text))  # noqa: S704 - it was cleaned


def neutral(template: str, **values: Any) -> str:
    """The template rendered past the context processors, which would read the signed-in person.

    For pages that are the same for everybody: it asks neither the session nor the database.
    """
    return current_app.jinja_env.get_template(template).render(**values)


def organisation() -> str:
    """The name of the organisation."""
    return runtime().settings.organisation


def static_url(filename: str) -> str:
    """The address of one of our files; it changes with every release and can be cached for ever.

    The release is a part of the path, so that a module that names another one relative to itself
    gets the one of its own release.
    """
    return url_for("static", filename=filename)


def static_release() -> str:
    """A name for the present contents of all our files."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
