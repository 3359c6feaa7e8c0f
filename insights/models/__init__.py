"""Tables, one noun a file. Importing this package registers all of them."""

from insights.db import Base
from insights.models.account import Account, AccountSegment
from insights.models.attachment import Attachment, AttachmentState
from insights.models.catalogue import CatalogueVersion
from insights.models.comment import Comment
from insights.models.competitor import Competitor, CompetitorAlias
from insights.models.delivery import Delivery, DeliveryState
from insights.models.destination import Destination, DestinationKind
from insights.models.guard_rail import (
    GuardAction,
    GuardMatch,
    GuardOverride,
    GuardTopic,
    GuardWord,
)
from insights.models.job import Job
from insights.models.journal import JournalCursor, JournalEntry
from insights.models.note import (
    Audience,
    Impact,
    Kind,
    Known,
    Note,
    NoteCompetitor,
    NoteProduct,
    NoteRevision,
    NoteSegment,
    Source,
)
from insights.models.person import Person, Role
from insights.models.product import Product, ProductAlias
from insights.models.replica import Replica
from insights.models.route import Cadence, Route
from insights.models.saved_search import SavedSearch, SearchSort
from insights.models.segment import Dimension, Segment
from insights.models.sighting import Sighting
from insights.models.territory import Assignment, Territory
from insights.models.token import Token
from insights.models.trend import (
    Trend,
    TrendFollow,
    TrendMute,
    TrendPrior,
    TrendReach,
    TrendRun,
    TrendShowing,
    TrendSort,
    TrendVerdict,
    TrendWeek,
)

__all__ = [
    "Account",
    "AccountSegment",
    "Assignment",
    "Attachment",
    "AttachmentState",
    "Audience",
    "Base",
    "Cadence",
    "CatalogueVersion",
    "Comment",
    "Competitor",
    "CompetitorAlias",
    "Delivery",
    "DeliveryState",
    "Destination",
    "DestinationKind",
    "Dimension",
    "GuardAction",
    "GuardMatch",
    "GuardOverride",
    "GuardTopic",
    "GuardWord",
    "Impact",
    "Job",
    "JournalCursor",
    "JournalEntry",
    "Kind",
    "Known",
    "Note",
    "NoteCompetitor",
    "NoteProduct",
    "NoteRevision",
    "NoteSegment",
    "Person",
    "Product",
    "ProductAlias",
    "Replica",
    "Role",
    "Route",
    "SavedSearch",
    "SearchSort",
    "Segment",
    "Sighting",
    "Source",
    "Territory",
    "Token",
    "Trend",
    "TrendFollow",
    "TrendMute",
    "TrendPrior",
    "TrendReach",
    "TrendRun",
    "TrendShowing",
    "TrendSort",
    "TrendVerdict",
    "TrendWeek",
]
