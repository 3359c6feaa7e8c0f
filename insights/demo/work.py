"""What marketing does with the demo's notes: topics in each state, and two questions to the field.

The story of Ionfield in Georgia is left to whoever looks around: its topic is to be opened yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from insights.demo.evidence import notes_about
from insights.models import Gathering, Kind, Outcome, Person, Telling, TellingMatter, TopicState
from insights.services import (
    access,
    catalogue,
    question_answers,
    questions,
    topic_notes,
    topic_outcomes,
    topics,
)
from insights.services.access import Actor

MARKETING = "marketing@example.com"
THEFT = "theft stolen thieves"


@dataclass(frozen=True, slots=True)
class _Topic:
    """A topic of the demo: opened so many days ago, with the notes that hold one of the words.

    `outcomes` are said of its first notes, in their order, with the words that go with each.
    """

    title: str
    team: str
    days_ago: int
    due_in: int
    words: str
    competitor: str = ""
    notes: int = 8
    query: str | None = None
    state: TopicState = TopicState.OPEN
    owned: bool = True
    answer: str = ""
    outcomes: tuple[tuple[Outcome, str], ...] = ()


_USED, _KNOWN, _NOT_NOW = Outcome
_TOPICS = (
    _Topic(
        title="Load theft: what do we offer carriers?", team="Product, fleet", days_ago=12,
        due_in=10, words=THEFT, query="(theft OR stolen) segment:trucking-logistics",
        state=TopicState.IN_PROGRESS,
        outcomes=((_USED, "the trial of covert trackers in Tennessee"),) * 2,
    ),
    _Topic(
        title="Veloquent raises prices: what do we say at renewal?", team="Pricing", days_ago=40,
        due_in=-15, words="price rate fee", competitor="veloquent", notes=10,
        state=TopicState.ANSWERED,
        answer=(
            "Customers of Veloquent hear of their new price **with the bill**, not before.\n\n"
            "- Ask for the last three bills, and show the raise in a year's money.\n"
            "- Offer our price fixed for 24 months; approval is given for accounts of 50 lines "
            "and more.\n- Do not promise to pay the penalty: see the battlecard."
        ),
        outcomes=(
            *(((_USED, "the renewal offer with a fixed price"),) * 6),
            *(((_KNOWN, "the price list that procurement sent us"),) * 3),
            (_NOT_NOW, "it is about a contract that we have no answer to this year"),
        ),
    ),
    _Topic(
        title="One page about bundles for restaurants", team="Marketing", days_ago=21, due_in=-2,
        words="bundle one-page", notes=5, owned=False,
    ),
    _Topic(
        title="Ostervane loses customers: where do we call first?", team="Sales programs",
        days_ago=90, due_in=-60, words="support chat wiring penalty", competitor="ostervane",
        notes=4, state=TopicState.CLOSED,
        answer="Call those whose contract ends within six months; the list went to the managers.",
        outcomes=((_USED, "the calling list for the managers"),) * 4,
    ),
)  # fmt: skip


def insert_work(session: Session, until: datetime) -> None:
    """Adds them as marketing's, with the tellings that followed from them."""
    person_id = session.scalars(select(Person.id).where(Person.email == MARKETING)).one()
    ids = {}
    for one in _TOPICS:
        opened_at = until - timedelta(days=one.days_ago)
        marketing = access.load_actor(session, person_id, today=opened_at.date())
        ids[one.title] = _open(session, marketing, one, opened_at, until)
    _ask(session, access.load_actor(session, person_id, today=until.date()), ids, until)


def _open(
    session: Session, marketing: Actor, one: _Topic, opened_at: datetime, until: datetime
) -> int:
    found = notes_about(session, one.words, one.competitor, before=opened_at, limit=one.notes)
    due = (until + timedelta(days=one.due_in)).date()
    opened = topics.open_topic(
        session, marketing, title=one.title, owner_id=marketing.id if one.owned else None,
        team=one.team, due=due, query=one.query, note_ids=found, now=opened_at,
    )  # fmt: skip
    if one.query:
        later = notes_about(session, one.words, one.competitor, before=until, limit=4)
        fresh = [note_id for note_id in later if note_id not in set(found)]
        topic_notes.put(session, opened.id, fresh, Gathering.PROPOSED, added_by=None, now=until)
    settled_at = min(opened_at + timedelta(days=6), until)
    for note_id, (outcome, text) in zip(found, one.outcomes, strict=False):
        topic_outcomes.settle(
            session, marketing, opened.id, [note_id], outcome, text=text, now=settled_at
        )
    if one.answer:
        topics.change(session, marketing, opened.id, answer=one.answer, now=settled_at)
    if one.state is not TopicState.OPEN:
        topics.change(session, marketing, opened.id, state=one.state, now=settled_at)
    return opened.id


def _ask(session: Session, marketing: Actor, ids: dict[str, int], until: datetime) -> None:
    """One question that is open in the Southeast, with two answers, and one that is closed."""
    known = catalogue.current(session)
    southeast, trucking = (
        known.find_territory("southeast"),
        known.find_segment("trucking-logistics"),
    )
    assert southeast is not None
    theft, prices = _TOPICS[0].title, _TOPICS[1].title
    asked_at = until - timedelta(days=5)
    asked = questions.ask(
        session, marketing, text="Which trackers do carriers ask for, and what may they cost?",
        kinds=(Kind.PREFERENCE, Kind.CHALLENGE), territory_ids=(southeast.id,),
        segment_ids=(trucking.id,) if trucking else (),
        until=(until + timedelta(days=14)).date(), topic_id=ids[theft], now=asked_at,
        today=asked_at.date(),
    )  # fmt: skip
    found = notes_about(session, THEFT, before=until, limit=2)
    _answer(session, marketing, asked.id, found, until)
    asked_at = until - timedelta(days=38)
    closed_at = until - timedelta(days=20)
    asked = questions.ask(
        session, marketing, text="By how much does Veloquent raise its prices at renewal?",
        kinds=(Kind.COMPETITOR,), until=closed_at.date() + timedelta(days=1),
        topic_id=ids[prices], now=asked_at, today=asked_at.date(),
    )  # fmt: skip
    found = notes_about(session, "percent rate", "veloquent", before=closed_at, limit=4)
    _answer(session, marketing, asked.id, found, closed_at)
    # Who was asked so long ago has read it.
    told = (Telling.matter == TellingMatter.QUESTION, Telling.subject == str(asked.id))
    session.execute(update(Telling).where(*told).values(read_at=Telling.at))
    questions.close(
        session, marketing, asked.id, now=closed_at,
        summary="Between 8 and 15 percent, most often with the third bill. Pricing has an answer.",
    )  # fmt: skip


def _answer(
    session: Session, marketing: Actor, question_id: int, note_ids: list[UUID], at: datetime
) -> None:
    for note_id in note_ids:
        question_answers.link(session, marketing, question_id, note_id, now=at)
