"""Battlecards of the demo: a few lines on three competitors, each citing notes of theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.demo.evidence import notes_about
from insights.demo.work import MARKETING
from insights.models import CardSection, LineType, Person
from insights.services import access, battlecard_lines, catalogue

# As many notes are cited by a line at most.
MOST_CITED = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, written so many days ago, and the words of the notes that it cites."""

    competitor: str
    section: CardSection
    type: LineType
    text: str
    words: str
    days_ago: int = 30
    reply: str = ""


_FACTS, _WIN, _OBJECTIONS, _PRICING = CardSection
_PRICE, _PEOPLE, _PRODUCT, _OTHER = LineType
_LINES = (
    _Line("veloquent", _FACTS, _OTHER, "Contracts run three years and renew by themselves; "
          "customers miss the notice window.", "renew notice month"),
    _Line("veloquent", _FACTS, _PEOPLE, "Opens small depots in towns where it had nobody.",
          "depot opened", 200),
    _Line("veloquent", _WIN, _PRODUCT, "Promise a day for the install, and keep it: several "
          "customers left for a faster one.", "install"),
    _Line("veloquent", _OBJECTIONS, _PRICE, "“Veloquent is cheaper like for like.”", "cheaper gap "
          "price", reply="Only in the first year. Put their raise of the second beside it."),
    _Line("veloquent", _PRICING, _PRICE, "Raises of 8 to 15 percent come with the bill.",
          "raised rate percent fee", 25),
    _Line("harrowlink", _FACTS, _PRODUCT, "Sells lines and devices under one support number.",
          "support"),
    _Line("harrowlink", _OBJECTIONS, _PRICE, "“Harrowlink pays the penalty of our contract.”",
          "penalty termination", reply="As a credit over the whole term, not as a cheque."),
    _Line("harrowlink", _PRICING, _PRICE, "Gives 25 dollars a month back for two months.",
          "credit", 70),
    _Line("ostervane", _FACTS, _PEOPLE, "Its support desk was outsourced; customers wait.",
          "support chat waited", 90),
    _Line("ostervane", _WIN, _OTHER, "Call when their contract has six months to go.", "penalty "
          "term", 90),
    _Line("ionfield", _FACTS, _PEOPLE, "Hires people from hospitals to open doors.", "hired", 20),
)  # fmt: skip


def insert_battlecards(session: Session, until: datetime) -> None:
    """Adds them as marketing's. Those whose notes are old are stale."""
    person_id = session.scalars(select(Person.id).where(Person.email == MARKETING)).one()
    marketing = access.load_actor(session, person_id, today=until.date())
    known = catalogue.current(session)
    for one in _LINES:
        competitor = known.find_competitor(one.competitor)
        if competitor is None:
            continue
        written_at = until - timedelta(days=one.days_ago)
        cited = notes_about(
            session, one.words, competitor.slug, before=written_at, limit=MOST_CITED
        )
        battlecard_lines.add_line(
            session, marketing, competitor_id=competitor.id, section=one.section, type=one.type,
            text=one.text, reply=one.reply, note_ids=cited, now=written_at,
        )  # fmt: skip
