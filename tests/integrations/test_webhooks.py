"""Webhooks: what is posted, how it is signed, where it may go, and what the answers mean."""

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from standardwebhooks import Webhook, WebhookVerificationError

from insights.clock import utc_now
from insights.models import DeliveryMatter, DestinationKind
from insights.services import destinations
from insights.services.deliveries import Broken, Failed, Parcel, Refused, Sent
from insights.services.note_cards import NoteCard
from insights.services.parcels import Contents
from insights.vault import Vault
from integrations.webhooks.addresses import BadAddress, is_reachable, parts_of, resolved
from integrations.webhooks.carrier import LARGEST_BODY, WebhookCarrier
from tests.fixtures.world import Characters
from tests.integrations.cards import card, news_contents, trend_contents, week_contents
from tests.integrations.receiver import Received, receiving
from tests.organisation import NOW
from tests.services.outcomes import refused, who_may
from tests.services.routed import destination

VAULT = Vault("a secret of sixteen")
SECRET, FORMER = "whsec_" + "c2VjcmV0" * 4, "whsec_" + "Zm9ybWVy" * 4
HERE = (ip_network("127.0.0.0/8"),)
CARRIER = WebhookCarrier(VAULT, utc_now, allowed=HERE, read_seconds=0.5)


@pytest.fixture
def receiver() -> Iterator[Received]:
    """A program on this machine."""
    with receiving() as received:
        yield received


@pytest.fixture
def note() -> NoteCard:
    """A note of the owner."""
    return card("Ünïon pays <b>by</b> the truck")


def parcel(address: str, *note_ids: UUID, digest: bool = False, **more: object) -> Parcel:
    fields: dict[str, Any] = {
        "secrets": (VAULT.close(SECRET),), "is_unsure": False, **more
    }  # fmt: skip
    return Parcel(
        destination_id=1, kind=DestinationKind.WEBHOOK, team="", address=address, route_id=7,
        route_name="Trucks", is_digest=digest, threaded=False, deliveries=(41,),
        note_ids=note_ids, **fields,
    )  # fmt: skip


class TestPosting:
    def test_posts_the_note_with_the_route_that_wanted_it(
        self, receiver: Received, note: NoteCard
    ) -> None:
        outcome = CARRIER.send(parcel(f"{receiver.url}/in?team=1", note.id), Contents([note]))
        assert outcome == Sent("")
        told = json.loads(receiver.bodies[0])
        assert told["type"] == "note.matched"
        assert told["data"]["note"]["text"] == note.text
        assert told["data"]["route"] == {"id": 7, "name": "Trucks"}
        assert datetime.fromisoformat(told["timestamp"]) <= utc_now()
        assert receiver.paths == ["/in?team=1"]
        assert receiver.headers[0]["content-type"] == "application/json"

    def test_a_digest_has_all_its_notes(self, receiver: Received, note: NoteCard) -> None:
        CARRIER.send(parcel(receiver.url, note.id, digest=True), Contents([note, note]))
        told = json.loads(receiver.bodies[0])
        assert told["type"] == "notes.digest"
        assert len(told["data"]["notes"]) == 2

    def test_is_signed_after_the_specification(self, receiver: Received, note: NoteCard) -> None:
        CARRIER.send(parcel(receiver.url, note.id), Contents([note]))
        body, headers = receiver.bodies[0], receiver.headers[0]
        assert Webhook(SECRET).verify(body, headers)["type"] == "note.matched"
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body.replace("truck", "train"), headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(FORMER).verify(body, headers)

    def test_both_secrets_hold_while_one_is_renewed(
        self, receiver: Received, note: NoteCard
    ) -> None:
        both = tuple(VAULT.close(one) for one in (SECRET, FORMER))
        CARRIER.send(parcel(receiver.url, note.id, secrets=both), Contents([note]))
        for secret in (SECRET, FORMER):
            assert Webhook(secret).verify(receiver.bodies[0], receiver.headers[0])

    def test_keeps_its_id_however_often_it_is_tried(
        self, receiver: Received, note: NoteCard
    ) -> None:
        for _ in range(2):
            CARRIER.send(parcel(receiver.url, note.id), Contents([note]))
        assert {one["webhook-id"] for one in receiver.headers} == {"delivery_41"}


class TestEvents:
    """Beside notes: the type says what it is, the data are as in the JSON API."""

    @pytest.mark.parametrize(
        ("matter", "contents", "kind", "keys"),
        [
            (DeliveryMatter.NEWS, news_contents("Late"), "note.news", {"note", "state"}),
            (DeliveryMatter.TREND, trend_contents("Late"), "trend.opened", {"trend"}),
            (
                DeliveryMatter.SUMMARY, week_contents("Late"), "digest.weekly",
                {"place", "monday", "emerged", "sighted", "unanswered", "unanswered_count"},
            ),
            (DeliveryMatter.TEST, Contents(), "route.test", {"text"}),
        ],
    )  # fmt: skip
    def test_tell_what_it_is(
        self,
        receiver: Received,
        matter: DeliveryMatter,
        contents: Contents,
        kind: str,
        keys: set[str],
    ) -> None:
        CARRIER.send(parcel(receiver.url, matter=matter, detail="taken"), contents)
        told = json.loads(receiver.bodies[0])
        assert told["type"] == kind
        assert told["data"].keys() == {"route", *keys}

    def test_a_trend_names_only_the_notes_that_its_readers_may_see(
        self, receiver: Received
    ) -> None:
        contents = trend_contents("Late")
        CARRIER.send(parcel(receiver.url, matter=DeliveryMatter.TREND), contents)
        told = json.loads(receiver.bodies[0])["data"]["trend"]
        assert told["evidence"] == [str(contents.evidence[0].id)]
        assert told["sentence"].startswith("Ionfield is coming up in Georgia")


class TestAnswers:
    def test_what_the_receiver_says_is_kept_in_short(
        self, receiver: Received, note: NoteCard
    ) -> None:
        receiver.status, receiver.body = 500, b"no \x00\xff\n  room " + b"x" * 500
        outcome = CARRIER.send(parcel(receiver.url, note.id), Contents([note]))
        assert isinstance(outcome, Failed)
        assert outcome.reason.startswith("It answered 500: no")
        assert len(outcome.reason) < 230
        assert "\x00" not in outcome.reason

    @pytest.mark.parametrize("status", [200, 201, 204, 299])
    def test_all_the_200s_mean_it_arrived(
        self, receiver: Received, note: NoteCard, status: int
    ) -> None:
        receiver.status = status
        assert isinstance(CARRIER.send(parcel(receiver.url, note.id), Contents([note])), Sent)

    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
    def test_a_refusal_is_tried_again(
        self, receiver: Received, note: NoteCard, status: int
    ) -> None:
        receiver.status = status
        outcome = CARRIER.send(parcel(receiver.url, note.id), Contents([note]))
        assert outcome == Failed(f"It answered {status}.", None)

    @pytest.mark.parametrize(
        ("asked", "rest"),
        [
            ("120", timedelta(minutes=2)),
            ("99999999", timedelta(days=1)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", timedelta(0)),
            ("soon", None),
            ("-5", None),
        ],
    )
    def test_a_retry_after_is_kept_within_reason(
        self, receiver: Received, note: NoteCard, asked: str, rest: timedelta | None
    ) -> None:
        receiver.status, receiver.answer_headers = 429, {"retry-after": asked}
        outcome = CARRIER.send(parcel(receiver.url, note.id), Contents([note]))
        assert outcome == Failed("It answered 429.", rest)

    @pytest.mark.parametrize("status", [301, 302, 307, 410])
    def test_a_redirect_is_not_followed_and_gone_is_gone(
        self, receiver: Received, note: NoteCard, status: int
    ) -> None:
        receiver.status = status
        receiver.answer_headers = {"location": f"{receiver.url}/elsewhere"}
        assert isinstance(CARRIER.send(parcel(receiver.url, note.id), Contents([note])), Broken)
        assert len(receiver.paths) == 1

    def test_an_endless_answer_is_not_read_to_its_end(
        self, receiver: Received, note: NoteCard
    ) -> None:
        receiver.status, receiver.body = 200, b"x" * 5_000_000
        assert isinstance(CARRIER.send(parcel(receiver.url, note.id), Contents([note])), Sent)

    def test_silence_ends_after_a_while(self, note: NoteCard) -> None:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
            outcome = CARRIER.send(parcel(url, note.id), Contents([note]))
        assert isinstance(outcome, Failed)

    def test_nobody_there_is_tried_again(self, note: NoteCard) -> None:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        outcome = CARRIER.send(parcel(f"http://127.0.0.1:{port}", note.id), Contents([note]))
        assert isinstance(outcome, Failed)

    def test_too_large_a_message_is_never_sent(self, receiver: Received, note: NoteCard) -> None:
        many = [note] * (LARGEST_BODY // 300)
        outcome = CARRIER.send(parcel(receiver.url, note.id, digest=True), Contents(many))
        assert isinstance(outcome, Refused)
        assert receiver.paths == []

    def test_a_secret_of_another_installation_is_told(
        self, receiver: Received, note: NoteCard
    ) -> None:
        foreign = (Vault("another secret of 16").close(SECRET),)
        outcome = CARRIER.send(parcel(receiver.url, note.id, secrets=foreign), Contents([note]))
        assert isinstance(outcome, Broken)
        assert receiver.paths == []


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
            "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "::1", "::",
            "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::",
        ],
    )  # fmt: skip
    def test_of_the_own_network_are_out_of_reach(self, address: str) -> None:
        assert not is_reachable(address)

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "8.8.8.8"])
    def test_public_ones_are_within(self, address: str) -> None:
        assert is_reachable(address)

    def test_an_admin_can_open_a_network(self) -> None:
        lab = (ip_network("10.7.0.0/16"),)
        assert is_reachable("10.7.1.1", lab)
        assert not is_reachable("10.8.1.1", lab)
        assert not is_reachable("::1", lab)

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]"]
    )
    def test_this_machine_by_any_name_is_out_of_reach(self, host: str) -> None:
        """The forms that a look-up of names turns into this machine's address."""
        with pytest.raises((BadAddress, OSError)):
            resolved(f"http://{host}/in")

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://example.com", "file:///etc/passwd", "gopher://x", "//example.com", "example.com",
            "http://", "https://user:word@example.com", "http://example.com:99999", "http://[::1",
            "javascript:alert(1)", "",
        ],
    )  # fmt: skip
    def test_other_things_are_no_addresses(self, url: str) -> None:
        with pytest.raises(BadAddress):
            parts_of(url)

    def test_the_path_goes_along_without_its_fragment(self) -> None:
        assert parts_of("https://example.com/a?b=c#d") == ("https", "example.com", 443, "/a?b=c")
        assert parts_of("http://example.com:8080") == ("http", "example.com", 8080, "/")

    @given(st.text(max_size=60))
    def test_nothing_typed_breaks_it(self, typed: str) -> None:
        try:
            scheme, host, port, path = parts_of(typed)
        except BadAddress:
            return
        assert scheme in {"http", "https"}
        assert host
        assert 0 <= port < 65536
        assert path.startswith(("/", "?"))

    def test_a_private_destination_is_never_spoken_to(
        self, receiver: Received, note: NoteCard
    ) -> None:
        strict = WebhookCarrier(VAULT, utc_now)
        outcome = strict.send(parcel(receiver.url, note.id), Contents([note]))
        assert isinstance(outcome, Broken)
        assert "private network" in outcome.trouble
        assert receiver.paths == []


class TestRenewingTheSecret:
    def test_is_for_admins_and_tells_it_once(
        self, session: Session, characters: Characters
    ) -> None:
        hook = destination(session, "https://example.com", kind=DestinationKind.WEBHOOK)

        def renew(actor: object) -> str:
            return destinations.renew_secret(session, actor, VAULT, hook, now=NOW)  # type: ignore[arg-type]

        assert who_may(session, characters, renew) == {"admin"}
        first, second = renew(characters.admin), renew(characters.admin)
        assert first != second
        assert Webhook(second)

    def test_is_for_webhooks(self, session: Session, characters: Characters) -> None:
        channel = destination(session)
        said = refused(
            lambda: destinations.renew_secret(session, characters.admin, VAULT, channel, now=NOW)
        )
        assert set(said) == {""}
