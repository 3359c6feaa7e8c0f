"""Reassignments: many territories and accounts at once, with a preview and an undo."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("reassignments", __name__)
