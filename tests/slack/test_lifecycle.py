"""What becomes of the app, of channels and of people at Slack, and what it means here."""

from typing import Any

import pytest
from sqlalchemy import select

from insights.errors import Forbidden
from insights.models import (
    Destination,
    DestinationKind,
    JournalEntry,
    Person,
    SlackChannel,
    SlackInstallation,
    SlackPerson,
)
from integrations.slack import channels, installations, people
from integrations.slack.installations import Grant
from tests.organisation import ANALYST, OWNER
from tests.slack.insight_app import InsightApp


def _place(insight: InsightApp, channel: str) -> None:
    """Makes the channel a destination that waits for something."""
    with insight.database.writing() as session:
        session.add(
            Destination(
                kind=DestinationKind.SLACK_CHANNEL,
                team=insight.team_id,
                address=insight.channel_id(channel),
                label=f"#{channel}",
                created_at=insight.now(),
            )
        )


def _destination(insight: InsightApp) -> Destination:
    found: Destination = insight.read(lambda session: session.scalars(select(Destination)).one())
    return found


def _channel(insight: InsightApp, name: str) -> SlackChannel:
    same = SlackChannel.channel_id == insight.channel_id(name)
    found: SlackChannel = insight.read(
        lambda session: session.scalars(select(SlackChannel).where(same)).one()
    )
    return found


def _caller(insight: InsightApp, name: str) -> Any:
    user_id = insight.user_id(name)
    return insight.read(lambda session: people.known(session, insight.team_id, user_id))


@pytest.mark.slack_rule(13, 36, 39, 59)
def test_a_channel_that_closes_keeps_what_waits_until_it_opens(insight: InsightApp) -> None:
    _place(insight, "field-notes")
    insight.admin.archive("field-notes")
    assert _destination(insight).trouble == channels.ARCHIVED
    assert _channel(insight, "field-notes").archived
    insight.workspace.channel("field-notes").archived = False
    insight.admin._tell(
        insight.workspace.channel("field-notes"),
        {"type": "channel_unarchive", "channel": insight.channel_id("field-notes")},
    )
    insight.work()
    assert _destination(insight).trouble == ""
    assert not _channel(insight, "field-notes").archived


@pytest.mark.slack_rule(36)
def test_a_new_name_is_known_everywhere(http_insight: InsightApp) -> None:
    _place(http_insight, "deals")
    http_insight.admin.rename("deals", "wins")
    assert _destination(http_insight).label == "#wins"
    assert _channel(http_insight, "wins").name == "wins"


@pytest.mark.slack_rule(36, 39)
def test_an_invitation_opens_a_channel(http_insight: InsightApp) -> None:
    _place(http_insight, "board")
    with http_insight.database.writing() as session:
        session.scalars(select(Destination)).one().trouble = channels.NOT_IN
    http_insight.admin.invite_app("board")
    http_insight.work()
    assert _channel(http_insight, "board").joined
    assert _destination(http_insight).trouble == ""


@pytest.mark.slack_rule(48)
@pytest.mark.parametrize("tokens_first", [True, False])
def test_an_app_that_was_removed_forgets_its_tokens_and_nothing_else(
    http_insight: InsightApp, tokens_first: bool
) -> None:
    _place(http_insight, "field-notes")
    note_id = http_insight.post(OWNER, "What they said")
    http_insight.admin.uninstall(tokens_first=tokens_first)
    assert http_insight.read(lambda session: session.scalars(select(SlackInstallation)).all()) == []
    assert "was removed from the Slack workspace Acme" in _destination(http_insight).trouble
    assert [note.id for note in http_insight.notes()] == [note_id]
    removed = select(JournalEntry).where(JournalEntry.verb == "slack.removed")
    assert len(http_insight.read(lambda session: session.scalars(removed).all())) == 1


@pytest.mark.slack_rule(13, 48)
@pytest.mark.parametrize("kept", [True, False])
def test_news_of_an_earlier_token_do_not_take_the_present_one(
    http_insight: InsightApp, kept: bool
) -> None:
    server, workspace = http_insight.server, http_insight.workspace
    server.slack.events.hold()
    if kept:
        # Somebody revoked the token, which was noticed before Slack told of it.
        with http_insight.database.writing() as session:
            installations.mark_trouble(session, http_insight.team_id, "The token was revoked.")
    http_insight.admin.uninstall()
    if not kept:
        with http_insight.database.writing() as session:
            installations.remove(session, http_insight.team_id, now=http_insight.now())
    http_insight.clock.advance(10)
    again = server.slack.install(workspace, http_insight.user_id("ada"))
    grant = Grant(
        team_id=http_insight.team_id,
        team_name="Acme",
        enterprise_id="",
        app_id="",
        bot_id="",
        bot_user_id=again.bot_user_id,
        bot_token=again.bot_token,
        scopes=again.scopes,
    )
    with http_insight.database.writing() as session:
        vault = http_insight.parts.vault
        installations.save(session, vault, grant, installed_by=None, now=http_insight.now())
    server.slack.events.release()
    server.settle()
    assert http_insight.parts.gateways.of(http_insight.team_id).call("auth.test")["ok"]
    http_insight.clock.advance(10)
    http_insight.admin.uninstall()
    assert http_insight.read(installations.workspaces) == []


@pytest.mark.slack_rule(22)
def test_only_members_of_the_workspace_are_taken_for_colleagues(
    unconnected: InsightApp,
) -> None:
    workspace = unconnected.workspace
    for name, traits in {
        "stranger": {"is_stranger": True, "team_id": "T999"},
        "invited": {"is_guest": True},
        "robot": {"is_bot": True},
        "gone": {"deleted": True},
    }.items():
        workspace.add_person(name, **traits).email = "owner@example.com"
    unconnected.clock.advance(25 * 3600)
    unconnected.work()
    for name in ("stranger", "invited", "robot", "gone"):
        caller = _caller(unconnected, name)
        assert (caller.external, caller.person_id) == (True, None), name
    assert _caller(unconnected, "olivia").person_id == OWNER


@pytest.mark.slack_rule(22, 36)
def test_people_are_known_as_they_change(http_insight: InsightApp) -> None:
    assert _caller(http_insight, "anna").person_id == ANALYST
    http_insight.admin.deactivate("anna")
    assert _caller(http_insight, "anna").person_id is None


@pytest.mark.slack_rule(49)
def test_whoever_has_no_account_is_stood_for_when_they_write_and_for_nothing_else(
    unconnected: InsightApp,
) -> None:
    today, now = unconnected.runtime.today(), unconnected.now()
    ids = []
    for _ in range(2):
        gus = _caller(unconnected, "gus")
        with unconnected.database.writing() as session:
            with pytest.raises(Forbidden, match="needs an account"):
                people.actor(session, gus, today=today, now=now, make_guest=False)
            ids.append(people.actor(session, gus, today=today, now=now, make_guest=True).id)
    assert ids[0] == ids[1]
    guest = unconnected.read(lambda session: session.get_one(Person, ids[0]))
    assert guest.guest
    assert guest.password_hash is None
    assert guest.email.endswith(".slack.invalid")
    with unconnected.database.writing() as session:
        session.get_one(Person, ANALYST).email = "gus@example.com"
    unconnected.clock.advance(25 * 3600)
    unconnected.work()
    assert _caller(unconnected, "gus").person_id == ANALYST, "an account takes the guest's place"


@pytest.mark.slack_rule(36)
def test_whoever_got_an_account_is_known_by_it_soon_after_they_did_something(
    http_insight: InsightApp,
) -> None:
    with http_insight.database.writing() as session:
        session.get_one(Person, ANALYST).email = "gus@example.com"
    http_insight.clock.advance(301)
    http_insight.visitor("gus").type("/insight help", "field-notes")
    http_insight.work()
    assert _caller(http_insight, "gus").person_id == ANALYST


def test_whose_account_was_closed_does_nothing_here(unconnected: InsightApp) -> None:
    with unconnected.database.writing() as session:
        session.get_one(Person, OWNER).deactivated_at = unconnected.now()
        olivia = people.known(session, unconnected.team_id, unconnected.user_id("olivia"))
        assert olivia is not None
        for make_guest in (True, False):
            with pytest.raises(Forbidden, match="has been closed"):
                people.actor(
                    session,
                    olivia,
                    today=unconnected.runtime.today(),
                    now=unconnected.now(),
                    make_guest=make_guest,
                )


@pytest.mark.slack_rule(36)
def test_long_lists_are_read_page_by_page_once_a_day(unconnected: InsightApp) -> None:
    for number in range(450):
        unconnected.workspace.add_person(f"p{number}", email=f"p{number}@example.com")
    asked = len(unconnected.calls("users.list"))
    unconnected.clock.advance(23 * 3600)
    unconnected.work()
    assert len(unconnected.calls("users.list")) == asked
    unconnected.clock.advance(2 * 3600)
    unconnected.work()
    assert len(unconnected.calls("users.list")) == asked + 3
    count = unconnected.read(lambda session: len(session.scalars(select(SlackPerson)).all()))
    assert count == 450 + 7
