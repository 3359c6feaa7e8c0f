"""The brief on a phone: kept by a press, kept by itself for whoever takes over, read without a
signal, and gone with the person."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from insights.http.runtime import Runtime
from insights.models import Assignment, Handover, HandoverRead, Person, Territory
from insights.services import assignments, exit_interview, handovers
from insights.services.access import OPERATOR, Actor, load_actor
from insights.services.exit_interview import Answer
from insights.services.handover_checks import NewHandover
from insights.services.must_knows import Prompt
from tests.browser.devices import equip, kept, sign_out
from tests.fixtures.live import Site

pytestmark = pytest.mark.browser

BRIEF = "/briefs/territories/florida"
TOLD = "Never call them before nine"
# Whether the copy of that address on the device has a line that is ticked off.
KEPT_TICKED = """async (address) => {
  const copy = await caches.match(address);
  return Boolean(copy) && / checked disabled/.test(await copy.text());
}"""


def actor(session: Session, runtime: Runtime, person_id: int) -> Actor:
    return load_actor(session, person_id, today=runtime.today())


@pytest.fixture(scope="module")
def handover(site: Site) -> Iterator[str]:
    """The address of a handover of Florida to the rep, which is done; afterwards all is as before,
    because other tests play in the same site."""
    runtime: Runtime = site.app.extensions["insights"]
    now, today = runtime.clock(), runtime.today()
    with runtime.database.writing() as session:
        florida = session.scalars(select(Territory.id).where(Territory.slug == "florida")).one()
        rep = session.scalars(select(Person.id).where(Person.email == "rep@example.com")).one()
        held = assignments.list_holders(session, OPERATOR, today=today, territory_ids=[florida])
        leaver = held[florida][0].person_id
        [made] = handovers.prepare(
            session, OPERATOR, [NewHandover(florida, rep)], from_id=leaver, on=today,
            now=now, today=today,
        )  # fmt: skip
        exit_interview.tell(
            session, actor(session, runtime, leaver), made.id,
            Answer(uuid4(), Prompt.IN_THE_CAR, TOLD), now=now,
        )  # fmt: skip
        handovers.carry_out(session, OPERATOR, made.id, now=now, today=today)
    yield f"/handovers/{made.id}"
    with runtime.database.writing() as session:
        of_florida = Assignment.territory_id == florida
        session.execute(delete(Assignment).where(of_florida, Assignment.person_id == rep))
        former = update(Assignment).where(of_florida, Assignment.person_id == leaver)
        session.execute(former.where(Assignment.until == today).values(until=None))
        session.execute(delete(HandoverRead).where(HandoverRead.handover_id == made.id))
        session.execute(delete(Handover).where(Handover.id == made.id))


@pytest.fixture
def device(site: Site, phone: Page) -> Page:
    """The phone of a rep, with everything kept."""
    return equip(phone, site, "rep")


def test_a_brief_is_kept_by_a_press_and_let_go_by_another(site: Site, device: Page) -> None:
    device.goto(site.address + BRIEF)
    device.get_by_role("button", name="Keep on this device").click()
    expect(device.get_by_role("button", name="Remove from this device")).to_be_visible()
    assert BRIEF in kept(device)
    device.context.set_offline(True)
    device.goto(site.address + BRIEF)
    expect(device.locator("h1")).to_have_text("Brief of Florida")
    expect(device.locator("#messages")).to_contain_text("Saved copy, as of")
    device.context.set_offline(False)
    device.goto(site.address + BRIEF)
    device.get_by_role("button", name="Remove from this device").click()
    expect(device.get_by_role("button", name="Keep on this device")).to_be_visible()
    assert BRIEF not in kept(device)


def test_what_was_not_kept_is_not_there(site: Site, device: Page) -> None:
    device.goto(site.address + BRIEF)
    device.context.set_offline(True)
    device.goto(site.address + BRIEF)
    expect(device.locator("h1")).to_have_text("No connection")


def test_the_brief_of_a_handover_is_kept_by_being_opened(
    site: Site, device: Page, handover: str
) -> None:
    device.goto(site.address + handover)
    expect(device.get_by_role("button", name="Remove from this device")).to_be_visible()
    device.context.set_offline(True)
    device.goto(site.address + handover)
    expect(device.locator("#must-knows")).to_contain_text(TOLD)
    expect(device.locator("#messages")).to_contain_text("Saved copy, as of")


def test_a_line_that_cannot_be_sent_is_not_ticked_off(
    site: Site, device: Page, handover: str
) -> None:
    device.goto(site.address + handover)
    device.context.set_offline(True)
    box = device.locator(".brief-tick input:not(:disabled)").first
    box.click()
    expect(device.locator("#messages")).to_contain_text("so nothing was changed")
    expect(box).not_to_be_checked()
    device.context.set_offline(False)


def test_a_line_is_ticked_off_and_stays_so(site: Site, device: Page, handover: str) -> None:
    device.goto(site.address + handover)
    box = device.get_by_role("checkbox", name=f"Read: {TOLD}")
    with device.expect_response(f"**{handover}/read"):
        box.check()
    for _ in range(100):
        if device.evaluate(KEPT_TICKED, handover):
            break
        device.wait_for_timeout(100)
    device.context.set_offline(True)
    device.goto(site.address + handover)
    expect(box).to_be_checked()


def test_signing_out_removes_what_was_chosen(site: Site, device: Page) -> None:
    device.goto(site.address + BRIEF)
    device.get_by_role("button", name="Keep on this device").click()
    expect(device.get_by_role("button", name="Remove from this device")).to_be_visible()
    sign_out(device)
    device.wait_for_url("**/sign-in")
    assert kept(device) == set()
