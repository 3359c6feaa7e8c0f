"""Cards and replies that tell no longer how things are: one worker takes each, none is lost."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from insights.models import Audience, JournalEntry, SlackCard, SlackReply
from insights.services import comments, notes, sightings
from integrations.slack import copies, mirror, stale
from tests.drafts import posted
from tests.fixtures.world import Characters
from tests.organisation import NOW

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    """A note with two cards, the second one in the thread of a day."""
    found = posted(session, characters.owner)
    for ts, thread_ts in (("1.0", None), ("2.0", "1.5")):
        copies.record(
            session, team_id="T1", channel_id="C1", ts=ts, thread_ts=thread_ts, note_id=found,
            destination_id=None, now=NOW,
        )  # fmt: skip
    return found


def card(session: Session) -> SlackCard:
    """The first card as it is."""
    found = session.query(SlackCard).order_by(SlackCard.id).populate_existing().first()
    assert found is not None
    return found


def settled(session: Session) -> None:
    """All cards and replies are as they should be."""
    for model in (SlackCard, SlackReply):
        session.query(model).update({"stale_at": None})


def read_journal(session: Session) -> tuple[int, int]:
    """Reads the whole journal; how many cards and replies are stale by that."""
    settled(session)
    entries = session.query(JournalEntry).order_by(JournalEntry.id).all()
    mirror.mark(session, entries, now=LATER)
    cards = session.query(SlackCard).filter(SlackCard.stale_at.is_not(None)).count()
    return cards, session.query(SlackReply).filter(SlackReply.stale_at.is_not(None)).count()


def test_a_row_is_taken_by_one_worker(session: Session, note_id: UUID) -> None:
    first, second = stale.due(session, SlackCard, now=NOW)
    session.expunge(first)
    assert stale.take(session, first, now=NOW) == NOW + stale.LEASE
    assert stale.take(session, first, now=NOW) is None
    assert [one.id for one in stale.due(session, SlackCard, now=NOW)] == [second.id]
    assert len(stale.due(session, SlackCard, now=NOW + stale.LEASE)) == 2


def test_what_is_marked_again_meanwhile_stays_stale(session: Session, note_id: UUID) -> None:
    taken = card(session)
    lease = stale.take(session, taken, now=NOW)
    assert lease is not None
    copies.mark(session, [note_id], now=LATER)
    stale.settle(session, taken, lease, shown="x")
    assert (card(session).stale_at, card(session).shown) == (LATER, "x")
    lease = stale.take(session, card(session), now=LATER)
    assert lease is not None
    stale.put_off(session, card(session), lease, LATER + timedelta(hours=1))
    assert card(session).stale_at == LATER + timedelta(hours=1)


def test_a_lost_card_is_marked_no_more(session: Session, note_id: UUID) -> None:
    card(session).lost = True
    settled(session)
    copies.mark(session, [note_id], now=LATER)
    assert card(session).stale_at is None


def test_the_journal_says_what_is_stale(
    session: Session, characters: Characters, note_id: UUID
) -> None:
    comment_id = uuid4()
    assert read_journal(session) == (0, 0)
    sightings.add(session, characters.member, note_id, now=NOW)
    assert read_journal(session) == (2, 0)
    comments.add(session, characters.member, note_id, comment_id=comment_id, text="Oh", now=NOW)
    # Cards in the thread of a day have no talk of their own.
    assert read_journal(session) == (2, 1)
    # It is told once, however often the journal is read.
    assert read_journal(session) == (2, 0)
    comments.withdraw(session, characters.member, comment_id, now=NOW)
    assert read_journal(session) == (2, 1)


def test_whoever_may_read_about_a_note_is_asked_anew_when_that_changes(
    session: Session, characters: Characters, note_id: UUID
) -> None:
    comments.add(session, characters.owner, note_id, comment_id=uuid4(), text="Oh", now=NOW)
    read_journal(session)
    notes.edit(session, characters.owner, note_id, {"text": "Other words"}, now=NOW)
    assert read_journal(session) == (2, 0)
    notes.edit(session, characters.owner, note_id, {"audience": Audience.SEALED}, now=NOW)
    assert read_journal(session) == (2, 1)
