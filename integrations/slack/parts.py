"""What every part of the Slack edge is given: the installation's parts, put together once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from insights.clock import in_zone
from insights.db import Database
from insights.search.engine import Reader
from insights.settings import Settings
from insights.vault import Vault
from integrations.slack.gateway import Gateways
from integrations.slack.links import Links


@dataclass(frozen=True)
class SlackParts:
    """Made by `insights/app.py`; the worker has others than the web, with longer patience."""

    settings: Settings
    database: Database
    reader: Reader
    vault: Vault
    gateways: Gateways
    links: Links
    clock: Callable[[], datetime]

    def today(self, now: datetime) -> date:
        """The day of that moment in the organisation's time zone."""
        return in_zone(now, self.settings.zone).date()
