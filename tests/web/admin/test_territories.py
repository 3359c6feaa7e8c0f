"""Territories in the administration: the tree, its places and who holds them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from insights.models import Assignment, JournalEntry, Territory
from insights.services import territories
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, MEMBER, NOW, OWNER, TODAY, WEST

TRIANGLE = '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}'
GEORGIA_PAGE = "/admin/territories/georgia"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


@pytest.fixture
def manager(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """The browser of the manager of the Southeast."""
    return client_of(characters.manager)


def stored(stage: Stage, territory_id: int = GEORGIA) -> Territory:
    with stage.database.reading() as session:
        return session.get_one(Territory, territory_id)


def held(stage: Stage, person_id: int, territory_id: int) -> list[tuple[date, date | None]]:
    """From when to when the person holds the territory."""
    mine = (Assignment.person_id == person_id, Assignment.territory_id == territory_id)
    with stage.database.reading() as session:
        return [(one.since, one.until) for one in session.scalars(select(Assignment).where(*mine))]


class TestTheTree:
    def test_names_who_holds_what(self, admin: Browser) -> None:
        page = admin.get("/admin/territories").text
        assert "GA · Olivia Owner" in page
        assert "nobody holds it" in page

    def test_is_searched_by_name_and_code(self, admin: Browser) -> None:
        for words in ("geor", "ga", "GÉORGIA"):
            page = admin.get("/admin/territories", query_string={"q": words}).text
            assert "Georgia" in page
            assert "Nevada" not in page

    def test_says_what_to_do_when_nothing_is_found(self, admin: Browser) -> None:
        assert "No territory found" in admin.get("/admin/territories?q=atlantis").text

    def test_takes_the_same_queries_however_large_it_is(
        self, admin: Browser, stage: Stage, characters: Characters, count_queries: Counter
    ) -> None:
        def queries() -> int:
            admin.get("/admin/territories")
            with count_queries(stage.database) as statements:
                admin.get("/admin/territories")
            return len(statements)

        before = queries()
        with stage.database.writing() as session:
            for number in range(30):
                territories.create(session, characters.admin, now=NOW, name=f"Place {number}")
        assert queries() == before <= 6


class TestAdding:
    def test_hangs_it_below_its_parent(self, admin: Browser, stage: Stage) -> None:
        assert 'value="west" selected' in admin.get("/admin/territories/new?parent=west").text
        given = {"name": "Utah", "code": "ut", "parent": "west", "shape": "ut"}
        answer = admin.submit("/admin/territories/new", **given)
        assert answer.headers["Location"] == "/admin/territories/utah"
        with stage.database.reading() as session:
            utah = session.scalars(select(Territory).where(Territory.slug == "utah")).one()
        assert (utah.parent_id, utah.code, utah.shape) == (WEST, "UT", {"state": "UT"})

    def test_keeps_what_was_typed_when_it_is_refused(self, admin: Browser) -> None:
        given = {"name": "Georgia", "code": "!", "parent": "west", "shape": ""}
        answer = admin.submit("/admin/territories/new", **given)
        assert answer.status_code == 422
        assert "There is a territory called" in answer.text
        assert 'id="field-code-error"' in answer.text
        assert 'value="west" selected' in answer.text

    @pytest.mark.parametrize("shape", ["XX", "{", "[" * 100_000, '{"type": "Point"}', "9" * 5_000])
    def test_refuses_a_shape_that_is_none(self, admin: Browser, shape: str) -> None:
        given = {"name": "Utah", "code": "", "parent": "", "shape": shape}
        answer = admin.submit("/admin/territories/new", **given)
        assert answer.status_code == 422
        assert 'id="field-shape-error"' in answer.text


class TestChanging:
    def test_saves_name_code_and_shape(self, admin: Browser, stage: Stage) -> None:
        given = {"name": "Peach State", "code": "", "shape": TRIANGLE}
        assert admin.submit(GEORGIA_PAGE, **given).status_code == 303
        place = stored(stage)
        assert (place.name, place.slug, place.code) == ("Peach State", "georgia", None)
        assert "Polygon" in admin.get(GEORGIA_PAGE).text

    def test_journals_only_what_has_changed(self, admin: Browser, stage: Stage) -> None:
        admin.submit(GEORGIA_PAGE, name="Peach State", code="GA", shape="")
        admin.submit(GEORGIA_PAGE, name="Peach State", code="GA", shape="")
        with stage.database.reading() as session:
            entries = session.scalars(select(JournalEntry)).all()
        assert [one.data["changed"] for one in entries] == [["name"]]

    def test_refuses_the_name_of_another(self, admin: Browser, stage: Stage) -> None:
        answer = admin.submit(GEORGIA_PAGE, name="FLORIDA", code="GA", shape="")
        assert answer.status_code == 422
        assert 'value="FLORIDA"' in answer.text
        assert stored(stage).name == "Georgia"


class TestMoving:
    def test_hangs_it_elsewhere_or_at_the_top(self, admin: Browser, stage: Stage) -> None:
        for parent, expected in (("west", WEST), ("", None)):
            sent = admin.submit(f"{GEORGIA_PAGE}/move", GEORGIA_PAGE, parent=parent)
            assert sent.status_code == 303
            assert stored(stage).parent_id == expected

    def test_does_not_offer_what_lies_below(self, admin: Browser) -> None:
        page = admin.get("/admin/territories/southeast").text
        options = page.split('name="parent"')[1].split("</select>")[0]
        assert 'value="west"' in options
        assert 'value="georgia"' not in options
        assert 'value="southeast"' not in options

    @pytest.mark.parametrize("parent", ["georgia", "southeast", "atlantis", "\x00"])
    def test_refuses_a_cycle_and_what_does_not_exist_in_words(
        self, admin: Browser, parent: str
    ) -> None:
        page = "/admin/territories/southeast"
        answer = admin.submit(f"{page}/move", page, parent=parent)
        assert answer.status_code == 422
        assert 'id="field-parent-error"' in answer.text


class TestArchiving:
    def test_is_refused_while_something_lies_below(self, admin: Browser) -> None:
        page = "/admin/territories/southeast"
        answer = admin.submit(f"{page}/archive", page)
        assert answer.status_code == 422
        assert "Archive or move what lies below Southeast first: Florida and 1 more" in answer.text
        assert 'href="#field-archive"' in answer.text

    def test_can_be_undone(self, admin: Browser, stage: Stage) -> None:
        assert 'data-confirm="Archive Georgia?' in admin.get(GEORGIA_PAGE).text
        assert admin.submit(f"{GEORGIA_PAGE}/archive", GEORGIA_PAGE).status_code == 303
        assert stored(stage).archived_at == NOW
        assert f'"{GEORGIA_PAGE}"' not in admin.get("/admin/territories").text
        assert f'"{GEORGIA_PAGE}"' in admin.get("/admin/territories?archived=1").text
        assert admin.submit(f"{GEORGIA_PAGE}/restore", GEORGIA_PAGE).status_code == 303
        assert stored(stage).archived_at is None


class TestAssigning:
    def test_is_for_the_manager_who_sees_nothing_else_to_change(self, manager: Browser) -> None:
        page = manager.get(GEORGIA_PAGE).text
        assert "Olivia Owner" in page
        assert "Assign somebody" in page
        assert "Place in the tree" not in page
        assert 'name="code"' not in page

    def test_gives_the_territory_to_a_person(self, manager: Browser, stage: Stage) -> None:
        sent = {"person": str(MEMBER), "since": "2026-03-20", "until": ""}
        answer = manager.submit(f"{GEORGIA_PAGE}/assignments", GEORGIA_PAGE, **sent)
        assert answer.status_code == 303
        assert held(stage, MEMBER, GEORGIA) == [(date(2026, 3, 20), None)]
        assert "Georgia is assigned to Max Member." in manager.get(GEORGIA_PAGE).text

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"person": "", "since": "2026-03-20"}, "person"),
            ({"person": "999", "since": "2026-03-20"}, "person"),
            ({"person": str(2**70), "since": "2026-03-20"}, "person"),
            ({"person": str(OWNER), "since": "2026-03-20"}, "person"),
            ({"person": str(MEMBER), "since": ""}, "since"),
            ({"person": str(MEMBER), "since": "20 March"}, "since"),
            ({"person": str(MEMBER), "since": "2199-01-01"}, "since"),
            ({"person": str(MEMBER), "since": "2026-03-20", "until": "2026-03-20"}, "until"),
        ],
    )
    def test_says_what_has_to_be_mended(
        self, manager: Browser, sent: dict[str, str], field: str
    ) -> None:
        answer = manager.submit(f"{GEORGIA_PAGE}/assignments", GEORGIA_PAGE, **sent)
        assert answer.status_code == 422
        assert f'id="field-{field}-error"' in answer.text
        if sent["since"]:
            assert f'value="{sent["since"]}"' in answer.text

    def test_ends_on_a_day(self, manager: Browser, stage: Stage) -> None:
        page = "/admin/assignments/3"
        assert "Max Member and Florida" in manager.get(page).text
        assert manager.submit(f"{page}/end", page, until=TODAY.isoformat()).status_code == 303
        assert held(stage, MEMBER, FLORIDA) == [(date(2025, 1, 1), TODAY)]

    @pytest.mark.parametrize("until", ["", "soon", "1999-01-01", "2024-12-31"])
    def test_does_not_end_on_a_day_that_makes_no_sense(
        self, manager: Browser, stage: Stage, until: str
    ) -> None:
        page = "/admin/assignments/3"
        answer = manager.submit(f"{page}/end", page, until=until)
        assert answer.status_code == 422
        assert 'id="field-until-error"' in answer.text
        assert held(stage, MEMBER, FLORIDA) == [(date(2025, 1, 1), None)]

    def test_is_taken_back_before_it_has_lasted_a_day(self, manager: Browser, stage: Stage) -> None:
        since = (TODAY + timedelta(days=2)).isoformat()
        manager.submit(f"{GEORGIA_PAGE}/assignments", GEORGIA_PAGE, person=str(MEMBER), since=since)
        with stage.database.reading() as session:
            latest = session.scalars(select(Assignment.id).order_by(Assignment.id.desc())).first()
        page = f"/admin/assignments/{latest}"
        assert "Take it back" in manager.get(page).text
        assert manager.submit(f"{page}/take-back", page).status_code == 303
        assert held(stage, MEMBER, GEORGIA) == []

    def test_stays_in_the_history_once_it_has_lasted_a_day(self, manager: Browser) -> None:
        page = "/admin/assignments/3"
        assert "Take it back" not in manager.get(page).text
        answer = manager.submit(f"{page}/take-back", page)
        assert answer.status_code == 422
        assert "End it instead" in answer.text
