"""Battlecards: what is known of a competitor, line by line."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("battlecards", __name__)
