"""What a message says of its contents beside the notes themselves, in mails and in Slack alike."""

from insights.models import TriageState
from insights.services.digests import MOST_SIGHTED, MOST_TRENDS, Digest
from insights.services.question_views import QuestionView
from insights.services.trend_summary_words import days
from insights.services.triage import TriageView

EMERGED = "Came up this week"
SIGHTED = "Seen by most others"
UNANSWERED = "Waiting for an answer"
ASKED = "Questions to the field"
TEST = "This is a test"
TEST_LEAD = "It was sent to see whether what this route finds arrives here. It does."


def news(detail: str | None, triage: TriageView | None) -> str:
    """What became of somebody's note, told to them. `detail` is the state that it came into; who
    did so is named while that is still so."""
    is_current = triage is not None and triage.state.value == detail
    who = triage.person_name if triage is not None and is_current else ""
    match detail:
        case TriageState.TAKEN.value:
            return f"{who or 'Somebody'} has taken up your note."
        case TriageState.ALREADY_KNOWN.value:
            return f"{who or 'Somebody'} says that what you noted was known already. Thank you."
        case TriageState.DONE.value:
            return f"{who or 'Somebody'} is done with your note. Thank you."
        case _:
            return "Your note is open again."


def digest_title(digest: Digest) -> str:
    """The part of the company and the days of its week."""
    return f"{digest.place}, {days(digest.monday, digest.sunday)}"


def digest_lead(digest: Digest) -> str:
    """What there is, in one sentence: "2 trends emerged, 3 notes were seen by others too, and 12
    wait for an answer." A part that a digest shows no more of may be larger, and says so."""
    emerged, sighted = len(digest.emerged), len(digest.sighted)
    parts = [
        _at_least(emerged, MOST_TRENDS) + _counted(emerged, "trend emerged", "trends emerged"),
        _at_least(sighted, MOST_SIGHTED)
        + _counted(sighted, "note was seen by others too", "notes were seen by others too"),
        _counted(digest.unanswered_count, "note waits for an answer", "notes wait for an answer"),
    ]
    told = [one for one in parts if one]
    if len(told) > 1:
        told = [", ".join(told[:-1]) + " and " + told[-1]]
    return f"{told[0][0].upper()}{told[0][1:]}." if told else "Nothing stood out."


def asked(question: QuestionView) -> str:
    """Until when a question is open, and how many notes answer it."""
    until = f"until {question.until.day} {question.until:%B}"
    return f"{until}, {_counted(question.answers, 'answer', 'answers') or 'no answer yet'}"


def unanswered_more(digest: Digest) -> str:
    """How many more wait than the digest shows; empty for none."""
    more = digest.unanswered_count - len(digest.unanswered)
    return f"and {more:,} more" if more > 0 else ""


def _at_least(count: int, most: int) -> str:
    return "at least " if count >= most else ""


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""
