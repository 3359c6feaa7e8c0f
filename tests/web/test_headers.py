"""What every answer says to the browser, and the way to https."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from insights.app import create_app
from tests.fixtures.app import Browser, Stage

FOR_ALL = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
}


@pytest.fixture
def over_https(stage: Stage) -> Iterator[FlaskClient]:
    """A browser at an installation that is served over https."""
    app = create_app(replace(stage.runtime.settings, https=True), clock=stage.clock)
    yield app.test_client()
    app.extensions["insights"].database.dispose()


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/api/v1/me", "/api/v1/nowhere"])
def test_every_answer_forbids_what_no_page_needs(nobody: Browser, address: str) -> None:
    headers = nobody.get(address).headers
    assert FOR_ALL.items() <= dict(headers).items()
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'self'", "script-src 'self'", "object-src 'none'"} <= set(policy)
    assert "Strict-Transport-Security" not in headers


class TestHttps:
    def test_is_where_every_address_leads(self, over_https: FlaskClient) -> None:
        answer = over_https.get("/sign-in?next=/me")
        assert answer.status_code == 302
        assert answer.location == "https://localhost/sign-in?next=/me"
        assert "Strict-Transport-Security" not in answer.headers

    @pytest.mark.parametrize(
        "way",
        [{"base_url": "https://localhost"}, {"headers": {"X-Forwarded-Proto": "https"}}],
        ids=["directly", "through a proxy"],
    )
    def test_is_insisted_on_once_somebody_came_by_it(
        self, over_https: FlaskClient, way: dict[str, Any]
    ) -> None:
        answer = over_https.get("/sign-in", **way)
        assert answer.status_code == 200
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31556926")

    def test_is_the_only_way_on_which_the_sign_in_goes(self, over_https: FlaskClient) -> None:
        answer = over_https.get("/sign-in", base_url="https://localhost")
        cookies = answer.headers.getlist("Set-Cookie")
        assert cookies
        assert all("Secure" in one and "SameSite=Lax" in one for one in cookies)
