"""How a territory stands, in one sentence: on pages, in the API and in messages the same."""

from insights.services.silence import HISTORY, Silence, State

LEAST_RATE = 1 / 26


def sentence(silence: Silence) -> str:
    """For example "Silent for 3 weeks; usually 4 notes a week."."""
    match silence.state:
        case State.SILENT:
            return f"Silent {_how_long(silence)}; usually {rate(silence.usual)}."
        case State.UNHEARD:
            return f"No note in the last {HISTORY} weeks."
        case State.NEW:
            return "New: too few weeks of notes to say what is usual."
        case State.UNHELD:
            return f"Nobody holds it; {_last_note(silence.empty_weeks)}."
        case State.USUAL if not silence.level:
            return f"As usual: {rate(silence.usual)}."
        case State.USUAL | State.QUIET:
            told = f"{_notes(silence.count)} {_window(silence.weeks)}"
            return f"{told}; usually {rate(silence.usual)}."


def rate(usual: float | None) -> str:
    """Notes a week in words, as exactly as such a number can be meant."""
    if usual is None or usual < LEAST_RATE:
        return "hardly a note"
    if usual < 1:
        weeks = round(1 / usual)
        return "1 note a week" if weeks == 1 else f"1 note in {weeks} weeks"
    return f"{_notes(round(usual))} a week"


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count:,} notes"


def _weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weeks"


def _how_long(silence: Silence) -> str:
    return f"for {_weeks(silence.empty_weeks)}" if silence.empty_weeks else "this week so far"


def _window(weeks: float) -> str:
    full = int(weeks)
    if not full:
        return "this week so far"
    return "in the last week" if full == 1 else f"in the last {full} weeks"


def _last_note(empty_weeks: int | None) -> str:
    if empty_weeks is None:
        return f"no note in the last {HISTORY} weeks"
    return f"no note for {_weeks(empty_weeks)}" if empty_weeks else "its last note is recent"
