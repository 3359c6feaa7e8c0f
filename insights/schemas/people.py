"""The shapes of a person: as others see them, as admins do, and as they see themselves."""

from typing import Any

from marshmallow import Schema, fields

from insights.clock import iso
from insights.models import Role
from insights.schemas.fields import Choice, InputSchema, Several, Switch, Text, WholeNumber
from insights.schemas.lists import PageQuery
from insights.schemas.tags import TerritoryNameOut, name_field
from insights.services import passwords
from insights.services.people import LONGEST_EMAIL, PersonEntry


class PeopleQuery(PageQuery):
    """Which people to list."""

    q = Text(longest=200, load_default="", metadata={"description": "Part of a name or e-mail."})
    role = Choice(Role)
    active = Switch(metadata={"description": "Only who may sign in, or only who may not."})


class PersonPost(InputSchema):
    """A person to be added. Without a password they cannot sign in until they are given one."""

    name = name_field(required=True)
    email = Text(required=True, longest=LONGEST_EMAIL)
    role = Choice(Role, required=True)
    password = Text(
        load_only=True,
        metadata={"minLength": passwords.SHORTEST, "maxLength": passwords.LONGEST},
    )


class PersonPatch(InputSchema):
    """What is to be changed of a person; what is left out stays."""

    name = name_field()
    email = Text(longest=LONGEST_EMAIL)
    role = Choice(Role)


class SuccessorPost(InputSchema):
    """A territory and who holds it next."""

    territory = Text(required=True, longest=80, metadata={"description": "Its slug."})
    person = WholeNumber(required=True, metadata={"description": "The person's id."})


class DeactivationPost(InputSchema):
    """Who follows somebody who leaves; nothing is needed for one who holds nothing."""

    successors = Several(fields.Nested(SuccessorPost()), load_default=list)
    caretaker = WholeNumber(
        allow_none=True,
        load_default=None,
        metadata={"description": "Who holds all others until somebody is found."},
    )
    topics_to = WholeNumber(
        allow_none=True,
        load_default=None,
        metadata={"description": "Who takes the open topics that they work on."},
    )
    free_topics = Switch(
        load_default=False, metadata={"description": "Leave those topics without an owner."}
    )


class PseudonymPost(InputSchema):
    """The confirmation that somebody's name is to go for good."""

    name = Text(required=True, longest=200, metadata={"description": "The person's present name."})


class PersonNameOut(Schema):
    """A person as others see them."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class PersonOut(PersonNameOut):
    """A person as admins see them."""

    email = fields.String(required=True)
    role = fields.Enum(Role, by_value=fields.String, required=True)
    active = fields.Boolean(required=True)
    has_password = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    deactivated_at = fields.DateTime(required=True, allow_none=True)
    pseudonymised_at = fields.DateTime(required=True, allow_none=True)


class MeOut(PersonNameOut):
    """Whoever is asking."""

    email = fields.String(required=True)
    role = fields.Enum(Role, by_value=fields.String, required=True)
    territories = fields.List(
        fields.Nested(TerritoryNameOut),
        required=True,
        metadata={"description": "Those held today, the newest assignment first."},
    )
    scopes = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What the token may be used for; all for a sign-in."},
    )


def person_out(person: PersonEntry) -> dict[str, Any]:
    """The person as `PersonOut` describes them."""
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role.value,
        "active": person.is_active,
        "has_password": person.has_password,
        "created_at": iso(person.created_at),
        "deactivated_at": iso(person.deactivated_at) if person.deactivated_at else None,
        "pseudonymised_at": iso(person.pseudonymised_at) if person.pseudonymised_at else None,
    }
