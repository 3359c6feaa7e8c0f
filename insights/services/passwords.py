"""Passwords, kept as argon2id hashes with the parameters of RFC 9106's second recommendation."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from insights.errors import Invalid

SHORTEST = 10
LONGEST = 256

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str, *, field: str = "password") -> str:
    """The hash to store; raises Invalid of `field` when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        message = f"Choose a password of {SHORTEST} to {LONGEST} characters."
        raise Invalid({field: [message]})
    return _hasher.hash(_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one; takes as long for a person who has none."""
    # Made with the first sign-in whoever it is, so that the time tells nothing.
    nobodys = _nobodys_hash()
    try:
        _hasher.verify(password_hash or nobodys, _bytes(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash) and len(password) <= LONGEST


@cache
def _nobodys_hash() -> str:
    """Checked when the person does not exist, so that the answer takes as long as for one who
    does."""
    return _hasher.hash("nobody signs in with this")


def _bytes(password: str) -> bytes:
    # Devices send one accented letter as one character or as two; and JSON can carry half a
    # character, which is no reason to fail.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
