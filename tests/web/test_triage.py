"""The inbox on its page: who has one, how decisions are made there and on the page of a note."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from insights.models import TriageState
from insights.services import news, triage
from insights.services.access import Actor
from insights.services.triage import TriageView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of, is_checked, text_of

ClientOf = Callable[[Actor], Browser]
PARTIAL = {"HX-Request": "true"}
LATER = NOW + timedelta(minutes=3)
# What differs between databases is tried in tests/services.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def analyst(characters: Characters, client_of: ClientOf) -> Browser:
    """The analyst's browser."""
    return client_of(characters.analyst)


def routed(stage: Stage, author: Actor, text: str) -> UUID:
    """A note in the inbox."""
    note_id = stage.post(author, text)
    with stage.database.writing() as session:
        triage.open_notes(session, [note_id], now=stage.clock.now)
    return note_id


def decided(stage: Stage, actor: Actor, note_id: UUID, state: str) -> None:
    """Somebody has decided elsewhere."""
    with stage.database.writing() as session:
        triage.decide(session, actor, note_id, TriageState(state), now=stage.clock.now)


def now_of(stage: Stage, note_id: UUID) -> TriageView:
    """How far the note is."""
    with stage.database.reading() as session:
        return triage.views_of(session, [note_id])[note_id]


def press(browser: Browser, note_id: UUID, state: str, **fields: str) -> TestResponse:
    """Presses a button of the note's row, as htmx sends it."""
    page = browser.get("/inbox")
    token = html_of(page).split('name="csrf-token" content="')[1].split('"')[0]
    data = {"csrf_token": token, "state": state, **fields}
    return browser.post(f"/inbox/{note_id}", data=data, headers=PARTIAL)


class TestTheList:
    def test_is_for_those_who_decide(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        routed(stage, characters.stranger, "They pay by the truck")
        for actor in characters.everyone:
            browser = client_of(actor)
            answer = browser.get("/inbox")
            may = actor.role.value != "rep"
            assert answer.status_code == (200 if may else 403)
            assert ('href="/inbox"' in html_of(browser.get("/"))) is may
        # The note lies outside of the manager's territories.
        assert "truck" not in text_of(client_of(characters.manager).get("/inbox"))

    def test_shows_each_state_on_its_own_tab_with_its_count(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        waiting, taken = (routed(stage, characters.owner, text) for text in ("Open one", "Mine"))
        decided(stage, characters.analyst, taken, "taken")
        page = text_of(analyst.get("/inbox"))
        assert "New 1 Taken 1 Already known Done" in page
        assert "Open one" in page
        assert "Mine" not in page
        taken_page = text_of(analyst.get("/inbox?state=taken"))
        assert "Taken by Anna Analyst just now" in taken_page
        assert "1 note waits for a decision" in text_of(analyst.get("/")).replace("  ", " ")
        assert now_of(stage, waiting).state is TriageState.NEW

    def test_keeps_its_filters(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        routed(stage, characters.owner, "Ionfield in Georgia")
        routed(stage, characters.stranger, "Acme in Nevada")
        page = analyst.get("/inbox?territory=southeast&competitor=ionfield&kind=competitor")
        assert "Ionfield in Georgia" in text_of(page)
        assert "Acme in Nevada" not in text_of(page)
        assert "state=done&amp;territory=southeast&amp;kind=competitor" in html_of(page)
        nothing = text_of(analyst.get("/inbox?territory=florida"))
        assert "No note fits these filters" in nothing

    def test_goes_on_with_what_follows(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        for number in range(21):
            routed(stage, characters.owner, f"Note number {number}")
        page = html_of(analyst.get("/inbox"))
        following = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
        more = html_of(analyst.get(following, headers=PARTIAL))
        assert more.count('class="inbox-item"') == 1
        assert "<html" not in more

    def test_says_what_to_do_when_it_is_empty(self, analyst: Browser) -> None:
        page = analyst.get("/inbox")
        assert "No route brings notes here yet" in text_of(page)
        assert 'href="/routes/new?for=all"' in html_of(page)

    def test_tells_how_long_notes_wait(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        stage.clock.now = LATER
        decided(stage, characters.analyst, note_id, "done")
        assert "a first decision within 3 minutes (1 note" in text_of(analyst.get("/inbox"))


class TestDecidingOnARow:
    def test_answers_with_the_row_and_the_counts(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        answer = press(analyst, note_id, "taken", version="1")
        assert "Taken by Anna Analyst" in text_of(answer)
        assert f'id="inbox-{note_id}"' in html_of(answer)
        assert 'name="undo"' in html_of(answer)
        assert "New Taken 1" in text_of(answer)
        assert now_of(stage, note_id).state is TriageState.TAKEN
        undone = press(analyst, note_id, "new", version="2", undo="1")
        assert 'name="undo"' not in html_of(undone)
        assert now_of(stage, note_id).state is TriageState.NEW

    def test_shows_who_was_there_before(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        decided(stage, characters.manager, note_id, "taken")
        stage.clock.now = LATER
        answer = press(analyst, note_id, "done", version="1")
        told = "Manuel Manager took it already, 3 minutes ago. Look at it again, then decide."
        assert told in text_of(answer)
        assert "Take it over" in text_of(answer)
        assert now_of(stage, note_id).state is TriageState.TAKEN

    def test_works_without_javascript(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        address = f"/inbox/{note_id}?territory=georgia"
        answer = analyst.submit(address, "/inbox", state="already-known", version="1")
        assert (answer.status_code, answer.location) == (303, "/inbox?territory=georgia")
        assert now_of(stage, note_id).state is TriageState.ALREADY_KNOWN
        analyst.submit(address, "/inbox", state="done", version="1")
        told = "You said that it is known already, just now. Look at it again, then decide."
        assert told in text_of(analyst.get("/inbox"))

    def test_refuses_what_is_no_decision(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        assert press(analyst, note_id, "lost").status_code == 422
        assert now_of(stage, note_id).version == 1


class TestDecidingAboutSeveral:
    def test_tells_how_many_and_which_were_not(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        ids = [routed(stage, characters.owner, f"Note {number}") for number in range(3)]
        decided(stage, characters.manager, ids[2], "taken")
        selected = [f"{one}~1" for one in ids] + ["nonsense", f"{ids[0]}~x"]
        token = html_of(analyst.get("/inbox")).split('name="csrf-token" content="')[1].split('"')[0]
        data = {"csrf_token": token, "state": "done", "note": selected}
        answer = analyst.post("/inbox/decisions", data=data, headers=PARTIAL)
        words = text_of(answer)
        assert "2 notes are done. 1 was not changed: Manuel Manager took it already" in words
        assert html_of(answer).count('hx-swap-oob="true"') == 3 + 1 + 2
        assert [now_of(stage, one).state.value for one in ids] == ["done", "done", "taken"]

    def test_works_without_javascript(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        answer = analyst.submit("/inbox/decisions", "/inbox", state="taken", note=f"{note_id}~1")
        assert answer.location == "/inbox"
        assert "1 note is yours now." in text_of(analyst.get("/inbox"))
        analyst.submit("/inbox/decisions", "/inbox", state="taken")
        assert "No note was selected." in text_of(analyst.get("/inbox"))


class TestOnThePageOfANote:
    def test_everyone_sees_how_far_it_is_and_some_decide(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        for actor in (characters.member, characters.manager):
            page = client_of(actor).get(f"/notes/{note_id}")
            assert "Came into the inbox" in text_of(page)
            assert ("Take it" in text_of(page)) is (actor is characters.manager)

    def test_a_decision_leads_back_to_it(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = stage.post(characters.owner, "Never routed")
        page = f"/notes/{note_id}"
        assert "Not in the inbox" in text_of(analyst.get(page))
        answer = analyst.submit(f"/inbox/{note_id}", page, state="taken", part="note")
        assert answer.location == f"{page}#triage"
        assert "Taken by Anna Analyst" in text_of(analyst.get(page))
        part = press(analyst, note_id, "done", part="note", version="2")
        assert "Done, says Anna Analyst" in text_of(part)
        assert "<html" not in html_of(part)


class TestItsAuthor:
    def test_reads_who_took_it_up_among_their_notes(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = routed(stage, characters.owner, "Open one")
        decided(stage, characters.analyst, note_id, "taken")
        owner = client_of(characters.owner)
        page = text_of(owner.get("/mine?news=1"))
        assert "Taken up by Anna Analyst" in page
        assert "Anna Analyst has taken it up" in page
        decided(stage, characters.analyst, note_id, "new")
        assert "Anna Analyst put it back into the inbox" in text_of(owner.get("/mine"))

    def test_chooses_how_to_hear_of_it(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        owner = client_of(characters.owner)
        page = owner.get("/me/settings")
        assert is_checked(page, "told_by", "page")
        assert "In Slack" not in text_of(page)
        kept = owner.submit("/me/news", "/me/settings", told_by="mail")
        assert kept.location == "/me/settings"
        assert is_checked(owner.get("/me/settings"), "told_by", "mail")
        for wrong in ("slack", "pigeon"):
            assert owner.submit("/me/news", "/me/settings", told_by=wrong).status_code == 422
        with stage.database.reading() as session:
            assert news.telling(session, characters.owner).by.value == "mail"
