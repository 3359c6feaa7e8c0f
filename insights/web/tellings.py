"""News: what the person is told, newest first, with answers that take one tap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http import letter_paths
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.models import TellingMatter
from insights.schemas.fields import Origin, load
from insights.schemas.my_notes import ReadPost
from insights.services import letters, tellings
from insights.services.letter import Choice
from insights.services.letters import Told, ToldPage
from insights.services.lookup import LARGEST_ID
from insights.web.my_notes import counted, news_found
from insights.web.note_cards import is_partial

blueprint = Blueprint("tellings", __name__, url_prefix="/news")

ICONS: Mapping[TellingMatter, str] = {
    TellingMatter.OUTCOME: "circle-check",
    TellingMatter.QUESTION: "circle-help",
    TellingMatter.QUESTION_SUMMARY: "list-checks",
    TellingMatter.CHECK: "swords",
    TellingMatter.HANDOVER: "handshake",
    TellingMatter.HANDOVER_INTERVIEW: "handshake",
    TellingMatter.TOPIC: "messages-square",
}


@dataclass(frozen=True)
class Item:
    """One thing as templates/tellings/item.html takes it. `said` is what came of an answer that was
    just given; there are no choices any more then."""

    id: int
    icon: str
    at: datetime
    read: bool
    title: str
    lines: Sequence[str]
    url: str
    opens: str
    choices: Sequence[Choice]
    answer_url: str | None
    said: str = ""


@blueprint.app_context_processor
def _unread() -> dict[str, Any]:
    return {"told_count": told_count, "all_news_count": all_news_count}


def told_count() -> str:
    """How much the person was told and has not read, for navigation; empty for none."""
    return counted(_told_found())


def all_news_count() -> str:
    """The same with the notes of theirs that have news, where there is room for one number only."""
    return counted(_told_found() + news_found())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The page; with a cursor the part of the list that follows it."""
    after, unread = _asked_number(), request.args.get("unread") == "1"
    found = letters.list_mine(db_session(), actor(), unread=unread, after=after)
    following = (
        url_for(".index", after=found.next, unread="1" if unread else None) if found.next else None
    )
    shown = {"items": [_item(one) for one in found.items], "next_url": following}
    if is_partial() and after:
        return render_template("tellings/more.html", **shown)
    return render_template(
        "tellings/page.html",
        unread=unread,
        continued=after is not None,
        seen_whole=after is None and _shows_all_unread(found),
        until=now().isoformat(),
        **shown,
    )


@blueprint.post("/read")
def read() -> ResponseReturnValue:
    """What was told until the page was made is read.

    Pressed, or sent by the page once it has been looked at; then only the counts change.
    """
    tellings.mark_read(db_session(), actor(), until=_until(), now=now())
    if is_partial():
        return render_template("tellings/read.html")
    flash("All of it is marked as read.")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:telling_id>/answer")
def answer(telling_id: int) -> ResponseReturnValue:
    """Gives one of the answers; htmx is answered by the item itself."""
    session, me = db_session(), actor()
    shown = letters.get(session, me, telling_id)
    said = letters.answer(session, me, telling_id, request.form.get("value", ""), now=now())
    if is_partial():
        return render_template("tellings/answered.html", item=_item(shown, said))
    flash(said)
    return redirect(url_for(".index"), 303)


def _item(told: Told, said: str = "") -> Item:
    letter = told.letter
    return Item(
        id=told.id,
        icon=ICONS[told.matter],
        at=told.at,
        read=told.read or bool(said),
        title=letter.title,
        lines=letter.lines,
        url=letter_paths.path_of(letter),
        opens=letter_paths.label_of(letter),
        choices=() if said else letter.choices,
        answer_url=letter_paths.answer_path(letter.question_id) if letter.question_id else None,
        said=said,
    )


def _told_found() -> int:
    """Asked once a request."""
    if "told_found" not in g:
        g.told_found = tellings.count_unread(db_session(), actor())
    found: int = g.told_found
    return found


def _shows_all_unread(found: ToldPage) -> bool:
    """Whether nothing unread is left for another page: otherwise reading this one is not enough.

    What is unread and nothing to the reader any more is on no page, so a page that is the whole
    list will do.
    """
    count, shown = _told_found(), sum(not one.read for one in found.items)
    return count > 0 and (count <= shown or found.next is None)


def _asked_number() -> int | None:
    """Behind which number the list is to go on; None at its beginning."""
    asked = request.args.get("after", "")
    if not asked:
        return None
    if not asked.isdecimal() or int(asked) > LARGEST_ID:
        raise Invalid("This address is damaged. Begin again at the first page.")
    return int(asked)


def _until() -> datetime:
    """When the page was made; a form without that means the present moment."""
    sent = {"until": request.form["until"]} if "until" in request.form else {}
    try:
        found: datetime | None = load(ReadPost(Origin.FORM), sent)["until"]
    except Invalid:
        return now()
    return found or now()
