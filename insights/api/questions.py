"""Questions to the field, their coverage and their answers."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("questions", __name__)
