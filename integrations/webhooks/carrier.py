"""Carries parcels to webhooks.

One POST for each parcel, signed after the Standard Webhooks specification with the present secret
and, for a day after it was renewed, with the former one too. Its id stays the same however often it
is tried, so that the receiver can drop what it has already.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from standardwebhooks import Webhook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from insights.services.deliveries import Broken, Failed, Outcome, Parcel, Refused, Sent
from insights.services.parcels import Contents
from insights.text import clean, shorten
from insights.vault import Vault
from integrations.webhooks.addresses import BadAddress, Network, Target, resolved
from integrations.webhooks.events import body_of

CONNECT_SECONDS, READ_SECONDS = 5, 15
LARGEST_BODY = 1_000_000
LONGEST_ANSWER = 2_000
# Of an answer, what is shown to those who look for the cause.
LONGEST_TOLD = 200
LONGEST_REST = timedelta(days=1)
_GONE = 410


class WebhookCarrier:
    """Reaches webhooks; `allowed` are private networks that an admin has opened for them."""

    def __init__(
        self,
        vault: Vault,
        clock: Callable[[], datetime],
        *,
        allowed: Sequence[Network] = (),
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._allowed = allowed
        self._timeout = Timeout(connect=CONNECT_SECONDS, read=read_seconds)

    def send(self, parcel: Parcel, contents: Contents) -> Outcome:
        """Posts it; everything but an answer of the 200s is tried again, 410 (gone) is not."""
        secrets = [opened for one in parcel.secrets if (opened := self._vault.open(one))]
        if not secrets:
            return Broken("Its signing secret cannot be read. Renew it and tell the receiver.")
        body = body_of(parcel, contents, self._clock())
        if len(body) > LARGEST_BODY:
            return Refused(f"The message is larger than {LARGEST_BODY:,} bytes.")
        try:
            target = resolved(parcel.address, self._allowed)
            return self._answered(*self._post(target, body, self._headers(parcel, secrets, body)))
        except BadAddress as error:
            return Broken(str(error))
        except (HTTPError, OSError) as error:
            return Failed(f"It does not answer ({type(error).__name__}).")

    def find(self, _parcel: Parcel) -> str | None:
        """Nobody can be asked; the receiver knows a second one by its id."""
        return None

    def _headers(self, parcel: Parcel, secrets: Sequence[str], body: str) -> dict[str, str]:
        now = self._clock()
        identity = f"delivery_{parcel.deliveries[0]}"
        signatures = [Webhook(secret).sign(identity, now, body) for secret in secrets]
        return {
            "content-type": "application/json",
            "user-agent": "Field-Insights-Webhooks",
            "webhook-id": identity,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }

    def _post(
        self, target: Target, body: str, headers: dict[str, str]
    ) -> tuple[BaseHTTPResponse, str]:
        asked: dict[str, Any] = {
            "body": body.encode(),
            "headers": {**headers, "host": _host_header(target)},
            "redirect": False,
            "retries": False,
            "preload_content": False,
        }
        with self._pool(target) as pool:
            answer = pool.urlopen("POST", target.path, **asked)
            # Read before the pool closes; a receiver's essay is not read to its end.
            return answer, answer.read(LONGEST_ANSWER).decode(errors="replace")

    def _pool(self, target: Target) -> HTTPConnectionPool:
        if target.scheme == "http":
            return HTTPConnectionPool(target.ip, target.port, timeout=self._timeout)
        return HTTPSConnectionPool(
            target.ip,
            target.port,
            timeout=self._timeout,
            cert_reqs="CERT_REQUIRED",
            server_hostname=target.host,
            assert_hostname=target.host,
        )

    def _answered(self, answer: BaseHTTPResponse, words: str) -> Outcome:
        status = answer.status
        if 200 <= status < 300:
            return Sent(answer.headers.get("webhook-id", "")[:200])
        if status == _GONE:
            return Broken("The receiver says it is gone (410). Set the webhook up again.")
        if 300 <= status < 400:
            return Broken(f"It redirects ({status}), which is not followed. Use its new address.")
        said = shorten(" ".join(clean(words).split()), LONGEST_TOLD)
        reason = f"It answered {status}: {said}" if said else f"It answered {status}."
        return Failed(reason, self._rest(answer.headers.get("retry-after")))

    def _rest(self, asked: str | None) -> timedelta | None:
        """What a Retry-After asks for, in seconds or as a date; at most a day."""
        if asked is None:
            return None
        try:
            rest = (
                timedelta(seconds=int(asked))
                if asked.strip().isdigit()
                else parsedate_to_datetime(asked).astimezone(UTC) - self._clock()
            )
        except (ValueError, OverflowError):
            return None
        return min(max(rest, timedelta(0)), LONGEST_REST)


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = {"https": 443, "http": 80}[target.scheme]
    return host if target.port == usual else f"{host}:{target.port}"
