"""What Slack says about a token of the settings that it does not take, kept for the set-up page.

No workspace can be told from such a token, so there is no row of one that could tell. It is kept
among the receipts, which are forgotten after two days; as long as it is so it is kept again.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from insights.db import insert_or_skip
from insights.models import SlackReceipt

BOT_TOKEN = "INSIGHTS_SLACK_BOT_TOKEN"  # noqa: S105 - the name of a setting
APP_TOKEN = "INSIGHTS_SLACK_APP_TOKEN"  # noqa: S105 - the name of a setting
LONGEST_CODE = 100


def keep(session: Session, setting: str, code: str, *, now: datetime) -> None:
    """Slack did not take the token of that setting, and said why in a word of its own."""
    forget(session, setting)
    row = {"key": f"{_prefix(setting)}{code[:LONGEST_CODE]}", "at": now}
    session.execute(insert_or_skip(session, SlackReceipt, SlackReceipt.key), [row])


def forget(session: Session, setting: str) -> None:
    """Slack takes the token of that setting now."""
    session.execute(delete(SlackReceipt).where(SlackReceipt.key.startswith(_prefix(setting))))


def code_of(session: Session, setting: str) -> str | None:
    """Why Slack did not take the token of that setting last; None when it did, or was not asked."""
    key = session.scalar(
        select(SlackReceipt.key).where(SlackReceipt.key.startswith(_prefix(setting))).limit(1)
    )
    return None if key is None else key.removeprefix(_prefix(setting))


def _prefix(setting: str) -> str:
    return f"refused:{setting}:"
