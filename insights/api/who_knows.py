"""Who knows about a word, a competitor, a segment or a territory."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("who knows", __name__)
