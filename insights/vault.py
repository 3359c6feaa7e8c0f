"""Secrets of others (signing keys, access tokens) as they are kept in the database: encrypted.

The key is derived from the installation's own secret (HKDF, RFC 5869), under a name of its own, so
that it is none of the keys that sign cookies. A copy of the database alone opens nothing.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NAME = b"field insights stored secrets 1"


class Vault:
    """Closes and opens secrets with the key of this installation."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_NAME)
        self._fernet = Fernet(urlsafe_b64encode(derived.derive(secret_key.encode())))

    def close(self, secret: str) -> bytes:
        """The secret as it may be stored."""
        return self._fernet.encrypt(secret.encode())

    def open(self, stored: bytes) -> str | None:
        """The secret again; None when it was stored under another secret of the installation."""
        try:
            return self._fernet.decrypt(stored).decode()
        except InvalidToken:
            return None
