"""The board of topics in a browser: by mouse, by keys, by thumb, and without JavaScript."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from insights.http.runtime import Runtime
from insights.models import TopicState
from insights.services import topics
from insights.services.access import load_actor
from tests.browser.arrived import person
from tests.browser.axe import violations
from tests.drafts import posted
from tests.fixtures.live import DESKTOP, PHONE, Site, open_page

pytestmark = pytest.mark.browser


@pytest.fixture
def topic(site: Site, word: str) -> int:
    """An open topic that the word in its title finds alone, with a note."""
    runtime: Runtime = site.app.extensions["insights"]
    now = datetime.now(UTC)
    with runtime.database.writing() as session:
        rep, analyst = (
            load_actor(session, person(site, one).id, today=now.date())
            for one in ("rep", "marketing")
        )
        note_id = posted(session, rep, f"{word} is what they ask for", now=now)
        made = topics.open_topic(
            session, analyst, title=f"Why {word}?", note_ids=[note_id], now=now
        )
    return made.id


@pytest.fixture
def desk(site: Site, chromium: Browser, topic: int, word: str) -> Page:
    """The board on the analyst's desktop, with that topic alone."""
    page = open_page(chromium, DESKTOP)
    site.sign_in(page, "marketing")
    page.goto(f"{site.address}/topics?q={word}")
    return page


def state_of(site: Site, topic_id: int) -> TopicState:
    """How far the topic is."""
    runtime: Runtime = site.app.extensions["insights"]
    with runtime.database.reading() as session:
        me = load_actor(session, person(site, "marketing").id, today=runtime.today())
        return topics.get(session, me, topic_id).state


def column(page: Page, state: str) -> Locator:
    """A column of the board."""
    return page.locator(f".board-column[data-state={state}]")


def test_a_card_is_moved_by_keys(site: Site, desk: Page, topic: int, word: str) -> None:
    card = desk.locator(f"#topic-{topic}")
    link = card.get_by_role("link", name=f"Why {word}?")
    link.focus()
    desk.keyboard.press("Shift+ArrowRight")
    expect(column(desk, "in-progress").locator(f"#topic-{topic}")).to_be_visible()
    # The cursor stays with the card, and what happened is said.
    expect(link).to_be_focused()
    expect(desk.locator("#board-said")).to_contain_text(f"“Why {word}?” is in “In progress” now")
    assert state_of(site, topic) is TopicState.IN_PROGRESS
    desk.keyboard.press("m")
    choice = card.get_by_role("combobox")
    expect(choice).to_be_focused()
    choice.select_option("closed")
    card.get_by_role("button", name="Move").click()
    expect(column(desk, "closed").locator(f"#topic-{topic}")).to_be_visible()
    assert state_of(site, topic) is TopicState.CLOSED
    desk.context.close()


def test_a_card_is_moved_by_mouse(site: Site, desk: Page, topic: int) -> None:
    desk.locator(f"#topic-{topic}").drag_to(column(desk, "in-progress"))
    expect(column(desk, "in-progress").locator(f"#topic-{topic}")).to_be_visible()
    assert state_of(site, topic) is TopicState.IN_PROGRESS
    desk.context.close()


def test_what_has_no_answer_is_answered_first(site: Site, desk: Page, topic: int) -> None:
    desk.locator(f"#topic-{topic}").drag_to(column(desk, "answered"))
    desk.wait_for_url(f"{site.address}/topics/{topic}/answer")
    field = desk.get_by_label("Answer", exact=True)
    field.fill("Because it is **short**.")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.locator("#preview strong")).to_have_text("short")
    desk.get_by_role("button", name="Save and mark as answered").click()
    desk.wait_for_url(f"{site.address}/topics/{topic}#answer")
    assert state_of(site, topic) is TopicState.ANSWERED
    desk.context.close()


def test_a_phone_without_javascript_moves_a_card_too(
    site: Site, chromium: Browser, topic: int, word: str
) -> None:
    context = chromium.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]}, java_script_enabled=False
    )
    page = context.new_page()
    site.sign_in(page, "marketing")
    page.goto(f"{site.address}/topics?q={word}")
    expect(column(page, "closed")).to_be_hidden()
    card = page.locator(f"#topic-{topic}")
    card.locator("summary").click()
    card.get_by_role("combobox").select_option("closed")
    card.get_by_role("button", name="Move").click()
    page.get_by_role("link", name="Closed").click()
    expect(column(page, "closed").locator(f"#topic-{topic}")).to_be_visible()
    assert state_of(site, topic) is TopicState.CLOSED
    context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [pytest.param(PHONE, "light"), pytest.param(DESKTOP, "dark")]
)
def test_its_pages_are_usable_by_everyone(
    site: Site, chromium: Browser, topic: int, size: dict[str, int], scheme: str
) -> None:
    page = open_page(chromium, size, scheme)
    site.sign_in(page, "marketing")
    complaints: list[str] = []
    for address in (
        "", "?view=list", "?q=nothing+like+this", "/new", "/choose", f"/{topic}",
        f"/{topic}/edit", f"/{topic}/answer", f"/{topic}/merge",
    ):  # fmt: skip
        page.goto(f"{site.address}/topics{address}")
        complaints += [f"{address}: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{address}: scrolls sideways")
    page.context.close()
    assert complaints == []
