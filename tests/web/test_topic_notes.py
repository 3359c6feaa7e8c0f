"""The notes of a topic on its page: proposals, outcomes, discussion, merging and splitting."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from insights.models import Audience, Gathering, Outcome, TopicNote
from insights.services import topic_notes
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.deeds import who
from tests.web.pages import html_of, is_checked, text_of, textarea_of, value_of
from tests.web.topics import changed, notes_in, opened, topic_of

ClientOf = Callable[[Actor], Browser]


@pytest.fixture
def analyst(characters: Characters, client_of: ClientOf) -> Browser:
    """The analyst's browser."""
    return client_of(characters.analyst)


@pytest.fixture
def notes(stage: Stage, characters: Characters) -> list[UUID]:
    """Three notes of the owner's."""
    return [stage.post(characters.owner, f"Note the {one}") for one in ("first", "second", "third")]


@pytest.fixture
def topic(stage: Stage, characters: Characters, notes: list[UUID]) -> int:
    """A topic that has gathered them."""
    return opened(stage, characters.analyst, "Prices", note_ids=notes)


def outcomes(stage: Stage, reader: Actor, topic_id: int) -> dict[UUID, tuple[Outcome | None, str]]:
    """What became of the notes, as the reader sees it."""
    with stage.database.reading() as session:
        found = topic_notes.notes_of(session, reader, topic_id)
        return {one.card.id: (one.outcome, one.outcome_text) for one in found.items}


def propose(stage: Stage, topic_id: int, *note_ids: UUID) -> None:
    """A trend or a query has proposed the notes."""
    with stage.database.writing() as session:
        for one in note_ids:
            row = {"topic_id": topic_id, "note_id": one, "added_at": NOW}
            session.add(TopicNote(gathering=Gathering.PROPOSED, **row))


class TestGatheredNotes:
    def test_are_those_that_the_reader_may_see(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        sealed = stage.post(characters.stranger, "Under the rose", audience=Audience.SEALED)
        topic_id = opened(stage, characters.analyst, note_ids=[sealed], audience=Audience.EVERYONE)

        def sees(actor: Actor) -> bool:
            page = text_of(client_of(actor).get(f"/topics/{topic_id}"))
            assert ("Under the rose" in page) is ("1 without an outcome" in page)
            return "Under the rose" in page

        assert who(characters, sees) == {"Stella", "Anna", "Ada"}

    def test_go_on(self, stage: Stage, characters: Characters, analyst: Browser) -> None:
        many = [stage.post(characters.owner, f"Number {one}") for one in range(21)]
        topic_id = opened(stage, characters.analyst, note_ids=many)
        page = html_of(analyst.get(f"/topics/{topic_id}"))
        following = page.split('class="note-list-more"')[1].split('hx-get="')[1].split('"')[0]
        more = html_of(analyst.get(following.replace("&amp;", "&")))
        assert more.count('class="topic-note ticked"') == 1

    def test_are_taken_out(
        self, stage: Stage, characters: Characters, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        page = f"/topics/{topic}"
        analyst.submit(f"{page}/drop", page, note=[str(notes[0])])
        assert notes_in(stage, characters.analyst, topic) == set(notes[1:])
        assert analyst.submit(f"{page}/drop", page).status_code == 422


class TestOutcomes:
    def test_of_one_note_are_said_below_it(
        self, stage: Stage, characters: Characters, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        page, first = f"/topics/{topic}", notes[0]
        form = {f"{first}-outcome": "used", f"{first}-text": "the June price list"}
        said = analyst.submit(f"{page}/outcomes", page, single=str(first), **form)
        assert said.location == f"{page}#note-{first}"
        words = text_of(analyst.get(page))
        assert "1 note has its outcome. 1 person is told." in words
        assert "Used in the June price list Anna Analyst" in words
        assert outcomes(stage, characters.analyst, topic)[notes[1]] == (None, "")

    def test_of_several_are_said_at_once(
        self, stage: Stage, characters: Characters, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        page, ticked = f"/topics/{topic}", [str(one) for one in notes[:2]]
        form = {"outcome": "not-now", "text": "we wait for autumn"}
        analyst.submit(f"{page}/outcomes", page, note=ticked, **form)
        said = outcomes(stage, characters.analyst, topic)
        assert {one for one, (what, _) in said.items() if what} == set(notes[:2])

    def test_that_are_refused_come_back_as_they_were_typed(
        self, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        page = f"/topics/{topic}"
        form = {"note": [str(notes[1])], "outcome": "used", "text": ""}
        refused = analyst.submit(f"{page}/outcomes", page, **form)
        assert refused.status_code == 422
        assert is_checked(refused, "note", str(notes[1]))
        assert is_checked(refused, "outcome", "used")
        assert html_of(refused).count('aria-invalid="true"') == 1
        assert 'class="error-list"' in html_of(refused)
        assert 'href="#field-text"' in html_of(refused)
        single = {f"{notes[0]}-text": "something"}
        refused = analyst.submit(f"{page}/outcomes", page, single=str(notes[0]), **single)
        assert "Choose what became of it." in text_of(refused)
        assert value_of(refused, f"{notes[0]}-text") == "something"

    def test_link_the_note_that_said_it_first(
        self, stage: Stage, characters: Characters, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        first, page = stage.post(characters.member, "Said long ago"), f"/topics/{topic}"
        form = {"outcome": "already-known", "note": [str(notes[0])]}
        known = f"http://localhost/notes/{first}?from=mail"
        analyst.submit(f"{page}/outcomes", page, known=known, **form)
        assert f'href="/notes/{first}"' in html_of(analyst.get(page))
        refused = analyst.submit(f"{page}/outcomes", page, known="the old one", **form)
        assert "Copy the address" in text_of(refused)
        refused = analyst.submit(f"{page}/outcomes", page, known=str(uuid4()), **form)
        assert "There is no such note" in text_of(refused)

    def test_stand_on_the_page_of_the_note(
        self, characters: Characters, analyst: Browser, client_of: ClientOf, topic: int,
        notes: list[UUID],
    ) -> None:  # fmt: skip
        page = f"/topics/{topic}"
        form = {"note": [str(notes[0])], "outcome": "used", "text": "the June price list"}
        analyst.submit(f"{page}/outcomes", page, **form)
        of_author = client_of(characters.owner).get(f"/notes/{notes[0]}")
        assert "Prices Used in the June price list" in text_of(of_author)
        assert "Add to a topic" not in text_of(of_author)
        assert "Add to a topic" in text_of(analyst.get(f"/notes/{notes[0]}"))

    def test_are_for_those_who_work_on_topics(
        self, characters: Characters, client_of: ClientOf, topic: int, notes: list[UUID]
    ) -> None:
        page = f"/topics/{topic}"
        form = {"note": [str(notes[0])], "outcome": "used", "text": "a list"}

        def may(actor: Actor) -> bool:
            browser = client_of(actor)
            codes = {
                browser.submit(f"{page}/{deed}", page, do="accept", **form).status_code
                for deed in ("outcomes", "proposals", "drop", "split")
            }
            assert codes in ({303}, {200, 303}, {403})
            return 403 not in codes

        assert who(characters, may) == {"Anna", "Manuel", "Ada"}


class TestProposals:
    def test_are_taken_in_or_dismissed(
        self, stage: Stage, characters: Characters, analyst: Browser, notes: list[UUID]
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        propose(stage, topic_id, *notes)
        page = f"/topics/{topic_id}"
        assert "Proposed 3" in text_of(analyst.get(page))
        analyst.submit(f"{page}/proposals", page, do="dismiss", note=str(notes[0]))
        analyst.submit(f"{page}/proposals", page, do="accept", all="1")
        assert notes_in(stage, characters.analyst, topic_id) == set(notes[1:])
        assert "Proposed" not in text_of(analyst.get(page))

    def test_are_not_offered_to_reps(
        self, stage: Stage, characters: Characters, client_of: ClientOf, notes: list[UUID]
    ) -> None:
        topic_id = opened(stage, characters.analyst)
        propose(stage, topic_id, *notes)
        for address in (f"/topics/{topic_id}", "/topics"):
            assert "roposed" not in text_of(client_of(characters.owner).get(address))


class TestTheDiscussion:
    def test_is_joined_by_everyone_who_sees_the_topic(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        topic_id = opened(stage, characters.manager, audience=Audience.SEALED)
        page = f"/topics/{topic_id}"

        def may_speak(actor: Actor) -> bool:
            said = client_of(actor).submit(f"{page}/comments", "/", text=f"So says {actor.name}")
            return said.status_code == 303

        assert who(characters, may_speak) == {"Anna", "Manuel", "Ada"}
        words = text_of(client_of(characters.admin).get(page))
        assert "So says Anna Analyst" in words
        assert "So says Olivia Owner" not in words

    def test_takes_a_remark_once_and_keeps_a_refused_one(
        self, characters: Characters, client_of: ClientOf, topic: int
    ) -> None:
        rep, page, remark_id = client_of(characters.owner), f"/topics/{topic}", str(uuid4())
        for _ in range(2):
            rep.submit(f"{page}/comments", page, id=remark_id, text="Two more say so")
        assert text_of(rep.get(page)).count("Two more say so") == 2  # the remark, and its form
        assert rep.submit(f"{page}/comments", page, text=" ").status_code == 422
        field = f"text-{remark_id}"
        refused = rep.submit(f"{page}/comments/{remark_id}/edit", page, **{field: "x" * 5001})
        assert refused.status_code == 422
        assert textarea_of(refused, field) == "x" * 5001
        rep.submit(f"{page}/comments/{remark_id}/edit", page, **{field: "Three say so"})
        assert "Three say so" in text_of(rep.get(page))
        rep.submit(f"{page}/comments/{remark_id}/withdraw", page)
        assert "Three say so" not in text_of(rep.get(page))


class TestMergingAndSplitting:
    def test_leads_to_the_topic_that_goes_on_and_is_undone_there(
        self, stage: Stage, characters: Characters, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        target = opened(stage, characters.analyst, "Terms")
        page = f"/topics/{topic}"
        assert "Terms" in text_of(analyst.get(f"{page}/merge?q=terms"))
        assert analyst.submit(f"{page}/merge").status_code == 422
        analyst.submit(f"{page}/merge", into=str(target))
        assert analyst.get(page).location == f"/topics/{target}"
        words = text_of(analyst.get(f"/topics/{target}"))
        assert "“ Prices ” was merged into this topic" in words
        assert notes_in(stage, characters.analyst, target) == set(notes)
        undo = html_of(analyst.get(f"/topics/{target}")).split("/undo/")[1].split('"')[0]
        analyst.submit(f"/topics/{target}/undo/{undo}", "/topics")
        assert notes_in(stage, characters.analyst, topic) == set(notes)
        assert analyst.get(page).status_code == 200
        again = analyst.submit(f"/topics/{target}/undo/{undo}", "/topics")
        assert "undone already" in text_of(analyst.get(again.location))

    def test_says_so_where_the_other_topic_is_hidden(
        self, stage: Stage, characters: Characters, analyst: Browser, client_of: ClientOf,
        topic: int,
    ) -> None:  # fmt: skip
        target = opened(stage, characters.analyst, "Terms")
        analyst.submit(f"/topics/{topic}/merge", into=str(target))
        changed(stage, characters.analyst, target, audience=Audience.SEALED)
        page = client_of(characters.owner).get(f"/topics/{topic}")
        assert page.status_code == 200
        assert "merged into one that you may not see" in text_of(page)
        assert "Terms" not in text_of(page)
        assert "Add a comment" not in text_of(page)

    def test_splits_the_ticked_notes_off(
        self, stage: Stage, characters: Characters, analyst: Browser, topic: int, notes: list[UUID]
    ) -> None:
        page = f"/topics/{topic}"
        nothing = analyst.submit(f"{page}/split", page)
        assert nothing.location == f"{page}#notes"
        form = {"note": [str(one) for one in notes[:2]]}
        asked = analyst.submit(f"{page}/split", page, **form)
        assert "Split off 2 notes" in text_of(asked)
        assert analyst.submit(f"{page}/split/new", page, title=" ", **form).status_code == 422
        made = analyst.submit(f"{page}/split/new", page, title="Terms", **form)
        new = int(made.location.rpartition("/")[2])
        assert notes_in(stage, characters.analyst, new) == set(notes[:2])
        assert notes_in(stage, characters.analyst, topic) == {notes[2]}
        assert "Notes were split off into Terms" in text_of(analyst.get(page))
        assert "Split off from Prices" in text_of(analyst.get(made.location))
        assert topic_of(stage, characters.analyst, new).title == "Terms"
