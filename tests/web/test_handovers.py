"""The pages of handovers: prepared, told, carried out, read; by whom and by whom not."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from insights.models import HandoverState, Impact
from insights.services import (
    assignments,
    exit_interview,
    handover_progress,
    handovers,
    must_knows,
)
from insights.services.access import OPERATOR, Actor
from insights.services.exit_interview import Answer
from insights.services.handover_checks import NewHandover
from insights.services.handovers import HandoverView
from insights.services.must_knows import Prompt
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, MEMBER, MERCY, NOW, OWNER, STRANGER, TODAY
from tests.web.pages import html_of, text_of, value_of

Open = Callable[[Actor], Browser]
TAKING_PART = {"owner", "member", "manager", "admin"}
HX = {"HX-Request": "true"}


@pytest.fixture
def handover(stage: Stage, characters: Characters) -> HandoverView:
    """Georgia goes from the owner to the member, today."""
    with stage.database.writing() as session:
        [made] = handovers.prepare(
            session, characters.manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TODAY,
            now=NOW, today=TODAY,
        )  # fmt: skip
        return made


@pytest.fixture
def address(handover: HandoverView) -> str:
    """Of its page."""
    return f"/handovers/{handover.id}"


@pytest.fixture
def manager(client_of: Open, characters: Characters) -> Browser:
    """The manager's browser."""
    return client_of(characters.manager)


def as_stored(stage: Stage, reader: Actor, handover: HandoverView) -> HandoverView:
    with stage.database.reading() as session:
        return handovers.get(session, reader, handover.id)


class TestWhoMaySee:
    @pytest.mark.parametrize("ending", ["", "/progress"])
    def test_a_handover_are_its_people_managers_and_admins(
        self, client_of: Open, characters: Characters, address: str, ending: str
    ) -> None:
        for name, actor in vars(characters).items():
            status = client_of(actor).get(address + ending).status_code
            assert status == (200 if name in TAKING_PART else 404), name

    def test_the_interview_are_the_leaver_managers_and_admins(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        expected = {"owner": 200, "manager": 200, "admin": 200, "member": 403}
        for name, actor in vars(characters).items():
            status = client_of(actor).get(f"{address}/interview").status_code
            assert status == expected.get(name, 404), name

    def test_the_form_are_managers_and_admins(
        self, client_of: Open, characters: Characters
    ) -> None:
        for name, actor in vars(characters).items():
            status = client_of(actor).get("/handovers/new").status_code
            assert status == (200 if name in ("manager", "admin") else 403), name

    def test_the_list_is_everyone_for_their_own(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        for name, actor in vars(characters).items():
            page = html_of(client_of(actor).get("/handovers"))
            assert (f'href="{address}"' in page) == (name in TAKING_PART), name

    def test_nobody_who_is_not_signed_in(self, nobody: Browser, address: str) -> None:
        assert nobody.get(address).status_code == 302


class TestATerritoryOfSeveral:
    def test_is_handed_over_by_one_of_them(self, manager: Browser, stage: Stage) -> None:
        with stage.database.writing() as session:
            assignments.assign(
                session,
                OPERATOR,
                territory_slug="georgia",
                person_id=STRANGER,
                since=TODAY,
                now=NOW,
            )
        page = manager.get("/handovers/new?territory=georgia")
        assert "Several people hold it. Who hands it over? Olivia Owner" in text_of(page)
        assert "Max Member" not in text_of(page)
        chosen = f"/handovers/new?territory=georgia&from={STRANGER}"
        assert chosen.replace("&", "&amp;") in html_of(page)
        assert "Hand over from Stella Stranger" in text_of(manager.get(chosen))


class TestPreparing:
    def test_lists_the_territories_of_whoever_leaves(self, manager: Browser) -> None:
        first = manager.get("/handovers/new")
        assert "Olivia Owner" in text_of(first)
        assert "Stella Stranger" not in text_of(first)
        second = manager.get(f"/handovers/new?from={OWNER}")
        assert "Hand over from Olivia Owner" in text_of(second)
        assert f'name="to-{GEORGIA}"' in html_of(second)
        assert f'name="to-{FLORIDA}"' not in html_of(second)

    def test_leads_to_the_handover_and_says_who_is_asked(
        self, manager: Browser, stage: Stage, characters: Characters
    ) -> None:
        form = f"/handovers/new?from={OWNER}"
        given = {"from": str(OWNER), f"to-{GEORGIA}": str(MEMBER), "on": TODAY.isoformat()}
        answer = manager.submit("/handovers/new", form, **given, interim="on")
        assert answer.status_code == 303
        page = text_of(manager.get(answer.headers["Location"]))
        assert "The handover of Georgia is prepared. Olivia Owner is asked to tell" in page
        assert "until somebody is found" in page

    def test_of_a_territory_finds_its_holder(self, manager: Browser) -> None:
        page = manager.get("/handovers/new?territory=georgia")
        assert value_of(page, "from") == str(OWNER)

    def test_refused_comes_back_with_what_was_chosen(self, manager: Browser) -> None:
        form = f"/handovers/new?from={OWNER}"
        given = {"from": str(OWNER), f"to-{GEORGIA}": str(MEMBER), "on": "2020-01-01"}
        answer = manager.submit("/handovers/new", form, **given)
        assert answer.status_code == 422
        assert "Choose a day from" in text_of(answer)
        assert f'value="{MEMBER}" selected' in html_of(answer)
        nothing = manager.submit("/handovers/new", form, **{**given, f"to-{GEORGIA}": ""})
        assert "at least one of them" in text_of(nothing)

    def test_twice_says_who_was_first(self, manager: Browser, handover: HandoverView) -> None:
        assert handover.is_prepared
        form = f"/handovers/new?from={OWNER}"
        given = {"from": str(OWNER), f"to-{GEORGIA}": str(MEMBER), "on": TODAY.isoformat()}
        answer = manager.submit("/handovers/new", form, **given)
        assert answer.status_code == 409
        assert "Manuel Manager prepared a handover of Georgia" in text_of(answer)


class TestDeeds:
    def test_carrying_out_tells_from_when(self, manager: Browser, address: str) -> None:
        answer = manager.submit(f"{address}/carry-out", address)
        assert "Max Member holds Georgia from today on" in text_of(
            manager.get(answer.headers["Location"])
        )
        assert manager.submit(f"{address}/carry-out", address).status_code == 409

    def test_changing_and_cancelling(
        self, manager: Browser, stage: Stage, characters: Characters, handover: HandoverView
    ) -> None:
        address = f"/handovers/{handover.id}"
        later = (TODAY + timedelta(days=9)).isoformat()
        manager.submit(f"{address}/change", address, to_id=str(STRANGER), on=later)
        changed = as_stored(stage, characters.manager, handover)
        assert (changed.to_id, changed.on.isoformat()) == (STRANGER, later)
        refused = manager.submit(f"{address}/change", address, to_id=str(OWNER), on=later)
        assert (refused.status_code, "holds it now" in refused.text) == (422, True)
        manager.submit(f"{address}/cancel", address)
        assert as_stored(stage, characters.manager, handover).state is HandoverState.CANCELLED

    @pytest.mark.parametrize("deed", ["carry-out", "cancel", "change"])
    def test_are_for_managers_and_admins(
        self, client_of: Open, characters: Characters, address: str, deed: str
    ) -> None:
        expected = {"owner": 403, "member": 403, "stranger": 404, "analyst": 404}
        for name, status in expected.items():
            browser = client_of(getattr(characters, name))
            given = {"to_id": str(MEMBER), "on": TODAY.isoformat()}
            assert browser.submit(f"{address}/{deed}", "/handovers", **given).status_code == status


class TestTheInterview:
    def answers(self, html: str, **texts: str) -> dict[str, str]:
        """The fields of the form as a browser sends them."""
        ids = dict(re.findall(r'name="([a-z-]+)\.id" value="([^"]+)"', html))
        given = {f"{name}.id": identity for name, identity in ids.items()}
        return given | {f"{name}.text": texts.get(name, "") for name in ids}

    def test_without_javascript_keeps_all_that_was_written(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        owner = client_of(characters.owner)
        page = f"{address}/interview"
        given = self.answers(html_of(owner.get(page)), deciders="Ann decides", promised="A survey")
        for _ in range(2):  # sent twice it is kept once
            answer = owner.submit(page, page, **given, **{"promised.due": "2026-05-01"})
            assert answer.headers["Location"].endswith("#prompt-promised")
        shown = html_of(owner.get(page))
        assert shown.count("Ann decides") == 1
        assert shown.count("A survey") == 1
        assert "due 1 May 2026" in shown

    def test_with_javascript_puts_a_fresh_part_in_its_place(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        owner = client_of(characters.owner)
        page = f"{address}/interview"
        html = html_of(owner.get(page))
        token = re.search(r'name="csrf_token" value="([^"]+)"', html)
        assert token
        identity = self.answers(html)["coming.id"]
        given = {"csrf_token": token[1], "coming.id": identity, "coming.text": "They move"}
        part = owner.post(page, data=given, headers=HX)
        assert html_of(part).lstrip().startswith('<section class="section interview-prompt"')
        assert "They move" in text_of(part)
        assert f'value="{identity}"' not in html_of(part)

    def test_refused_keeps_the_text(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        owner, page = client_of(characters.owner), f"{address}/interview"
        given = self.answers(html_of(owner.get(page)), deciders="x" * 2_001)
        answer = owner.submit(page, page, **given)
        assert answer.status_code == 422
        assert "Shorten this to 2,000 characters" in text_of(answer)
        assert "x" * 2_001 in html_of(answer)

    def test_suggests_notes_and_pins_one(
        self, client_of: Open, characters: Characters, stage: Stage, address: str
    ) -> None:
        note_id = stage.post(characters.owner, "They sign in May", impact=Impact.HIGH)
        owner, page = client_of(characters.owner), f"{address}/interview"
        assert "They sign in May" in text_of(owner.get(page))
        owner.submit(f"{page}/pin", page, note=str(note_id), id=str(uuid4()))
        with stage.database.reading() as session:
            [pinned] = must_knows.list_current(session, characters.owner, [GEORGIA])
        assert pinned.note_id == note_id
        assert owner.submit(f"{page}/pin", page, note="x", id="y").status_code == 422

    def test_an_answer_can_be_taken_away(
        self, client_of: Open, characters: Characters, stage: Stage, address: str
    ) -> None:
        owner, page = client_of(characters.owner), f"{address}/interview"
        owner.submit(page, page, **self.answers(html_of(owner.get(page)), inside="Call Bob"))
        with stage.database.reading() as session:
            [told] = must_knows.list_current(session, characters.owner, [GEORGIA])
        number = address.rpartition("/")[2]
        answer = owner.submit(f"/briefs/must-knows/{told.id}/retire", page, interview=number)
        assert answer.headers["Location"] == page
        assert "Call Bob" not in text_of(owner.get(page))

    def test_ends_when_the_leaver_says_so(
        self, client_of: Open, characters: Characters, stage: Stage, handover: HandoverView
    ) -> None:
        owner, page = client_of(characters.owner), f"/handovers/{handover.id}/interview"
        owner.submit(f"{page}/finish", page)
        assert as_stored(stage, characters.owner, handover).interviewed_at == NOW


class TestReading:
    @pytest.fixture
    def told(self, stage: Stage, characters: Characters, handover: HandoverView) -> str:
        """A must-know of a handover that is done: the key of its line."""
        answer = Answer(uuid4(), Prompt.DECIDERS, "Ann decides", MERCY)
        with stage.database.writing() as session:
            exit_interview.tell(session, characters.owner, handover.id, answer, now=NOW)
            handovers.carry_out(session, characters.manager, handover.id, now=NOW, today=TODAY)
        return f"must:{answer.id}"

    def test_has_boxes_for_the_next_holder_alone(
        self, client_of: Open, characters: Characters, address: str, told: str
    ) -> None:
        for name in TAKING_PART:
            html = html_of(client_of(getattr(characters, name)).get(address))
            assert (f'name="line" value="{told}"' in html) == (name == "member"), name

    def test_is_kept_and_shown_to_the_manager(
        self, client_of: Open, characters: Characters, address: str, told: str, stage: Stage
    ) -> None:
        member = client_of(characters.member)
        answer = member.submit(f"{address}/read", address, line=told)
        assert "1 marked as read" in text_of(member.get(answer.headers["Location"]))
        shown = client_of(characters.manager).get(f"{address}/progress", headers=HX)
        assert "Must know 1 of 1" in text_of(shown)
        page = html_of(client_of(characters.manager).get(address))
        assert page.count('title="Read by the next holder"') == 1
        with stage.database.reading() as session:
            number = int(address.rpartition("/")[2])
            assert list(handover_progress.reads_of(session, number, MEMBER)) == [told]

    def test_by_htmx_answers_without_a_page(
        self, client_of: Open, characters: Characters, address: str, told: str
    ) -> None:
        member = client_of(characters.member)
        token = value_of(member.get(address), "csrf_token")
        given = {"line": told, "csrf_token": token}
        assert member.post(f"{address}/read", data=given, headers=HX).status_code == 204

    def test_shows_what_came_since(
        self, client_of: Open, characters: Characters, address: str, told: str, stage: Stage
    ) -> None:
        member = client_of(characters.member)
        member.submit(f"{address}/read", address, line=told)
        stage.clock.now = NOW + timedelta(days=2)
        stage.post(characters.owner, "Ionfield again", territory="georgia")
        page = text_of(member.get(address))
        assert "1 new" in page
        assert "New Ionfield" in page

    def test_is_kept_on_the_device_of_the_next_holder_by_itself(
        self, client_of: Open, characters: Characters, address: str
    ) -> None:
        manager, member = client_of(characters.manager), client_of(characters.member)
        assert 'data-keep=""' in html_of(member.get(address))
        manager.submit(f"{address}/carry-out", address)
        assert 'data-keep="always"' in html_of(member.get(address))
        assert 'data-keep=""' in html_of(manager.get(address))
