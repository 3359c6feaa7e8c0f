"""Mail: what it says, how it can be ended, and what the server's answers mean."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from insights.clock import utc_now
from insights.models import DeliveryMatter, DestinationKind
from insights.services.deliveries import Broken, Failed, Parcel, Refused, Sent
from insights.services.parcels import Contents
from integrations.mail.carrier import MailCarrier, MailServer
from integrations.mail.links import Links
from tests.integrations.cards import (
    card,
    letter_contents,
    news_contents,
    trend_contents,
    week_contents,
)

LINKS = Links("https://insights.example.com", "a secret of sixteen")
SENDER = "Field Insights <insights@example.com>"
HOSTILE = "<img src=x> & [a](b)"
NOTE = card("Ünïon pays <b>by</b> the truck")


@dataclass
class MailRoom:
    """Takes mail in, or answers as it is told."""

    mails: list[EmailMessage] = field(default_factory=list)
    to_recipient: str = "250 OK"
    to_mail: str = "250 OK"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.to_mail.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        return self.to_mail


@pytest.fixture
def room() -> Iterator[MailRoom]:
    """A mail server on a real socket."""
    handler = MailRoom()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        controller.port = free.getsockname()[1]
    controller.start()
    handler.port = controller.port  # type: ignore[attr-defined]
    yield handler
    controller.stop()


def carrier(room: MailRoom, **more: Any) -> MailCarrier:
    fields = {"host": "127.0.0.1", "port": room.port, "sender": SENDER, "security": "none", **more}  # type: ignore[attr-defined]
    return MailCarrier(MailServer(**fields), LINKS, utc_now, timeout=2)


def parcel(*, digest: bool = False, name: str = "Trucks") -> Parcel:
    return Parcel(
        destination_id=1, kind=DestinationKind.MAIL, team="", address="ana@example.com",
        route_id=7, route_name=name, is_digest=digest, threaded=False, deliveries=(41,),
        note_ids=(NOTE.id,), is_unsure=False,
    )  # fmt: skip


def text_of(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


class TestAnAlert:
    def test_says_the_same_in_text_and_html(self, room: MailRoom) -> None:
        assert carrier(room).send(parcel(), Contents([NOTE])) == Sent("<delivery-41@example.com>")
        (mail,) = room.mails
        plain, html = text_of(mail, "plain"), text_of(mail, "html")
        for said in ("preference · Georgia", "Olivia Owner", LINKS.note(NOTE.id), LINKS.end(7)):
            assert said in plain
            assert said in html
        assert "Ünïon pays <b>by</b> the truck" in plain
        assert "Ünïon pays &lt;b&gt;by&lt;/b&gt; the truck" in html

    def test_names_route_and_note_in_its_subject(self, room: MailRoom) -> None:
        long = card("They\r\nBcc: everybody@example.com " + "x" * 500)
        carrier(room).send(parcel(), Contents([long]))
        (mail,) = room.mails
        assert mail["Subject"].startswith("Trucks: They Bcc: everybody@example.com x")
        assert len(mail["Subject"]) <= 120
        assert mail["Bcc"] is None

    def test_can_be_ended_with_one_click(self, room: MailRoom) -> None:
        carrier(room).send(parcel(), Contents([NOTE]))
        (mail,) = room.mails
        assert mail["List-Unsubscribe"] == f"<{LINKS.end(7)}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == "<route-7.example.com>"
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_keeps_its_id_however_often_it_is_tried(self, room: MailRoom) -> None:
        for _ in range(2):
            carrier(room).send(parcel(), Contents([NOTE]))
        assert {mail["Message-ID"] for mail in room.mails} == {"<delivery-41@example.com>"}


def test_a_digest_counts_and_holds_all_its_notes(room: MailRoom) -> None:
    others = [card("They cut the price"), card("Late again")]
    carrier(room).send(parcel(digest=True), Contents([NOTE, *others]))
    (mail,) = room.mails
    assert mail["Subject"] == "Trucks: 3 notes"
    for one in (NOTE, *others):
        assert one.text in text_of(mail, "plain")


class TestWhatElseIsSent:
    """News, trends, weeks and tests say the same in text and HTML, with links that lead there."""

    @pytest.mark.parametrize(
        ("matter", "contents", "subject", "said"),
        [
            (
                DeliveryMatter.NEWS, news_contents(HOSTILE), "Anna Analyst has taken up your note.",
                ["Anna Analyst has taken up your note.", LINKS.profile(), LINKS.end_news(4)],
            ),
            (
                DeliveryMatter.TELLING, letter_contents(HOSTILE), "A question to you",
                [
                    "A question to you", "Open until 3 April", "Still true · No longer",
                    "https://insights.example.com/questions/12",
                    "https://insights.example.com/n?question=12", LINKS.news(), LINKS.profile(),
                    LINKS.end_news(4),
                ],
            ),
            (
                DeliveryMatter.TREND, trend_contents(HOSTILE),
                "Trucks: Ionfield is coming up in Georgia: 9 voices",
                ["7 people, 5 accounts", LINKS.trend(5), "Olivia Owner", LINKS.end(7)],
            ),
            (
                DeliveryMatter.SUMMARY, week_contents(HOSTILE),
                "Trucks: Southeast, 9 to 15 March 2026",
                [
                    "1 trend emerged, 1 note was seen by others too and 3 notes wait",
                    LINKS.trend(5),
                    "Nobody took this", "and 2 more", LINKS.inbox(), LINKS.end(7),
                ],
            ),
            (
                DeliveryMatter.TEST, Contents(), "Trucks: this is a test",
                ["It was sent to see whether", LINKS.end(7)],
            ),
        ],
    )  # fmt: skip
    def test_say_what_and_where(
        self,
        room: MailRoom,
        matter: DeliveryMatter,
        contents: Contents,
        subject: str,
        said: list[str],
    ) -> None:
        is_news = matter in (DeliveryMatter.NEWS, DeliveryMatter.TELLING)
        own = {"route_id": None, "route_name": "", "person_id": 4} if is_news else {}
        sent = replace(parcel(), matter=matter, detail="taken", **own)  # type: ignore[arg-type]
        assert isinstance(carrier(room).send(sent, contents), Sent)
        (mail,) = room.mails
        assert mail["Subject"].startswith(subject)
        end, group = (LINKS.end_news(4), "news") if is_news else (LINKS.end(7), "route-7")
        assert mail["List-Unsubscribe"] == f"<{end}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == f"<{group}.example.com>"
        plain, html = text_of(mail, "plain"), text_of(mail, "html")
        for one in said:
            assert one in plain
            assert one in html
        assert HOSTILE not in html
        assert (HOSTILE in plain) == (matter is not DeliveryMatter.TEST)


class TestTheServersAnswer:
    def test_an_address_that_does_not_exist_is_broken(self, room: MailRoom) -> None:
        room.to_recipient = "550 5.1.1 No such user"
        outcome = carrier(room).send(parcel(), Contents([NOTE]))
        assert isinstance(outcome, Broken)
        assert outcome.trouble.startswith("The mail server refuses the address. Choose another")
        assert outcome.trouble.endswith("It says: 5.1.1 No such user")

    def test_a_mail_that_is_not_taken_is_refused(self, room: MailRoom) -> None:
        room.to_mail = "554 5.7.1 Looks like spam"
        assert carrier(room).send(parcel(), Contents([NOTE])) == Refused("5.7.1 Looks like spam")

    @pytest.mark.parametrize("where", ["to_recipient", "to_mail"])
    def test_what_is_only_for_now_is_tried_again(self, room: MailRoom, where: str) -> None:
        setattr(room, where, "451 4.7.1 Greylisted")
        outcome = carrier(room).send(parcel(), Contents([NOTE]))
        assert outcome == Failed("The mail server asks to wait: 4.7.1 Greylisted")

    def test_nobody_there_is_tried_again(self, room: MailRoom) -> None:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        assert isinstance(carrier(room, port=port).send(parcel(), Contents([NOTE])), Failed)

    def test_no_mail_goes_in_the_clear_where_encryption_is_asked_for(self, room: MailRoom) -> None:
        outcome = carrier(room, security="starttls").send(parcel(), Contents([NOTE]))
        assert isinstance(outcome, Failed)
        assert room.mails == []


class TestEnding:
    def test_the_link_names_the_route_to_whoever_can_check_it(self) -> None:
        token = LINKS.end(7).rpartition("/")[2]
        assert LINKS.ended_by(token) == 7
        assert LINKS.news_ended_by(token) is None

    def test_the_link_of_news_names_the_person_and_no_route(self) -> None:
        token = LINKS.end_news(7).rpartition("/")[2]
        assert LINKS.news_ended_by(token) == 7
        assert LINKS.ended_by(token) is None

    @pytest.mark.parametrize("token", ["", "7", "Nw.forged", "x" * 5000, "Nw"])
    def test_nobody_ends_another_one_by_guessing(self, token: str) -> None:
        assert LINKS.ended_by(token) is None

    def test_the_link_of_another_installation_ends_nothing(self) -> None:
        other = Links("https://other.example.com", "another secret of 16")
        assert LINKS.ended_by(other.end(7).rpartition("/")[2]) is None
