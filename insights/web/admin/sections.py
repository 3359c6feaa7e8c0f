"""The parts of the administration, and which of them each role is shown."""

from dataclasses import dataclass

from insights.models import Role
from insights.services.access import Actor

ADMINS = frozenset({Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
CURATORS = frozenset({Role.ANALYST, Role.MANAGER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Section:
    """One part: the name of its blueprint, what it is called, and what one does there."""

    name: str
    label: str
    icon: str
    text: str
    roles: frozenset[Role]
    # Where its first page is, unless it is a part of the blueprint `admin`.
    at: str = ""

    @property
    def endpoint(self) -> str:
        """The endpoint of its first page."""
        return self.at or f"admin.{self.name}.index"


SECTIONS = (
    Section("people", "People", "users", "Who may sign in, with which role.", ADMINS),
    Section("territories", "Territories", "map", "The tree, and who holds what.", MANAGERS),
    Section("reassignments", "Reassign", "arrow-right-left", "Many territories at once.", MANAGERS),
    Section("territory_rules", "Rules", "split", "Where accounts belong.", MANAGERS),
    Section(
        "handovers",
        "Handovers",
        "handshake",
        "Who leaves what to whom.",
        MANAGERS,
        "handovers.index",
    ),
    Section("segments", "Segments", "layers", "The values of the two dimensions.", ADMINS),
    Section("competitors", "Competitors", "swords", "Names by which text is tagged.", CURATORS),
    Section("products", "Products", "package", "Ours, and those of competitors.", CURATORS),
    Section("accounts", "Accounts", "building-2", "Customers and prospects.", CURATORS),
    Section("qr_sheets", "QR sheets", "qr-code", "Codes that open a new note.", MANAGERS),
    Section("guard_rails", "Guard-rails", "shield-alert", "What notes should not hold.", ADMINS),
    Section("trends", "Trends", "trending-up", "How they are computed, and judged.", ADMINS),
    Section("destinations", "Destinations", "send", "Where notes are sent, what fails.", ADMINS),
    Section(
        "slack", "Slack", "message-circle", "The connection to it.", ADMINS, "slack_setup.index"
    ),
    Section("shelf_lives", "Shelf lives", "timer", "How long lines of battlecards hold.", CURATORS),
    Section("business_figures", "Figures", "chart-column", "Quota and revenue.", ADMINS),
    Section("salesforce", "Salesforce", "cloud-upload", "Accounts and territories.", ADMINS),
    Section("imports", "Import", "upload", "Notes and lists from a CSV file.", ADMINS),
    Section("tokens", "Tokens", "key-round", "How programs sign in as people.", ADMINS),
    Section("journal", "Journal", "scroll-text", "Who changed what, and when.", ADMINS),
)


def sections_for(actor: Actor) -> list[Section]:
    """What the person may use, in the order of the menu."""
    return [section for section in SECTIONS if actor.role in section.roles]
