"""The page of a note: who sees it, and what can be done to the note there."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from insights.models import Audience
from insights.services import comments, notes, people, sightings
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW
from tests.web.deeds import card_of, who, withdraw
from tests.web.pages import html_of, text_of, textarea_of, value_of

ClientOf = Callable[[Actor], Browser]
SCRIPT = "<script>alert(1)</script>"
PART = {"HX-Request": "true"}


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note of the owner's, in Georgia."""
    return stage.post(characters.owner, "They pay by the truck")


@pytest.fixture
def sealed_id(stage: Stage, characters: Characters) -> UUID:
    """A sealed note of the owner's, in Georgia."""
    return stage.post(characters.owner, "In confidence", audience=Audience.SEALED)


class TestWhoSees:
    def test_a_note_for_everyone(
        self, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        for one in characters.everyone:
            assert "They pay by the truck" in text_of(client_of(one).get(f"/notes/{note_id}"))

    def test_a_sealed_note_and_any_way_to_it(
        self, characters: Characters, client_of: ClientOf, sealed_id: UUID
    ) -> None:
        def sees(one: Actor) -> bool:
            browser, page = client_of(one), f"/notes/{sealed_id}"
            statuses = {browser.get(page).status_code, browser.get(f"{page}/edit").status_code}
            assert statuses == {404} or 404 not in statuses
            return 404 not in statuses

        assert who(characters, sees) == {"Olivia", "Anna", "Manuel", "Ada"}

    def test_a_sealed_note_can_not_be_reached_by_a_form_either(
        self, characters: Characters, client_of: ClientOf, sealed_id: UUID
    ) -> None:
        stranger = client_of(characters.stranger)
        for path in ("edit", "withdraw", "restore", "sight", "unsight", "comments"):
            answer = stranger.submit(f"/notes/{sealed_id}/{path}", page="/", text="x")
            assert answer.status_code == 404
            assert "In confidence" not in html_of(answer)

    def test_a_withdrawn_note(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        withdraw(stage, characters.owner, note_id)
        address = f"/notes/{note_id}"
        seen = who(characters, lambda one: client_of(one).get(address).status_code == 200)
        assert seen == {"Olivia", "Manuel", "Ada"}

    def test_nothing_without_sign_in(self, nobody: Browser, note_id: UUID) -> None:
        assert nobody.get(f"/notes/{note_id}").status_code == 302
        assert nobody.submit(f"/notes/{note_id}/sight", page="/sign-in").status_code == 401

    @pytest.mark.parametrize(
        "path", ["x", "0198c000-0000-7000-8000-000000000001", "0198c000-0000-7000"]
    )
    def test_no_note_where_there_is_none(
        self, characters: Characters, client_of: ClientOf, path: str
    ) -> None:
        assert client_of(characters.admin).get(f"/notes/{path}").status_code == 404

    def test_no_deed_without_the_form_token(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        owner = client_of(characters.owner)
        for path in ("edit", "withdraw", "restore", "sight", "unsight", "comments"):
            assert owner.post(f"/notes/{note_id}/{path}", data={"text": "x"}).status_code == 400
        assert card_of(stage, characters.owner, note_id).version == 1


class TestThePage:
    def test_leads_to_everything_that_the_note_names(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = stage.post(characters.owner, "Acme in healthcare with F1", account_id=MERCY)
        page = client_of(characters.member).get(f"/notes/{note_id}")
        for address in (
            "/territories/southeast",
            "/territories/georgia",
            "/competitors/acme-telecom",
            "/segments/healthcare",
            f"/accounts/{MERCY}",
        ):
            assert f'href="{address}"' in html_of(page)
        for word in ("Olivia Owner", "Fibre One", "Mercy Hospital", "First-hand", "Normal"):
            assert word in text_of(page)

    def test_shows_markup_as_text_wherever_people_write(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = stage.post(characters.owner, SCRIPT)
        with stage.database.writing() as session:
            owner = characters.owner
            comments.add(session, owner, note_id, comment_id=uuid4(), text=SCRIPT, now=NOW)
            notes.edit(session, owner, note_id, {"text": f"{SCRIPT} 2"}, now=NOW)
            people.change(session, characters.admin, now=NOW, person_id=1, name=SCRIPT)
        withdraw(stage, characters.owner, note_id, reason=SCRIPT)
        page = html_of(client_of(characters.owner).get(f"/notes/{note_id}"))
        assert SCRIPT not in page
        assert page.count("&lt;script&gt;") >= 5

    def test_explains_a_clock_that_was_wrong(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = stage.post(characters.owner, "x", captured_at=NOW + timedelta(days=3000))
        page = text_of(client_of(characters.member).get(f"/notes/{note_id}"))
        assert "Captured 4 June 2034" in page
        assert "The note counts at the time we received it" in page

    def test_explains_a_seal(
        self, characters: Characters, client_of: ClientOf, sealed_id: UUID
    ) -> None:
        page = text_of(client_of(characters.analyst).get(f"/notes/{sealed_id}"))
        assert "whoever holds Georgia or a territory above it can read" in page

    def test_takes_as_many_queries_however_much_was_said(
        self,
        stage: Stage,
        characters: Characters,
        client_of: ClientOf,
        note_id: UUID,
        count_queries: Counter,
    ) -> None:
        browser = client_of(characters.owner)
        counts = []
        for number in range(3):
            with stage.database.writing() as session:
                for one in (characters.member, characters.analyst):
                    comments.add(session, one, note_id, comment_id=uuid4(), text="x", now=NOW)
                sightings.add(session, characters.everyone[number + 1], note_id, now=NOW)
                notes.edit(session, characters.owner, note_id, {"text": f"{number}"}, now=NOW)
            with count_queries(stage.database) as statements:
                browser.get(f"/notes/{note_id}")
            counts.append(len(statements))
        assert counts[0] == counts[1] == counts[2] <= 17


class TestSeenItToo:
    def test_is_said_and_taken_back(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        member, page = client_of(characters.member), f"/notes/{note_id}"
        answer = member.submit(f"{page}/sight", page=page)
        assert (answer.status_code, answer.location) == (303, f"{page}#sightings")
        assert "You in Florida 18 March 2026" in text_of(member.get(page))
        assert "Take mine back" in text_of(member.get(page))
        others = text_of(client_of(characters.stranger).get(page))
        assert "Max Member in Florida 18 March 2026, 12:00 UTC" in others
        member.submit(f"{page}/unsight", page=page)
        assert card_of(stage, characters.member, note_id).sightings == 0

    def test_twice_counts_once(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        for _ in range(2):
            client_of(characters.member).submit(f"/notes/{note_id}/sight", page="/")
        assert card_of(stage, characters.member, note_id).sightings == 1

    def test_is_answered_with_the_part_that_changed(
        self, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        member = client_of(characters.member)
        form = {"csrf_token": value_of(member.get(f"/notes/{note_id}"), "csrf_token")}
        part = member.post(f"/notes/{note_id}/sight", data=form, headers=PART)
        assert text_of(part).startswith("Seen it too 1 You in Florida")
        assert text_of(part).endswith("Take mine back")
        assert "<html" not in html_of(part)

    def test_is_not_for_the_author(
        self, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        owner = client_of(characters.owner)
        assert "/sight" not in html_of(owner.get(f"/notes/{note_id}"))
        assert owner.submit(f"/notes/{note_id}/sight", page="/").status_code == 403


class TestComments:
    @pytest.fixture
    def member(self, characters: Characters, client_of: ClientOf) -> Browser:
        """The member's browser."""
        return client_of(characters.member)

    def test_sent_twice_are_one(self, member: Browser, note_id: UUID) -> None:
        page = f"/notes/{note_id}"
        identity = value_of(member.get(page), "id")
        for _ in range(2):
            answer = member.submit(f"{page}/comments", page=page, id=identity, text="Here too")
            assert answer.location == f"{page}#comment-{identity}"
        assert html_of(member.get(page)).count('<p dir="auto">Here too</p>') == 1

    @pytest.mark.parametrize("text", [" ", "x" * 5_001, "\x00\u200b"])
    def test_that_are_refused_come_back_as_they_were_sent(
        self, member: Browser, note_id: UUID, text: str
    ) -> None:
        answer = member.submit(f"/notes/{note_id}/comments", page="/", text=text)
        assert answer.status_code == 422
        assert textarea_of(answer, "text") == text
        assert "field-error" in html_of(answer)

    def test_under_an_id_of_another_comment_are_kept_to_be_sent_again(
        self, stage: Stage, characters: Characters, member: Browser, note_id: UUID
    ) -> None:
        identity = uuid4()
        with stage.database.writing() as session:
            comments.add(
                session, characters.owner, note_id, comment_id=identity, text="Mine", now=NOW
            )
        answer = member.submit(f"/notes/{note_id}/comments", page="/", id=str(identity), text="Me")
        assert answer.status_code == 409
        assert textarea_of(answer, "text") == "Me"
        assert value_of(answer, "id") != str(identity)

    def test_are_changed_by_their_author_in_place(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        identity, page = uuid4(), f"/notes/{note_id}"
        address, field = f"{page}/comments/{identity}/edit", f"text-{identity}"
        member, other = client_of(characters.member), client_of(characters.manager)
        member.submit(f"{page}/comments", page="/", id=str(identity), text="Heer too")
        refused = member.submit(address, page="/", **{field: " "})
        assert refused.status_code == 422
        assert '<details class="comment-edit" open>' in html_of(refused)
        answer = member.submit(address, page="/", **{field: "Here too"})
        assert answer.location == f"{page}#comment-{identity}"
        assert other.submit(address, page="/", **{field: "Mine"}).status_code == 403
        seen = other.get(page)
        assert "Here too" in text_of(seen)
        assert "edited" in text_of(seen)
        assert field not in html_of(seen)

    def test_are_withdrawn_by_their_author_and_managers(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        def may_withdraw(one: Actor) -> bool:
            identity = uuid4()
            with stage.database.writing() as session:
                comments.add(
                    session, characters.member, note_id, comment_id=identity, text="x", now=NOW
                )
            address = f"/notes/{note_id}/comments/{identity}/withdraw"
            return client_of(one).submit(address, page="/").status_code == 303

        assert who(characters, may_withdraw) == {"Max", "Manuel", "Ada"}
