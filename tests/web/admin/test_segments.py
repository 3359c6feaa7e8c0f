"""Segments in the administration, and the names of the two dimensions."""

from collections.abc import Callable

import pytest

from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import Catalogue
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import HEALTHCARE

PAGE = "/admin/segments/healthcare"


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def known(stage: Stage) -> Catalogue:
    with stage.database.reading() as session:
        return catalogue.current(session)


def test_a_segment_is_added_to_a_dimension(admin: Browser, stage: Stage) -> None:
    assert (
        'value="2" id="field-dimension-2" checked'
        in admin.get("/admin/segments/new?dimension=2").text
    )
    assert admin.submit("/admin/segments/new", name="Mid-market", dimension="2").status_code == 303
    segment = known(stage).find_segment("mid-market")
    assert segment is not None
    assert segment.dimension == 2
    assert "Mid-market" in admin.get("/admin/segments").text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": "", "dimension": "1"}, "name"),
        ({"name": "healthcare", "dimension": "1"}, "name"),
        ({"name": "x" * 200, "dimension": "1"}, "name"),
        ({"name": "Retail", "dimension": ""}, "dimension"),
        ({"name": "Retail", "dimension": "3"}, "dimension"),
        ({"name": "Retail", "dimension": "one"}, "dimension"),
    ],
)
def test_a_segment_that_cannot_be_is_refused(
    admin: Browser, sent: dict[str, str], field: str
) -> None:
    answer = admin.submit("/admin/segments/new", **sent)
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert f'value="{sent["name"]}"' in answer.text


def test_a_segment_is_renamed_and_keeps_its_address(admin: Browser, stage: Stage) -> None:
    assert admin.submit(PAGE, name="Hospitals").status_code == 303
    segment = known(stage).segments[HEALTHCARE]
    assert (segment.name, segment.slug) == ("Hospitals", "healthcare")


def test_the_name_of_another_segment_is_refused(admin: Browser) -> None:
    answer = admin.submit(PAGE, name="Trucking")
    assert answer.status_code == 422
    assert 'value="Trucking"' in answer.text


def test_a_segment_is_archived_and_restored(admin: Browser, stage: Stage) -> None:
    assert admin.submit(f"{PAGE}/archive", PAGE).status_code == 303
    assert known(stage).segments[HEALTHCARE].archived
    admin.get(PAGE)
    assert f'"{PAGE}"' not in admin.get("/admin/segments").text
    assert f'"{PAGE}"' in admin.get("/admin/segments?archived=1").text
    assert admin.submit(f"{PAGE}/restore", PAGE).status_code == 303
    assert not known(stage).segments[HEALTHCARE].archived


def test_a_dimension_is_renamed(admin: Browser, stage: Stage) -> None:
    answer = admin.submit("/admin/segments/dimensions/1", "/admin/segments", name="Trade")
    assert answer.status_code == 303
    assert known(stage).dimensions[1] == "Trade"


@pytest.mark.parametrize("name", ["", "company SIZE", "x" * 200])
def test_a_name_that_a_dimension_cannot_have_is_refused(
    admin: Browser, stage: Stage, name: str
) -> None:
    before = known(stage).dimensions[1]
    names = {**known(stage).dimensions}
    typed = names[2] if name == "company SIZE" else name
    answer = admin.submit("/admin/segments/dimensions/1", "/admin/segments", name=typed)
    assert answer.status_code == 422
    assert 'id="error-1"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert known(stage).dimensions[1] == before


def test_there_is_no_third_dimension(admin: Browser) -> None:
    for number in (0, 3, 2**70):
        address = f"/admin/segments/dimensions/{number}"
        assert admin.submit(address, "/admin/segments", name="Trade").status_code == 422
