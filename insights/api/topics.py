"""Topics: pieces of work that gather notes, with an answer and an outcome for each note."""

from insights.api.operations import ApiBlueprint

# Its name is the heading in the document.
blueprint = ApiBlueprint("topics", __name__)
