"""The place of a note: only with consent, only its own, and never in the way."""

import pytest
from playwright.sync_api import expect

from tests.browser.arrived import until_arrived
from tests.browser.capture_form import Form
from tests.browser.devices import eventually, in_store

pytestmark = pytest.mark.browser

ATLANTA = (33.75, -84.39)
# A phone that takes its time: the place is told when the test says so.
SLOW = """
  const answers = [];
  navigator.geolocation.getCurrentPosition = (found) => {
    const number = answers.length;
    answers.push(() => found({ coords: { latitude: 30 + number, longitude: -84 } }));
  };
  window.tellPlace = (number) => answers[number]();
  window.askedForPlace = () => answers.length;
"""
DRAFT = "notes.getAll()"


@pytest.fixture
def placed(rep: Form) -> Form:
    """A form whose person has switched on that notes carry their place."""
    context = rep.page.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": ATLANTA[0], "longitude": ATLANTA[1]})
    return switched(rep.open(), on=True)


def switched(form: Form, *, on: bool) -> Form:
    form.button("More").click()
    form.page.get_by_role("switch", name="Use my place").set_checked(on)
    form.page.keyboard.press("Escape")
    form.text.focus()
    return form


def draft_place(form: Form) -> tuple[float | None, float | None] | None:
    drafts = [one for one in in_store(form.page, DRAFT) if one["state"] == "draft"]
    return (drafts[0]["latitude"], drafts[0]["longitude"]) if drafts else None


def until_draft_has(form: Form, place: tuple[float | None, float | None]) -> None:
    for _ in range(50):
        if draft_place(form) == place:
            return
        form.page.wait_for_timeout(50)
    raise AssertionError(f"the draft has {draft_place(form)}")


def places(form: Form, word: str, count: int) -> list[tuple[float | None, float | None]]:
    notes = until_arrived(form.page, form.site, word, count)
    return [(note.latitude, note.longitude) for note in notes]


def send(form: Form, text: str) -> None:
    form.write(text)
    form.save()
    expect(form.receipt).to_contain_text(text)
    expect(form.receipt).to_contain_text("Sent")
    expect(form.text).to_have_value("")


def test_switched_off_takes_it_from_the_draft_and_from_all_that_follow(
    placed: Form, word: str
) -> None:
    placed.write(f"First {word}")
    until_draft_has(placed, ATLANTA)
    switched(placed, on=False)
    until_draft_has(placed, (None, None))
    placed.save()
    expect(placed.receipt).to_contain_text("Sent")
    send(placed, f"Second {word}")
    placed.open()
    send(placed, f"Third {word}")
    assert places(placed, word, 3) == [(None, None)] * 3


def test_switched_off_in_another_tab_counts_here(placed: Form, word: str) -> None:
    other = Form(placed.page.context.new_page(), placed.site)
    switched(other.open(), on=False)
    placed.page.bring_to_front()
    send(placed, f"First {word}")
    assert places(placed, word, 1) == [(None, None)]


def test_taken_back_in_the_browser_keeps_nobody_from_saving(placed: Form, word: str) -> None:
    placed.write(f"First {word}")
    until_draft_has(placed, ATLANTA)
    placed.save()
    expect(placed.receipt).to_contain_text("Sent")
    placed.page.context.clear_permissions()
    send(placed, f"Second {word}")
    placed.button("More").click()
    expect(placed.page.locator("[data-place-field]")).to_contain_text(
        "This phone does not allow it, so notes go without a place."
    )
    assert places(placed, word, 2) == [ATLANTA, (None, None)]


class TestAPlaceThatComesLate:
    @pytest.fixture
    def slow(self, rep: Form) -> Form:
        rep.page.add_init_script(SLOW)
        form = switched(rep.open(), on=True)
        form.page.evaluate("tellPlace(0)")
        return form.open()

    def test_is_not_that_of_the_next_note(self, slow: Form, word: str) -> None:
        slow.write(f"First {word}")
        eventually(slow.page, "askedForPlace() === 1")
        slow.save()
        expect(slow.receipt).to_contain_text("Sent")
        expect(slow.text).to_have_value("")
        slow.page.evaluate("tellPlace(0)")
        slow.write(f"Second {word}")
        eventually(slow.page, "askedForPlace() === 2")
        slow.page.evaluate("tellPlace(1)")
        until_draft_has(slow, (31, -84))
        slow.save()
        assert places(slow, word, 2) == [(None, None), (31, -84)]

    def test_is_not_asked_for_when_a_draft_comes_back(self, slow: Form, word: str) -> None:
        slow.write(f"First {word}")
        eventually(slow.page, "askedForPlace() === 1")
        slow.open()
        expect(slow.text).to_have_value(f"First {word}")
        slow.save()
        expect(slow.receipt).to_contain_text("Sent")
        assert slow.page.evaluate("askedForPlace()") == 0
        assert places(slow, word, 1) == [(None, None)]

    def test_is_asked_for_anew_when_the_box_was_emptied(self, slow: Form, word: str) -> None:
        slow.write("Of no use")
        eventually(slow.page, "askedForPlace() === 1")
        slow.page.evaluate("tellPlace(0)")
        until_draft_has(slow, (30, -84))
        slow.text.fill("")
        slow.page.evaluate("dispatchEvent(new Event('pagehide'))")  # as when it is left
        until_draft_has(slow, (30, -84))
        slow.write(f"First {word}")
        eventually(slow.page, "askedForPlace() === 2")
        slow.page.evaluate("tellPlace(1)")
        until_draft_has(slow, (31, -84))
        slow.save()
        assert places(slow, word, 1) == [(31, -84)]
