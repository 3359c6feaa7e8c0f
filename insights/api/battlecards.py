"""Battlecards: what is known of a competitor, line by line."""

from typing import Any
from uuid import UUID

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now
from insights.schemas.battlecard_checks import CheckAnswer, CheckOut, check_out
from insights.schemas.battlecards import (
    ArchivedLinesQuery,
    BattlecardOut,
    LineHistoryOut,
    LineMove,
    LineOut,
    LinePatch,
    LinePost,
    battlecard_out,
    history_out,
    line_out,
)
from insights.schemas.lists import list_of, page_of
from insights.schemas.shelf_lives import ShelfLifeOut, ShelfLifePatch
from insights.services import (
    battlecard_checks,
    battlecard_history,
    battlecard_lines,
    battlecards,
    competitors,
    shelf_lives,
)

# Its name is the heading in the document.
blueprint = ApiBlueprint("battlecards", __name__)


@blueprint.operation("GET", "/competitors/<slug>/battlecard", scope="read", answers=BattlecardOut())
def get_battlecard(slug: str) -> Answer:
    """The battlecard of a competitor: the lines that you may see, with the notes that they cite."""
    about = competitors.get(db_session(), actor(), slug=slug)
    return battlecard_out(battlecards.card(db_session(), actor(), about.id, now=now()))


@blueprint.operation(
    "GET",
    "/competitors/<slug>/battlecard/archived",
    scope="read",
    query=ArchivedLinesQuery(),
    answers=page_of(LineOut),
)
def list_archived_lines(slug: str, query: dict[str, Any]) -> Answer:
    """Lines that were taken off the card, the last written first, a page at a time."""
    session, me, limit = db_session(), actor(), query["limit"]
    about = competitors.get(session, me, slug=slug)
    after = cursors.number(query.get("cursor"))
    found = battlecards.archived(session, me, about.id, limit=limit + 1, after=after, now=now())
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([line_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation(
    "POST",
    "/competitors/<slug>/battlecard/lines",
    scope="write",
    body=LinePost(),
    answers=LineOut(),
    success=(201,),
)
def post_battlecard_line(slug: str, body: dict[str, Any]) -> Answer:
    """Adds a line. For analysts, managers and admins."""
    session, me = db_session(), actor()
    about = competitors.get(session, me, slug=slug)
    cited = body.pop("notes", ())
    line = battlecard_lines.add_line(
        session, me, competitor_id=about.id, note_ids=cited, now=now(), **body
    )
    return answer(line_out(line), 201)


@blueprint.operation("GET", "/battlecard-lines/<number:line_id>", scope="read", answers=LineOut())
def get_battlecard_line(line_id: int) -> Answer:
    """One line; not for those from whom a note that it cites is sealed."""
    return line_out(battlecards.line(db_session(), actor(), line_id, now=now()))


@blueprint.operation(
    "PATCH",
    "/battlecard-lines/<number:line_id>",
    scope="write",
    body=LinePatch(),
    answers=LineOut(),
    refuses=(409,),
)
def patch_battlecard_line(line_id: int, body: dict[str, Any]) -> Answer:
    """Changes a line; refused when somebody has changed it since the version that you name."""
    return line_out(
        battlecard_lines.change_line(db_session(), actor(), line_id=line_id, now=now(), **body)
    )


@blueprint.operation(
    "POST", "/battlecard-lines/<number:line_id>/archive", scope="write", answers=LineOut()
)
def archive_battlecard_line(line_id: int) -> Answer:
    """Takes a line off the card; nothing is deleted."""
    return line_out(
        battlecard_lines.archive_line(db_session(), actor(), line_id=line_id, now=now())
    )


@blueprint.operation(
    "POST",
    "/battlecard-lines/<number:line_id>/restore",
    scope="write",
    answers=LineOut(),
    refuses=(422,),
)
def restore_battlecard_line(line_id: int) -> Answer:
    """Puts a line back on the card."""
    return line_out(
        battlecard_lines.restore_line(db_session(), actor(), line_id=line_id, now=now())
    )


@blueprint.operation(
    "POST",
    "/battlecard-lines/<number:line_id>/move",
    scope="write",
    body=LineMove(),
    success=(204,),
)
def move_battlecard_line(line_id: int, body: dict[str, Any]) -> None:
    """Puts a line one place up or down in its section; at its end nothing happens."""
    battlecard_lines.move_line(db_session(), actor(), line_id=line_id, up=body["up"], now=now())


@blueprint.operation(
    "PUT",
    "/battlecard-lines/<number:line_id>/notes/<uuid:note_id>",
    scope="write",
    answers=LineOut(),
    refuses=(422,),
)
def put_cited_note(line_id: int, note_id: UUID) -> Answer:
    """Has the line rest on a note too; afterwards only those who may see the note see the line."""
    return line_out(
        battlecard_lines.cite(db_session(), actor(), line_id=line_id, note_id=note_id, now=now())
    )


@blueprint.operation(
    "DELETE",
    "/battlecard-lines/<number:line_id>/notes/<uuid:note_id>",
    scope="write",
    answers=LineOut(),
)
def delete_cited_note(line_id: int, note_id: UUID) -> Answer:
    """Has the line rest on a note no longer."""
    return line_out(
        battlecard_lines.uncite(db_session(), actor(), line_id=line_id, note_id=note_id, now=now())
    )


@blueprint.operation(
    "GET",
    "/battlecard-lines/<number:line_id>/history",
    scope="read",
    answers=LineHistoryOut(),
)
def get_line_history(line_id: int) -> Answer:
    """What a line said before, newest change first."""
    return history_out(battlecard_history.history(db_session(), actor(), line_id=line_id))


@blueprint.operation("GET", "/battlecard-checks", scope="read", answers=list_of(CheckOut))
def list_battlecard_checks() -> Answer:
    """The lines of which you are asked whether they still hold, the last asked first."""
    found = battlecard_checks.open_for(db_session(), actor(), now=now())
    return {"items": [check_out(one) for one in found]}


@blueprint.operation(
    "POST",
    "/battlecard-checks/<number:check_id>/answer",
    scope="write",
    body=CheckAnswer(),
    answers=CheckOut(),
    refuses=(409,),
)
def answer_battlecard_check(check_id: int, body: dict[str, Any]) -> Answer:
    """Says whether a line still holds; for whoever was asked, once."""
    session, me = db_session(), actor()
    battlecard_checks.answer(session, me, check_id=check_id, verdict=body["verdict"], now=now())
    return check_out(battlecard_checks.get(session, me, check_id=check_id))


@blueprint.operation("GET", "/shelf-lives", scope="read", answers=list_of(ShelfLifeOut))
def list_shelf_lives() -> Answer:
    """How many days lines hold without news, by type. For analysts, managers and admins."""
    found = shelf_lives.list_lives(db_session(), actor())
    return {"items": [{"type": one.value, "days": days} for one, days in found.items()]}


@blueprint.operation(
    "PATCH",
    "/shelf-lives/<line_type>",
    scope="write",
    body=ShelfLifePatch(),
    answers=ShelfLifeOut(),
)
def patch_shelf_life(line_type: str, body: dict[str, Any]) -> Answer:
    """Changes how long lines of a type hold. For analysts, managers and admins."""
    chosen = shelf_lives.require_type(line_type)
    days = shelf_lives.change(db_session(), actor(), type=chosen, days=body["days"], now=now())
    return {"type": chosen.value, "days": days}
