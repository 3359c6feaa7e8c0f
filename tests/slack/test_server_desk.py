"""The browser page: a person without Slack can do what people with Slack do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_sdk import WebClient

from tests.fixtures.live import PHONE, open_page
from tests.slack.bulletin import Bulletin
from tests.slack_server.server import SlackServer
from tests.slack_server.workspace import Workspace

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(
    chromium: Browser, http_app: Bulletin, slack_server: SlackServer, acme: Workspace
) -> Iterator[Page]:
    """The workspace on a phone, as Rita."""
    page = open_page(chromium, PHONE)
    page.goto(f"{slack_server.address}/?as=rita")
    yield page
    page.context.close()


def send(page: Page, text: str, box: str = "Message") -> None:
    page.get_by_label(box).fill(text)
    page.get_by_role("button", name="Send").click()


def test_a_note_goes_from_the_command_over_the_form_to_the_taken_card(desk: Page) -> None:
    send(desk, "/insight Acme cut prices")
    form = desk.get_by_role("dialog", name="New note")
    expect(form.get_by_label("Note")).to_have_value("Acme cut prices")
    form.get_by_label("Search").press_sequentially("geo")
    expect(form.get_by_role("option", name="Georgia")).to_be_attached()
    form.get_by_label("Territory").select_option("Georgia")
    form.get_by_role("button", name="Save").click()

    card = desk.get_by_role("article").filter(has_text="Acme cut prices")
    card.get_by_role("button", name="Take it").click()

    expect(card).to_contain_text("taken by rita")
    expect(desk.get_by_text("Only visible to you")).to_be_visible()


def test_a_form_says_what_is_missing_and_can_be_left(desk: Page) -> None:
    desk.get_by_role("button", name="Capture an insight").click()
    form = desk.get_by_role("dialog")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_have_text("Note: Please complete this required field.")

    form.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_threads_reactions_edits_and_the_home_work(desk: Page, http_app: Bulletin) -> None:
    send(desk, "They pay by the truck")
    message = desk.get_by_role("article")
    message.get_by_text("More").click()
    message.get_by_label("Emoji").fill("bulb")
    message.get_by_role("button", name="React").click()
    expect(message).to_contain_text(":bulb: 1")
    message.get_by_text("More").click()
    message.get_by_label("Text").fill("They pay by the ton")
    message.get_by_role("button", name="Edit").click()
    expect(message).to_contain_text("They pay by the ton (edited)")
    message.get_by_text("More").click()
    message.get_by_role("link", name="Reply in thread").click()
    send(desk, "Here too", "Reply")
    expect(desk.get_by_role("article")).to_have_count(2)

    desk.get_by_role("button", name="Home").click()
    expect(desk.get_by_role("heading", name="My notes")).to_be_visible()


def test_a_command_that_fails_says_so(desk: Page) -> None:
    send(desk, "/insight slow")
    expect(desk.get_by_role("alert")).to_contain_text("operation_timeout")


def test_text_that_calls_people_is_marked(desk: Page, client: WebClient, acme: Workspace) -> None:
    client.chat_postMessage(channel=acme.channel("field-notes").id, text="<!channel> look")

    expect(desk.get_by_text("Calls people: <!channel>")).to_be_visible()
    expect(desk.locator("mark.live")).to_have_text("@channel")
