"""Every address is behind the sign-in or on the short public list, and refuses forged requests."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from insights.http.protection import is_public
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters

# Who gets in is decided before anything is read.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PUBLIC = {
    "api_docs.docs",
    "api_docs.openapi",
    "app_shell.manifest",
    "app_shell.offline",
    "app_shell.shell",
    "app_shell.worker",
    "static",
    "health.show",
    "mail.ask",
    "mail.end",
    "metrics.show",
    "sign_in.form",
    "sign_in.submit",
    "sign_in.sign_out",
    "slack.events",
    "waiting.page",
}
SIGNED = {"mail.end", "slack.events"}
"""Unsafe addresses that a signature authorises."""
VALUES = {
    "uuid": "01890a5d-ac96-774b-bcce-b302099a8057",
    "int": "1",
    "number": "1",
}
PREFIXES = {"UUIDConverter": "uuid", "IntegerConverter": "int", "NumberConverter": "number"}


def _rules(app: Flask) -> Iterator[Rule]:
    yield from sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _address(rule: Rule) -> str:
    """An address that the rule answers, whatever its variables are."""
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    address = rule.rule
    for name, kind in kinds.items():
        prefix = PREFIXES.get(kind, "")
        value = VALUES.get(prefix, "georgia")
        for form in (f"<{prefix}:{name}>", f"<{name}>", f"<path:{name}>", f"<string:{name}>"):
            address = address.replace(form, value)
    return address


def test_the_public_list_is_short_and_known(stage: Stage) -> None:
    public = {rule.endpoint for rule in _rules(stage.app) if is_public(stage.app, rule.endpoint)}
    assert public == PUBLIC


def test_nobody_gets_past_the_sign_in(stage: Stage, nobody: Browser) -> None:
    for rule in _rules(stage.app):
        if rule.endpoint in PUBLIC:
            continue
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = nobody.open(_address(rule), method=method)
            assert answer.status_code in (302, 401), f"{method} {rule.rule}: {answer.status}"
            assert answer.status_code == 401 or "/sign-in" in answer.headers["Location"]


def test_every_unsafe_address_refuses_a_missing_form_token(
    stage: Stage, client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    browser = client_of(characters.admin)
    for rule in _rules(stage.app):
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            if rule.endpoint in SIGNED:
                continue
            answer = browser.open(_address(rule), method=method)
            assert answer.status_code == 400, f"{method} {rule.rule}: {answer.status}"


@pytest.mark.parametrize("address", ["/", "/search", "/territories", "/n", "/me"])
def test_pages_forbid_caching_and_framing(
    address: str, client_of: Callable[[Actor], Browser], characters: Characters
) -> None:
    headers = client_of(characters.owner).get(address).headers
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
