"""Rules by which accounts find their territory."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("territory rules", __name__)
