"""Reading a brief: lines are ticked off once, each for oneself, and counted section by section."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.errors import NotFound
from insights.services import catalogue, handover_progress, handovers
from insights.services.access import Actor
from insights.services.brief_lines import Brief, BriefLine, BriefSection, SectionName
from insights.services.handover_checks import NewHandover
from insights.services.handovers import HandoverView
from tests.fixtures.world import Characters
from tests.organisation import GEORGIA, MEMBER, NOW, OWNER, TODAY
from tests.services.outcomes import refused

LINES = ("must:1", "account:2", "account:3")


@pytest.fixture
def handover(session: Session, characters: Characters) -> HandoverView:
    """Georgia goes from the owner to the member."""
    [made] = handovers.prepare(
        session, characters.manager, [NewHandover(GEORGIA, MEMBER)], from_id=OWNER, on=TODAY,
        now=NOW, today=TODAY,
    )  # fmt: skip
    return made


def mark(
    session: Session, actor: Actor, handover: HandoverView, *lines: str, now: Any = NOW
) -> int:
    return handover_progress.mark_read(session, actor, handover.id, lines, now=now)


def test_a_line_is_ticked_off_once(
    session: Session, characters: Characters, handover: HandoverView
) -> None:
    member, later = characters.member, NOW + timedelta(hours=2)
    assert mark(session, member, handover, *LINES[:2]) == 2
    assert mark(session, member, handover, *LINES, now=later) == 1
    reads = handover_progress.reads_of(session, handover.id, MEMBER)
    assert reads == {LINES[0]: NOW, LINES[1]: NOW, LINES[2]: later}
    assert mark(session, member, handover) == 0


def test_each_ticks_for_themselves(
    session: Session, characters: Characters, handover: HandoverView
) -> None:
    mark(session, characters.manager, handover, LINES[0])
    mark(session, characters.owner, handover, LINES[1])
    assert handover_progress.reads_of(session, handover.id, MEMBER) == {}
    for actor in (characters.stranger, characters.analyst):
        with pytest.raises(NotFound):
            mark(session, actor, handover, LINES[0])


@pytest.mark.parametrize(
    "lines", [["nonsense"], ["must:" + "1" * 60], ["Must:1"], [f"must:{one}" for one in range(501)]]
)
def test_what_is_no_line_or_too_much_is_refused(
    session: Session, characters: Characters, handover: HandoverView, lines: list[str]
) -> None:
    assert "lines" in refused(lambda: mark(session, characters.member, handover, *lines))


def test_progress_counts_the_lines_that_the_brief_has(
    session: Session, characters: Characters, handover: HandoverView
) -> None:
    known = catalogue.current(session).territories[GEORGIA]
    brief = Brief(
        known,
        NOW,
        None,
        None,
        [
            BriefSection(SectionName.MUST_KNOWS, [BriefLine("must:1", "One")]),
            BriefSection(SectionName.TOPICS, []),
            BriefSection(
                SectionName.ACCOUNTS,
                [BriefLine("account:2", "Two"), BriefLine("account:4", "Four")],
            ),
        ],
    )
    mark(session, characters.member, handover, *LINES)
    reads = handover_progress.reads_of(session, handover.id, MEMBER)
    found = handover_progress.progress(brief, reads)
    assert [(one.name, one.read, one.total) for one in found.sections] == [
        (SectionName.MUST_KNOWS, 1, 1),
        (SectionName.ACCOUNTS, 1, 2),
    ]
    assert (found.read, found.total, found.last_read_at) == (2, 3, NOW)


def test_what_the_next_holder_has_read_is_counted_for_a_list(
    session: Session, characters: Characters, handover: HandoverView
) -> None:
    def counts(actor: Actor) -> Any:
        return handover_progress.read_counts(session, actor, [handover])

    mark(session, characters.manager, handover, LINES[0])
    assert counts(characters.manager) == {}
    mark(session, characters.member, handover, *LINES)
    assert counts(characters.manager) == {handover.id: (3, NOW)}
    assert counts(characters.stranger) == {}


def test_the_last_reading_is_the_one_before(
    session: Session, characters: Characters, handover: HandoverView
) -> None:
    member = characters.member
    mark(session, member, handover, LINES[0], now=NOW - timedelta(days=2))
    mark(session, member, handover, LINES[1])
    last = handover_progress.last_reading(
        session, member, handover.id, before=NOW - timedelta(hours=1)
    )
    assert last == NOW - timedelta(days=2)
