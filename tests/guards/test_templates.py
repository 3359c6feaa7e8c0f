"""Rules that every page template keeps, because the content security policy demands them."""

import re
from collections.abc import Iterator

from tests.guards.sources import ROOT, template_files

SPRITE = (ROOT / "insights" / "static" / "icons.svg").read_text(encoding="utf-8")
# A mail is no page: what shows it knows neither our styles nor a policy.
MAILS = set((ROOT / "templates" / "mail").glob("*.html")) - {
    ROOT / "templates" / "mail" / "end.html"
}
TEMPLATES = [path for path in template_files() if path not in MAILS]
TEXTS = {
    path.relative_to(ROOT / "templates").as_posix(): path.read_text(encoding="utf-8")
    for path in TEMPLATES
}


def _with(pattern: str) -> Iterator[tuple[str, str]]:
    """Each template that has something of this pattern, and what that is."""
    for name, text in TEXTS.items():
        yield from ((name, found.group(0)) for found in re.finditer(pattern, text))


def test_no_inline_style_or_script() -> None:
    inline = r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:"
    assert list(_with(inline)) == []


def test_every_icon_is_in_the_sprite() -> None:
    asked = {
        name for text in TEXTS.values() for name in re.findall(r"\bicon\(\"([a-z0-9-]+)\"", text)
    }
    assert asked
    assert [name for name in sorted(asked) if f'id="{name}"' not in SPRITE] == []


def test_every_page_has_a_title() -> None:
    frames = {name for text in TEXTS.values() for name in re.findall(r'extends "([^"]+)"', text)}
    untitled = [
        name
        for name, text in TEXTS.items()
        if "{% extends " in text and name not in frames and "{% block title %}" not in text
    ]
    assert untitled == []


def test_every_posting_form_carries_the_token() -> None:
    forms = _with(r"(?is)<form[^>]*method=\"post\".*?</form>")
    assert [form for form in forms if "csrf_token" not in form[1]] == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert list(_with(r"(?:src|href)=\"(?:https?:)?//")) == []
