"""Where letters lead: the paths of the pages that they are about, in pages and messages alike."""

from collections.abc import Mapping

from insights.services.letter import Leads, Letter

NEWS = "/news"
_PATHS: Mapping[Leads, str] = {
    Leads.NOTE: "/notes/{}",
    Leads.TOPIC: "/topics/{}",
    Leads.QUESTION: "/questions/{}",
    Leads.COMPETITOR: "/competitors/{}",
    Leads.HANDOVER: "/handovers/{}",
    Leads.INTERVIEW: "/handovers/{}/interview",
}
_OPENS: Mapping[Leads, str] = {
    Leads.NOTE: "Open the note",
    Leads.TOPIC: "Open the topic",
    Leads.QUESTION: "Open the question",
    Leads.COMPETITOR: "Open the battlecard",
    Leads.HANDOVER: "Read the brief",
    Leads.INTERVIEW: "Tell what is known",
}


def path_of(letter: Letter) -> str:
    """The path of the page that the letter leads to, from the installation's address on."""
    return _PATHS[letter.leads].format(letter.key)


def label_of(letter: Letter) -> str:
    """What a link to that page says."""
    return _OPENS[letter.leads]


def answer_path(question_id: int) -> str:
    """The form of a note that answers the question."""
    return f"/n?question={question_id}"
