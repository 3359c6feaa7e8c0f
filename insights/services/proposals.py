"""What the form proposes while a note is being typed: the tags that its text names, and a kind.

The same dictionary tags the note again when it is stored, so a proposal that nobody looked at (a
form without JavaScript) comes to the same tags.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insights.services import catalogue
from insights.services.access import Actor
from insights.services.catalogue import NamedItem, Place, SegmentItem
from insights.services.note_drafts import LONGEST_TEXT
from insights.tagging.dictionary import TagKind
from insights.tagging.kinds import guess_kind
from insights.text import clean


@dataclass(frozen=True)
class Proposal:
    """What a text names, each once, in the order of its words; `kind` is None without a text."""

    kind: str | None
    territories: Sequence[Place]
    segments: Sequence[SegmentItem]
    competitors: Sequence[NamedItem]
    products: Sequence[NamedItem]


def propose(session: Session, _actor: Actor, *, text: str) -> Proposal:
    """What the first 20,000 characters of the text name and which kind they look like.

    Nothing that is archived is proposed. One query at most; linear in the text.
    """
    known = catalogue.current(session)
    cleaned = clean(text[:LONGEST_TEXT])
    found = known.tags_of(cleaned)
    names_competitor = bool(found[TagKind.COMPETITOR])
    return Proposal(
        kind=guess_kind(cleaned, names_competitor=names_competitor) if cleaned else None,
        territories=[known.territories[one] for one in found[TagKind.TERRITORY]],
        segments=[known.segments[one] for one in found[TagKind.SEGMENT]],
        competitors=[known.competitors[one] for one in found[TagKind.COMPETITOR]],
        products=[known.products[one] for one in found[TagKind.PRODUCT]],
    )
