"""Handovers of territories, must-knows, and who has read what."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("handovers", __name__)
