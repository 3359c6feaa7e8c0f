"""Rules by which accounts find their territory."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.named import named_ids
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.lists import MOST_ITEMS, page_of
from insights.schemas.territory_rules import (
    FindingsQuery,
    FoundAccountOut,
    RuleOut,
    RulePost,
    RuleReportOut,
    RulesQuery,
    found_out,
    report_out,
    rule_out,
    terms_of,
)
from insights.services import rule_report, territory_rules

# Its name is the heading in the document.
blueprint = ApiBlueprint("territory rules", __name__)


@blueprint.operation(
    "GET",
    "/territory-rules",
    scope="read",
    query=RulesQuery(),
    answers=page_of(RuleOut),
    refuses=(403,),
)
def list_territory_rules(query: dict[str, Any]) -> Answer:
    """The newest first; for admins all, for managers those of their part."""
    limit, session = query["limit"], db_session()
    found = territory_rules.list_rules(
        session,
        actor(),
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
        **named_ids(session, query),
    )
    following = found[limit - 1].id if len(found) > limit else None
    return page([rule_out(one) for one in found[:limit]], cursors.of_number(following))


@blueprint.operation(
    "POST",
    "/territory-rules",
    scope="write",
    body=RulePost(),
    answers=RuleOut(),
    success=(201,),
)
def post_territory_rule(body: dict[str, Any]) -> Answer:
    """Adds a rule; accounts stay where they are. For managers of the territory and admins."""
    session = db_session()
    territory_id = named_ids(session, body)["territory_id"]
    rule = territory_rules.add(
        session, actor(), territory_id=territory_id, terms=terms_of(body), now=now()
    )
    return answer(rule_out(rule), 201)


@blueprint.operation("DELETE", "/territory-rules/<number:rule_id>", scope="write", success=(204,))
def delete_territory_rule(rule_id: int) -> Answer:
    """Removes a rule; accounts stay where they are. For managers of the territory and admins."""
    territory_rules.remove(db_session(), actor(), rule_id=rule_id, now=now())
    return None


@blueprint.operation(
    "GET",
    "/territory-rules/report",
    scope="read",
    answers=RuleReportOut(),
    refuses=(403,),
)
def get_rule_report() -> Answer:
    """What the rules leave open; for managers what touches their part."""
    session, me = db_session(), actor()
    idle = rule_report.idle_rules(session, me, limit=MOST_ITEMS)
    return report_out(rule_report.counts(session, me), idle)


@blueprint.operation(
    "GET",
    "/territory-rules/accounts",
    scope="read",
    query=FindingsQuery(),
    answers=page_of(FoundAccountOut),
    refuses=(403,),
)
def list_rule_findings(query: dict[str, Any]) -> Answer:
    """The accounts that need a look, in order of name; for managers those of their part."""
    limit = query["limit"]
    found = rule_report.list_found(
        db_session(),
        actor(),
        finding=query["finding"],
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
    )
    following = found[limit - 1].id if len(found) > limit else None
    return page([found_out(one) for one in found[:limit]], cursors.of_number(following))
