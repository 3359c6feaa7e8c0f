"""Competitors and products in the administration, with the names by which text is tagged."""

from collections.abc import Callable, Mapping

import pytest

from insights.services import catalogue, competitors
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, NamedItem
from tests.fixtures.app import Browser, Stage
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import ACME, FIBRE_ONE, IONFIELD, NOW


@pytest.fixture
def analyst(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An analyst's browser: whoever may change these least."""
    return client_of(characters.analyst)


def known(stage: Stage) -> Catalogue:
    with stage.database.reading() as session:
        return catalogue.current(session)


def find(stage: Stage, noun: str, word: str) -> NamedItem:
    known_now = known(stage)
    lookup = known_now.find_competitor if noun == "competitors" else known_now.find_product
    found = lookup(word)
    assert found is not None
    return found


both = pytest.mark.parametrize(
    ("noun", "slug", "alias"),
    [("competitors", "acme-telecom", "Acme"), ("products", "fibre-one", "F1")],
)


@both
def test_a_list_is_searched_by_name_and_alias(
    analyst: Browser, noun: str, slug: str, alias: str
) -> None:
    page = analyst.get(f"/admin/{noun}?q={alias.lower()}").text
    assert f"/admin/{noun}/{slug}" in page
    assert "Ion" not in page.split("<tbody>")[1]
    assert "found" in analyst.get(f"/admin/{noun}?q=zzz").text


@both
def test_one_is_added_with_an_alias_on_each_line(
    analyst: Browser, stage: Stage, noun: str, slug: str, alias: str
) -> None:
    given = {
        "name": "Quillnet",
        "aliases": "Quill Net\r\n\r\n  QNet \r\nquill net",
        "competitor": "",
    }
    answer = analyst.submit(f"/admin/{noun}/new", **given)
    assert answer.headers["Location"] == f"/admin/{noun}/quillnet"
    assert find(stage, noun, "qnet").aliases == ("QNet", "quill net")


@both
def test_what_belongs_to_another_is_refused_and_kept(
    analyst: Browser, noun: str, slug: str, alias: str
) -> None:
    aliases = f"Quill Net\n{alias.upper()}"
    answer = analyst.submit(f"/admin/{noun}/new", name="", aliases=aliases)
    assert answer.status_code == 422
    assert 'id="field-name-error"' in answer.text
    answer = analyst.submit(f"/admin/{noun}/new", name="Quillnet", aliases=aliases)
    assert answer.status_code == 422
    assert "Remove it there or choose another" in answer.text
    assert aliases in answer.text


@both
def test_one_is_changed_and_keeps_its_address(
    analyst: Browser, stage: Stage, noun: str, slug: str, alias: str
) -> None:
    given = {"name": "Quillnet", "aliases": "Q\nNet of Quill", "competitor": ""}
    assert analyst.submit(f"/admin/{noun}/{slug}", **given).status_code == 303
    found = find(stage, noun, "quillnet")
    assert (found.slug, set(found.aliases)) == (slug, {"Q", "Net of Quill"})


@both
def test_a_change_that_cannot_be_is_refused_and_kept(
    analyst: Browser, stage: Stage, noun: str, slug: str, alias: str
) -> None:
    given = {"name": "Quillnet", "aliases": "\n".join(f"name {one}" for one in range(60))}
    answer = analyst.submit(f"/admin/{noun}/{slug}", **given)
    assert answer.status_code == 422
    assert "Keep to 50 aliases" in answer.text
    assert 'value="Quillnet"' in answer.text
    assert find(stage, noun, alias).name != "Quillnet"


@both
def test_one_is_archived_and_restored(
    analyst: Browser, stage: Stage, noun: str, slug: str, alias: str
) -> None:
    page = f"/admin/{noun}/{slug}"
    assert "data-confirm" in analyst.get(page).text
    assert analyst.submit(f"{page}/archive", page).status_code == 303
    assert find(stage, noun, alias).archived
    assert "Restore" in analyst.get(page).text
    assert analyst.submit(f"{page}/restore", page).status_code == 303
    assert not find(stage, noun, alias).archived


def test_a_product_is_given_to_a_competitor_and_taken_back(analyst: Browser, stage: Stage) -> None:
    page = "/admin/products/fibre-one"
    for slug, expected in (("acme-telecom", ACME), ("", None)):
        given = {"name": "Fibre One", "aliases": "F1", "competitor": slug}
        assert analyst.submit(page, **given).status_code == 303
        assert known(stage).products[FIBRE_ONE].competitor_id == expected


@pytest.mark.parametrize("maker", ["nobody", "\x00"])
def test_a_maker_that_does_not_exist_is_refused(analyst: Browser, maker: str) -> None:
    given = {"name": "Fibre One", "aliases": "", "competitor": maker}
    for page in ("/admin/products/fibre-one", "/admin/products/new"):
        answer = analyst.submit(page, **given)
        assert answer.status_code == 422
        assert 'id="field-competitor-error"' in answer.text


def test_an_archived_maker_stays_with_its_product(
    analyst: Browser, stage: Stage, characters: Characters
) -> None:
    with stage.database.writing() as session:
        competitors.archive(session, characters.analyst, now=NOW, slug="ionfield")
    page = "/admin/products/ion-cloud"
    assert 'value="ionfield" selected' in analyst.get(page).text
    given = {"name": "Ion Cloud", "aliases": "Cloud of Ion", "competitor": "ionfield"}
    assert analyst.submit(page, **given).status_code == 303
    assert find(stage, "products", "cloud of ion").competitor_id == IONFIELD


def test_long_lists_come_in_pages_with_the_same_queries(
    analyst: Browser, stage: Stage, characters: Characters, count_queries: Counter
) -> None:
    def queries() -> int:
        analyst.get("/admin/competitors")
        with count_queries(stage.database) as statements:
            analyst.get("/admin/competitors")
        return len(statements)

    before = queries()
    with stage.database.writing() as session:
        for number in range(60):
            name = f"Rival {number:02}"
            competitors.create(session, characters.analyst, now=NOW, name=name)
    # Who asks, the proposed names, and what the navigation counts.
    assert queries() == before <= 5
    first = analyst.get("/admin/competitors?q=rival").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert first.count('"/admin/competitors/rival-') == 50
    assert analyst.get(following).text.count('"/admin/competitors/rival-') == 10


def test_empty_lists_invite_to_the_first_one(
    analyst: Browser, stage: Stage, characters: Characters
) -> None:
    archiving: Mapping[str, tuple[str, ...]] = {
        "competitors": ("ionfield", "acme-telecom"), "products": ("fibre-one", "ion-cloud")
    }  # fmt: skip
    for noun, slugs in archiving.items():
        for slug in slugs:
            analyst.submit(f"/admin/{noun}/{slug}/archive", "/admin")
        assert f"No {noun} yet" in analyst.get(f"/admin/{noun}").text
