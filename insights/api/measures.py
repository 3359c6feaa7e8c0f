"""Measures by territory, team and company."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("measures", __name__)
