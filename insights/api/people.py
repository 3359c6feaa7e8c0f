"""People: who may sign in, with which role. For admins."""

from typing import Any

from insights.api import cursors
from insights.api.answers import answer, page
from insights.api.operations import Answer, ApiBlueprint
from insights.http.identity import actor
from insights.http.runtime import db_session, now, runtime
from insights.schemas.lists import page_of
from insights.schemas.people import (
    DeactivationPost,
    PeopleQuery,
    PersonOut,
    PersonPatch,
    PersonPost,
    PseudonymPost,
    person_out,
)
from insights.services import people, pseudonyms, territories

blueprint = ApiBlueprint("people", __name__)


@blueprint.operation(
    "GET", "/people", scope="admin", query=PeopleQuery(), answers=page_of(PersonOut)
)
def list_people(query: dict[str, Any]) -> Answer:
    """People in order of name, a page at a time."""
    limit = query["limit"]
    found = people.list_people(
        db_session(),
        actor(),
        limit=limit + 1,
        after=cursors.number(query.get("cursor")),
        words=query["q"],
        role=query.get("role"),
        active=query.get("active"),
    )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return page([person_out(one) for one in shown], cursors.of_number(following))


@blueprint.operation("GET", "/people/<number:person_id>", scope="admin", answers=PersonOut())
def get_person(person_id: int) -> Answer:
    """One person."""
    return person_out(people.get_entry(db_session(), actor(), person_id=person_id))


@blueprint.operation(
    "POST",
    "/people",
    scope="admin",
    body=PersonPost(),
    answers=PersonOut(),
    success=(201,),
)
def post_person(body: dict[str, Any]) -> Answer:
    """Adds a person."""
    return answer(person_out(people.add(db_session(), actor(), now=now(), **body)), 201)


@blueprint.operation(
    "PATCH",
    "/people/<number:person_id>",
    scope="admin",
    body=PersonPatch(),
    answers=PersonOut(),
    refuses=(409,),
)
def patch_person(person_id: int, body: dict[str, Any]) -> Answer:
    """Changes name, e-mail address or role."""
    return person_out(people.change(db_session(), actor(), now=now(), person_id=person_id, **body))


@blueprint.operation(
    "POST",
    "/people/<number:person_id>/deactivate",
    scope="admin",
    body=DeactivationPost(),
    answers=PersonOut(),
)
def deactivate_person(person_id: int, body: dict[str, Any]) -> Answer:
    """Shuts a person out: sign-ins and tokens end at once, what they hold goes to those who follow.

    Refused while a territory that they hold, or an open topic that they work on, has nobody to
    follow. Notes stay.
    """
    person = people.deactivate(
        db_session(),
        actor(),
        now=now(),
        today=runtime().today(),
        person_id=person_id,
        successors={
            territories.get(db_session(), actor(), slug=one["territory"]).id: one["person"]
            for one in body["successors"]
        },
        caretaker_id=body["caretaker"],
        topic_owner_id=body["topics_to"],
        frees_topics=body["free_topics"],
    )
    return person_out(person)


@blueprint.operation(
    "POST",
    "/people/<number:person_id>/pseudonymise",
    scope="admin",
    body=PseudonymPost(),
    answers=PersonOut(),
    refuses=(409,),
)
def pseudonymise_person(person_id: int, body: dict[str, Any]) -> Answer:
    """Removes name and address of somebody who has left, for good; what they told stays."""
    person = pseudonyms.pseudonymise(
        db_session(), actor(), person_id=person_id, confirmation=body["name"], now=now()
    )
    return person_out(person)


@blueprint.operation(
    "POST",
    "/people/<number:person_id>/activate",
    scope="admin",
    answers=PersonOut(),
    refuses=(409,),
)
def activate_person(person_id: int) -> Answer:
    """Lets a person in again, without the tokens and territories that they had."""
    return person_out(people.activate(db_session(), actor(), now=now(), person_id=person_id))
