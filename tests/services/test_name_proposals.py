"""Names that the field mentions and nobody has entered: what a name is, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.models import Audience, Kind
from insights.services import competitors, name_proposals
from insights.services.access import Actor
from insights.services.name_finding import NameFinder
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.services.outcomes import CURATORS, journalled, last_entry, refused, who_may

DAY = timedelta(days=1)


def names(*texts: str, people: int = 3) -> dict[str, int]:
    """The names in texts of several people, with the number of notes."""
    finder = NameFinder()
    for number, text in enumerate(texts):
        finder.read(text, author_id=number % people, at=NOW)
    return {one.name: one.notes for one in finder.names()}


class TestNames:
    def test_are_capitalised_words_of_five_notes_by_three_people(self) -> None:
        assert names(*["we lost to Bell Fiber again"] * 5) == {"Bell Fiber": 5}
        assert names(*["we lost to Bell Fiber again"] * 4) == {}
        assert names(*["we lost to Bell Fiber again"] * 5, people=2) == {}

    def test_are_none_at_the_beginning_of_a_sentence_if_the_word_is_an_ordinary_one(self) -> None:
        ordinary = ["they say the price is high", "their price"]
        assert names(*["Price is high. They said so."] * 5, *ordinary) == {}
        assert names(*["They said Zetta is cheap"] * 5, *ordinary) == {"Zetta": 5}
        once = "so said Zetta"
        assert names(*["Zetta is cheap. They said so"] * 5, once, *ordinary) == {"Zetta": 6}
        assert names(*["Right. They said so"] * 5, *ordinary) == {}

    def test_lose_an_ordinary_word_before_them(self) -> None:
        texts = ["Lost Zetta as a rival", "Lost Zetta there"] * 3
        assert names(*texts, "we lost it") == {"Zetta": 6}

    def test_are_no_days_no_months_and_no_titles(self) -> None:
        assert names(*["met the CEO on Monday in March for an RFP"] * 5) == {}

    def test_end_with_a_sign_and_with_a_possessive(self) -> None:
        texts = ["saw Zetta's Cloud today", "saw Zetta, Orbis and Cloud", "saw (Zetta) on Cloud"]
        assert names(*texts * 2) == {"Zetta": 6, "Cloud": 6}

    def test_are_written_as_most_people_write_them(self) -> None:
        assert names(*["with ZETTA there"] * 2, *["with Zetta there"] * 4) == {"Zetta": 6}

    def test_are_not_in_headings_nor_in_what_is_all_capitals(self) -> None:
        assert names(*["the Annual Report Of Sales Figures"] * 5) == {}
        assert names(*["WE LOST TO ZETTA AGAIN TODAY"] * 5) == {}


@pytest.fixture
def mentioned(session: Session, characters: Characters) -> None:
    """Zetta Wave is mentioned by three people in six notes about competitors."""
    for author in (characters.owner, characters.member, characters.stranger) * 2:
        posted(session, author, "we lost to Zetta Wave and Acme", kind=Kind.COMPETITOR)


def propose(session: Session) -> list[str]:
    """What is found and proposed now."""
    found = name_proposals.find_names(session, now=NOW + DAY)
    name_proposals.keep(session, found)
    return [one.name for one in found]


@pytest.mark.usefixtures("mentioned")
class TestProposals:
    def test_are_names_that_are_in_no_dictionary(
        self, session: Session, characters: Characters
    ) -> None:
        for author in (characters.owner, characters.member, characters.stranger) * 2:
            text = "with Olivia at Mercy Hospital in Georgia about Ion Cloud and Roadway"
            posted(session, author, text, kind=Kind.COMPETITOR)
        assert propose(session) == ["Zetta Wave"]
        (found,) = name_proposals.list_proposals(session, characters.analyst)
        assert (found.notes, found.people, found.last_at) == (6, 3, NOW)

    def test_count_only_what_everyone_may_see_of_the_last_90_days(
        self, session: Session, characters: Characters
    ) -> None:
        for author in (characters.owner, characters.member, characters.stranger) * 2:
            said = {"kind": Kind.COMPETITOR}
            posted(session, author, "a Sealed Zeppelin", audience=Audience.SEALED, **said)
            posted(session, author, "an Old Zeppelin", now=NOW - 90 * DAY, **said)
            posted(session, author, "a Hopeful Zeppelin", kind=Kind.OPPORTUNITY)
        assert propose(session) == ["Zetta Wave"]

    def test_are_for_all_but_reps(self, session: Session, characters: Characters) -> None:
        propose(session)
        name = "zetta wave"
        for deed in (
            lambda actor: name_proposals.list_proposals(session, actor),
            lambda actor: name_proposals.dismiss(session, actor, name=name, now=NOW),
            lambda actor: name_proposals.adopt(
                session, actor, name=name, competitor="ionfield", now=NOW
            ),
        ):
            assert who_may(session, characters, deed) == CURATORS

    def test_are_dismissed_for_good(self, session: Session, characters: Characters) -> None:
        propose(session)
        analyst: Actor = characters.analyst
        assert name_proposals.dismiss(session, analyst, name="Zetta WAVE", now=NOW) == "Zetta Wave"
        entry = last_entry(session)
        assert (entry.verb, entry.data) == ("name.dismissed", {"name": "Zetta Wave"})
        name_proposals.dismiss(session, analyst, name="Zetta Wave", now=NOW)
        assert journalled(session).count("name.dismissed") == 1
        propose(session)
        assert name_proposals.list_proposals(session, analyst) == []

    def test_become_an_alias(self, session: Session, characters: Characters) -> None:
        propose(session)
        target = name_proposals.adopt(
            session, characters.analyst, name="Zetta Wave", competitor="ionfield", now=NOW
        )
        assert target.aliases == ("Ion Field", "Zetta Wave")
        assert name_proposals.list_proposals(session, characters.analyst) == []
        assert propose(session) == []

    def test_go_once_they_are_entered(self, session: Session, characters: Characters) -> None:
        propose(session)
        competitors.create(session, characters.analyst, now=NOW, name="Zetta Wave")
        assert name_proposals.list_proposals(session, characters.analyst) == []
        adopt = lambda: name_proposals.adopt(  # noqa: E731
            session, characters.analyst, name="Zetta Wave", competitor="ionfield", now=NOW
        )
        assert list(refused(adopt)) == ["aliases"]

    @pytest.mark.parametrize("name", ["Umbrella", "", "\x00", "x" * 999])
    def test_are_not_found_by_other_names(
        self, session: Session, characters: Characters, name: str
    ) -> None:
        with pytest.raises(NotFound):
            name_proposals.dismiss(session, characters.analyst, name=name, now=NOW)
