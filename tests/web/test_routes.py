"""The pages of routes and alerts: making, trying, changing and ending them."""

from collections.abc import Callable
from typing import Any

import pytest

from insights.models import Cadence, Destination, DestinationKind
from insights.services import routes
from insights.services.access import Actor
from insights.services.routes import RouteView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, OWNER
from tests.web.pages import is_checked, text_of, value_of

ClientOf = Callable[[Actor], Browser]
ALERT = {"name": "Prices", "query": "price", "cadence": "at-once", "send_at": "08:00"}
ROUTE = {**ALERT, "for": "all", "to": "mailbox", "mailbox": "pricing@example.com"}


@pytest.fixture
def owner(characters: Characters, client_of: ClientOf) -> Browser:
    """The owner's browser."""
    return client_of(characters.owner)


@pytest.fixture
def analyst(characters: Characters, client_of: ClientOf) -> Browser:
    """The analyst's browser."""
    return client_of(characters.analyst)


def routes_of(stage: Stage, actor: Actor) -> list[RouteView]:
    with stage.database.reading() as session:
        return routes.list_routes(session, actor, limit=50)


class TestWhoSees:
    def test_everyone_the_page_which_invites_when_it_is_empty(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        for one in characters.everyone:
            page = client_of(one).get("/routes")
            assert page.status_code == 200
            assert "Nothing is sent yet" in text_of(page)
            assert ("New route for a team" in text_of(page)) == (one.role != "rep")

    def test_nobody_anything(self, nobody: Browser) -> None:
        assert nobody.get("/routes").location == "/sign-in?next=/routes"
        assert nobody.submit("/routes/new", page="/sign-in").status_code == 401

    def test_an_alert_is_its_owners_alone(
        self, stage: Stage, characters: Characters, client_of: ClientOf, owner: Browser
    ) -> None:
        owner.submit("/routes/new", **ALERT)
        (alert,) = routes_of(stage, characters.owner)
        for one in characters.everyone:
            seen = client_of(one).get("/routes")
            assert ("Prices" in text_of(seen)) == (one.id == OWNER)
            status = client_of(one).get(f"/routes/{alert.id}").status_code
            assert status == (200 if one.id == OWNER else 404)

    def test_a_route_is_seen_by_all_and_changed_by_its_owner_and_admins(
        self, stage: Stage, characters: Characters, client_of: ClientOf, analyst: Browser
    ) -> None:
        analyst.submit("/routes/new", **ROUTE)
        (route,) = routes_of(stage, characters.analyst)
        for one in characters.everyone:
            page = client_of(one).get("/routes")
            assert "To pricing@example.com, at once · kept by Anna Analyst" in text_of(page)
            status = client_of(one).get(f"/routes/{route.id}").status_code
            assert status == (200 if one.role in {"admin", "analyst"} else 403)


class TestMaking:
    def test_an_alert_is_sent_to_whoever_makes_it(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        answer = owner.submit("/routes/new", **ALERT)
        assert answer.location == "/routes"
        (made,) = routes_of(stage, characters.owner)
        assert made.personal
        assert made.destination_label == "owner@example.com"
        assert "“Prices” is on." in text_of(owner.get("/routes"))

    def test_an_alert_is_never_sent_to_somebody_else(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        owner.submit("/routes/new", **{**ALERT, "to": "mailbox", "mailbox": "spy@example.com"})
        (made,) = routes_of(stage, characters.owner)
        assert made.destination_label == "owner@example.com"

    def test_a_rep_makes_no_route(self, owner: Browser) -> None:
        assert owner.get("/routes/new?for=all").status_code == 403
        assert owner.submit("/routes/new", page="/routes/new", **ROUTE).status_code == 403

    def test_a_weekly_route_at_its_time(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        weekly = {**ROUTE, "cadence": "weekly", "weekday": "2", "send_at": "16:30"}
        analyst.submit("/routes/new", **weekly)
        (made,) = routes_of(stage, characters.analyst)
        assert (made.cadence, made.weekday, made.send_at) == (Cadence.WEEKLY, 2, 16 * 60 + 30)
        assert "on Wednesdays at 16:30 (UTC)" in text_of(analyst.get("/routes"))

    def test_quiet_hours_are_said(self, analyst: Browser) -> None:
        analyst.submit("/routes/new", **ROUTE, quiet_from="22:00", quiet_until="07:00")
        assert "at once, but not from 22:00 to 07:00" in text_of(analyst.get("/routes"))

    def test_the_query_of_a_search_is_taken_over(self, owner: Browser) -> None:
        form = owner.get("/routes/new?q=ionfield+price")
        assert value_of(form, "query") == "ionfield price"

    def test_what_is_chosen_becomes_part_of_the_query(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        only = {"only_kind": "competitor", "only_territory": "georgia", "only_impact": "high"}
        typed = {**ROUTE, "query": "price OR discount"}
        seen = analyst.submit("/routes/new", **typed, **only, preview="1")
        query = "(price OR discount) territory:georgia kind:competitor impact:high"
        assert value_of(seen, "query") == query
        analyst.submit("/routes/new", **{**typed, "query": " ", **only})
        (made,) = routes_of(stage, characters.analyst)
        assert made.query == "territory:georgia kind:competitor impact:high"
        assert analyst.submit("/routes/new", **ROUTE, only_kind="%00(").status_code == 422

    def test_times_are_of_the_zone_that_is_given(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        daily = {**ROUTE, "cadence": "daily", "zone": "Asia/Tokyo"}
        analyst.submit("/routes/new", **daily)
        (made,) = routes_of(stage, characters.analyst)
        assert made.zone == "Asia/Tokyo"
        form = analyst.get(f"/routes/{made.id}")
        assert value_of(form, "zone") == "Asia/Tokyo"
        refused = analyst.submit(f"/routes/{made.id}", **{**daily, "zone": "Mars"})
        assert (refused.status_code, value_of(refused, "zone")) == (422, "Mars")
        assert "Choose a time zone such as Europe/London." in text_of(refused)

    def test_a_refused_form_comes_back_with_all_that_was_typed(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        wrong = {**ROUTE, "name": " ", "mailbox": "nobody", "quiet_from": "25:00", "query": "truck"}
        form = analyst.submit("/routes/new", **wrong)
        assert form.status_code == 422
        assert value_of(form, "query") == "truck"
        assert value_of(form, "mailbox") == "nobody"
        assert is_checked(form, "cadence", "at-once")
        assert "Give an e-mail address" in text_of(form)
        assert "Give a time such as 08:00" in text_of(form)
        assert routes_of(stage, characters.analyst) == []

    @pytest.mark.parametrize(
        "sent",
        [
            {"to": "99999999999999999999"}, {"to": "-1"}, {"to": "x"}, {"weekday": "9"},
            {"send_at": "²³:00"}, {"send_at": "8"}, {"send_at": "99:99"}, {"zone": "Mars"},
            {"mailbox": "a@b.c\r\nBcc: x@example.com"}, {"query": "x" * 1001}, {"name": "\x00"},
        ],
    )  # fmt: skip
    def test_bad_input_is_refused_or_harmless(self, analyst: Browser, sent: dict[str, Any]) -> None:
        assert analyst.submit("/routes/new", **{**ROUTE, **sent}).status_code in {303, 422}


class TestTrying:
    def test_tells_what_would_have_been_sent_and_keeps_nothing(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        for _ in range(3):
            stage.post(characters.member, "They cut the price")
        form = owner.submit("/routes/new", **ALERT, preview="1")
        assert "It would have sent 3 notes in the last 30 days" in text_of(form)
        assert value_of(form, "name") == "Prices"
        assert routes_of(stage, characters.owner) == []
        with stage.database.reading() as session:
            assert session.query(Destination).count() == 0

    def test_counts_only_what_everyone_may_see_for_a_route(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        stage.post(characters.owner, "They cut the price", audience="sealed")
        assert "nothing" in text_of(analyst.submit("/routes/new", **ROUTE, preview="1"))
        assert "1 note" in text_of(analyst.submit("/routes/new", **ALERT, preview="1"))

    def test_an_empty_query_is_refused(self, owner: Browser) -> None:
        form = owner.submit("/routes/new", **{**ALERT, "query": " "}, preview="1")
        assert form.status_code == 422
        assert "Say which notes are wanted" in text_of(form)


class TestChanging:
    def test_the_form_holds_what_is_stored(self, owner: Browser) -> None:
        owner.submit("/routes/new", **{**ALERT, "cadence": "daily", "send_at": "17:05"})
        form = owner.get("/routes/1")
        assert value_of(form, "query") == "price"
        assert value_of(form, "send_at") == "17:05"
        assert is_checked(form, "cadence", "daily")

    def test_saves_what_is_changed(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        owner.submit("/routes/new", **ALERT)
        owner.submit("/routes/1", **{**ALERT, "query": "discount"})
        (changed,) = routes_of(stage, characters.owner)
        assert changed.query == "discount"

    def test_can_be_switched_off_and_on_and_removed(
        self, stage: Stage, characters: Characters, owner: Browser
    ) -> None:
        owner.submit("/routes/new", **ALERT)
        for deed, muted in (("mute", True), ("unmute", False)):
            owner.submit(f"/routes/1/{deed}", page="/routes")
            assert [one.muted for one in routes_of(stage, characters.owner)] == [muted]
        owner.submit("/routes/1/remove", page="/routes")
        assert routes_of(stage, characters.owner) == []

    def test_a_broken_destination_is_said_at_its_route(
        self, stage: Stage, analyst: Browser
    ) -> None:
        with stage.database.writing() as session:
            session.add(
                Destination(
                    kind=DestinationKind.WEBHOOK, address="https://example.com", label="CRM",
                    trouble="It is gone (410).", created_at=NOW,
                )
            )  # fmt: skip
        analyst.submit("/routes/new", **{**ROUTE, "to": "1"})
        assert "Nothing arrives: It is gone (410)." in text_of(analyst.get("/routes"))

    def test_one_that_fails_again_and_again_is_said_too(
        self, stage: Stage, analyst: Browser
    ) -> None:
        analyst.submit("/routes/new", **ROUTE)
        with stage.database.writing() as session:
            session.query(Destination).one().failures = 3
        said = text_of(analyst.get("/routes"))
        assert "The last 3 attempts to reach pricing@example.com failed." in said
