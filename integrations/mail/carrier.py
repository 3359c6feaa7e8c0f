"""Carries parcels to mailboxes by SMTP."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from insights.services.deliveries import Broken, Failed, Outcome, Parcel, Refused, Sent
from insights.services.parcels import Contents
from integrations.mail.links import Links
from integrations.mail.message import message, message_id

TIMEOUT_SECONDS = 20
_DEAD = "The mail server refuses the address. Choose another, or send a test when there is one."


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. `security` is how the connection is encrypted: from the beginning
    ("tls"), after a greeting ("starttls"), or not at all ("none", for a server on this machine)."""

    host: str
    port: int
    sender: str
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class MailCarrier:
    """Reaches mailboxes through one mail server."""

    def __init__(
        self,
        server: MailServer,
        links: Links,
        clock: Callable[[], datetime],
        *,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._server = server
        self._links = links
        self._clock = clock
        self._timeout = timeout

    def send(self, parcel: Parcel, contents: Contents) -> Outcome:
        """Hands the mail in. What the server refuses for good (RFC 5321, replies of the 500s) is
        not tried again: an address is broken, a mail refused."""
        made = message(
            parcel, contents, sender=self._server.sender, links=self._links, now=self._clock()
        )
        try:
            with self._connected() as smtp:
                smtp.send_message(made)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return self._refused(code, words, Broken(f"{_DEAD} It says: {_said(words)}"))
        except smtplib.SMTPAuthenticationError:
            return Failed("The mail server does not accept the user and password of the settings.")
        except smtplib.SMTPResponseException as error:
            said = _said(error.smtp_error)
            return self._refused(error.smtp_code, error.smtp_error, Refused(said))
        except (smtplib.SMTPException, OSError) as error:
            return Failed(f"The mail server does not answer ({type(error).__name__}).")
        return Sent(message_id(parcel, self._server.sender))

    def find(self, _parcel: Parcel) -> str | None:
        """Nobody can be asked; a mailbox knows a second copy by its Message-ID."""
        return None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.security == "starttls":
                smtp.starttls(context=context)
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:  # Also when told to stop: nobody else knows the connection.
            smtp.close()
            raise
        return smtp

    def _refused(self, code: int, words: bytes | str, outcome: Outcome) -> Outcome:
        return outcome if code >= 500 else Failed(f"The mail server asks to wait: {_said(words)}")


def _said(words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:200]
