"""“Add to a topic” from the page of a note, the search, the inbox and a trend."""

from collections.abc import Callable
from uuid import UUID

import pytest

from insights.models import TopicState
from insights.services import triage
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.trend_rows import showing
from tests.web.pages import html_of, text_of, value_of
from tests.web.topics import changed, notes_in, opened

ClientOf = Callable[[Actor], Browser]


@pytest.fixture
def analyst(characters: Characters, client_of: ClientOf) -> Browser:
    """The analyst's browser."""
    return client_of(characters.analyst)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> list[UUID]:
    """Two notes of the owner's."""
    return [stage.post(characters.owner, f"The price, {one}") for one in ("first", "second")]


def carried(page: str) -> list[str]:
    """The notes that a form carries along."""
    return [one.split('"')[0] for one in page.split('type="hidden" name="note" value="')[1:]]


class TestChoosing:
    def test_offers_the_topics_that_are_worked_on(
        self, stage: Stage, characters: Characters, analyst: Browser, notes: list[UUID]
    ) -> None:
        opened(stage, characters.analyst, "Prices")
        closed = opened(stage, characters.analyst, "Closed one")
        changed(stage, characters.analyst, closed, state=TopicState.CLOSED)
        page = analyst.get(f"/topics/choose?note={notes[0]}")
        assert "Prices" in text_of(page)
        assert "Closed one" not in text_of(page)
        found = analyst.submit("/topics/choose", note=str(notes[0]), q="nothing like it")
        assert "No open topic has these words" in text_of(found)
        assert carried(html_of(found)) == [str(notes[0])]

    def test_says_where_to_tick_notes(self, analyst: Browser) -> None:
        assert "No note was ticked" in text_of(analyst.get("/topics/choose"))

    def test_adds_the_notes(
        self, stage: Stage, characters: Characters, analyst: Browser, notes: list[UUID]
    ) -> None:
        topic_id = opened(stage, characters.analyst, "Prices", note_ids=notes[:1])
        form = {"note": [str(one) for one in notes], "topic": str(topic_id)}
        added = analyst.submit("/topics/gather", "/topics/choose", **form)
        assert added.location == f"/topics/{topic_id}#notes"
        told = text_of(analyst.get(added.location))
        assert "1 note is added. 1 was in it already." in told
        assert notes_in(stage, characters.analyst, topic_id) == set(notes)

    def test_needs_a_topic(self, analyst: Browser, notes: list[UUID]) -> None:
        form = {"note": [str(one) for one in notes]}
        refused = analyst.submit("/topics/gather", "/topics/choose", **form)
        assert refused.status_code == 422
        assert "Choose a topic, or open a new one." in text_of(refused)
        assert len(carried(html_of(refused))) == 2

    def test_leads_to_a_new_topic_with_the_notes(
        self, stage: Stage, characters: Characters, analyst: Browser, notes: list[UUID]
    ) -> None:
        form = {"note": [str(one) for one in notes]}
        asked = analyst.submit("/topics/new", begin="1", **form)
        assert asked.status_code == 200
        assert "2 notes come along." in text_of(asked)
        made = analyst.submit("/topics/new", title="Prices", note=carried(html_of(asked)))
        topic_id = int(made.location.rpartition("/")[2])
        assert notes_in(stage, characters.analyst, topic_id) == set(notes)

    def test_is_for_those_who_work_on_topics(
        self, stage: Stage, characters: Characters, client_of: ClientOf, notes: list[UUID]
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        rep = client_of(characters.owner)
        form = {"note": str(notes[0]), "topic": str(topic_id)}
        assert rep.submit("/topics/gather", "/", **form).status_code == 403
        assert rep.submit("/topics/new", "/", begin="1", **form).status_code == 403
        assert rep.submit("/topics/new", "/", title="Mine", **form).status_code == 403
        assert notes_in(stage, characters.analyst, topic_id) == set()


class TestATrend:
    def test_brings_its_words_and_its_evidence_into_a_new_topic(
        self, stage: Stage, characters: Characters, analyst: Browser, notes: list[UUID]
    ) -> None:
        with stage.database.writing() as session:
            trend_id = showing(session, evidence=notes)
        link = f"/topics/new?trend={trend_id}"
        assert link in html_of(analyst.get(f"/trends/{trend_id}"))
        form = analyst.get(link)
        assert "Ionfield is coming up in Georgia" in value_of(form, "title")
        assert "2 notes that prove it come along" in text_of(form)
        made = analyst.submit("/topics/new", link, title="Ionfield", trend=str(trend_id))
        topic_id = int(made.location.rpartition("/")[2])
        assert notes_in(stage, characters.analyst, topic_id) == set(notes)
        assert f"/trends/{trend_id}" in html_of(analyst.get(made.location))

    def test_offers_reps_no_topic(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        with stage.database.writing() as session:
            trend_id = showing(session)
        page = client_of(characters.owner).get(f"/trends/{trend_id}")
        assert "Open a topic" not in text_of(page)


class TestWhereNotesAreTicked:
    def test_the_search_offers_it_to_those_who_may(
        self, characters: Characters, client_of: ClientOf, notes: list[UUID]
    ) -> None:
        for actor in characters.everyone:
            page = html_of(client_of(actor).get("/search?q=price"))
            assert ('id="gather"' in page) is (actor.role.value != "rep")
            assert ("Gather into a topic" in page) is (f'value="{notes[0]}" form="gather"' in page)

    def test_further_results_can_be_ticked_too(
        self, stage: Stage, characters: Characters, analyst: Browser
    ) -> None:
        for number in range(21):
            stage.post(characters.owner, f"The price of {number}")
        page = html_of(analyst.get("/search?q=price"))
        following = page.split('class="note-list-more"')[1].split('hx-get="')[1].split('"')[0]
        address = following.replace("&amp;", "&")
        more = html_of(analyst.get(address, headers={"HX-Request": "true"}))
        assert 'form="gather"' in more

    def test_the_inbox_sends_its_ticks_with_their_versions(
        self, stage: Stage, analyst: Browser, notes: list[UUID]
    ) -> None:
        with stage.database.writing() as session:
            triage.open_notes(session, notes, now=NOW)
        page = html_of(analyst.get("/inbox"))
        assert 'formaction="/topics/choose"' in page
        ticks = [one.split('"')[0] for one in page.split('name="note" value="')[1:]]
        asked = analyst.submit("/topics/choose", "/inbox", note=ticks)
        assert set(carried(html_of(asked))) == {str(one) for one in notes}
