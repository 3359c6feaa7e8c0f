"""Topics: the board, the list, and the page of each.

All of the board's state is in its address. A card is moved by a form that it carries; htmx brings
the whole board anew, so that counts and what others did meanwhile are right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.db import discard
from insights.errors import Conflict, Invalid, NotFound
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import TopicState
from insights.services import access_work, topics
from insights.services.access import Actor
from insights.services.topics import TopicCounts, TopicFilter, TopicPosition
from insights.web.note_cards import is_partial
from insights.web.topic_choosing import blueprint as choosing_blueprint
from insights.web.topic_forms import blueprint as forms_blueprint
from insights.web.topic_merging import blueprint as merging_blueprint
from insights.web.topic_notes import blueprint as notes_blueprint
from insights.web.topic_pages import topic_page
from insights.web.topic_rows import TopicRow, rows_of
from insights.web.topic_talk import blueprint as talk_blueprint
from insights.web.topic_words import STATES, StateWords

blueprint = Blueprint("topics", __name__, url_prefix="/topics")
for child in (
    forms_blueprint,
    notes_blueprint,
    talk_blueprint,
    merging_blueprint,
    choosing_blueprint,
):
    blueprint.register_blueprint(child)

PAGE = 20
# Of each column of the board; the list has the rest.
IN_COLUMN = 25
STATE_NAMES = {one.value: one for one in TopicState}
EMPTY_COLUMNS = {
    TopicState.OPEN: "Nothing waits to be started.",
    TopicState.IN_PROGRESS: "Nobody is at work on one.",
    TopicState.ANSWERED: "What is answered comes here.",
    TopicState.CLOSED: "What is over comes here.",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; what names nothing is passed over.

    `state` is the column that phones show, and the only state of the list; None in the list for all
    of them.
    """

    as_list: bool
    state: TopicState | None
    mine: bool
    overdue: bool
    team: str
    words: str

    @property
    def count(self) -> int:
        """How many filters are chosen; the state is none."""
        return len(self.query.keys() - {"view", "state"})

    def filter(self, *states: TopicState) -> TopicFilter:
        """The same for the service."""
        return TopicFilter(
            states=states,
            mine=self.mine,
            overdue_on=runtime().today() if self.overdue else None,
            team=self.team,
            words=self.words,
        )

    @property
    def query(self) -> dict[str, Any]:
        """The same for an address; without what is usual."""
        values = {
            "view": "list" if self.as_list else "",
            "state": self.state.value if self.state else "",
            "mine": "1" if self.mine else "",
            "overdue": "1" if self.overdue else "",
            "team": self.team,
            "q": self.words,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Column:
    """A state on the board; `more_url` leads to the list when the column does not hold all."""

    state: TopicState
    words: StateWords
    rows: Sequence[TopicRow]
    count: int
    chosen: bool
    empty: str
    more_url: str | None


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The board, or with `?view=list` the list."""
    session, me, chosen = db_session(), actor(), _chosen()
    counts = topics.count_topics(session, me, chosen.filter(), today=runtime().today())
    shown = _list(session, me, chosen) if chosen.as_list else _board(session, me, chosen, counts)
    return render_template(
        "topics/index.html",
        chosen=chosen,
        query=chosen.query,
        states=STATES,
        tabs=_tabs(chosen, counts),
        may_work=access_work.works_on_topics(me),
        nothing_at_all=not chosen.count and not any(counts.by_state.values()),
        nothing_fits=not any(counts.by_state.values()),
        board_url=_address(chosen, view=None, state=None),
        list_url=_address(chosen, view="list"),
        cleared_url=url_for(".index", view="list" if chosen.as_list else None),
        **shown,
    )


@blueprint.get("/<int:topic_id>")
def page(topic_id: int) -> ResponseReturnValue:
    """One topic; the address of one that was merged leads to where it is now."""
    session, me = db_session(), actor()
    view = topics.get(session, me, topic_id)
    if view.merged_into_id is not None:
        try:
            target = topics.get(session, me, view.merged_into_id)
        except NotFound:
            return topic_page(view)
        return redirect(url_for(".page", topic_id=target.id))
    return topic_page(view)


@blueprint.post("/<int:topic_id>/move")
def move(topic_id: int) -> ResponseReturnValue:
    """Says how far the topic is; what has no answer yet is answered first."""
    session, me, state = db_session(), actor(), STATE_NAMES.get(request.form.get("state", ""))
    if state is None:
        raise Invalid({"state": ["Choose where the topic is to go."]})
    access_work.require_topic_worker(me)
    view = topics.get(session, me, topic_id)
    if state is TopicState.ANSWERED and not view.answer:
        flash("Write the answer first: everyone who reads the topic looks for it.")
        return _leading(url_for(".forms.answer", topic_id=topic_id))
    version = request.form.get("version", type=int)
    try:
        topics.change(session, me, topic_id, expected_version=version, now=now(), state=state)
    except Conflict as conflict:
        discard(session)
        flash(conflict.message, "error")
    if request.form.get("back") == "topic":
        return redirect(url_for(".page", topic_id=topic_id), 303)
    return redirect(url_for(".index", **_chosen().query), 303)


def _leading(address: str) -> ResponseReturnValue:
    """To another page, also when htmx has asked for a part of this one."""
    if is_partial():
        return "", 204, {"HX-Redirect": address}
    return redirect(address, 303)


def _chosen() -> Chosen:
    asked = request.args
    return Chosen(
        as_list=asked.get("view") == "list",
        state=STATE_NAMES.get(asked.get("state", "")),
        mine=asked.get("mine") == "1",
        overdue=asked.get("overdue") == "1",
        team=asked.get("team", "").strip(),
        words=asked.get("q", "").strip(),
    )


def _address(chosen: Chosen, **other: Any) -> str:
    return url_for(".index", **(chosen.query | other))


def _board(session: Session, me: Actor, chosen: Chosen, counts: TopicCounts) -> dict[str, Any]:
    """The columns: a fixed number of queries for each."""
    columns = []
    for state, words in STATES.items():
        found = topics.list_topics(session, me, chosen.filter(state), limit=IN_COLUMN)
        columns.append(
            Column(
                state=state,
                words=words,
                rows=rows_of(found.items, runtime().today()),
                count=counts.by_state.get(state, 0),
                chosen=state is (chosen.state or TopicState.OPEN),
                empty=EMPTY_COLUMNS[state],
                more_url=_address(chosen, view="list", state=state.value) if found.next else None,
            )
        )
    return {"columns": columns}


def _list(session: Session, me: Actor, chosen: Chosen) -> dict[str, Any]:
    """One page of the list."""
    after = request.args.get("after", type=int)
    states = (chosen.state,) if chosen.state else ()
    position = TopicPosition.of_number(after)
    found = topics.list_topics(session, me, chosen.filter(*states), limit=PAGE, after=position)
    following = _address(chosen, after=found.next.number) if found.next else None
    return {
        "rows": rows_of(found.items, runtime().today()),
        "next_url": following,
        "first_url": _address(chosen) if after is not None else None,
        "list_all_url": url_for(".index", view="list"),
    }


def _tabs(chosen: Chosen, counts: TopicCounts) -> list[dict[str, Any]]:
    shown = chosen.state or (None if chosen.as_list else TopicState.OPEN)
    tabs = [
        {
            "label": words.label,
            "url": _address(chosen, state=state.value),
            "active": state is shown,
            "count": counts.by_state.get(state, 0),
        }
        for state, words in STATES.items()
    ]
    if chosen.as_list:
        whole = sum(counts.by_state.values())
        url = _address(chosen, state=None)
        tabs.insert(0, {"label": "All", "url": url, "active": shown is None, "count": whole})
    return tabs
