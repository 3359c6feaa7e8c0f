"""The shapes of a question to the field, of its coverage, and of what came of a reminder."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, fields, validate

from insights.clock import iso
from insights.errors import Invalid
from insights.models import Kind
from insights.schemas.fields import Choice, Day, InputSchema, Several, Switch, Text, WholeNumber
from insights.schemas.lists import PageQuery
from insights.schemas.people import PersonNameOut
from insights.schemas.tags import SegmentNameOut, TerritoryNameOut, place_name, segment_name
from insights.services.catalogue import Catalogue
from insights.services.lookup import quoted
from insights.services.question_asking import LONGEST_SUMMARY, LONGEST_TEXT, MOST_AIMS
from insights.services.question_coverage import Coverage, CoverageRow
from insights.services.question_views import QuestionView
from insights.services.questions import QuestionChanges

_WORD = 200
_TOO_MANY = f"Choose at most {MOST_AIMS}."


class QuestionsQuery(PageQuery):
    """Which questions to list."""

    open = Switch(metadata={"description": "Only open ones, or only those that are not."})
    aimed = Switch(
        metadata={"description": "Only those aimed at what you hold, or only those that are not."}
    )
    mine = Switch(load_default=False, metadata={"description": "Only those that you asked."})


def _names(what: str) -> Several:
    return Several(
        Text(longest=_WORD),
        validate=validate.Length(max=MOST_AIMS, error=_TOO_MANY),
        metadata={"description": what},
    )


class _QuestionFields(InputSchema):
    """What can be said of a question, both when it is asked and later."""

    kinds = Several(Choice(Kind), metadata={"description": "What is wanted; any without."})
    territories = _names(
        "Whose holders are asked, with all below; by slug, code or name. Everybody without."
    )
    segments = _names("About whom it is, by slug or name; it narrows nobody down.")


class QuestionPost(_QuestionFields):
    """A question to the field."""

    text = Text(required=True, longest=LONGEST_TEXT)
    until = Day(required=True, metadata={"description": "The last day, included."})
    topic = WholeNumber(allow_none=True, metadata={"description": "The topic it is asked for."})


class QuestionPatch(_QuestionFields):
    """What is to be changed of an open question; what is left out stays."""

    text = Text(longest=LONGEST_TEXT)
    until = Day(metadata={"description": "The last day, included."})


class QuestionClosing(InputSchema):
    """What came of a question."""

    summary = Text(
        load_default="",
        longest=LONGEST_SUMMARY,
        metadata={"description": "In Markdown; told to those who answered."},
    )


class QuestionTopicOut(Schema):
    """A topic, by name."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class QuestionOut(Schema):
    """A question as a reader sees it: answers are counted as they may see them."""

    id = fields.Integer(required=True)
    text = fields.String(required=True)
    kinds = fields.List(fields.Enum(Kind, by_value=fields.String), required=True)
    territories = fields.List(fields.Nested(TerritoryNameOut), required=True)
    segments = fields.List(fields.Nested(SegmentNameOut), required=True)
    until = fields.Date(required=True)
    asker = fields.Nested(PersonNameOut, required=True, allow_none=True)
    topic = fields.Nested(QuestionTopicOut, required=True, allow_none=True)
    asked_at = fields.DateTime(required=True)
    open = fields.Boolean(required=True)
    closed_at = fields.DateTime(required=True, allow_none=True)
    closed_by = fields.String(required=True, allow_none=True)
    summary = fields.String(required=True, metadata={"description": "In Markdown."})
    version = fields.Integer(required=True)
    answers = fields.Integer(required=True)
    people = fields.Integer(required=True, metadata={"description": "Who answered."})
    answered_by_me = fields.Boolean(required=True)


class CoverageRowOut(Schema):
    """A territory that is asked, with all below it."""

    territory = fields.Nested(TerritoryNameOut, required=True)
    holders = fields.List(fields.Nested(PersonNameOut), required=True)
    answers = fields.Integer(required=True)
    people = fields.Integer(required=True)


class CoverageOut(Schema):
    """From where an answer has come."""

    territories = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    elsewhere = fields.Integer(
        required=True, metadata={"description": "Answers from none of the territories."}
    )
    items = fields.List(fields.Nested(CoverageRowOut), required=True)


class ReminderOut(Schema):
    """Whom a reminder has reached."""

    told = fields.Integer(required=True, metadata={"description": "People; 0 if told today."})


def changes_of(known: Catalogue, data: Mapping[str, Any]) -> QuestionChanges:
    """What was sent of a question in the ids of the catalogue; raises Invalid for unknown names."""
    problems: dict[str, list[str]] = {}
    changes: Any = {name: data[name] for name in ("text", "until", "kinds") if name in data}
    for name, key, find in (
        ("territories", "territory_ids", known.find_territory),
        ("segments", "segment_ids", known.find_segment),
    ):
        found = {word: find(word) for word in data.get(name, ())}
        unknown = [word for word, item in found.items() if item is None]
        if unknown:
            problems[name] = [f"“{quoted(word)}” is not known." for word in unknown]
        if name in data:
            changes[key] = [item.id for item in found.values() if item is not None]
    if problems:
        raise Invalid(problems)
    made: QuestionChanges = changes
    return made


def question_out(question: QuestionView, today: date) -> dict[str, Any]:
    """The question as `QuestionOut` describes it."""
    topic, closed_at = question.topic, question.closed_at
    return {
        "id": question.id,
        "text": question.text,
        "kinds": [one.value for one in question.kinds],
        "territories": [place_name(one) for one in question.territories],
        "segments": [segment_name(one) for one in question.segments],
        "until": question.until.isoformat(),
        "asker": (
            {"id": question.asker_id, "name": question.asker_name} if question.asker_id else None
        ),
        "topic": {"id": topic.id, "title": topic.title} if topic else None,
        "asked_at": iso(question.asked_at),
        "open": question.is_open_on(today),
        "closed_at": iso(closed_at) if closed_at else None,
        "closed_by": question.closed_by,
        "summary": question.summary,
        "version": question.version,
        "answers": question.answers,
        "people": question.people,
        "answered_by_me": question.answered_by_me,
    }


def coverage_out(coverage: Coverage) -> dict[str, Any]:
    """The coverage as `CoverageOut` describes it."""
    return {
        "territories": len(coverage.rows),
        "answered": coverage.answered,
        "elsewhere": coverage.elsewhere,
        "items": [_row_out(row) for row in coverage.rows],
    }


def _row_out(row: CoverageRow) -> dict[str, Any]:
    return {
        "territory": place_name(row.place),
        "holders": [{"id": one, "name": name} for one, name in row.holders.items()],
        "answers": row.notes,
        "people": row.people,
    }
