"""Passwords: only their hash is kept, and anything that can be typed can be one."""

import unicodedata

import pytest

from insights.services.passwords import LONGEST, SHORTEST, hash_password, matches
from tests.services.outcomes import refused


def test_the_right_password_matches_and_no_other() -> None:
    stored = hash_password("correct horse")
    assert matches(stored, "correct horse")
    for wrong in ("correct horsE", "correct horse ", "", "x" * 100_000, "correct\x00horse"):
        assert not matches(stored, wrong)


def test_two_hashes_of_one_password_differ_and_hold_nothing_of_it() -> None:
    one, other = hash_password("correct horse"), hash_password("correct horse")
    assert one != other
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "correct" not in one


@pytest.mark.parametrize("length", [0, SHORTEST - 1, LONGEST + 1, 1_000_000])
def test_a_password_that_is_too_short_or_too_long_is_refused(length: int) -> None:
    message = "Choose a password of 10 to 256 characters."
    assert refused(lambda: hash_password("x" * length)) == {"password": message}
    assert refused(lambda: hash_password("x" * length, field="new")) == {"new": message}


def test_a_longer_password_is_not_cut_to_one_that_matches() -> None:
    longest = "x" * LONGEST
    assert matches(hash_password(longest), longest)
    assert not matches(hash_password(longest), longest + "y")


@pytest.mark.parametrize("password", ["пароль ещё", "🔑" * 10, "half \ud83d a key", "nul\x00" * 4])
def test_any_characters_can_be_a_password(password: str) -> None:
    assert matches(hash_password(password), password)


def test_an_accent_typed_on_another_device_is_the_same() -> None:
    typed = "Crème brûlée"
    assert matches(hash_password(typed), unicodedata.normalize("NFD", typed))


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_a_person_without_a_usable_hash_cannot_sign_in(stored: str | None) -> None:
    for password in ("", "nobody signs in with this", "not a hash"):
        assert not matches(stored, password)
