"""Briefs of accounts: what is known of a customer before a visit."""

from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.briefs_accounts import AccountBriefOut, account_brief_out
from insights.services import account_briefs

# Its name is the heading in the document.
blueprint = ApiBlueprint("account briefs", __name__)


@blueprint.operation(
    "GET", "/accounts/<number:account_id>/brief", scope="read", answers=AccountBriefOut()
)
def get_account_brief(account_id: int) -> Answer:
    """What is known of one account, as far as you may see it."""
    today = runtime().today()
    found = account_briefs.brief(
        db_session(), actor(), runtime().reader, account_id=account_id, now=now(), today=today
    )
    return account_brief_out(found, today=today)
