"""The administration: people, territories and all else that notes refer to, kept up to date.

What one may use is what one sees (`sections`): analysts and managers keep competitors, products and
accounts, managers also the assignments of their part of the tree, admins everything. Each module is
one noun; its blueprint says at the top whom it lets in, the services ask again for each deed.
"""

from typing import Any

from flask import Blueprint, request

from insights.http.identity import actor
from insights.services import access
from insights.web.admin.accounts import blueprint as accounts_blueprint
from insights.web.admin.assignments import blueprint as assignments_blueprint
from insights.web.admin.business_figures import blueprint as business_figures_blueprint
from insights.web.admin.competitors import blueprint as competitors_blueprint
from insights.web.admin.destinations import blueprint as destinations_blueprint
from insights.web.admin.guard_rails import blueprint as guard_rails_blueprint
from insights.web.admin.imports import blueprint as imports_blueprint
from insights.web.admin.journal import blueprint as journal_blueprint
from insights.web.admin.overview import index
from insights.web.admin.people import blueprint as people_blueprint
from insights.web.admin.products import blueprint as products_blueprint
from insights.web.admin.qr_sheets import blueprint as qr_sheets_blueprint
from insights.web.admin.reassignments import blueprint as reassignments_blueprint
from insights.web.admin.salesforce import blueprint as salesforce_blueprint
from insights.web.admin.sections import sections_for
from insights.web.admin.segments import blueprint as segments_blueprint
from insights.web.admin.shelf_lives import blueprint as shelf_lives_blueprint
from insights.web.admin.territories import blueprint as territories_blueprint
from insights.web.admin.territory_rules import blueprint as territory_rules_blueprint
from insights.web.admin.tokens import blueprint as tokens_blueprint
from insights.web.admin.trends import blueprint as trends_blueprint

CHILDREN = (
    people_blueprint,
    territories_blueprint,
    assignments_blueprint,
    segments_blueprint,
    competitors_blueprint,
    products_blueprint,
    accounts_blueprint,
    qr_sheets_blueprint,
    guard_rails_blueprint,
    destinations_blueprint,
    trends_blueprint,
    imports_blueprint,
    reassignments_blueprint,
    territory_rules_blueprint,
    business_figures_blueprint,
    salesforce_blueprint,
    shelf_lives_blueprint,
    tokens_blueprint,
    journal_blueprint,
)

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.add_url_rule("", endpoint="index", view_func=index)
for child in CHILDREN:
    blueprint.register_blueprint(child)


@blueprint.before_request
def _gate() -> None:
    access.require_curator(actor())


@blueprint.context_processor
def _sections() -> dict[str, Any]:
    noun = (request.blueprint or "").rpartition(".")[2]
    return {"sections": sections_for(actor()), "here": noun}
