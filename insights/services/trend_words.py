"""A trend in plain words: the same sentence on pages, in the API and in what is sent."""

from datetime import timedelta

from insights.models import TrendSort
from insights.services.trends import TrendView
from insights.trends.life import Stage

# Beyond this nobody takes the odds for more than "never".
LONGEST_ODDS = 1_000_000
# How many other words may stand between those of a phrase: it is counted without stop words.
SLOP = 3
STAGES = {
    Stage.NEW: "New",
    Stage.ACTIVE: "Active",
    Stage.FADING: "Fading",
    Stage.OVER: "Over",
}
WATCHED = "On the watch list"


def sentence(view: TrendView) -> str:
    """The trend in one sentence: "Ionfield is coming up with Healthcare customers in Georgia: 9
    voices in 4 weeks where 0.7 were expected; 7 people, 5 accounts."
    """
    return f"{lead(view)}: {figures(view)}."


def lead(view: TrendView) -> str:
    """What comes up, with which customers, and where."""
    was = view.stage in (Stage.FADING, Stage.OVER)
    if view.sort is TrendSort.KIND:
        news = f"{'There were more' if was else 'More'} {subject(view)} than usual"
    else:
        news = f"{subject(view)} {'was' if was else 'is'} coming up"
    customers = f"with {view.segment.name} customers" if view.segment else ""
    mostly = f", mostly with {view.mostly.name} customers" if view.mostly else ""
    return " ".join(filter(None, (news, customers, where(view)))) + mostly


def subject(view: TrendView) -> str:
    """What the trend is about: a name, a phrase in quotation marks, the notes of a kind."""
    match view.sort:
        case TrendSort.PHRASE:
            return f"“{view.name}”"
        case TrendSort.KIND:
            return f"{view.name.lower()} notes"
        case _:
            return view.name


def where(view: TrendView) -> str:
    """The place with its preposition; a trend without one is all over the company."""
    return f"in {view.territory.name}" if view.territory else "across the company"


def figures(view: TrendView) -> str:
    """What was counted, compared with what was expected, and by how many people and accounts."""
    counted = _counted(view.count, "note" if view.sort is TrendSort.KIND else "voice")
    expected = number(view.expected)
    verb = "was" if expected == "1" else "were"
    window = f"{counted} in {_counted(view.weeks, 'week')} where {expected} {verb} expected"
    people = _counted(view.reporters, "person", "people")
    accounts = [_counted(view.accounts, "account")] if view.accounts else []
    return f"{window}; {', '.join([people, *accounts])}"


def stage_words(view: TrendView) -> str:
    """Where in its life the trend is, in a word or two."""
    if not view.shown and view.stage not in (Stage.FADING, Stage.OVER):
        return WATCHED
    return STAGES[view.stage]


def chance_words(view: TrendView) -> str:
    """How often chance alone would show such a trend somewhere in the company on one day."""
    return f"by chance anywhere in the company: {odds(view.score)}"


def odds(score: float) -> str:
    """A score as odds: 2.5 is "1 in 300". It is -log10 of the number of false ones expected."""
    if score < 0:
        return f"about {number(10**-score)} of them"
    if 10**score > LONGEST_ODDS:
        return f"less than 1 in {LONGEST_ODDS:,}"
    return f"1 in {_rounded(10**score):,}"


def query(view: TrendView) -> str:
    """The search that lists such notes from the beginning of the trend's weeks on, as one text in
    the search language."""
    since = view.day - timedelta(weeks=view.weeks)
    parts = (
        f"competitor:{view.competitor.slug}" if view.competitor else "",
        f"product:{view.product.slug}" if view.product else "",
        f"kind:{view.kind.value}" if view.kind else "",
        _as_words(view.phrase) if view.phrase else "",
        f"territory:{view.territory.slug}" if view.territory else "",
        f"segment:{view.segment.slug}" if view.segment else "",
        f"since:{since.isoformat()}",
    )
    return " ".join(filter(None, parts))


def number(value: float) -> str:
    """A count or an expected count: whole from 10 on, one decimal below unless it is whole."""
    if value >= 10 or value == round(value):
        return f"{value:,.0f}"
    return "under 0.1" if 0 < value < 0.05 else f"{value:.1f}"


def _as_words(phrase: str) -> str:
    return f'"{phrase}"~{SLOP}' if " " in phrase else phrase


def _counted(count: float, singular: str, plural: str | None = None) -> str:
    words = number(count)
    return f"{words} {singular if words == '1' else plural or f'{singular}s'}"


def _rounded(value: float) -> int:
    """To one digit, two below 20: odds are no more exact than that."""
    digits = len(f"{value:.0f}")
    return int(round(value, 1 - digits)) if value >= 20 else round(value)
