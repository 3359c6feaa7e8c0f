"""The address that load balancers ask."""

from tests.fixtures.app import Browser


def test_health_needs_no_sign_in(nobody: Browser) -> None:
    answer = nobody.get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "search": "ok"}
