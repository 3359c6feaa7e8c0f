"""What a link to one of our pages shows in a channel."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from insights.models import Audience, TrendReach, TriageState
from insights.services import notes, sightings, triage
from integrations.slack import blocks
from integrations.slack.links import Links
from integrations.slack.previews import of_links
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY
from tests.slack_server.blocks import check_blocks
from tests.trend_rows import showing

LINKS = Links("https://notes.example.com")
LATER = timedelta(minutes=5)
# Keys whose values are no words.
NOT_READ = ("type", "style", "url", "timestamp", "format", "block_id")
WORDS = "Ionfield pays by the truck"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def shown(session: Session, *urls: str, shows_text: bool = False) -> dict[str, Any]:
    """The previews, which Slack would take."""
    found = of_links(session, urls, links=LINKS, shows_text=shows_text, today=TODAY)
    for preview in found.values():
        assert blocks.check(preview["blocks"]) == []
        assert check_blocks(preview["blocks"], "message") == []
    return found


def told(part: Any) -> str:
    """All that people read in a preview."""
    if isinstance(part, dict):
        return " ".join(told(one) for key, one in part.items() if key not in NOT_READ)
    if isinstance(part, list):
        return " ".join(told(one) for one in part)
    return re.sub(r"<[^|>]*\|([^>]*)>", r"\1", part) if isinstance(part, str) else ""


class TestNote:
    @pytest.mark.slack_rule(50)
    def test_its_kind_place_and_state_are_told_and_its_words_are_not(
        self, session: Session, characters: Characters
    ) -> None:
        note = posted(session, characters.member, WORDS)
        sightings.add(session, characters.owner, note, now=NOW)
        triage.decide(session, characters.analyst, note, TriageState.TAKEN, now=NOW)

        (preview,) = shown(session, LINKS.note(note)).values()

        assert "Competitor note from Florida" in told(preview)
        assert "1 has seen it too · *Taken* by Anna Analyst" in told(preview)
        assert "truck" not in told(preview)
        assert "Max" not in told(preview)

    def test_its_words_are_told_where_notes_are_sent_to(
        self, session: Session, characters: Characters
    ) -> None:
        note = posted(session, characters.member, f"{WORDS} <!channel> *now*")
        triage.open_notes(session, [note], now=NOW)

        (preview,) = shown(session, LINKS.note(note), shows_text=True).values()

        assert f"{WORDS} <!channel> *now*" in told(preview)
        assert "nobody has taken it yet" in told(preview)

    @pytest.mark.slack_rule(50)
    def test_of_sealed_withdrawn_and_unknown_notes_nothing_is_shown(
        self, session: Session, characters: Characters
    ) -> None:
        sealed = posted(session, characters.member, WORDS, audience=Audience.SEALED)
        gone = posted(session, characters.member, WORDS)
        notes.withdraw(session, characters.admin, gone, reason="A mistake", now=NOW, within=LATER)

        for shows_text in (False, True):
            urls = [LINKS.note(one) for one in (sealed, gone, uuid4())]
            assert shown(session, *urls, shows_text=shows_text) == {}


class TestTrend:
    def test_the_sentence_is_told(self, session: Session) -> None:
        (preview,) = shown(session, LINKS.trend(showing(session))).values()

        assert "*Ionfield is coming up in Georgia*\n9 voices in 4 weeks" in told(preview)

    @pytest.mark.slack_rule(50)
    def test_of_one_that_sealed_notes_made_nothing_is_shown(self, session: Session) -> None:
        trend_id = showing(session, reach=TrendReach.ALL)

        assert shown(session, LINKS.trend(trend_id), LINKS.trend(trend_id + 1)) == {}


class TestNames:
    def test_what_is_coming_up_there_is_told(self, session: Session) -> None:
        showing(session)
        showing(session, reach=TrendReach.ALL, phrase="only for some")

        found = shown(
            session,
            LINKS.territory("georgia"),
            LINKS.competitor("ionfield"),
            LINKS.territory("nevada"),
            LINKS.segment("healthcare"),
            LINKS.product("fibre-one"),
        )

        georgia, ionfield, nevada, healthcare, fibre_one = map(told, found.values())
        assert "*Southeast › Georgia*" in georgia
        assert "Ionfield is coming up in Georgia" in georgia
        assert "*Ionfield*" in ionfield
        assert "Ionfield is coming up in Georgia" in ionfield
        for quiet in (nevada, healthcare, fibre_one):
            assert "Nothing is coming up beyond the usual." in quiet
        assert "only for some" not in told(found)

    def test_of_names_that_nobody_knows_nothing_is_shown(self, session: Session) -> None:
        pages = (LINKS.territory, LINKS.competitor, LINKS.segment, LINKS.product)

        assert shown(session, *(page("atlantis") for page in pages)) == {}


@pytest.mark.slack_rule(50)
def test_of_a_search_only_the_words_are_told(session: Session, characters: Characters) -> None:
    posted(session, characters.member, WORDS)
    url = LINKS.search("ionfield <!here> | *prices*")

    (preview,) = shown(session, url).values()

    assert told(preview) == "*Search: ionfield &lt;!here&gt; | *prices**"


@pytest.mark.slack_rule(50)
def test_each_address_is_answered_as_it_was_written(session: Session) -> None:
    encoded = f"{LINKS.competitor('ionfield')}?to=1&amp;from=2"

    found = shown(session, encoded, "https://elsewhere.example/notes/1", encoded)

    assert list(found) == [encoded]


def test_of_many_links_the_first_ten_are_looked_at(session: Session) -> None:
    urls = [LINKS.search(f"word {number}") for number in range(12)]

    assert list(shown(session, *urls)) == urls[:10]
