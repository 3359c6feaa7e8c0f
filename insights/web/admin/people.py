"""People: who may sign in, with which role, and what they hold."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from insights.errors import Invalid
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.models import Role
from insights.schemas.fields import Origin, load
from insights.schemas.people import PersonPost
from insights.services import access, assignments, departures, passwords, people, pseudonyms
from insights.web.admin.forms import Errors, Values, refused, typed
from insights.web.admin.lists import PAGE, after_id, page_of, words

blueprint = Blueprint("people", __name__, url_prefix="/people")

ACTIVE = {"yes": True, "no": False}
# What the form sends when nobody takes somebody's topics.
NOBODY = "nobody"


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Everybody in order of name, as far as the filters go; those who may sign in at first."""
    role, active = request.args.get("role", ""), request.args.get("active", "yes")
    found = people.list_people(
        db_session(),
        actor(),
        limit=PAGE + 1,
        after=after_id(),
        words=words(),
        role=next((one for one in Role if one.value == role), None),
        active=ACTIVE.get(active),
    )
    page = page_of(found, "id")
    shown = {"q": words(), "role": role, "active": active}
    return render_template("admin/people/index.html", page=page, **shown)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The form for somebody who has joined."""
    return _new_page({"role": Role.REP.value}, {})


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """Adds the person and leads to their page."""
    sent = typed("name", "email", "role", "password")
    try:
        person = people.add(
            db_session(),
            actor(),
            now=now(),
            name=sent["name"],
            email=sent["email"],
            role=_role(sent),
            password=sent["password"] or None,
        )
    except Invalid as refusal:
        return _new_page(sent, refused(refusal)), 422
    without = "" if person.has_password else " They can sign in once you set a password."
    flash(f"{person.name} is added.{without}")
    return redirect(url_for(".page", person_id=person.id), 303)


@blueprint.get("/<int:person_id>")
def page(person_id: int) -> ResponseReturnValue:
    """One person: what is known of them, what they hold, and what can be done."""
    return _page(person_id)


@blueprint.post("/<int:person_id>")
def update(person_id: int) -> ResponseReturnValue:
    """Changes name, e-mail address and role."""
    sent = typed("name", "email", "role")
    try:
        values = {**sent, "role": _role(sent)}
        person = people.change(db_session(), actor(), now=now(), person_id=person_id, **values)
    except Invalid as refusal:
        return _page(person_id, sent, refused(refusal)), 422
    flash(f"{person.name} is saved.")
    return redirect(url_for(".page", person_id=person_id), 303)


@blueprint.post("/<int:person_id>/password")
def set_password(person_id: int) -> ResponseReturnValue:
    """Gives the person another password, which ends their sign-ins."""
    password = typed("password")["password"]
    try:
        person = people.set_password(
            db_session(), actor(), now=now(), person_id=person_id, password=password
        )
    except Invalid as refusal:
        return _page(person_id, errors=refused(refusal)), 422
    flash(f"{person.name} has a new password and must sign in with it. Tell them in person.")
    return redirect(url_for(".page", person_id=person_id), 303)


@blueprint.post("/<int:person_id>/deactivate")
def deactivate(person_id: int) -> ResponseReturnValue:
    """Shuts the person out; what they hold goes to those chosen, their notes stay."""
    try:
        person = people.deactivate(
            db_session(),
            actor(),
            now=now(),
            today=runtime().today(),
            person_id=person_id,
            successors=_successors(),
            caretaker_id=request.form.get("caretaker", type=int),
            topic_owner_id=request.form.get("topics", type=int),
            frees_topics=request.form.get("topics") == NOBODY,
        )
    except Invalid as refusal:
        return _page(person_id, errors=refused(refusal, "deactivate")), 422
    flash(f"{person.name} can no longer sign in. Their notes stay.")
    return redirect(url_for(".page", person_id=person_id), 303)


@blueprint.post("/<int:person_id>/activate")
def activate(person_id: int) -> ResponseReturnValue:
    """Lets the person in again."""
    person = people.activate(db_session(), actor(), now=now(), person_id=person_id)
    flash(f"{person.name} may sign in again. They hold nothing yet.")
    return redirect(url_for(".page", person_id=person_id), 303)


@blueprint.post("/<int:person_id>/pseudonymise")
def pseudonymise(person_id: int) -> ResponseReturnValue:
    """Takes name and address of somebody who has left out of the installation."""
    confirmation = typed("confirmation")["confirmation"]
    try:
        person = pseudonyms.pseudonymise(
            db_session(), actor(), person_id=person_id, confirmation=confirmation, now=now()
        )
    except Invalid as refusal:
        return _page(person_id, errors=refused(refusal)), 422
    flash(f"They are {person.name} from now on. What they told stays.")
    return redirect(url_for(".page", person_id=person_id), 303)


def _successors() -> dict[int, int]:
    """Who is chosen for each territory; those left open fall to the caretaker."""
    chosen = {
        name.removeprefix("to-"): value
        for name, value in request.form.items()
        if name.startswith("to-")
    }
    return {
        int(territory): int(person)
        for territory, person in chosen.items()
        if territory.isdecimal() and person.isdecimal()
    }


def _role(sent: Values) -> Any:
    return load(PersonPost(Origin.FORM, only=("role",)), {"role": sent["role"]})["role"]


def _new_page(values: Values, errors: Errors) -> str:
    shortest = passwords.SHORTEST
    return render_template("admin/people/new.html", values=values, errors=errors, shortest=shortest)


def _page(person_id: int, sent: Values | None = None, errors: Errors | None = None) -> str:
    session, me = db_session(), actor()
    person, today = people.get_entry(session, me, person_id=person_id), runtime().today()
    leaving = None
    if person.is_active:
        leaving = departures.departure(session, me, person_id=person_id, today=today)
    stored = {"name": person.name, "email": person.email, "role": person.role.value}
    return render_template(
        "admin/people/page.html",
        person=person,
        values=sent or stored,
        errors=errors or {},
        holdings=assignments.person_history(session, me, person_id=person_id),
        today=today,
        leaving=leaving,
        colleagues=people.colleagues(session, me) if leaving else (),
        chosen=request.form,
        pseudonym=pseudonyms.pseudonym(person_id),
        shortest=passwords.SHORTEST,
    )
