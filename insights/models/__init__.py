"""Tables, one noun a file. Importing this package registers all of them."""

from insights.db import Base
from insights.models.account import Account, AccountSegment, TeamType
from insights.models.attachment import Attachment, AttachmentState
from insights.models.battlecard import (
    BattlecardCheck,
    BattlecardCitation,
    BattlecardLine,
    BattlecardRevision,
    CardSection,
    LineType,
    NameProposal,
    ShelfLife,
    Verdict,
)
from insights.models.business_figure import (
    BusinessFigure,
)
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
from insights.models.handover import (
    Handover,
    HandoverRead,
    HandoverState,
    MustKnow,
)
from insights.models.job import Job
from insights.models.journal import JournalCursor, JournalEntry
from insights.models.merge import (
    Merge,
    MergedNote,
    MergeKind,
)
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
from insights.models.promise import (
    Promise,
)
from insights.models.question import (
    Question,
    QuestionAnswer,
    QuestionSegment,
    QuestionTerritory,
    SearchMiss,
)
from insights.models.reassignment import (
    ReassignedAccount,
    ReassignedAssignment,
    ReassignedPromise,
    Reassignment,
    RuleAttribute,
    TerritoryRule,
)
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
from insights.models.telling import (
    Telling,
    TellingMatter,
)
from insights.models.territory import Assignment, Territory
from insights.models.token import Token
from insights.models.topic import (
    Gathering,
    Outcome,
    Topic,
    TopicComment,
    TopicNote,
    TopicRevision,
    TopicState,
)
from insights.models.trend import (
    Trend,
    TrendFollow,
    TrendMute,
    TrendPast,
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
    "BattlecardCheck",
    "BattlecardCitation",
    "BattlecardLine",
    "BattlecardRevision",
    "BusinessFigure",
    "Cadence",
    "CardSection",
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
    "Gathering",
    "GuardAction",
    "GuardMatch",
    "GuardOverride",
    "GuardTopic",
    "GuardWord",
    "Handover",
    "HandoverRead",
    "HandoverState",
    "Impact",
    "Job",
    "JournalCursor",
    "JournalEntry",
    "Kind",
    "Known",
    "LineType",
    "Merge",
    "MergeKind",
    "MergedNote",
    "MustKnow",
    "NameProposal",
    "Note",
    "NoteCompetitor",
    "NoteProduct",
    "NoteRevision",
    "NoteSegment",
    "Outcome",
    "Person",
    "Product",
    "ProductAlias",
    "Promise",
    "Question",
    "QuestionAnswer",
    "QuestionSegment",
    "QuestionTerritory",
    "ReassignedAccount",
    "ReassignedAssignment",
    "ReassignedPromise",
    "Reassignment",
    "Replica",
    "Role",
    "Route",
    "RouteContent",
    "RuleAttribute",
    "SavedSearch",
    "SearchMiss",
    "SearchSort",
    "Segment",
    "ShelfLife",
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
    "TeamType",
    "Telling",
    "TellingMatter",
    "Territory",
    "TerritoryRule",
    "Token",
    "ToldBy",
    "Topic",
    "TopicComment",
    "TopicNote",
    "TopicRevision",
    "TopicState",
    "Trend",
    "TrendFollow",
    "TrendMute",
    "TrendPast",
    "TrendPrior",
    "TrendReach",
    "TrendRun",
    "TrendShowing",
    "TrendSort",
    "TrendVerdict",
    "TrendWeek",
    "Triage",
    "TriageState",
    "Verdict",
]
