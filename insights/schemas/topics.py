"""The shapes of a topic: as it is opened, changed and told, with its notes and discussion."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import Schema, fields, validate

from insights.clock import iso
from insights.models import Audience, MergeKind, TopicState
from insights.schemas.fields import (
    Choice,
    Day,
    Identity,
    InputSchema,
    Several,
    Switch,
    Text,
    WholeNumber,
)
from insights.schemas.lists import PageQuery
from insights.schemas.people import PersonNameOut
from insights.schemas.topic_notes import HOW_MANY, notes_field
from insights.services import topic_discussion
from insights.services.query_texts import LONGEST_QUERY
from insights.services.topic_discussion import TopicCommentView
from insights.services.topic_merging import TopicMergeView
from insights.services.topic_notes import MOST_AT_ONCE
from insights.services.topics import (
    LONGEST_ANSWER,
    LONGEST_TEAM,
    LONGEST_TITLE,
    TopicChange,
    TopicChanges,
    TopicCounts,
    TopicView,
)

_WORD = 200


class TopicsQuery(PageQuery):
    """Which topics to list; each filter narrows the list."""

    state = Choice(TopicState)
    owner = WholeNumber(metadata={"description": "Whose: the number of a person."})
    mine = Switch(load_default=False, metadata={"description": "Only your own."})
    unowned = Switch(load_default=False, metadata={"description": "Only those of nobody yet."})
    team = Text(longest=LONGEST_TEAM, load_default="")
    overdue = Switch(
        load_default=False,
        metadata={"description": "Only those that are worked on after the day when they were due."},
    )
    q = Text(
        longest=_WORD,
        load_default="",
        metadata={"description": "Words that are all in the title or the answer."},
    )
    territory = Text(
        longest=_WORD,
        metadata={"description": "With a note of it or below it: by slug, code or name."},
    )
    trend = WholeNumber(metadata={"description": "About the trend of this number."})


def _title(**options: Any) -> Text:
    return Text(metadata={"description": f"At most {LONGEST_TITLE} characters."}, **options)


class _TopicFields(InputSchema):
    """What can be said of a topic, both when it is opened and later."""

    owner = WholeNumber(
        allow_none=True,
        metadata={"description": "The number of an active analyst, manager or admin."},
    )
    team = Text(metadata={"description": f"Whoever shares the work, {LONGEST_TEAM} characters."})
    due = Day(allow_none=True)
    query = Text(
        allow_none=True,
        metadata={
            "description": "New notes that match this search are proposed; at most "
            f"{LONGEST_QUERY:,} characters."
        },
    )


class TopicPost(_TopicFields):
    """A topic to be opened."""

    title = _title(load_default="")
    audience = Choice(
        Audience,
        metadata={"description": "Sealed with sealed notes, else for everyone, if left out."},
    )
    trend = WholeNumber(
        metadata={
            "description": "The number of the trend that it is about: its sentence is the title if "
            "none is given, its evidence is gathered, and what it rests on later is proposed."
        }
    )
    notes = Several(
        Identity(),
        load_default=(),
        validate=validate.Length(max=MOST_AT_ONCE, error=HOW_MANY),
        metadata={"description": f"The ids of at most {MOST_AT_ONCE} notes to begin with."},
    )


class TopicPatch(_TopicFields):
    """What is to be changed of a topic; what is left out stays."""

    title = _title()
    audience = Choice(Audience)
    state = Choice(TopicState, metadata={"description": "To be answered it needs an answer."})
    answer = Text(metadata={"description": f"In Markdown, at most {LONGEST_ANSWER:,} characters."})
    version = WholeNumber(
        metadata={
            "description": "The version that you have read: when the topic was changed since, the "
            "answer is 409 and names who did it."
        }
    )


class TopicCommentsQuery(PageQuery):
    """Which remarks to list."""


class TopicCommentPost(InputSchema):
    """A remark in the discussion, under an id that the client made."""

    id = Identity(required=True)
    text = Text(
        required=True,
        metadata={"description": f"At most {topic_discussion.LONGEST_TEXT:,} characters."},
    )


class TopicCommentPatch(InputSchema):
    """What a remark is to say instead."""

    text = Text(
        required=True,
        metadata={"description": f"At most {topic_discussion.LONGEST_TEXT:,} characters."},
    )


class TopicMergePost(InputSchema):
    """Into which topic another one is merged."""

    into = WholeNumber(required=True, metadata={"description": "The number of the other topic."})


class TopicSplitPost(InputSchema):
    """Which notes become a topic of their own."""

    title = _title(required=True)
    notes = notes_field(required=True)


class TopicOut(Schema):
    """A topic, with counts of the notes that you may see."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.Enum(TopicState, by_value=fields.String, required=True)
    audience = fields.Enum(Audience, by_value=fields.String, required=True)
    owner = fields.Nested(PersonNameOut, required=True, allow_none=True)
    team = fields.String(required=True)
    due = fields.Date(required=True, allow_none=True)
    answer = fields.String(required=True, metadata={"description": "In Markdown."})
    answered_at = fields.DateTime(required=True, allow_none=True)
    trend_id = fields.Integer(required=True, allow_none=True)
    query = fields.String(required=True, allow_none=True)
    creator = fields.Nested(PersonNameOut, required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    version = fields.Integer(required=True)
    notes = fields.Integer(required=True, metadata={"description": "Gathered ones."})
    unsettled = fields.Integer(
        required=True, metadata={"description": "Gathered ones without an outcome."}
    )
    proposed = fields.Integer(required=True)


class StateCountOut(Schema):
    """How many topics are in a state."""

    state = fields.Enum(TopicState, by_value=fields.String, required=True)
    topics = fields.Integer(required=True)


class TopicCountsOut(Schema):
    """How many topics there are."""

    states = fields.List(fields.Nested(StateCountOut), required=True)
    overdue = fields.Integer(required=True)


class TopicCommentOut(Schema):
    """A remark in the discussion of a topic."""

    id = fields.UUID(required=True)
    topic_id = fields.Integer(required=True)
    origin = fields.String(
        required=True,
        metadata={"description": "The title of the topic it was made in, if that was merged."},
    )
    author = fields.Nested(PersonNameOut, required=True)
    text = fields.String(required=True)
    at = fields.DateTime(required=True)
    edited_at = fields.DateTime(required=True, allow_none=True)


class TopicRevisionOut(Schema):
    """A change of a topic."""

    version = fields.Integer(required=True, metadata={"description": "The one before it."})
    editor = fields.String(required=True)
    at = fields.DateTime(required=True)
    before = fields.Dict(required=True, metadata={"description": "Former values by field."})


class TopicTitleOut(Schema):
    """A topic, by title."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)


class TopicMergeOut(Schema):
    """A merge of a source into a target, or a split of a target off a source."""

    id = fields.Integer(required=True)
    kind = fields.Enum(MergeKind, by_value=fields.String, required=True)
    source = fields.Nested(TopicTitleOut, required=True)
    target = fields.Nested(TopicTitleOut, required=True)
    person = fields.String(required=True)
    at = fields.DateTime(required=True)
    undone_at = fields.DateTime(required=True, allow_none=True)
    notes = fields.Integer(
        required=True, metadata={"description": "Those that moved and that you may see."}
    )


# Under which names services take what comes in under these.
_NAMES = {"owner": "owner_id", "trend": "trend_id", "notes": "note_ids"}


def topic_given(body: Mapping[str, Any]) -> dict[str, Any]:
    """What `TopicPost` has read, as `topics.open_topic` takes it."""
    return {_NAMES.get(name, name): value for name, value in body.items()}


def topic_changes(body: Mapping[str, Any]) -> TopicChanges:
    """What `TopicPatch` has read, as `topics.change` takes it."""
    return cast(TopicChanges, topic_given(body))


def topic_out(topic: TopicView) -> dict[str, Any]:
    """The topic as `TopicOut` describes it."""
    return {
        "id": topic.id,
        "title": topic.title,
        "state": topic.state.value,
        "audience": topic.audience.value,
        "owner": _person(topic.owner_id, topic.owner_name),
        "team": topic.team,
        "due": topic.due.isoformat() if topic.due else None,
        "answer": topic.answer,
        "answered_at": iso(topic.answered_at) if topic.answered_at else None,
        "trend_id": topic.trend_id,
        "query": topic.query,
        "creator": _person(topic.creator_id, topic.creator_name),
        "created_at": iso(topic.created_at),
        "updated_at": iso(topic.updated_at),
        "version": topic.version,
        "notes": topic.notes,
        "unsettled": topic.unsettled,
        "proposed": topic.proposed,
    }


def counts_out(counts: TopicCounts) -> dict[str, Any]:
    """The counts as `TopicCountsOut` describes them."""
    states = [{"state": state.value, "topics": count} for state, count in counts.by_state.items()]
    return {"states": states, "overdue": counts.overdue}


def topic_comment_out(comment: TopicCommentView) -> dict[str, Any]:
    """The remark as `TopicCommentOut` describes it."""
    return {
        "id": str(comment.id),
        "topic_id": comment.topic_id,
        "origin": comment.origin,
        "author": {"id": comment.author_id, "name": comment.author_name},
        "text": comment.text,
        "at": iso(comment.at),
        "edited_at": iso(comment.edited_at) if comment.edited_at else None,
    }


def topic_revision_out(change: TopicChange) -> dict[str, Any]:
    """The change as `TopicRevisionOut` describes it."""
    return {
        "version": change.version,
        "editor": change.editor_name,
        "at": iso(change.at),
        "before": {field.removesuffix("_id"): value for field, value in change.before.items()},
    }


def topic_merge_out(merge: TopicMergeView) -> dict[str, Any]:
    """The merge as `TopicMergeOut` describes it."""
    return {
        "id": merge.id,
        "kind": merge.kind.value,
        "source": {"id": merge.source_id, "title": merge.source_title},
        "target": {"id": merge.target_id, "title": merge.target_title},
        "person": merge.actor_name,
        "at": iso(merge.at),
        "undone_at": iso(merge.undone_at) if merge.undone_at else None,
        "notes": merge.notes,
    }


def _person(person_id: int | None, name: str) -> dict[str, Any] | None:
    return {"id": person_id, "name": name} if person_id is not None else None
