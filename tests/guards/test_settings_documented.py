"""The page about settings says what the code reads, neither more nor less."""

import re
from dataclasses import fields

from insights.settings import PREFIX, Settings
from tests.guards.sources import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_with_its_sentence() -> None:
    for field in fields(Settings):
        row = re.search(rf"`{PREFIX}{field.name.upper()}`.*", PAGE)
        assert row is not None, field.name
        assert field.metadata["doc"] in row.group(0)


def test_nothing_else_is_documented() -> None:
    names = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", PAGE))
    known = {field.name.upper() for field in fields(Settings)}
    assert names <= known | {"SECRET_KEY_FILE", "PASSWORD"}
