"""Carries parcels to webhooks.

One POST for each parcel, signed after the Standard Webhooks specification with the present secret
and, for a day after it was renewed, with the former one too. Its id stays the same however often it
is tried, so that the receiver can drop what it has already.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from standardwebhooks import Webhook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from insights.clock import iso
from insights.schemas.notes import note_out
from insights.services.deliveries import Broken, Failed, Outcome, Parcel, Refused, Sent
from insights.services.note_cards import NoteCard
from insights.vault import Vault
from integrations.webhooks.addresses import BadAddress, Network, Target, resolved

CONNECT_SECONDS, READ_SECONDS = 5, 15
LARGEST_BODY = 1_000_000
LONGEST_ANSWER = 2_000
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

    def send(self, parcel: Parcel, cards: Sequence[NoteCard]) -> Outcome:
        """Posts it; everything but an answer of the 200s is tried again, 410 (gone) is not."""
        secrets = [opened for one in parcel.secrets if (opened := self._vault.open(one))]
        if not secrets:
            return Broken("Its signing secret cannot be read. Renew it and tell the receiver.")
        body = _body(parcel, cards, self._clock())
        if len(body) > LARGEST_BODY:
            return Refused(f"The message is larger than {LARGEST_BODY:,} bytes.")
        try:
            target = resolved(parcel.address, self._allowed)
            return self._answered(self._post(target, body, self._headers(parcel, secrets, body)))
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

    def _post(self, target: Target, body: str, headers: dict[str, str]) -> BaseHTTPResponse:
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
            answer.drained = answer.read(LONGEST_ANSWER)  # type: ignore[attr-defined]
            return answer

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

    def _answered(self, answer: BaseHTTPResponse) -> Outcome:
        status = answer.status
        if 200 <= status < 300:
            return Sent(answer.headers.get("webhook-id", "")[:200])
        if status == _GONE:
            return Broken("The receiver says it is gone (410). Set the webhook up again.")
        if 300 <= status < 400:
            return Broken(f"It redirects ({status}), which is not followed. Give its new address.")
        return Failed(f"It answered {status}.", self._rest(answer.headers.get("retry-after")))

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


def _body(parcel: Parcel, cards: Sequence[NoteCard], now: datetime) -> str:
    """The payload: type, time and data, as the specification proposes."""
    notes = [note_out(card) for card in cards]
    route = {"id": parcel.route_id, "name": parcel.route_name}
    told: dict[str, Any]
    if parcel.is_digest:
        told = {"type": "notes.digest", "data": {"route": route, "notes": notes}}
    else:
        told = {"type": "note.routed", "data": {"route": route, "note": notes[0]}}
    return json.dumps({**told, "timestamp": iso(now)}, ensure_ascii=False, separators=(",", ":"))


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = {"https": 443, "http": 80}[target.scheme]
    return host if target.port == usual else f"{host}:{target.port}"
