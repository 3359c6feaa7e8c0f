"""The battlecard on pages: read by everyone, written in place by those who keep it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from insights.models import Audience, CardSection
from insights.services import battlecard_lines, battlecards
from insights.services.access import Actor
from insights.services.battlecards import LineView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import IONFIELD, NOW
from tests.services.battlecard_lines import added
from tests.web.pages import html_of, text_of, textarea_of, value_of
from tests.web.reading import links_on, notes_on, page_text

BrowserOf = Callable[[Actor], Browser]
Add = Callable[..., LineView]
CARD = "/competitors/ionfield"
CURATORS = {"analyst", "manager", "admin"}


@pytest.fixture
def add(stage: Stage, characters: Characters) -> Add:
    """Writes a line as the analyst, behind the pages' back."""

    def write(text: str = "Four people in Atlanta", **fields: Any) -> LineView:
        with stage.database.writing() as session:
            return added(session, characters.analyst, text, **fields)

    return write


@pytest.fixture
def analyst(client_of: BrowserOf, characters: Characters) -> Browser:
    return client_of(characters.analyst)


@pytest.fixture
def owner(client_of: BrowserOf, characters: Characters) -> Browser:
    return client_of(characters.owner)


def line_of(stage: Stage, reader: Actor, line: LineView) -> LineView:
    """The line as it is by now."""
    with stage.database.reading() as session:
        return battlecards.line(session, reader, line.id, now=stage.clock.now)


def lines_on(answer: TestResponse) -> list[str]:
    """The words of each line of a card, in order."""
    found = re.findall(r'<li class="card-line".*?</li>(?!\s*<li>)', html_of(answer), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


class TestTheCard:
    def test_shows_lines_with_what_they_rest_on(
        self, stage: Stage, characters: Characters, owner: Browser, add: Add
    ) -> None:
        stage.clock.now = NOW - timedelta(days=12)
        note_id = stage.post(characters.owner, "Ionfield has four people")
        stage.clock.now = NOW
        add("Four **people**", note_ids=[note_id])
        add("They are fast", section=CardSection.OBJECTIONS, reply="So are we")
        page = owner.get(CARD)
        text = page_text(page)
        assert "Battlecard 2 lines, none stale Facts Four people last seen 12 days ago" in text
        assert "in Georgia 1 note Ionfield has four people" in text
        assert "They say They are fast We answer So are we" in text
        assert "written today, no note yet" in text
        assert "<strong>people</strong>" in html_of(page)
        assert links_on(page)["Ionfield has four people"] == f"/notes/{note_id}"
        assert links_on(page)["One-pager"] == "/battlecards/ionfield/print"

    def test_hides_lines_that_rest_on_sealed_notes_everywhere(
        self, stage: Stage, characters: Characters, client_of: BrowserOf, add: Add
    ) -> None:
        sealed = stage.post(characters.stranger, "Ionfield", audience=Audience.SEALED)
        line = add("Top secret", note_ids=[sealed])
        for name, actor in vars(characters).items():
            browser = client_of(actor)
            sees = name in {"stranger", "analyst", "admin"}
            for address in (CARD, "/battlecards/ionfield/print"):
                assert ("Top secret" in text_of(browser.get(address))) is sees, (name, address)
            for address, keeping in (
                (f"/battlecards/lines/{line.id}", False),
                (f"/battlecards/lines/{line.id}/history", False),
                (f"/battlecards/lines/{line.id}/edit", True),
                (f"/battlecards/lines/{line.id}/notes", True),
            ):
                status = browser.get(address).status_code
                refused = keeping and name not in CURATORS
                assert status == (404 if not sees else 403 if refused else status), address
                assert sees or status == 404
                assert not sees or refused or status in (200, 303)

    def test_offers_deeds_to_those_who_keep_it(
        self, characters: Characters, client_of: BrowserOf, add: Add
    ) -> None:
        line = add()
        for name, actor in vars(characters).items():
            html = html_of(client_of(actor).get(CARD))
            assert (f"/battlecards/lines/{line.id}/edit" in html) is (name in CURATORS)
            assert ("Add a line" in html) is (name in CURATORS)

    def test_invites_to_the_first_line(self, owner: Browser, analyst: Browser) -> None:
        assert "Nothing is written about Ionfield yet" in page_text(owner.get(CARD))
        text = page_text(analyst.get(CARD))
        assert "What is known for certain" in text
        assert "One-pager" not in text

    def test_shows_text_as_text(self, owner: Browser, add: Add) -> None:
        add("<script>x</script> [y](javascript:alert)")
        html = html_of(owner.get(CARD))
        assert "<script>x" not in html
        assert 'href="javascript' not in html

    def test_takes_the_same_queries_however_long(
        self, stage: Stage, owner: Browser, add: Add, count_queries: Counter
    ) -> None:
        add()
        owner.get(CARD)
        with count_queries(stage.database) as few:
            owner.get(CARD)
        for number in range(9):
            add(f"Line {number}")
        with count_queries(stage.database) as many:
            owner.get(CARD)
        assert len(many) == len(few)


class TestWriting:
    def test_a_line_is_added_from_a_section(
        self, stage: Stage, analyst: Browser, characters: Characters
    ) -> None:
        address = "/battlecards/ionfield/lines/new"
        form = analyst.get(f"{address}?section=pricing")
        assert '<option value="pricing" selected>' in html_of(form)
        assert '<option value="price" selected>' in html_of(form)
        answer = analyst.submit(address, section="pricing", type="price", text="40 a month")
        assert answer.status_code == 303
        assert answer.location.startswith(f"{CARD}#line-")
        text = page_text(analyst.get(CARD))
        assert "The line is added. Cite the notes it rests on." in text
        assert "Pricing seen 40 a month" in text

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"text": " "}, "Text: Say what is known"),
            ({"shelf_days": "soon"}, "Days: Give a whole number of days, or leave it empty."),
            ({"shelf_days": "99999"}, "Days: Give a whole number of days from 1 to 3,650."),
            ({"reply": "So are we"}, "Answer: Only an objection has an answer."),
        ],
    )
    def test_what_is_refused_comes_back_as_it_was_sent(
        self, analyst: Browser, add: Add, given: dict[str, str], words: str
    ) -> None:
        line = add()
        sent = {"section": "facts", "type": "other", "text": "New words", **given}
        for address in (
            "/battlecards/ionfield/lines/new",
            f"/battlecards/lines/{line.id}/edit",
        ):
            answer = analyst.submit(address, **{"version": "1", **sent})
            assert answer.status_code == 422
            assert words in text_of(answer)
            assert textarea_of(answer, "text") == sent["text"]
            assert value_of(answer, "shelf_days") == sent.get("shelf_days", "")

    def test_a_line_is_changed_where_it_stands(
        self, stage: Stage, analyst: Browser, characters: Characters, add: Add
    ) -> None:
        line = add()
        address = f"/battlecards/lines/{line.id}/edit"
        htmx = {"HX-Request": "true"}
        part = analyst.get(address, headers=htmx)
        assert html_of(part).lstrip().startswith("<li")
        assert textarea_of(part, "text") == "Four people in Atlanta"
        token = value_of(part, "csrf_token")
        sent = {"section": "facts", "type": "people", "text": "Five people", "version": "1"}
        answer = analyst.post(address, data={"csrf_token": token, **sent}, headers=htmx)
        assert answer.status_code == 200
        assert lines_on(answer)[0].startswith("Five people written today")
        assert line_of(stage, characters.member, line).text == "Five people"

    def test_a_line_that_somebody_changed_comes_back_as_typed_with_what_it_says_now(
        self, stage: Stage, analyst: Browser, characters: Characters, add: Add
    ) -> None:
        line = add()
        with stage.database.writing() as session:
            battlecard_lines.change_line(
                session, characters.manager, line_id=line.id, version=1, text="Theirs", now=NOW
            )
        address = f"/battlecards/lines/{line.id}/edit"
        sent = {"section": "facts", "type": "other", "text": "Mine", "version": "1"}
        answer = analyst.submit(address, **sent)
        assert answer.status_code == 409
        assert "Manuel Manager changed this line just now" in text_of(answer)
        assert "How the line reads now Theirs" in text_of(answer)
        assert textarea_of(answer, "text") == "Mine"
        version = value_of(answer, "version")
        assert analyst.submit(address, **{**sent, "version": version}).status_code == 303
        assert line_of(stage, characters.analyst, line).text == "Mine"

    def test_lines_are_put_in_order_archived_and_restored(self, analyst: Browser, add: Add) -> None:
        first, second = add("First"), add("Second")
        analyst.submit(f"/battlecards/lines/{second.id}/move", CARD, up="1")
        assert [one.split()[0] for one in lines_on(analyst.get(CARD))] == ["Second", "First"]
        analyst.submit(f"/battlecards/lines/{first.id}/archive", CARD)
        page = analyst.get(CARD)
        assert "First" not in " ".join(lines_on(page))
        archived = links_on(page)["1 archived line"]
        assert "First archived just now" in page_text(analyst.get(archived))
        answer = analyst.submit(f"/battlecards/lines/{first.id}/restore", archived)
        assert answer.location == f"{CARD}#line-{first.id}"
        assert "0 archived" not in page_text(analyst.get(CARD))

    def test_the_history_shows_what_was_said_before(
        self, stage: Stage, owner: Browser, characters: Characters, add: Add
    ) -> None:
        line = add("Forty a month")
        with stage.database.writing() as session:
            battlecard_lines.change_line(
                session,
                characters.manager,
                line_id=line.id,
                version=1,
                text="Fifty a month",
                now=NOW,
            )
        page = owner.get(f"/battlecards/lines/{line.id}/history")
        assert "Manuel Manager just now Text Before: Forty a month After: Fifty" in page_text(page)
        assert "<ins><span" in html_of(page)
        assert "Anna Analyst just now Wrote the line." in page_text(page)

    @pytest.mark.parametrize(
        "deed", ["edit", "move", "archive", "restore", "notes", "notes/remove"]
    )
    def test_is_for_those_who_keep_battlecards(
        self,
        stage: Stage,
        characters: Characters,
        client_of: BrowserOf,
        add: Add,
        deed: str,
    ) -> None:
        line = add()
        note_id = stage.post(characters.owner, "Ionfield")
        for name, actor in vars(characters).items():
            fields = {"text": "x", "section": "facts", "type": "other", "note": str(note_id)}
            version = line_of(stage, actor, line).version
            answer = client_of(actor).submit(
                f"/battlecards/lines/{line.id}/{deed}", CARD, version=str(version), **fields
            )
            assert answer.status_code == (303 if name in CURATORS else 403), name


class TestCiting:
    @pytest.fixture
    def note_id(self, stage: Stage, characters: Characters) -> UUID:
        return stage.post(characters.owner, "Ionfield opens an office in Atlanta")

    def test_offers_notes_about_the_competitor_with_these_words(
        self, stage: Stage, analyst: Browser, characters: Characters, add: Add, note_id: UUID
    ) -> None:
        stage.post(characters.owner, "Ionfield halves its price")
        stage.post(characters.owner, "Acme opens an office")
        address = f"/battlecards/lines/{add().id}/notes"
        assert len(notes_on(analyst.get(address))) == 2
        page = analyst.get(f"{address}?q=office")
        assert notes_on(page) == ["Ionfield opens an office in Atlanta"]
        answer = analyst.submit(address, f"{address}?q=office", note=str(note_id), q="office")
        assert answer.location == f"{address}?q=office"
        page = analyst.get(answer.location)
        assert "The note is cited." in page_text(page)
        assert notes_on(page) == []
        analyst.submit(f"{address}/remove", address, note=str(note_id))
        assert "None yet. Choose the notes below" in page_text(analyst.get(address))

    def test_offers_no_note_that_the_keeper_may_not_read(
        self, stage: Stage, client_of: BrowserOf, characters: Characters, add: Add
    ) -> None:
        sealed = stage.post(characters.stranger, "Ionfield secret", audience=Audience.SEALED)
        manager = client_of(characters.manager)
        address = f"/battlecards/lines/{add().id}/notes"
        for query in ("", "?q=secret"):
            assert "Ionfield secret" not in text_of(manager.get(address + query))
        assert manager.submit(address, address, note=str(sealed)).status_code == 404

    def test_asks_before_a_sealed_note_closes_or_opens_a_line(
        self, stage: Stage, analyst: Browser, characters: Characters, add: Add
    ) -> None:
        sealed = stage.post(characters.stranger, "Ionfield secret", audience=Audience.SEALED)
        address = f"/battlecards/lines/{add().id}/notes"
        assert "only those who can read it will see the line. Cite it?" in html_of(
            analyst.get(address)
        )
        analyst.submit(address, address, note=str(sealed))
        assert "without it, more people see the line. Remove it?" in html_of(analyst.get(address))

    def test_goes_from_a_note_to_a_line_or_a_new_one(
        self, analyst: Browser, add: Add, note_id: UUID
    ) -> None:
        line = add()
        page = analyst.get(f"/battlecards/cite?note={note_id}")
        assert "Lines about Ionfield" in page_text(page)
        new = links_on(page)["New line from this note"]
        assert f"note={note_id}" in new
        answer = analyst.submit(
            f"/battlecards/lines/{line.id}/notes",
            f"/battlecards/cite?note={note_id}",
            note=str(note_id),
            then="card",
        )
        assert answer.location == f"{CARD}#line-{line.id}"
        assert "cites it" in page_text(analyst.get(f"/battlecards/cite?note={note_id}"))
        form = analyst.get(new)
        assert "It rests on this note" in page_text(form)
        sent = {"section": "facts", "type": "other", "text": "Office", "note": str(note_id)}
        analyst.submit("/battlecards/ionfield/lines/new", new, **sent)
        assert "Office last seen today in Georgia 1 note" in page_text(analyst.get(CARD))

    def test_from_a_note_asks_for_the_competitor_that_it_does_not_name(
        self, stage: Stage, analyst: Browser, characters: Characters
    ) -> None:
        note_id = stage.post(characters.owner, "Nobody")
        page = analyst.get(f"/battlecards/cite?note={note_id}")
        assert "Choose one" in page_text(page)
        page = analyst.get(f"/battlecards/cite?note={note_id}&competitor=ionfield")
        assert "There is no line about Ionfield yet" in page_text(page)

    def test_is_for_those_who_keep_battlecards_and_notes_that_are(
        self, owner: Browser, analyst: Browser, note_id: UUID
    ) -> None:
        assert owner.get(f"/battlecards/cite?note={note_id}").status_code == 403
        for word in ("", "x", "01890a5d-ac96-774b-bcce-b302099a8057"):
            assert analyst.get(f"/battlecards/cite?note={word}").status_code == 404


class TestTheSheet:
    def test_is_one_page_without_navigation(self, owner: Browser, add: Add) -> None:
        add()
        page = owner.get("/battlecards/ionfield/print")
        text = page_text(page)
        assert "Ionfield Test Telecom · as Olivia Owner may see it on 18 March 2026" in text
        assert "Four people in Atlanta written today, no note yet" in text
        assert 'class="rail"' not in html_of(page)

    def test_of_a_merged_competitor_is_that_of_the_other_one(self, analyst: Browser) -> None:
        analyst.submit(
            "/admin/competitors/ionfield/merge", "/admin/competitors/ionfield", into="acme-telecom"
        )
        answer = analyst.get("/battlecards/ionfield/print")
        assert (answer.status_code, answer.location) == (301, "/battlecards/acme-telecom/print")


def test_what_is_not_there_is_not_found(analyst: Browser) -> None:
    for address in (
        "/battlecards/umbrella/print",
        "/battlecards/umbrella/archived",
        "/battlecards/umbrella/lines/new",
        "/battlecards/lines/99",
        "/battlecards/lines/99999999999999999999/edit",
        "/battlecards/checks/99",
    ):
        assert analyst.get(address).status_code == 404, address


def test_the_card_is_of_one_competitor(analyst: Browser, add: Add) -> None:
    line = add()
    assert line.competitor.id == IONFIELD
    assert "Four people" not in page_text(analyst.get("/competitors/acme-telecom"))
