"""News: what you are told."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("news", __name__)
