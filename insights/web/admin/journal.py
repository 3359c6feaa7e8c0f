"""The journal as a page: who did what, in sentences, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.clock import start_of
from insights.http.identity import actor
from insights.http.runtime import db_session, runtime
from insights.services import access, audit, people
from insights.services.audit import AuditEntry, JournalFilter
from insights.web.admin.journal_sentences import BY_ITSELF, SUBJECTS, VERBS, Sentence, sentence_of
from insights.web.admin.lists import PAGE, after_id, page_of

blueprint = Blueprint("journal", __name__, url_prefix="/journal")

NOBODY = "The operator"
PRODUCT = "The product"
MOST_PEOPLE = 1_000
FIELDS = ("what", "person", "since", "until")
# Where the subject of a row is seen, and by what its page is addressed.
PAGES: Mapping[str, tuple[str, str]] = {
    "note": ("notes.page", "note_id"),
    "person": ("admin.people.page", "person_id"),
    "territory": ("admin.territories.page", "slug"),
    "assignment": ("admin.territories.page", "slug"),
    "segment": ("admin.segments.page", "slug"),
    "dimension": ("admin.segments.index", ""),
    "competitor": ("admin.competitors.page", "slug"),
    "product": ("admin.products.page", "slug"),
    "account": ("admin.accounts.page", "account_id"),
    "token": ("admin.tokens.index", ""),
    "import": ("admin.imports.index", ""),
    "guard_word": ("admin.guard_rails.index", ""),
    "trend": ("trends.page", "trend_id"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page; `url` leads to what it is about, None when there is no such page."""

    id: int
    at: datetime
    who: str
    sentence: Sentence
    url: str | None


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The newest rows that meet the filters, then the ones before."""
    session, me = db_session(), actor()
    entries = audit.list_entries(session, me, _chosen(), limit=PAGE + 1, after=after_id())
    lines = [_line(entry) for entry in entries]
    return render_template(
        "admin/journal/index.html",
        page=page_of(lines, "id"),
        values={name: request.args.get(name, "") for name in FIELDS},
        subject=":".join(_subject()).strip(":"),
        subject_name=lines[0].sentence.subject if lines else "that",
        kinds=_kinds(),
        people=people.list_people(session, me, limit=MOST_PEOPLE),
    )


def _chosen() -> JournalFilter:
    """What the address asks for; what it says wrongly narrows nothing."""
    what, (subject_type, subject_id) = request.args.get("what", ""), _subject()
    since, until = _day("since"), _day("until")
    zone = runtime().settings.zone
    return JournalFilter(
        verb=what if what in VERBS else "",
        subject_type=subject_type or (what if what in SUBJECTS else ""),
        subject_id=subject_id,
        actor_id=request.args.get("person", type=int),
        since=start_of(since, zone) if since else None,
        until=start_of(until + timedelta(days=1), zone) if until else None,
    )


def _subject() -> tuple[str, str]:
    """The one thing that is asked about, written as `territory:3`; twice nothing for all."""
    noun, _, identity = request.args.get("subject", "").partition(":")
    return (noun, identity) if noun in SUBJECTS and identity else ("", "")


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    # Near the ends of the calendar there is no day before or after in another time zone.
    return day if 1900 <= day.year <= 2200 else None


def _kinds() -> Sequence[Mapping[str, object]]:
    """All that can be asked for, grouped by what it is about."""
    return [
        {
            "label": label,
            "options": [
                {"value": noun, "label": f"All about {label.lower()}"},
                *(
                    {"value": verb, "label": known.label}
                    for verb, known in VERBS.items()
                    if known.noun == noun
                ),
            ],
        }
        for noun, label in SUBJECTS.items()
    ]


def _line(entry: AuditEntry) -> Line:
    nobody = PRODUCT if entry.verb in BY_ITSELF else NOBODY
    who = entry.actor_name or nobody
    return Line(entry.id, entry.at, who, sentence_of(entry), _url(entry))


def _url(entry: AuditEntry) -> str | None:
    page = PAGES.get(entry.subject_type)
    if page is None:
        return None
    endpoint, variable = page
    identity = entry.slug if variable == "slug" else entry.subject_id
    if variable and not identity:
        return None
    values: dict[str, Any] = {variable: identity} if variable else {}
    return url_for(endpoint, **values)
