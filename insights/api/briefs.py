"""Briefs of territories and accounts."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("briefs", __name__)
