"""Business figures by territory and month."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("business figures", __name__)
