"""The gate, continued: who may see and do what with the work that is made of notes.

Sight
* A topic is seen by everyone who is signed in; a sealed one by analysts and admins, by its owner
  and by whoever opened it, who alone see in its history what it said then. Of its notes, and of the
  trend that feeds it, each sees, and counts, what they may see.
* A question, whom it is aimed at, its coverage and its summary are seen by everyone who is signed
  in; of its answers each sees, and counts, what they may see. Searches that found nothing are seen
  by analysts and admins.
* A line of a battlecard is seen by those who may see every note that it cites, withdrawn ones
  apart: its words may say what a sealed note says.
* Must-knows and promises of a territory are seen by those who hold it or a territory above it, by
  analysts and admins, and by their authors. Of a withdrawn or sealed note behind them each sees
  what they may see.
* A brief of a territory is read by everyone who is signed in, and holds what its reader may see. A
  handover, and who has read what of it, is seen by both its people, by managers of the territory
  and by admins.
* A reassignment is seen by admins, and by managers when it is theirs or touches their part of the
  tree.
* What somebody is told is seen by them alone.
* Measures and business figures are seen by analysts and admins, and by managers for the territories
  of their part of the tree.

Deeds
* Topics are opened, changed, merged, split and answered, and outcomes said, by analysts, managers
  and admins. Everyone who sees a topic takes part in its discussion.
* Questions are asked and closed by analysts and admins, and by managers when all that is aimed at
  is theirs; a question of somebody else is closed by analysts and admins. Whoever may close one
  changes it and reminds of it too. That a note answers it is said by its author and by them.
* Battlecards are kept by analysts, managers and admins; “still true?” is answered by whom it was
  asked of.
* Territories are reassigned and handed over, and rules for accounts kept, by managers in their part
  of the tree and by admins.
* Must-knows are pinned by those who hold the territory, by the leaver of a handover that is being
  prepared, by managers of the territory and by admins. Promises are made and settled by those who
  may see those of the territory.
* People who have left are pseudonymised by admins.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select, true
from sqlalchemy.orm import Session

from insights.errors import Forbidden, NotFound
from insights.models import (
    Audience,
    BattlecardCheck,
    BattlecardCitation,
    BattlecardLine,
    Handover,
    HandoverState,
    MustKnow,
    Note,
    Promise,
    Question,
    ReassignedAccount,
    ReassignedAssignment,
    Reassignment,
    Role,
    Topic,
)
from insights.services import lookup
from insights.services.access import Actor


def visible_topics(actor: Actor) -> ColumnElement[bool]:
    """The condition on `topics` that every list and count of topics for `actor` must carry."""
    if actor.sees_all:
        return true()
    return or_(
        Topic.audience == Audience.EVERYONE,
        Topic.owner_id == actor.id,
        Topic.creator_id == actor.id,
    )


def topic(session: Session, actor: Actor, topic_id: int, *, lock: bool = False) -> Topic:
    """The topic, if the actor may see it; raises NotFound otherwise.

    With `lock` nobody else changes it until the transaction ends.
    """
    found = lookup.by_id(session, Topic, topic_id, lock=lock)
    if found is None or not may_see_topic(actor, found):
        raise NotFound("There is no such topic, or you may not see it.")
    return found


def may_see_topic(actor: Actor, found: Topic) -> bool:
    """Whether the actor may see the topic."""
    return found.audience is Audience.EVERYONE or sees_sealed_topic(actor, found)


def sees_sealed_topic(actor: Actor, found: Topic) -> bool:
    """Whether the actor may see the topic while it is sealed, and what it said then."""
    return actor.sees_all or actor.id in (found.owner_id, found.creator_id)


def works_on_topics(actor: Actor) -> bool:
    """Whether the actor opens, changes and answers topics, and says outcomes."""
    return actor.role is not Role.REP


def require_topic_worker(actor: Actor) -> None:
    """Raises Forbidden unless the actor works on topics."""
    if not works_on_topics(actor):
        raise Forbidden("Topics are worked on by product, marketing and managers.")


def may_ask(actor: Actor, territory_ids: Collection[int] | None = None) -> bool:
    """Whether the actor may ask the field at all (None), or of these territories (none: of all)."""
    if actor.sees_all:
        return True
    if territory_ids is None:
        return actor.role is Role.MANAGER and bool(actor.scope)
    return bool(territory_ids) and all(actor.manages(one) for one in territory_ids)


def require_asker(actor: Actor, territory_ids: Collection[int] | None = None) -> None:
    """Raises Forbidden unless the actor may ask the field (see `may_ask`)."""
    if not may_ask(actor, territory_ids):
        message = "Questions are asked by product and marketing, and by managers of their own part."
        raise Forbidden(message)


def may_close(actor: Actor, found: Question) -> bool:
    """Whether the actor may close the question."""
    return actor.sees_all or (found.asker_id == actor.id and actor.role is not Role.REP)


def require_closer(actor: Actor, found: Question) -> None:
    """Raises Forbidden unless the actor may change and close the question, and remind of it."""
    if not may_close(actor, found):
        message = "A question is changed and closed by whoever asked it, by analysts and admins."
        raise Forbidden(message)


def may_link(actor: Actor, found: Question, author_id: int) -> bool:
    """Whether the actor may say that a note of that author, which they see, answers the question,
    or that it does not."""
    return author_id == actor.id or may_close(actor, found)


def require_searcher_of_misses(actor: Actor) -> None:
    """Raises Forbidden unless the actor may read which searches found nothing."""
    if not actor.sees_all:
        raise Forbidden("Searches that found nothing are for product and marketing.")


def visible_lines(actor: Actor) -> ColumnElement[bool]:
    """The condition on `battlecard_lines` that every list and count for `actor` must carry."""
    if actor.sees_all:
        return true()
    hidden = and_(
        BattlecardCitation.line_id == BattlecardLine.id,
        Note.id == BattlecardCitation.note_id,
        sealed_from(actor),
    )
    return not_(exists().where(hidden))


def sealed_from(actor: Actor) -> ColumnElement[bool]:
    """The condition on `notes` of those that are sealed from the actor, withdrawn or not."""
    if actor.sees_all:
        return false()
    return and_(
        Note.audience == Audience.SEALED,
        Note.author_id != actor.id,
        Note.territory_id.not_in(sorted(actor.scope)),
    )


def line(session: Session, actor: Actor, line_id: int, *, lock: bool = False) -> BattlecardLine:
    """The line of a battlecard, if the actor may see it; raises NotFound otherwise."""
    found = lookup.by_id(session, BattlecardLine, line_id, lock=lock)
    seen = select(BattlecardLine.id).where(BattlecardLine.id == line_id, visible_lines(actor))
    if found is None or session.scalar(seen) is None:
        raise NotFound("There is no such line, or you may not see it.")
    return found


def keeps_battlecards(actor: Actor) -> bool:
    """Whether the actor writes lines of battlecards."""
    return actor.role is not Role.REP


def require_battlecard_keeper(actor: Actor) -> None:
    """Raises Forbidden unless the actor writes lines of battlecards."""
    if not keeps_battlecards(actor):
        raise Forbidden("Battlecards are kept by product, marketing and managers. Post a note.")


def check(session: Session, actor: Actor, check_id: int, *, lock: bool = False) -> BattlecardCheck:
    """The “still true?” that was asked of the actor; raises NotFound otherwise."""
    found = lookup.by_id(session, BattlecardCheck, check_id, lock=lock)
    if found is None or found.person_id != actor.id:
        raise NotFound("There is no such check, or somebody else was asked.")
    return found


def knows_of_territory(actor: Actor, territory_id: int) -> bool:
    """Whether must-knows and promises of the territory are the actor's business."""
    return actor.sees_all or territory_id in actor.scope


def knows_of_some(actor: Actor) -> bool:
    """Whether must-knows and promises of any territory are the actor's business."""
    return actor.sees_all or bool(actor.scope)


def visible_must_knows(actor: Actor) -> ColumnElement[bool]:
    """The condition on `must_knows` that every list and count for `actor` must carry."""
    return _theirs(actor, MustKnow.territory_id, MustKnow.author_id)


def visible_promises(actor: Actor) -> ColumnElement[bool]:
    """The condition on `promises` that every list and count for `actor` must carry."""
    return _theirs(actor, Promise.territory_id, Promise.maker_id)


def promise(session: Session, actor: Actor, promise_id: UUID, *, lock: bool = False) -> Promise:
    """The promise, if the actor may see it; raises NotFound otherwise."""
    found = session.get(Promise, promise_id, with_for_update=lock)
    theirs = found is not None and (
        found.maker_id == actor.id or knows_of_territory(actor, found.territory_id)
    )
    if found is None or not theirs:
        raise NotFound("There is no such promise, or you may not see it.")
    return found


def visible_handovers(actor: Actor) -> ColumnElement[bool]:
    """The condition on `handovers` that every list and count for `actor` must carry."""
    if actor.manages_all:
        return true()
    own = or_(Handover.from_id == actor.id, Handover.to_id == actor.id)
    if actor.role is not Role.MANAGER:
        return own
    return or_(own, Handover.territory_id.in_(sorted(actor.scope)))


def handover(session: Session, actor: Actor, handover_id: int, *, lock: bool = False) -> Handover:
    """The handover, if the actor may see it; raises NotFound otherwise."""
    found = lookup.by_id(session, Handover, handover_id, lock=lock)
    if found is None or not (
        actor.id in (found.from_id, found.to_id) or actor.manages(found.territory_id)
    ):
        raise NotFound("There is no such handover, or you may not see it.")
    return found


def may_pin(session: Session, actor: Actor, territory_id: int) -> bool:
    """Whether the actor may pin must-knows for the territory."""
    if territory_id in actor.held or actor.manages(territory_id):
        return True
    leaving = exists().where(
        Handover.territory_id == territory_id,
        Handover.from_id == actor.id,
        Handover.state == HandoverState.PREPARED,
    )
    return bool(session.scalar(select(leaving)))


def sees_measures(actor: Actor, territory_id: int | None = None) -> bool:
    """Whether the actor may see measures at all (None), or those of a territory."""
    if actor.sees_all:
        return True
    return actor.role is Role.MANAGER and (territory_id is None or territory_id in actor.scope)


def require_measurer(actor: Actor, territory_id: int | None = None) -> None:
    """Raises Forbidden unless the actor may see measures (see `sees_measures`)."""
    if not sees_measures(actor, territory_id):
        raise Forbidden("Measures are for product, marketing and managers of the territory.")


def _theirs(actor: Actor, territory: Any, author: Any) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    own: ColumnElement[bool] = author == actor.id
    return or_(own, territory.in_(sorted(actor.scope))) if actor.scope else own


def visible_reassignments(actor: Actor) -> ColumnElement[bool]:
    """The condition on `reassignments` that every list for `actor` must carry."""
    if actor.manages_all:
        return true()
    if actor.role is not Role.MANAGER:
        return false()
    scope = sorted(actor.scope)
    holders = exists().where(
        ReassignedAssignment.reassignment_id == Reassignment.id,
        ReassignedAssignment.territory_id.in_(scope),
    )
    accounts = exists().where(
        ReassignedAccount.reassignment_id == Reassignment.id,
        or_(ReassignedAccount.former_id.in_(scope), ReassignedAccount.territory_id.in_(scope)),
    )
    return or_(Reassignment.actor_id == actor.id, holders, accounts)
