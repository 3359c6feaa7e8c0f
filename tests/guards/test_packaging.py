"""What is shipped: every package and every file that the product needs to run."""

import configparser

from tests.guards.sources import ROOT


def _setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def test_every_package_is_listed() -> None:
    listed = set(_setup()["options"]["packages"].split())
    found = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for top in ("insights", "integrations")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert listed - {"insights.templates", "insights.migrations"} == found


def test_every_dependency_has_a_lower_and_an_upper_bound() -> None:
    lines = _setup()["options"]["install_requires"].strip().splitlines()
    lines += _setup()["options.extras_require"]["postgres"].strip().splitlines()
    unbound = [line for line in lines if "<" not in line or ">=" not in line]
    assert unbound == ["tzdata >=2025.1"], "only the time zone data is a calendar, not an interface"
