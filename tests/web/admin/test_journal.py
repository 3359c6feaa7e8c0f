"""The journal as a page: sentences, links, filters."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from insights.services import (
    accounts,
    assignments,
    competitors,
    journal,
    people,
    saved_searches,
    segments,
    territories,
    tokens,
)
from insights.services.access import OPERATOR, Actor
from insights.text import clean
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, LEAVER, MEMBER, MERCY, NOW, TODAY


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def told(browser: Browser, query: str = "") -> list[str]:
    """The sentences of the page, without their times and links."""
    page = browser.get(f"/admin/journal{query}").text
    _, _, listed = page.partition('<ol class="plain-list ruled journal"')
    items = listed.partition("</ol>")[0].split("<li>")[1:]
    return [plain(item.split("</time>")[1]) for item in items]


def plain(html: str) -> str:
    pieces = [piece.split(">", 1)[-1] for piece in html.split("<")]
    return " ".join(clean(" ".join(pieces)).split())


def do(stage: Stage, deed: Callable[..., object], actor: Actor, **given: Any) -> None:
    with stage.database.writing() as session:
        deed(session, actor, now=NOW, **given)


def test_an_empty_journal_says_so(admin: Browser) -> None:
    assert "Nothing found" in admin.get("/admin/journal").text


def test_it_speaks_in_sentences(admin: Browser, stage: Stage, characters: Characters) -> None:
    me = characters.admin
    do(stage, territories.change, me, slug="georgia", name="Peach State")
    do(stage, territories.move, me, slug="georgia", parent_slug="west")
    do(stage, assignments.assign, me, territory_slug="georgia", person_id=MEMBER, since=TODAY)
    do(stage, people.set_password, me, person_id=MEMBER, password="x" * 20)
    do(stage, segments.rename_dimension, me, dimension=1, name="Trade")
    do(stage, competitors.change, me, slug="ionfield", aliases=["IF"])
    do(stage, accounts.archive, characters.analyst, account_id=MERCY)
    do(stage, people.activate, OPERATOR, person_id=LEAVER)
    assert told(admin) == [
        "The operator activated Leo Leaver",
        "Anna Analyst archived the account Mercy Hospital",
        "Ada Admin changed the competitor Ionfield (aliases)",
        "Ada Admin renamed the dimension Trade from “Industry”",
        "Ada Admin changed the password of Max Member",
        "Ada Admin assigned Peach State to Max Member from 2026-03-18",
        "Ada Admin moved the territory Peach State below West, from Southeast",
        "Ada Admin renamed the territory Peach State",
    ]


def test_a_former_name_is_not_lost(admin: Browser, stage: Stage, characters: Characters) -> None:
    for name in ("Peach State", "Georgia"):
        do(stage, territories.change, characters.admin, slug="georgia", name=name)
    assert told(admin)[1] == "Ada Admin renamed the territory Georgia to “Peach State”"


def test_a_verb_without_words_is_shown_as_it_is(admin: Browser, stage: Stage) -> None:
    with stage.database.writing() as session:
        journal.append(session, "spell.cast", ("spell", 7), actor_id=MEMBER, now=NOW)
    assert told(admin) == ["Max Member spell.cast: spell 7"]


def test_a_saved_search_is_told_without_its_name(
    admin: Browser, stage: Stage, characters: Characters
) -> None:
    me = characters.admin
    with stage.database.writing() as session:
        saved = saved_searches.save(
            session, characters.owner, now=NOW, name="Prices", query="acme", shared=True
        )
    do(stage, saved_searches.change, me, search_id=saved.id, name="Costs")
    do(stage, saved_searches.change, characters.owner, search_id=saved.id, query="ionfield")
    do(stage, saved_searches.change, me, search_id=saved.id, name="Price", query="acme cloud")
    do(stage, saved_searches.remove, me, search_id=saved.id)
    search = f"search {saved.id}"
    assert told(admin, "?what=search") == [
        f"Ada Admin removed {search} of Olivia Owner",
        f"Ada Admin changed {search} of Olivia Owner (name, query)",
        f"Olivia Owner changed {search} (query)",
        f"Ada Admin renamed {search} of Olivia Owner",
        f"Olivia Owner saved {search}",
    ]


def test_an_import_is_told_with_its_counts(admin: Browser, stage: Stage) -> None:
    data = {"file": "notes.csv", "read": 9, "added": 7, "unchanged": 1, "refused": 1}
    with stage.database.writing() as session:
        subject = ("import", "notes")
        journal.append(session, "import.finished", subject, actor_id=6, now=NOW, data=data)
    expected = "Ada Admin imported notes from notes.csv: 7 added, 1 unchanged, 1 refused"
    assert told(admin) == [expected]


def test_each_thing_is_linked(admin: Browser, stage: Stage, characters: Characters) -> None:
    me, note_id = characters.admin, stage.post(characters.owner, "They want fibre")
    do(stage, competitors.archive, me, slug="ionfield")
    do(stage, accounts.archive, me, account_id=MERCY)
    do(stage, people.activate, me, person_id=LEAVER)
    given = {"name": "CRM", "scopes": ["read"], "expires_at": NOW + timedelta(days=1)}
    do(stage, tokens.make, me, **given)
    page = admin.get("/admin/journal").text
    for address in (
        f"/notes/{note_id}", "/admin/competitors/ionfield", f"/admin/accounts/{MERCY}",
        f"/admin/people/{LEAVER}", "/admin/tokens",
    ):  # fmt: skip
        assert f'href="{address}"' in page or f"/{note_id}" in page


class TestFilters:
    @pytest.fixture(autouse=True)
    def deeds(self, stage: Stage, characters: Characters) -> None:
        do(stage, territories.change, characters.admin, slug="georgia", name="Peach State")
        do(stage, territories.change, characters.admin, slug="florida", code="FLA")
        do(stage, accounts.archive, characters.analyst, account_id=MERCY)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?what=territory", 2),
            ("?what=territory.changed", 2),
            ("?what=note.posted", 0),
            (f"?subject=territory:{GEORGIA}", 1),
            ("?person=4", 1),
            ("?since=2026-03-18&until=2026-03-18", 3),
            ("?until=2026-03-17", 0),
            ("?since=2026-03-19", 0),
            ("?since=&until=&what=&person=", 3),
        ],
    )
    def test_narrow_what_is_shown(self, admin: Browser, query: str, expected: int) -> None:
        assert len(told(admin, query)) == expected

    def test_stay_in_the_form(self, admin: Browser) -> None:
        page = admin.get("/admin/journal?what=territory.changed&person=6&since=2026-03-01").text
        assert 'value="territory.changed" selected' in page
        assert 'value="6" selected' in page
        assert 'value="2026-03-01"' in page

    def test_of_one_thing_can_be_taken_away(self, admin: Browser) -> None:
        page = admin.get(f"/admin/journal?subject=territory:{GEORGIA}").text
        assert "Only about Peach State" in page


def test_it_comes_in_pages_with_the_same_queries(
    admin: Browser, stage: Stage, characters: Characters, count_queries: Counter
) -> None:
    do(stage, accounts.archive, characters.admin, account_id=MERCY)
    admin.get("/admin/journal")
    with count_queries(stage.database) as few:
        admin.get("/admin/journal")
    with stage.database.writing() as session:
        subject = ("account", MERCY)
        for number in range(60):
            journal.append(session, "account.restored", subject, actor_id=1 + number % 6, now=NOW)
    with count_queries(stage.database) as many:
        first = admin.get("/admin/journal?what=account").text
    assert len(many) == len(few)
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert first.count("Mercy Hospital") == 50
    assert admin.get(following).text.count("Mercy Hospital") == 11
