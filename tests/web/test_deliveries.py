"""What came of what was sent: on a note's page, after a test, and where an admin sends it again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from insights.models import (
    Cadence,
    Delivery,
    DeliveryState,
    DestinationKind,
    RouteContent,
    SlackChannel,
    SlackInstallation,
    SlackPerson,
)
from insights.services import deliveries, parcels, routes
from insights.services.access import Actor
from insights.services.deliveries import Broken, Failed, Outcome, Refused, Sent
from insights.services.routes import RouteView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER, TODAY
from tests.services.routed import destination, route_all, routed
from tests.web.pages import text_of

ClientOf = Callable[[Actor], Browser]
ROUTE = {
    "for": "all", "name": "Prices", "query": "price", "cadence": "at-once", "send_at": "08:00",
    "to": "mailbox", "mailbox": "pricing@example.com",
}  # fmt: skip
PART = {"HX-Request": "true"}


# Pages look the same on either database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def send_all(stage: Stage, outcome: Outcome) -> None:
    """Everything that is due ends in this way, once each."""
    with stage.database.writing() as session:
        while (one := parcels.take(session, today=TODAY, now=NOW)) is not None:
            deliveries.settle(session, one[0], outcome, now=NOW)


def route_notes(stage: Stage) -> None:
    with stage.database.writing() as session:
        route_all(session)


def routes_of(stage: Stage, actor: Actor) -> list[RouteView]:
    with stage.database.reading() as session:
        return routes.list_routes(session, actor, limit=50)


class TestATest:
    def test_shows_what_comes_of_it_until_it_has_ended(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        analyst = client_of(characters.analyst)
        analyst.submit("/routes/new", **ROUTE)
        address = analyst.submit("/routes/1/test", page="/routes").location
        assert address == "/deliveries/1"
        page = analyst.get(address)
        assert "Test to pricing@example.com" in text_of(page)
        assert 'hx-trigger="every 1s"' in page.text
        send_all(stage, Failed("The mail server asks to wait."))
        assert "On its way; so far: The mail server asks to wait." in text_of(analyst.get(address))
        analyst.submit("/routes/1/test", page="/routes")
        send_all(stage, Broken("No such user."))
        part = analyst.get(address, headers=PART)
        assert "nothing arrives there: No such user." in text_of(part)
        assert "every 1s" not in part.text
        assert "<html" not in part.text

    def test_tries_a_broken_destination_again(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        analyst = client_of(characters.analyst)
        analyst.submit("/routes/new", **ROUTE)
        stage.post(characters.owner, "They cut the price")
        route_notes(stage)
        send_all(stage, Broken("The channel is archived."))
        assert "Nothing arrives: The channel is archived." in text_of(analyst.get("/routes"))
        address = analyst.submit("/routes/1/test", page="/routes").location
        send_all(stage, Sent("1"))
        assert "Arrived" in text_of(analyst.get(address or ""))
        assert "Nothing arrives" not in text_of(analyst.get("/routes"))

    def test_is_for_those_who_may_change_the_route(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        client_of(characters.analyst).submit("/routes/new", **ROUTE)
        for one in (characters.owner, characters.manager):
            answer = client_of(one).submit("/routes/1/test", page="/routes")
            assert answer.status_code == 403


class TestOnTheNotesPage:
    def test_each_sees_what_is_theirs_to_see(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        client_of(characters.analyst).submit("/routes/new", **ROUTE)
        client_of(characters.owner).submit("/routes/new", name="Mine", query="price")
        note = stage.post(characters.member, "They cut the price")
        route_notes(stage)
        send_all(stage, Sent("1"))
        seen = {
            one.name: text_of(client_of(one).get(f"/notes/{note}/deliveries", headers=PART))
            for one in characters.everyone
        }
        assert "owner@example.com Arrived" in seen["Olivia Owner"]
        assert "Sent to 2 places." in seen["Olivia Owner"]
        assert "Sent to 2 places." in seen["Max Member"]
        for name, text in seen.items():
            knows = name in ("Anna Analyst", "Manuel Manager", "Ada Admin")
            assert ("pricing@example.com Arrived" in text) == knows
            assert ("owner@example.com" in text) == (name == "Olivia Owner")

    def test_a_sealed_note_tells_nothing_to_those_who_may_not_see_it(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note = stage.post(characters.owner, "They cut the price", audience="sealed")
        stranger = client_of(characters.stranger)
        assert stranger.get(f"/notes/{note}/deliveries").status_code == 404
        whole = client_of(characters.analyst).get(f"/notes/{note}/deliveries")
        assert "Not sent anywhere." in text_of(whole)


class TestSendingAgain:
    def test_one_or_all_by_an_admin(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        client_of(characters.analyst).submit("/routes/new", **ROUTE)
        for number in range(3):
            stage.post(characters.owner, f"They cut the price {number}")
        route_notes(stage)
        send_all(stage, Refused("It is too long."))
        admin = client_of(characters.admin)
        page = admin.get("/admin/destinations/1")
        assert text_of(page).count("It is too long.") == 3
        shown = admin.submit(
            "/admin/destinations/1/deliveries/2/again", page="/admin/destinations/1"
        )
        assert shown.location == "/deliveries/2"
        assert text_of(admin.get("/admin/destinations/1?state=waiting")).count("Send again") == 0
        send_all(stage, Sent("1"))
        assert "Note" in text_of(admin.get("/admin/destinations/1?state=sent"))
        admin.submit("/admin/destinations/1/again", page="/admin/destinations")
        with stage.database.reading() as session:
            states = session.scalars(select(Delivery.state).order_by(Delivery.id)).all()
        assert states == [DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.WAITING]

    def test_comes_in_pages(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        with stage.database.writing() as session:
            place = destination(session)
            rows = [
                deliveries.waiting(place, cause=str(number), due_at=NOW, now=NOW)
                for number in range(120)
            ]
            deliveries.put(session, rows)
        admin = client_of(characters.admin)
        address, counts = "/admin/destinations/1?state=waiting", []
        while address:
            page = admin.get(address)
            counts.append(page.text.count('<th scope="row">'))
            address = page.text.rpartition('rel="next" href="')[2].partition('"')[0]
            address = address.replace("&amp;", "&") if address.startswith("/admin") else ""
        assert counts == [50, 50, 20]

    def test_what_went_to_a_colleague_is_not_told(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        with stage.database.writing() as session:
            box = destination(session, "o@example.com", person_id=OWNER, kind=DestinationKind.MAIL)
            routed(session, "price", box, owner_id=OWNER, personal=True)
        note = stage.post(characters.member, "They cut the price")
        route_notes(stage)
        page = client_of(characters.admin).get("/admin/destinations/1?state=waiting")
        assert "somebody's own" in page.text.replace("&#39;", "'")
        assert str(note) not in page.text
        assert "price" not in page.text
        assert client_of(characters.analyst).get("/deliveries/1").status_code == 404
        assert client_of(characters.owner).get("/deliveries/1").status_code == 200


class TestTheStarterSet:
    def test_is_made_with_one_click_while_there_is_no_route(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        admin = client_of(characters.admin)
        for one in characters.everyone:
            offered = "Make these 4 routes" in text_of(client_of(one).get("/routes"))
            assert offered == (one.role == "admin")
        teams = {"marketing": "marketing@example.com", "product": "product@example.com"}
        wrong = admin.submit("/routes/starter", page="/routes", **{**teams, "product": "nobody"})
        assert wrong.status_code == 422
        assert "Give an e-mail address" in text_of(wrong)
        assert routes_of(stage, characters.admin) == []
        admin.submit("/routes/starter", page="/routes", **teams)
        made = {(one.query, one.destination_label) for one in routes_of(stage, characters.admin)}
        assert made == {
            ("kind:competitor", "marketing@example.com"),
            ("kind:preference OR kind:challenge", "product@example.com"),
            ("impact:high", "marketing@example.com"),
            ("impact:high", "product@example.com"),
        }
        assert admin.submit("/routes/starter", page="/routes", **teams).status_code == 409

    def test_is_an_admins_alone(self, characters: Characters, client_of: ClientOf) -> None:
        teams = {"marketing": "m@example.com", "product": "p@example.com"}
        for one in (characters.owner, characters.analyst):
            answer = client_of(one).submit("/routes/starter", page="/routes", **teams)
            assert answer.status_code == 403


class TestSlack:
    def test_is_offered_where_it_is_connected(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        analyst = client_of(characters.analyst)
        assert "Slack" not in text_of(analyst.get("/routes/new"))
        with stage.database.writing() as session:
            session.add(
                SlackInstallation(
                    team_id="T1", team_name="Acme", app_id="A1", bot_id="B1", bot_user_id="U0",
                    bot_token=b"", installed_at=NOW,
                )
            )  # fmt: skip
            for channel_id, more in {
                "C1": {"joined": True}, "C2": {}, "C3": {"joined": True, "archived": True},
            }.items():  # fmt: skip
                session.add(
                    SlackChannel(
                        team_id="T1", channel_id=channel_id, name=f"channel-{channel_id}",
                        refreshed_at=NOW, **more,
                    )
                )  # fmt: skip
            session.add(
                SlackPerson(
                    team_id="T1", user_id="U4", name="Anna", person_id=characters.analyst.id,
                    refreshed_at=NOW,
                )
            )  # fmt: skip
        form = analyst.get("/routes/new?for=all")
        assert "#channel-C1" in text_of(form)
        assert "#channel-C2" not in text_of(form)
        assert "#channel-C3" not in text_of(form)
        analyst.submit("/routes/new", **{**ROUTE, "to": "channel:T1:C1", "threaded": "on"})
        analyst.submit("/routes/new", name="Mine", query="price", to="slack")
        refused = analyst.submit("/routes/new", **{**ROUTE, "name": "x", "to": "channel:T1:C3"})
        assert "Invite it there (/invite @insight) first." in text_of(refused)
        common, mine = routes_of(stage, characters.analyst)
        assert (common.destination_label, common.threaded) == ("#channel-C1", True)
        assert mine.destination_label == "Anna in Slack"
        assert 'value="channel:T1:C1" selected' in analyst.get("/routes/1").text
        # Nobody else is known in Slack.
        owner = client_of(characters.owner)
        assert "Slack" not in text_of(owner.get("/routes/new"))
        assert owner.submit("/routes/new", name="Mine", query="x", to="slack").status_code == 422


class TestWhatIsSent:
    def test_trends_and_weeks_are_said_in_the_list(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        analyst = client_of(characters.analyst)
        analyst.submit("/routes/new", **{**ROUTE, "content": "trends", "query": ""})
        weekly = {**ROUTE, "name": "Week", "content": "summary", "query": "territory:georgia"}
        analyst.submit("/routes/new", **weekly, weekday="4")
        text = text_of(analyst.get("/routes"))
        assert "New trends of the whole company" in text
        assert "A weekly summary of territory:georgia" in text
        assert "on Fridays at 08:00 (UTC)" in text
        trends, week = routes_of(stage, characters.analyst)
        assert (trends.content, trends.cadence) == (RouteContent.TRENDS, Cadence.AT_ONCE)
        assert week.content is RouteContent.SUMMARY
        tried = analyst.submit("/routes/new", **weekly, preview="1")
        assert "It sends one message a week" in text_of(tried)
