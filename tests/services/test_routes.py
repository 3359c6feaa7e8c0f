"""Routes of the organisation and alerts of a person: who makes, sees and changes them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.models import Cadence, DestinationKind, Route
from insights.services import destinations, routes
from insights.services.access import Actor
from insights.services.routes import Preview, RouteView
from tests.fixtures.world import Characters
from tests.organisation import MEMBER, NOW, OWNER
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may
from tests.services.routed import destination

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def pricing(session: Session) -> int:
    """A channel."""
    return destination(session)


def make(
    session: Session, actor: Actor, destination_id: int, *, personal: bool = False, **more: Any
) -> RouteView:
    values = {"name": "Prices", "query": "price", "zone": "Europe/London", **more}
    return routes.make(
        session, actor, personal=personal, destination_id=destination_id, now=NOW, **values
    )


class TestMaking:
    def test_the_organisations_routes_are_made_by_those_who_keep_its_knowledge(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        allowed = who_may(session, characters, lambda one: make(session, one, pricing))
        assert allowed == CURATORS

    def test_an_alert_is_made_by_anyone_and_sent_to_them(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        box = destination(session, "U1", person_id=OWNER)
        mine = make(session, characters.owner, box, personal=True)
        assert (mine.personal, mine.owner_id, mine.cadence) == (True, OWNER, Cadence.AT_ONCE)
        for elsewhere in (pricing, destination(session, "U2", person_id=MEMBER)):
            said = refused(
                lambda where=elsewhere: make(
                    session, characters.owner, where, personal=True, name="Other"
                )
            )
            assert set(said) == {"destination_id"}

    def test_all_that_is_wrong_is_told_at_once(
        self, session: Session, characters: Characters
    ) -> None:
        wrong = {
            "name": " ", "query": "", "zone": "Mars/Olympus", "send_at": 1440, "weekday": 7,
            "quiet_from": 60,
        }  # fmt: skip
        said = refused(lambda: make(session, characters.analyst, 99, **wrong))
        assert set(said) == {
            "name", "query", "destination_id", "zone", "send_at", "weekday", "quiet_until",
        }  # fmt: skip
        assert session.scalars(select(Route.id)).all() == []

    def test_a_name_belongs_to_one_of_a_person(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        make(session, characters.analyst, pricing, name="Prices")
        said = refused(lambda: make(session, characters.analyst, pricing, name="PRICES"))
        assert "“Prices”" in said["name"]
        assert make(session, characters.manager, pricing, name="Prices").owner_name

    def test_nobody_has_more_alerts_than_they_can_read(
        self, session: Session, characters: Characters
    ) -> None:
        box = destination(session, "U1", person_id=OWNER)
        for number in range(routes.MOST_ALERTS):
            make(session, characters.owner, box, personal=True, name=f"Alert {number}")
        said = refused(lambda: make(session, characters.owner, box, personal=True, name="One more"))
        assert "50 alerts" in said[""]


class TestSeeing:
    def test_everyone_sees_the_organisations_and_only_their_own_alerts(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        common = make(session, characters.analyst, pricing)
        box = destination(session, "U1", person_id=OWNER)
        alert = make(session, characters.owner, box, personal=True)
        for actor in characters.everyone:
            seen = {one.id for one in routes.list_routes(session, actor, limit=10)}
            assert seen == ({common.id, alert.id} if actor.id == OWNER else {common.id})
        with pytest.raises(NotFound):
            routes.get(session, characters.admin, route_id=alert.id)

    def test_the_list_goes_on_behind_a_number(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = [
            make(session, characters.analyst, pricing, name=f"Route {number}").id
            for number in range(3)
        ]
        page = routes.list_routes(session, characters.member, limit=2, after=made[0])
        assert [one.id for one in page] == made[1:]


class TestChanging:
    def test_is_for_its_owner_and_admins(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = make(session, characters.analyst, pricing)
        allowed = who_may(
            session,
            characters,
            lambda one: routes.change(session, one, route_id=made.id, muted=True, now=LATER),
        )
        assert allowed == {"analyst", "admin"}

    def test_somebody_elses_alert_does_not_exist(
        self, session: Session, characters: Characters
    ) -> None:
        box = destination(session, "U1", person_id=OWNER)
        alert = make(session, characters.owner, box, personal=True)
        with pytest.raises(NotFound):
            routes.remove(session, characters.admin, route_id=alert.id, now=LATER)

    def test_changes_what_is_given_and_tells_the_journal_no_query(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = make(session, characters.analyst, pricing)
        changed = routes.change(
            session, characters.analyst, route_id=made.id, query="discount", muted=True, now=LATER
        )
        assert (changed.query, changed.muted, changed.name) == ("discount", True, "Prices")
        entry = last_entry(session)
        assert entry.verb == "route.changed"
        assert entry.data == {"personal": False, "fields": ["muted", "query"]}

    def test_nothing_new_is_no_change(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = make(session, characters.analyst, pricing)
        routes.change(session, characters.analyst, route_id=made.id, query="price", now=LATER)
        assert journalled(session) == ["route.made"]

    def test_removing_is_for_good(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        made = make(session, characters.analyst, pricing)
        routes.remove(session, characters.analyst, route_id=made.id, now=LATER)
        with pytest.raises(NotFound):
            routes.get(session, characters.analyst, route_id=made.id)


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        (0, "It would have sent nothing in the last 30 days."),
        (1, "It would have sent 1 note in the last 30 days, less than one a week."),
        (5, "It would have sent 5 notes in the last 30 days, about one a week."),
        (14, "It would have sent 14 notes in the last 30 days, 3 a week."),
        (4_000, "It would have sent 4,000 notes in the last 30 days, 933 a week."),
    ],
)
def test_a_preview_says_how_much_would_come(notes: int, words: str) -> None:
    assert Preview(notes).words == words


class TestDestinations:
    def test_the_same_address_is_the_same_destination(self, session: Session) -> None:
        def known() -> int:
            return destinations.known(
                session, kind=DestinationKind.MAIL, address=" a@example.com ", label="", now=NOW
            )

        assert known() == known()

    def test_an_address_may_be_somebodys_own_and_a_common_one(self, session: Session) -> None:
        """A team that reads a colleague's mailbox keeps nobody from alerts of their own."""
        box: dict[str, Any] = {
            "kind": DestinationKind.MAIL, "address": "a@example.com", "label": "", "now": NOW,
        }  # fmt: skip
        made = [
            destinations.known(session, person_id=one, **box) for one in (OWNER, MEMBER, None) * 2
        ]
        assert made[:3] == made[3:]
        assert len(set(made)) == 3

    def test_are_kept_by_admins(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        for deed in (
            lambda one: destinations.list_destinations(session, one),
            lambda one: destinations.mark_for_sealed(
                session, one, pricing, takes_sealed=True, now=NOW
            ),
            lambda one: destinations.send_again(session, one, pricing, now=NOW),
        ):
            assert who_may(session, characters, deed) == {"admin"}

    def test_marking_one_for_sealed_notes_is_journalled_once(
        self, session: Session, characters: Characters, pricing: int
    ) -> None:
        for _ in range(2):
            destinations.mark_for_sealed(
                session, characters.admin, pricing, takes_sealed=True, now=NOW
            )
        assert journalled(session) == ["destination.opened"]
        (shown,) = destinations.list_destinations(session, characters.admin)
        assert shown.takes_sealed

    def test_a_persons_box_needs_no_mark(self, session: Session, characters: Characters) -> None:
        box = destination(session, "U1", person_id=OWNER)
        said = refused(
            lambda: destinations.mark_for_sealed(
                session, characters.admin, box, takes_sealed=True, now=NOW
            )
        )
        assert set(said) == {""}


def test_a_route_to_somebody_elses_box_is_refused(session: Session, characters: Characters) -> None:
    box = destination(session, "U1", person_id=OWNER)
    assert set(refused(lambda: make(session, characters.analyst, box))) == {"destination_id"}
    with pytest.raises(Forbidden):
        make(session, characters.member, box)
