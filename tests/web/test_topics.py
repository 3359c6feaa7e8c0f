"""Topics on their pages: the board and the list, one topic, and the forms that open, change and
answer it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from insights.models import Audience, TopicState
from insights.services import questions, topic_notes
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ANALYST, MANAGER, NOW, TODAY
from tests.web.deeds import who
from tests.web.pages import html_of, is_checked, text_of, textarea_of, value_of
from tests.web.topics import changed, opened, topic_of

ClientOf = Callable[[Actor], Browser]
PARTIAL = {"HX-Request": "true"}


@pytest.fixture
def analyst(characters: Characters, client_of: ClientOf) -> Browser:
    """The analyst's browser."""
    return client_of(characters.analyst)


class TestTheBoard:
    def test_says_what_a_topic_is_while_there_is_none(
        self, characters: Characters, analyst: Browser, client_of: ClientOf
    ) -> None:
        assert "Open the first topic" in text_of(analyst.get("/topics"))
        for_rep = text_of(client_of(characters.owner).get("/topics"))
        assert "No topic yet" in for_rep
        assert "Open" not in for_rep.split("No topic yet")[1].split("New note")[0]

    def test_has_a_column_for_each_state(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        note_id = stage.post(characters.owner, "Too dear")
        late = opened(
            stage, characters.analyst, "Prices", owner_id=MANAGER, team="Pricing",
            due=TODAY - timedelta(days=2), note_ids=[note_id],
        )  # fmt: skip
        changed(stage, characters.analyst, late, state=TopicState.IN_PROGRESS)
        opened(stage, characters.analyst, "Nobody's")
        page = analyst.get("/topics")
        columns = html_of(page).split('class="board-column')[1:]
        assert len(columns) == 4
        assert "Nobody yet" in columns[0]
        assert "overdue by 2 days" in columns[1]
        assert "Manuel Manager" in columns[1]
        assert "Prices" not in columns[0]
        assert "Open 1 In progress 1 Answered Closed" in text_of(page)

    def test_shows_what_the_reader_may_see(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        opened(stage, characters.admin, "Secret", audience=Audience.SEALED)

        def sees(actor: Actor) -> bool:
            page = text_of(client_of(actor).get("/topics"))
            assert ("Open 1" in page) is ("Secret" in page)
            return "Secret" in page

        assert who(characters, sees) == {"Anna", "Ada"}

    def test_keeps_its_filters(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        opened(stage, characters.analyst, "Prices in the south", owner_id=ANALYST, team="Pricing")
        opened(stage, characters.analyst, "Routers", owner_id=MANAGER)
        page = analyst.get("/topics?mine=1&q=prices&team=pricing")
        assert "Prices in the south" in text_of(page)
        assert "Routers" not in text_of(page)
        assert is_checked(page, "mine", "1")
        # The other view and the tabs keep them too.
        assert "mine=1&amp;team=pricing&amp;q=prices&amp;view=list" in html_of(page)
        assert "No topic fits these filters" in text_of(analyst.get("/topics?overdue=1"))

    def test_is_a_list_as_well_that_goes_on(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        for number in range(21):
            opened(stage, characters.analyst, f"Topic {number}")
        page = html_of(analyst.get("/topics?view=list"))
        assert page.count('class="topic-card"') == 20
        following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert html_of(analyst.get(following)).count('class="topic-card"') == 1
        assert "Back to the first" in text_of(analyst.get(following))

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, stage: Stage, characters: Characters, analyst: Browser, count_queries: Counter
    ) -> None:
        def asked(address: str) -> int:
            analyst.get(address)
            with count_queries(stage.database) as statements:
                analyst.get(address)
            return len(statements)

        notes = [stage.post(characters.owner, f"Note {one}") for one in range(8)]
        topic_id = opened(stage, characters.analyst, note_ids=notes[:2])
        addresses = ("/topics", "/topics?view=list", f"/topics/{topic_id}", "/topics/choose")
        few = [asked(one) for one in addresses]
        for number in range(6):
            opened(stage, characters.analyst, f"Topic {number}", note_ids=notes)
        with stage.database.writing() as session:
            topic_notes.gather(session, characters.analyst, topic_id, notes, now=NOW)
        assert [asked(one) for one in addresses] == few


class TestMoving:
    def test_is_for_those_who_work_on_topics(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        topic_id = opened(stage, characters.analyst)

        def may_move(actor: Actor) -> bool:
            browser = client_of(actor)
            offered = f"/topics/{topic_id}/move" in html_of(browser.get("/topics"))
            answer = browser.submit(f"/topics/{topic_id}/move", "/topics", state="open")
            assert answer.status_code == (303 if offered else 403)
            return offered

        assert who(characters, may_move) == {"Anna", "Manuel", "Ada"}

    def test_leads_back_to_the_board_as_it_was(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        moved = analyst.submit(
            f"/topics/{topic_id}/move?mine=1", "/topics", state="closed", version="1"
        )
        assert moved.location == "/topics?mine=1"
        assert topic_of(stage, characters.analyst, topic_id).state is TopicState.CLOSED

    def test_asks_for_the_answer_first(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        address = f"/topics/{topic_id}/move"
        moved = analyst.submit(address, "/topics", state="answered")
        assert moved.location == f"/topics/{topic_id}/answer"
        token = value_of(analyst.get("/topics"), "csrf_token")
        by_htmx = analyst.post(
            address, data={"csrf_token": token, "state": "answered"}, headers=PARTIAL
        )
        assert by_htmx.headers["HX-Redirect"] == f"/topics/{topic_id}/answer"

    def test_says_who_was_first(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        changed(stage, characters.manager, topic_id, title="Changed meanwhile")
        analyst.submit(f"/topics/{topic_id}/move", "/topics", state="closed", version="1")
        assert "Manuel Manager" in text_of(analyst.get("/topics"))
        assert topic_of(stage, characters.analyst, topic_id).state is TopicState.OPEN


class TestThePage:
    def test_is_seen_by_whoever_may_and_offers_deeds_to_those_who_work(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        topic_id = opened(stage, characters.analyst, "Prices")

        def is_offered(actor: Actor) -> bool:
            page = client_of(actor).get(f"/topics/{topic_id}")
            assert page.status_code == 200
            assert "Add a comment" in text_of(page)
            return "Write the answer" in text_of(page)

        assert who(characters, is_offered) == {"Anna", "Manuel", "Ada"}

    def test_of_a_sealed_topic_does_not_exist_for_others(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        topic_id = opened(stage, characters.manager, "Secret", audience=Audience.SEALED)

        def sees(actor: Actor) -> bool:
            return client_of(actor).get(f"/topics/{topic_id}").status_code == 200

        assert who(characters, sees) == {"Anna", "Manuel", "Ada"}
        page = text_of(client_of(characters.manager).get(f"/topics/{topic_id}"))
        assert "Sealed: only analysts, admins" in page

    def test_shows_the_answer_without_what_could_harm(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        answer = "It is **the price** <script>alert(1)</script> [x](javascript:alert(1))"
        changed(stage, characters.analyst, topic_id, answer=answer)
        page = html_of(analyst.get(f"/topics/{topic_id}"))
        assert "<strong>the price</strong>" in page
        assert "<script>alert" not in page
        assert 'href="javascript' not in page

    def test_has_the_questions_that_were_asked_for_it(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        with stage.database.writing() as session:
            questions.ask(
                session, characters.analyst, text="What do they pay per truck?", until=TODAY,
                topic_id=topic_id, now=NOW, today=TODAY,
            )  # fmt: skip

        def may_ask(actor: Actor) -> bool:
            page = client_of(actor).get(f"/topics/{topic_id}")
            assert "What do they pay per truck?" in text_of(page)
            return f"/questions/new?topic={topic_id}" in html_of(page)

        assert who(characters, may_ask) == {"Anna", "Manuel", "Ada"}

    def test_tells_what_it_said_before(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst, "Prices")
        changed(stage, characters.manager, topic_id, title="Prices and terms")
        page = text_of(analyst.get(f"/topics/{topic_id}"))
        assert "Title was Prices" in page.split("History")[1]
        assert "Manuel Manager" in page.split("History")[1]


class TestTheForms:
    def test_are_for_those_who_work_on_topics(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        pages = ["/topics/new", "/topics/choose"]
        pages += [f"/topics/{topic_id}/{one}" for one in ("edit", "answer", "merge")]

        def gets_all(actor: Actor) -> bool:
            codes = {client_of(actor).get(one).status_code for one in pages}
            assert codes in ({200}, {403})
            return codes == {200}

        assert who(characters, gets_all) == {"Anna", "Manuel", "Ada"}

    def test_open_a_topic(self, stage: Stage, characters: Characters, analyst: Browser) -> None:
        note_id = stage.post(characters.owner, "Too dear")
        form = {"title": "Prices", "owner": str(MANAGER), "team": "Pricing", "due": "2026-04-01"}
        made = analyst.submit("/topics/new", note=str(note_id), query="price", **form)
        view = topic_of(stage, characters.analyst, int(made.location.rpartition("/")[2]))
        assert (view.title, view.owner_name, view.team) == ("Prices", "Manuel Manager", "Pricing")
        assert (view.notes, view.query, view.audience) == (1, "price", Audience.EVERYONE)
        page = text_of(analyst.get(made.location))
        assert "The topic is open, with 1 note." in page
        assert "due 1 Apr" in page

    def test_keep_what_was_refused(self, stage: Stage, analyst: Browser) -> None:
        refused = analyst.submit("/topics/new", title=" ", due="soon", team="Pricing")
        assert refused.status_code == 422
        assert "Give a day such as" in text_of(refused)
        assert value_of(refused, "team") == "Pricing"
        refused = analyst.submit("/topics/new", title=" ", team="Pricing")
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in html_of(refused)

    def test_show_what_somebody_else_wrote_meanwhile(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst, "Prices")
        changed(stage, characters.manager, topic_id, title="Prices and terms")
        form = {"title": "Our prices", "version": "1", "audience": "everyone"}
        outdated = analyst.submit(f"/topics/{topic_id}/edit", **form)
        assert outdated.status_code == 409
        assert "Manuel Manager" in text_of(outdated)
        assert "Prices and terms" in text_of(outdated)
        assert value_of(outdated, "title") == "Our prices"
        form["version"] = value_of(outdated, "version")
        assert analyst.submit(f"/topics/{topic_id}/edit", **form).status_code == 303
        assert topic_of(stage, characters.analyst, topic_id).title == "Our prices"

    def test_answer_with_a_look_before(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        address = f"/topics/{topic_id}/answer"
        preview = analyst.submit(address, answer="It is *dear*", do="preview")
        assert "<em>dear</em>" in html_of(preview)
        assert textarea_of(preview, "answer") == "It is *dear*"
        assert topic_of(stage, characters.analyst, topic_id).answer == ""
        empty = analyst.submit(address, answer=" ", do="answered")
        assert empty.status_code == 422
        saved = analyst.submit(address, answer="It is *dear*", do="answered")
        assert saved.location == f"/topics/{topic_id}#answer"
        view = topic_of(stage, characters.analyst, topic_id)
        assert (view.answer, view.state) == ("It is *dear*", TopicState.ANSWERED)
