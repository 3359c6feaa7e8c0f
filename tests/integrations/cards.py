"""Notes, trends and weeks as carriers get them, without a database."""

from datetime import date
from typing import Any
from uuid import uuid4

from insights.models import TrendSort, TriageState
from insights.services.catalogue import NamedItem, Place
from insights.services.digests import Digest
from insights.services.letter import Choice, Leads, Letter
from insights.services.note_cards import NoteCard
from insights.services.parcels import Contents
from insights.services.trend_evidence import EvidenceNote
from insights.services.trends import Series, TrendView
from insights.services.triage import TriageView
from insights.trends.life import Stage
from tests.organisation import ANALYST, GEORGIA, IONFIELD, NOW, OWNER, SOUTHEAST, TODAY


def card(text: str) -> NoteCard:
    """A note of the owner in Georgia with nothing but its text."""
    return NoteCard(
        id=uuid4(), external_id=None, text=text, kind="preference", known="first-hand",
        impact="normal", audience="everyone", source="web", author_id=OWNER,
        author_name="Olivia Owner",
        territory=Place(GEORGIA, "Georgia", "georgia", False, SOUTHEAST),
        account=None, captured_at=NOW, received_at=NOW, noted_at=NOW, clock_doubtful=False,
        version=1, edited_at=None, withdrawn_at=None, withdrawn_reason=None, segments=(),
        competitors=(), products=(), sightings=0, comments=0, sighted_by_me=False, photos=(),
    )  # fmt: skip


def trend(name: str = "Ionfield") -> TrendView:
    """A surge in Georgia: nine voices in four weeks where 0.7 were expected."""
    place = Place(GEORGIA, "Georgia", "georgia", False, SOUTHEAST)
    competitor: Any = NamedItem(IONFIELD, name, "ionfield", False, ())
    return TrendView(
        id=5, sort=TrendSort.COMPETITOR, name=name, competitor=competitor, product=None, kind=None,
        phrase=None, territory=place, segment=None, mostly=None, day=TODAY, stage=Stage.NEW,
        opened_on=TODAY, shown_on=TODAY, score=2.5, peak=2.5, weeks=4, count=9.0, expected=0.7,
        reporters=7, accounts=5, series=Series(TODAY, (9.0,), (0.7,), (2.0,)), arithmetic={},
        evidence=(), evidence_count=0, followed=False, muted=False, verdict=None,
    )  # fmt: skip


def trend_contents(text: str) -> Contents:
    """A trend with one note that proves it."""
    found, note = trend(), card(text)
    evidence = [EvidenceNote(note.id, text, note.author_name, NOW)]
    return Contents(trend=found, evidence=evidence, evidence_ids={found.id: (note.id,)})


def week_contents(text: str) -> Contents:
    """A week with a trend, a note that was seen, and one of three that wait."""
    found, seen, waits = trend(), card(text), card("Nobody took this")
    digest = Digest("Southeast", date(2026, 3, 9), (found,), (seen,), (waits,), 3)
    return Contents(summary=digest, evidence_ids={found.id: ()})


def letter_contents(text: str) -> Contents:
    """A question to the reader, which a note or one tap answers."""
    choices = (Choice("still-true", "Still true"), Choice("no-longer", "No longer"))
    lines = (text, "Open until 3 April")
    return Contents(
        letter=Letter("A question to you", lines, Leads.QUESTION, "12", choices, question_id=12)
    )


def news_contents(text: str) -> Contents:
    """A note that the analyst has taken."""
    note = card(text)
    taken = TriageView(note.id, TriageState.TAKEN, ANALYST, "Anna Analyst", NOW, NOW, 2)
    return Contents([note], {note.id: taken})
