"""Links to the pages, and what a shared address is of."""

from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.text import slugify
from integrations.slack.links import Links, Page, Target

LINKS = Links("https://notes.example.com/field")
NOTE = UUID("01890000-0000-7000-8000-00000000002a")
BASES = st.sampled_from(
    ("https://notes.example.com", "http://10.0.0.7:8080", "https://example.com/a/b")
)


@given(BASES, st.uuids())
def test_a_link_to_a_note_leads_back_to_it(base: str, note_id: UUID) -> None:
    links = Links(base)
    assert links.target(links.note(note_id)) == Target(Page.NOTE, str(note_id))


@given(BASES, st.text(min_size=1, max_size=80), st.integers(1, 2**31 - 1))
def test_a_link_to_a_name_or_a_trend_leads_back_to_it(base: str, name: str, trend: int) -> None:
    links, slug = Links(base), slugify(name)
    assert links.target(links.competitor(slug)) == Target(Page.COMPETITOR, slug)
    assert links.target(links.segment(slug)) == Target(Page.SEGMENT, slug)
    assert links.target(links.product(slug)) == Target(Page.PRODUCT, slug)
    assert links.target(links.trend(trend)) == Target(Page.TREND, str(trend))


@given(st.text(min_size=1, max_size=200))
def test_a_link_to_a_search_leads_back_to_its_words(query: str) -> None:
    url = LINKS.search(query)
    target = LINKS.target(url)
    assert target == (Target(Page.SEARCH, query.strip()) if query.strip() else None)
    # Slack writes a link as <address|label>.
    assert not set(url) & set("<>| ")


@given(st.text(max_size=120))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    assert LINKS.target(text) is None
    LINKS.target(f"{LINKS.base}{text}")
    LINKS.target(f"{LINKS.base}/search?{text}")


@pytest.mark.parametrize(
    "url",
    [
        f"https://notes.example.com/field/notes/{NOTE}",
        f"https://NOTES.example.com:443/field/notes/{str(NOTE).upper()}/",
        f"HTTPS://notes.example.com/field/notes/{NOTE}?from=mail#comments",
    ],
)
def test_the_same_page_may_be_written_in_several_ways(url: str) -> None:
    assert LINKS.target(url) == Target(Page.NOTE, str(NOTE))


@pytest.mark.parametrize(
    "url",
    [
        f"https://evil.example.com/field/notes/{NOTE}",
        f"https://notes.example.com.evil.example/field/notes/{NOTE}",
        f"https://notes.example.com@evil.example/field/notes/{NOTE}",
        f"https://ann@notes.example.com/field/notes/{NOTE}",
        f"http://notes.example.com/field/notes/{NOTE}",
        f"https://notes.example.com:8443/field/notes/{NOTE}",
        f"https://notes.example.com:port/field/notes/{NOTE}",
        f"https://notes.example.com/notes/{NOTE}",
        f"https://notes.example.com/fields/notes/{NOTE}",
        f"https://notes.example.com/field/../notes/{NOTE}",
        f"https://notes.example.com/field/notes/{NOTE}/edit",
        f"https://notes.example.com/field/notes/{{{NOTE}}}",
        f"https://notes.example.com/field/notes%2F{NOTE}",
        f"javascript:/field/notes/{NOTE}",
        "https://notes.example.com/field/territories/map",
        "https://notes.example.com/field/territories/silence",
        "https://notes.example.com/field/territories/south/weeks/2026-01-05",
        "https://notes.example.com/field/trends/007",
        "https://notes.example.com/field/trends/9999999999999999999",
        "https://notes.example.com/field/admin/people",
        "https://notes.example.com/field/search",
        "https://notes.example.com/field/search?q=" + "a" * 1_001,
        "https://notes.example.com/field/search?" + "&".join(["q=a"] * 51),
        "https://[::1/field/",
        "https://notes.example.com/field",
        "",
    ],
)
def test_other_addresses_are_of_no_page(url: str) -> None:
    assert LINKS.target(url) is None


def test_links_to_lists_are_addresses_of_the_installation() -> None:
    lists = (
        LINKS.home(),
        LINKS.trends(),
        LINKS.inbox(),
        LINKS.mine(),
        LINKS.week("south", date(2026, 1, 5)),
    )
    assert [urlsplit(one).path for one in lists] == [
        "/field/",
        "/field/trends",
        "/field/inbox",
        "/field/mine",
        "/field/territories/south/weeks/2026-01-05",
    ]
