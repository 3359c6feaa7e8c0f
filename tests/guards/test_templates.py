"""Rules that every page template keeps, because the content security policy demands them."""

import re
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, template_files

SPRITE = (ROOT / "insights" / "static" / "icons.svg").read_text(encoding="utf-8")
# A mail is no page: what shows it knows neither our styles nor a policy.
MAILS = {ROOT / "templates" / "mail" / "notes.html"}
TEMPLATES = [path for path in template_files() if path not in MAILS]
by_template = pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "templates").as_posix()
)


@by_template
def test_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", text)


@by_template
def test_every_icon_is_in_the_sprite(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for name in re.findall(r"\bicon\(\"([a-z0-9-]+)\"", text):
        assert f'id="{name}"' in SPRITE, name


@by_template
def test_every_page_has_a_title(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    name = template.relative_to(ROOT / "templates").as_posix()
    is_frame = any(f'extends "{name}"' in other.read_text("utf-8") for other in TEMPLATES)
    if "{% extends " in text and not is_frame:
        assert "{% block title %}" in text


@by_template
def test_every_posting_form_carries_the_token(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S | re.I)
    for form in forms:
        assert "csrf_token" in form, form[:120]


@by_template
def test_nothing_is_loaded_from_elsewhere(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
