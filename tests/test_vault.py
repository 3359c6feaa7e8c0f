"""Secrets of others in the database."""

from hypothesis import given
from hypothesis import strategies as st

from insights.vault import Vault

VAULT = Vault("a secret of sixteen")


@given(st.text())
def test_what_is_closed_can_be_opened(secret: str) -> None:
    assert VAULT.open(VAULT.close(secret)) == secret


def test_what_is_stored_shows_nothing_and_is_never_the_same() -> None:
    stored = {VAULT.close("xoxb-token") for _ in range(2)}
    assert len(stored) == 2
    assert not any(b"xoxb" in one for one in stored)


def test_another_installation_opens_nothing() -> None:
    assert Vault("another secret of 16").open(VAULT.close("token")) is None


def test_what_was_tampered_with_opens_nothing() -> None:
    stored = VAULT.close("token")
    assert VAULT.open(stored[:-1] + bytes([stored[-1] ^ 1])) is None
    assert VAULT.open(b"") is None
