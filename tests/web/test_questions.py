"""The pages of questions: who asks, what is shown, answering, closing; and searches in vain."""

from collections.abc import Callable
from typing import Any

import pytest

from insights.models import Audience
from insights.services import questions, search_misses
from insights.services.access import Actor
from insights.services.question_views import QuestionView
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, HEALTHCARE, NEVADA, NOW, SOUTHEAST, TODAY
from tests.web.deeds import who
from tests.web.pages import html_of, is_checked, text_of, textarea_of, value_of

ClientOf = Callable[[Actor], Browser]
Ask = Callable[..., QuestionView]
TEXT = "Does anybody offer weekend support?"
NEXT_WEEK = TODAY.replace(day=25)


@pytest.fixture
def ask(stage: Stage, characters: Characters) -> Ask:
    """Asks behind the pages' back; the analyst does, if nobody else is named."""

    def deed(text: str = TEXT, actor: Actor = characters.analyst, **given: Any) -> QuestionView:
        with stage.database.writing() as session:
            values = {"until": NEXT_WEEK, "now": NOW, "today": TODAY, **given}
            return questions.ask(session, actor, text=text, **values)

    return deed


def path(question: QuestionView, deed: str = "") -> str:
    return f"/questions/{question.id}{deed}"


def get(stage: Stage, actor: Actor, question: QuestionView) -> QuestionView:
    with stage.database.reading() as session:
        return questions.get(session, actor, question.id)


class TestANotesOwnPage:
    def test_says_which_question_it_answers(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        note_id = stage.post(characters.owner, "Ionfield does", question_id=asked.id)
        page = client_of(characters.member).get(f"/notes/{note_id}")
        assert f"Answers {TEXT}" in text_of(page)
        assert f'href="{path(asked)}"' in html_of(page)


class TestWhoGetsIn:
    def test_everyone_reads_questions(
        self, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        for actor in characters.everyone:
            browser = client_of(actor)
            assert TEXT in text_of(browser.get("/questions"))
            assert TEXT in text_of(browser.get(path(asked)))

    def test_nobody_reads_anything(self, nobody: Browser) -> None:
        for address in ("/questions", "/questions/1", "/questions/new", "/questions/misses"):
            assert nobody.get(address).status_code == 302
        assert nobody.get("/who-knows").status_code == 302

    def test_the_form_is_for_those_who_ask(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        answers = {
            one: client_of(one).get("/questions/new").status_code for one in _all(characters)
        }
        assert who(characters, lambda one: answers[one] == 200) == {"Anna", "Manuel", "Ada"}
        assert set(answers.values()) == {200, 403}

    def test_searches_in_vain_are_for_analysts_and_admins(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        answers = {
            one: client_of(one).get("/questions/misses").status_code for one in _all(characters)
        }
        assert who(characters, lambda one: answers[one] == 200) == {"Anna", "Ada"}

    def test_changing_and_closing_are_for_the_asker_analysts_and_admins(
        self, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask(actor=characters.manager, territory_ids=[GEORGIA])
        pages = {one: client_of(one).get(path(asked)) for one in _all(characters)}
        assert who(characters, lambda one: "Close it" in text_of(pages[one])) == {
            "Anna",
            "Manuel",
            "Ada",
        }
        for actor in (characters.owner, characters.member, characters.stranger):
            browser = client_of(actor)
            assert browser.get(path(asked, "/edit")).status_code == 403
            for deed in ("/edit", "/close", "/remind"):
                answer = browser.submit(
                    path(asked, deed), page="/questions", text="?", until="2026-03-20", summary="x"
                )
                assert answer.status_code == 403, deed

    def test_no_such_question_is_not_found(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        browser = client_of(characters.admin)
        for number in (1, 99_999_999_999):
            assert browser.get(f"/questions/{number}").status_code == 404


class TestAsking:
    def test_leads_to_the_question_and_tells_the_holders(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        browser = client_of(characters.analyst)
        answer = browser.submit(
            "/questions",
            page="/questions/new",
            text=TEXT,
            territories=[str(GEORGIA), str(FLORIDA)],
            segments_1=str(HEALTHCARE),
            kinds="competitor",
            until="2026-03-20",
        )
        assert answer.status_code == 303
        page = browser.get(answer.location)
        assert "Open until 20 Mar 2026" in text_of(page)
        assert "Georgia , Florida" in text_of(page) or "Florida, Georgia" in text_of(page)
        assert "It says what the question is about, not who is asked." in text_of(page)
        assert TEXT in text_of(client_of(characters.owner).get("/"))
        assert TEXT not in text_of(client_of(characters.stranger).get("/"))

    def test_a_refused_form_comes_back_as_it_was(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        browser = client_of(characters.analyst)
        for until in ("2020-01-01", "soon"):
            answer = browser.submit(
                "/questions", page="/questions/new", text=TEXT, until=until,
                territories=str(NEVADA), kinds="challenge",
            )  # fmt: skip
            assert answer.status_code == 422
            assert textarea_of(answer, "text") == TEXT
            assert is_checked(answer, "territories", str(NEVADA))
            assert is_checked(answer, "kinds", "challenge")
            assert "Choose" in text_of(answer)

    def test_a_manager_chooses_among_their_own_territories(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        page = client_of(characters.manager).get("/questions/new")
        assert "Georgia" in text_of(page)
        assert "Nevada" not in text_of(page)
        answer = client_of(characters.manager).submit(
            "/questions", page="/questions/new", text=TEXT, until="2026-03-20"
        )
        assert answer.status_code == 422
        assert "Choose territories of your part" in text_of(answer)

    def test_from_a_search_it_is_filled_in_with_what_the_search_names(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        page = client_of(characters.analyst).get(
            "/questions/new?q=zebra territory:georgia segment:healthcare kind:challenge"
        )
        assert textarea_of(page, "text") == "What do you hear about “zebra”?"
        assert is_checked(page, "territories", str(GEORGIA))
        assert not is_checked(page, "territories", str(FLORIDA))
        assert is_checked(page, "segments_1", str(HEALTHCARE))
        assert is_checked(page, "kinds", "challenge")
        assert value_of(page, "until") == "2026-04-01"

    def test_from_words_that_name_a_place_it_is_aimed_there_or_at_a_managers_own(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        asked = "/questions/new?q=zebra nevada"
        assert is_checked(client_of(characters.analyst).get(asked), "territories", str(NEVADA))
        manager = client_of(characters.manager).get(asked)
        assert is_checked(manager, "territories", str(SOUTHEAST))

    def test_a_search_that_is_no_search_is_quoted(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        page = client_of(characters.analyst).get("/questions/new?q=%00((%22")
        assert page.status_code == 200


class TestTheList:
    def test_has_those_to_the_reader_first_with_the_way_to_answer(
        self, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        mine = ask("To Georgia?", territory_ids=[GEORGIA])
        ask("To Nevada?", territory_ids=[NEVADA])
        page = html_of(client_of(characters.owner).get("/questions"))
        assert page.index("To you") < page.index("To Georgia?") < page.index("To Nevada?")
        assert page.count(f"/n?question={mine.id}") == 1
        assert "Answer" not in html_of(client_of(characters.analyst).get("/questions"))

    def test_keeps_closed_ones_and_those_one_asked_apart(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        closed = ask("Closed?")
        with stage.database.writing() as session:
            questions.close(session, characters.analyst, closed.id, summary="", now=NOW)
        ask("By Ada?", characters.admin)
        browser = client_of(characters.admin)
        assert "Closed?" not in text_of(browser.get("/questions"))
        assert "Closed?" in text_of(browser.get("/questions?show=closed"))
        mine = text_of(browser.get("/questions?show=mine"))
        assert "By Ada?" in mine
        assert "Closed?" not in mine

    def test_comes_in_pages(self, characters: Characters, client_of: ClientOf, ask: Ask) -> None:
        for number in range(21):
            ask(f"Number {number}?")
        browser = client_of(characters.analyst)
        first = browser.get("/questions")
        assert "Number 0?" not in text_of(first)
        address = html_of(first).split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        assert "Number 0?" in text_of(browser.get(address))

    def test_invites_when_it_is_empty(self, characters: Characters, client_of: ClientOf) -> None:
        assert "Ask those who talk to customers" in text_of(
            client_of(characters.analyst).get("/questions")
        )
        assert "it stands here" in text_of(client_of(characters.owner).get("/questions"))


class TestThePage:
    def test_shows_coverage_and_answers_as_the_reader_may_see_them(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        stage.post(characters.owner, "Zebra secret", question_id=asked.id, audience=Audience.SEALED)
        for actor in characters.everyone:
            page = text_of(client_of(actor).get(path(asked)))
            seen = actor not in (characters.member, characters.stranger)
            assert ("Zebra secret" in page) is seen
            assert (f"{int(seen)} of 3 territories have answered" in page) or (
                "1 of 3" in page and seen
            )
            assert page.count("silent") >= (2 if seen else 3)

    def test_goes_on_with_more_answers(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        for number in range(21):
            stage.post(characters.owner, f"Answer {number:02}", question_id=asked.id)
        browser = client_of(characters.member)
        page = html_of(browser.get(path(asked)))
        address = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
        part = browser.get(address, headers={"HX-Request": "true"})
        assert text_of(part).count("Answer ") == 1
        assert "<html" not in html_of(part)
        assert browser.get(address).status_code == 200

    def test_reminds_the_silent_ones_once_a_day(
        self, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask(territory_ids=[GEORGIA])
        browser = client_of(characters.analyst)
        for words in ("1 person is reminded", "Everybody silent was told today already"):
            answer = browser.submit(path(asked, "/remind"), page=path(asked))
            assert answer.status_code == 303
            assert words in text_of(browser.get(path(asked)))

    def test_is_closed_with_a_summary_that_everyone_reads(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        stage.post(characters.owner, "An answer", question_id=asked.id)
        browser = client_of(characters.analyst)
        refused = browser.submit(path(asked, "/close"), page=path(asked), summary=" ")
        assert refused.status_code == 422
        assert "Say what came of it" in text_of(refused)
        summary = "**Two** do. <script>alert(1)</script>"
        closed = browser.submit(path(asked, "/close"), page=path(asked), summary=summary)
        assert closed.status_code == 303
        page = html_of(client_of(characters.stranger).get(path(asked)))
        assert "<strong>Two</strong> do." in page
        assert "<script>alert" not in page
        again = browser.submit(path(asked, "/close"), page="/questions", summary="Again")
        assert again.status_code == 409
        assert browser.get(path(asked, "/edit")).status_code == 409

    def test_an_outdated_form_overwrites_nothing(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        browser, fields = client_of(characters.analyst), {"until": "2026-03-20", "version": "1"}
        first = browser.submit(path(asked, "/edit"), text="First?", **fields)
        assert first.status_code == 303
        second = browser.submit(path(asked, "/edit"), text="Second?", **fields)
        assert second.status_code == 409
        assert "You changed this question meanwhile" in text_of(second)
        assert get(stage, characters.analyst, asked).text == "First?"

    def test_links_a_note_by_its_address_and_takes_it_out_again(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        note = stage.post(characters.owner, "Was here before")
        browser = client_of(characters.analyst)
        address = f"https://insights.example.com/notes/{note}?from=mail#comments"
        linked = browser.submit(path(asked, "/answers"), page=path(asked), note=address)
        assert linked.status_code == 303
        assert "Was here before" in text_of(browser.get(path(asked)))
        damaged = browser.submit(path(asked, "/answers"), page=path(asked), note="no address")
        assert damaged.status_code == 422
        assert "Paste the address" in text_of(damaged)
        gone = browser.submit(path(asked, f"/answers/{note}/remove"), page=path(asked))
        assert gone.status_code == 303
        assert get(stage, characters.analyst, asked).answers == 0


class TestAnswering:
    def test_the_form_is_filled_in_with_what_is_asked(
        self, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask(territory_ids=[SOUTHEAST], kinds=["competitor"], segment_ids=[HEALTHCARE])
        page = client_of(characters.owner).get(f"/n?question={asked.id}")
        assert TEXT in text_of(page)
        assert value_of(page, "question") == str(asked.id)
        assert is_checked(page, "kind", "competitor")
        assert is_checked(page, "segments_1", "healthcare")

    def test_the_note_answers_the_question_also_after_a_refused_try(
        self, stage: Stage, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        asked = ask()
        browser = client_of(characters.owner)
        page = f"/n?question={asked.id}"
        refused = browser.submit("/n", page=page, text=" ", question=str(asked.id))
        assert refused.status_code == 422
        assert value_of(refused, "question") == str(asked.id)
        fields = {"id": value_of(refused, "id"), "territory": "georgia"}
        posted = browser.submit("/n", page=page, text="Acme does", question=asked.id, **fields)
        assert posted.status_code == 303
        assert get(stage, characters.owner, asked).answered_by_me

    def test_those_to_the_person_stand_on_the_form(
        self, characters: Characters, client_of: ClientOf, ask: Ask
    ) -> None:
        ask(territory_ids=[NEVADA])
        assert "Questions to you" not in text_of(client_of(characters.owner).get("/n"))
        assert "Questions to you: 1" in text_of(client_of(characters.stranger).get("/n"))

    def test_no_question_keeps_the_form_away(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        for word in ("999", "x", "-1", "9" * 40):
            page = client_of(characters.owner).get(f"/n?question={word}")
            assert page.status_code == 200
            assert 'name="question"' not in html_of(page)


class TestSearchesInVain:
    def test_offer_to_ask_and_are_counted_by_a_post_of_the_page_itself(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        owner, analyst = client_of(characters.owner), client_of(characters.analyst)
        page = owner.get("/search?q=zebra")
        assert "Product and marketing see which searches find nothing" in text_of(page)
        assert 'hx-trigger="load"' in html_of(page)
        assert "Every search found something" in text_of(analyst.get("/questions/misses"))
        posted = owner.submit("/search/misses", page="/search?q=zebra", q="zebra")
        assert posted.status_code == 204
        assert "Ask the field about “zebra”" in text_of(analyst.get("/search?q=zebra"))
        assert "zebra 1 person 1 search" in text_of(analyst.get("/questions/misses"))

    def test_what_finds_something_is_not_counted(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        stage.post(characters.member, "A zebra crossed the road")
        browser = client_of(characters.owner)
        page = browser.get("/search?q=zebra")
        assert 'hx-post="/search/misses"' not in html_of(page)
        browser.submit("/search/misses", page="/search?q=zebra", q="zebra")
        with stage.database.reading() as session:
            assert search_misses.list_misses(session, characters.admin, now=NOW) == []

    def test_are_marked_once_they_were_asked(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        client_of(characters.owner).submit("/search/misses", page="/search?q=zebra", q="zebra")
        browser = client_of(characters.analyst)
        asked = browser.submit(
            "/questions", page="/questions/new", text=TEXT, until="2026-03-20", q="zebra"
        )
        page = browser.get("/questions/misses")
        assert f'href="{asked.location}"' in html_of(page)
        assert "zebra" not in text_of(browser.get("/questions/misses?asked=no"))
        assert "zebra" in text_of(browser.get("/questions/misses?asked=yes&q=ZEB"))


def _all(characters: Characters) -> tuple[Actor, ...]:
    return characters.everyone
