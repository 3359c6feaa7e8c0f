"""People in the administration: added, changed, shut out and let in again."""

import re
from collections.abc import Callable

import pytest

from insights.models import Person, Role
from insights.services import handovers, people, topics
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ADMIN, ANALYST, FLORIDA, LEAVER, MANAGER, MEMBER, NOW, OWNER
from tests.web.pages import text_of

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def stored(stage: Stage, person_id: int) -> Person:
    with stage.database.reading() as session:
        return session.get_one(Person, person_id)


def shown(browser: Browser, query: str = "") -> list[str]:
    """The surnames in the list."""
    page = browser.get(f"/admin/people{query}").text
    return sorted(re.findall(r'/admin/people/\d+">\w+ (\w+)</a>', page))


class TestTheList:
    def test_shows_those_who_may_sign_in(self, admin: Browser) -> None:
        assert "Leaver" not in shown(admin)
        assert len(shown(admin)) == 6

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?q=stella", ["Stranger"]),
            ("?q=MANAGER@example", ["Manager"]),
            ("?role=rep", ["Member", "Owner", "Stranger"]),
            ("?active=no", ["Leaver"]),
            ("?q=leo&active=all", ["Leaver"]),
        ],
    )
    def test_is_narrowed_by_words_role_and_state(
        self, admin: Browser, query: str, expected: list[str]
    ) -> None:
        assert shown(admin, query) == expected

    def test_says_what_to_do_when_nobody_is_found(self, admin: Browser) -> None:
        page = admin.get("/admin/people?q=zebedee").text
        assert "Nobody found" in page
        assert "Show everybody" in page

    def test_comes_in_pages_that_keep_the_filters(
        self, admin: Browser, stage: Stage, characters: Characters, count_queries: Counter
    ) -> None:
        with stage.database.writing() as session:
            for number in range(60):
                email, name = f"a{number}@example.com", f"Abel {number:02}"
                people.add(
                    session, characters.admin, now=NOW, email=email, name=name, role=Role.REP
                )
        admin.get("/admin/people")  # a process reads the catalogue once
        with count_queries(stage.database) as statements:
            first = admin.get("/admin/people?q=abel&role=rep").text
        assert len(statements) < 8
        assert first.count("Abel ") == 50
        following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = admin.get(following).text
        assert second.count("Abel ") == 10
        assert "Back to the first" in second


class TestAdding:
    def test_lets_the_person_sign_in_at_once(self, admin: Browser, nobody: Browser) -> None:
        given = {"name": " Nora  New ", "email": "Nora@Example.com", "role": "analyst"}
        answer = admin.submit("/admin/people/new", **given, password=PASSWORD)
        assert answer.status_code == 303
        assert "Nora New is added." in admin.get(answer.headers["Location"]).text
        signed_in = nobody.submit("/sign-in", email="nora@example.com", password=PASSWORD)
        assert signed_in.status_code == 303

    def test_without_a_password_says_that_one_is_needed(self, admin: Browser) -> None:
        given = {"name": "Nora New", "email": "nora@example.com", "role": "rep"}
        answer = admin.submit("/admin/people/new", **given)
        assert "once you set a password" in admin.get(answer.headers["Location"]).text

    def test_tells_all_that_is_wrong_and_keeps_what_was_typed(self, admin: Browser) -> None:
        given = {"name": "", "email": "member@", "role": "manager", "password": "short"}
        answer = admin.submit("/admin/people/new", **given)
        assert answer.status_code == 422
        for name in ("name", "email", "password"):
            assert f'id="field-{name}-error"' in answer.text
        assert 'value="member@"' in answer.text
        assert 'value="manager" id="field-role-3" checked' in answer.text
        assert "short" not in answer.text.split("First password")[1].split("</form>")[0].replace(
            "input short", ""
        )

    def test_names_who_has_the_address_already(self, admin: Browser) -> None:
        given = {"name": "Leo", "email": "leaver@example.com", "role": "rep"}
        answer = admin.submit("/admin/people/new", **given)
        assert answer.status_code == 422
        assert "Leo Leaver has this e-mail address. Activate them again" in answer.text

    @pytest.mark.parametrize("role", ["", "king", "\x00"])
    def test_refuses_a_role_that_does_not_exist(self, admin: Browser, role: str) -> None:
        given = {"name": "Nora", "email": "nora@example.com", "role": role}
        answer = admin.submit("/admin/people/new", **given)
        assert answer.status_code == 422
        assert 'id="field-role-error"' in answer.text


class TestChanging:
    def test_saves_name_address_and_role(self, admin: Browser, stage: Stage) -> None:
        given = {"name": "Maxine Member", "email": "maxine@example.com", "role": "manager"}
        answer = admin.submit(f"/admin/people/{MEMBER}", **given)
        assert answer.status_code == 303
        person = stored(stage, MEMBER)
        assert (person.name, person.email, person.role) == (*list(given.values())[:2], Role.MANAGER)

    def test_does_not_take_an_emptied_name_for_no_change(
        self, admin: Browser, stage: Stage
    ) -> None:
        given = {"name": " ", "email": "maxine@example.com", "role": "rep"}
        answer = admin.submit(f"/admin/people/{MEMBER}", **given)
        assert answer.status_code == 422
        assert 'value="maxine@example.com"' in answer.text
        assert stored(stage, MEMBER).email == "member@example.com"

    def test_keeps_the_last_admin(self, admin: Browser) -> None:
        given = {"name": "Ada Admin", "email": "admin@example.com", "role": "rep"}
        answer = admin.submit(f"/admin/people/{ADMIN}", **given)
        assert answer.status_code == 422
        assert "is the last admin" in answer.text

    def test_shows_what_the_person_holds(self, admin: Browser) -> None:
        page = admin.get(f"/admin/people/{LEAVER}").text
        assert "Georgia" in page
        assert "until 2025-06-01" in page


class TestThePassword:
    def test_ends_the_sign_ins_of_the_person(
        self,
        admin: Browser,
        client_of: Callable[[Actor], Browser],
        characters: Characters,
        nobody: Browser,
    ) -> None:
        member = client_of(characters.member)
        assert member.get("/").status_code == 200
        address = f"/admin/people/{MEMBER}/password"
        page = f"/admin/people/{MEMBER}"
        assert admin.submit(address, page, password=PASSWORD).status_code == 303
        assert member.get("/").status_code == 302
        sent = {"email": "member@example.com", "password": PASSWORD}
        assert nobody.submit("/sign-in", **sent).status_code == 303

    @pytest.mark.parametrize("password", ["", "short", "x" * 300])
    def test_that_is_too_short_or_too_long_is_refused(self, admin: Browser, password: str) -> None:
        page = f"/admin/people/{MEMBER}"
        answer = admin.submit(f"{page}/password", page, password=password)
        assert answer.status_code == 422
        assert "10 to 256 characters" in answer.text

    def test_of_oneself_is_changed_elsewhere(self, admin: Browser) -> None:
        assert "in your settings" in admin.get(f"/admin/people/{ADMIN}").text


class TestLeaving:
    def test_shuts_the_person_out_and_can_be_undone(
        self, admin: Browser, stage: Stage, client_of: Callable[[Actor], Browser],
        characters: Characters,
    ) -> None:  # fmt: skip
        member, page = client_of(characters.member), f"/admin/people/{MEMBER}"
        assert "data-confirm" in admin.get(page).text
        answer = admin.submit(f"{page}/deactivate", page, caretaker=str(MANAGER))
        assert "can no longer sign in" in admin.get(answer.headers["Location"]).text
        assert member.get("/").status_code == 302
        assert admin.submit(f"{page}/activate", page).status_code == 303
        assert stored(stage, MEMBER).is_active

    def test_needs_somebody_for_each_territory(
        self, admin: Browser, stage: Stage, characters: Characters
    ) -> None:
        page = f"/admin/people/{MEMBER}"
        assert f'name="to-{FLORIDA}"' in admin.get(page).text
        refused = admin.submit(f"{page}/deactivate", page, caretaker="")
        assert refused.status_code == 422
        assert "Max Member holds Florida. Say who holds each next" in text_of(refused)
        assert stored(stage, MEMBER).is_active
        chosen = {f"to-{FLORIDA}": str(OWNER)}
        assert admin.submit(f"{page}/deactivate", page, **chosen).status_code == 303
        with stage.database.reading() as session:
            [made] = handovers.list_handovers(session, characters.admin, limit=9)
        assert (made.to_id, made.interim) == (OWNER, False)

    def test_needs_somebody_for_the_topics_or_nobody_by_choice(
        self, admin: Browser, stage: Stage, characters: Characters
    ) -> None:
        with stage.database.writing() as session:
            topics.open_topic(
                session, characters.admin, title="Fibre prices", owner_id=ANALYST, now=NOW
            )
        page = f"/admin/people/{ANALYST}"
        assert "Fibre prices" in text_of(admin.get(page))
        refused = admin.submit(f"{page}/deactivate", page, topics="")
        assert "Anna Analyst works on “Fibre prices”" in text_of(refused)
        assert admin.submit(f"{page}/deactivate", page, topics="nobody").status_code == 303

    def test_for_good_takes_the_name_away(self, admin: Browser, stage: Stage) -> None:
        page = f"/admin/people/{LEAVER}"
        shown = text_of(admin.get(page))
        assert f"called “Former colleague {LEAVER}”" in shown
        assert "Names inside texts are not touched" in shown
        refused = admin.submit(f"{page}/pseudonymise", page, confirmation="Leo")
        assert (refused.status_code, "Type “Leo Leaver”" in text_of(refused)) == (422, True)
        answer = admin.submit(f"{page}/pseudonymise", page, confirmation="Leo Leaver")
        after = text_of(admin.get(answer.headers["Location"]))
        assert f"They are Former colleague {LEAVER} from now on" in after
        assert "Leo" not in after
        assert admin.submit(f"{page}/activate", page).status_code == 409

    def test_of_the_last_admin_is_refused_in_words(self, admin: Browser, stage: Stage) -> None:
        page = f"/admin/people/{ADMIN}"
        answer = admin.submit(f"{page}/deactivate", page)
        assert answer.status_code == 422
        assert "Make somebody else an admin first" in answer.text
        assert 'href="#field-deactivate"' in answer.text
        assert stored(stage, ADMIN).is_active
