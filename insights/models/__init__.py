"""Tables, one noun a file. Importing this package registers all of them."""

from insights.db import Base
from insights.models.account import Account, AccountSegment
from insights.models.attachment import Attachment, AttachmentState
from insights.models.catalogue import CatalogueVersion
from insights.models.comment import Comment
from insights.models.competitor import Competitor, CompetitorAlias
from insights.models.delivery import Delivery, DeliveryMatter, DeliveryState
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
from insights.models.person import Person, Role, ToldBy
from insights.models.product import Product, ProductAlias
from insights.models.replica import Replica
from insights.models.route import Cadence, Route, RouteContent
from insights.models.saved_search import SavedSearch, SearchSort
from insights.models.segment import Dimension, Segment
from insights.models.sighting import Sighting
from insights.models.slack import (
    SlackCall,
    SlackCard,
    SlackChannel,
    SlackInstallation,
    SlackPerson,
    SlackReceipt,
    SlackReply,
    SlackState,
)
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
from insights.models.triage import Triage, TriageState

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
    "DeliveryMatter",
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
    "RouteContent",
    "SavedSearch",
    "SearchSort",
    "Segment",
    "Sighting",
    "SlackCall",
    "SlackCard",
    "SlackChannel",
    "SlackInstallation",
    "SlackPerson",
    "SlackReceipt",
    "SlackReply",
    "SlackState",
    "Source",
    "Territory",
    "Token",
    "ToldBy",
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
    "Triage",
    "TriageState",
]
