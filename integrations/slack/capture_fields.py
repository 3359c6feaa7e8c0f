"""The form of a note in Slack: its fields, what was filled in, and what it remembers of itself.

The form carries ids only (`Memory`); each is looked at again when it comes back. What is chosen in
a list comes back as the very options that were offered, and is shown again as such.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from insights.errors import Invalid
from insights.models import Audience, Impact, Kind, Known
from insights.services.catalogue import Catalogue, Place, SegmentItem
from insights.services.guard_rails import Rule
from insights.services.note_cards import NoteCard
from insights.text import shorten
from integrations.slack import blocks
from integrations.slack import text as slack_text
from integrations.slack.blocks import Block
from integrations.slack.links import Links
from integrations.slack.saved_messages import SavedMessage

CALLBACK = "capture"
SEEN = "capture.seen"
TITLE = "New note"
LONGEST_TEXT = 3000
NEARLY_FULL = LONGEST_TEXT - 100
LONGEST_EXCERPT = 300

KINDS = {one: blocks.option(one.value.capitalize(), one.value) for one in Kind}
KNOWN = (
    blocks.option("First-hand: I saw or heard it myself", Known.FIRST_HAND.value),
    blocks.option("Heard from somebody", Known.HEARD.value),
)
IMPACTS = tuple(blocks.option(one.value.capitalize(), one.value) for one in Impact)
AUDIENCES = (
    blocks.option("Everyone in the company", Audience.EVERYONE.value),
    blocks.option(
        "Sealed",
        Audience.SEALED.value,
        "Only managers, analysts and whoever holds the territory",
    ),
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the form remembers: the id of its note, where it was asked for, the message that it is
    of, and the similar notes that were shown and of those the ones that the person saw too.

    `brief` forms are for people without an account: they offer no lists of customers and names.
    `asked` ones ask which question of headquarters the note answers.
    """

    note_id: UUID
    channel_id: str = ""
    message: SavedMessage | None = None
    similar: tuple[UUID, ...] = ()
    seen: tuple[UUID, ...] = ()
    brief: bool = False
    asked: bool = False

    def packed(self) -> str:
        """For the form to carry."""
        message = self.message
        told = {
            "note": str(self.note_id),
            "channel": self.channel_id,
            "message": [message.channel_id, message.ts, message.thread] if message else None,
            "similar": [str(one) for one in self.similar],
            "seen": [str(one) for one in self.seen],
            "brief": self.brief,
            "asked": self.asked,
        }
        return json.dumps({key: value for key, value in told.items() if value})


def memory_of(view: Mapping[str, Any], team_id: str) -> Memory:
    """What the form that came back remembers; raises Invalid when it cannot be read."""
    try:
        told = json.loads(str(view.get("private_metadata")))
        message = told.get("message")
        return Memory(
            note_id=UUID(told["note"]),
            channel_id=str(told.get("channel", "")),
            message=SavedMessage(team_id, *map(str, message)) if message else None,
            similar=tuple(UUID(one) for one in told.get("similar", ())),
            seen=tuple(UUID(one) for one in told.get("seen", ())),
            brief=bool(told.get("brief")),
            asked=bool(told.get("asked")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(
            "This form is from an older version. Copy your text, and open a new form with /insight."
        ) from None


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form: the text, and by field the options that are chosen."""

    text: str = ""
    chosen: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)

    def first(self, name: str) -> Block | None:
        """The option chosen in a field of one choice."""
        return next(iter(self.chosen.get(name, ())), None)

    def values(self, name: str) -> tuple[str, ...]:
        """The values of the options chosen in a field."""
        return tuple(str(one["value"]) for one in self.chosen.get(name, ()))

    def value(self, name: str) -> str | None:
        """The value of a field of one choice; None when nothing is chosen."""
        return next(iter(self.values(name)), None)


def filled_of(view: Mapping[str, Any]) -> Filled:
    """What stands in the form that came back."""
    text, chosen = "", {}
    for name, actions in ((view.get("state") or {}).get("values") or {}).items():
        for held in actions.values():
            if held.get("type") == "plain_text_input":
                text = held.get("value") or ""
                continue
            one, several = held.get("selected_option"), held.get("selected_options")
            chosen[name] = tuple(several or ([one] if one else ()))
    return Filled(text, chosen)


@dataclass(frozen=True, slots=True)
class Found:
    """What is told beside the fields: findings of the guard-rails with the pieces of text that
    they are about, and notes of others that say much the same."""

    findings: Sequence[tuple[Rule, str]] = ()
    similar: Sequence[NoteCard] = ()


def form(memory: Memory, filled: Filled, links: Links, found: Found = Found()) -> Block:
    """The form as it is shown."""
    parts = [
        *_about_similar(memory, found.similar, links),
        *(_question(filled) if memory.asked else ()),
        _text_field(filled),
        *_about_findings(filled, found.findings),
        _territory(filled, brief=memory.brief),
        _select(
            "kind",
            "Kind",
            tuple(KINDS.values()),
            filled,
            placeholder="Guessed from the text",
            optional=True,
        ),
    ]
    if not memory.brief:
        account = blocks.external_select(
            "capture.account", initial=filled.first("account"), min_query_length=1
        )
        parts += [
            blocks.input_("account", "Account", account, optional=True),
            _choices("competitors", "Competitors", filled, hint=_NAMES_HINT),
            _choices("segments", "Segments", filled),
        ]
    parts += [
        _select("known", "How do you know?", KNOWN, filled, initial=KNOWN[0]),
        _select("impact", "Impact", IMPACTS, filled, initial=IMPACTS[1]),
        _select("audience", "Who may read it?", AUDIENCES, filled, initial=AUDIENCES[0]),
    ]
    return blocks.modal(CALLBACK, TITLE, parts, submit="Save", private_metadata=memory.packed())


def waiting() -> Block:
    """What is shown until the form is ready."""
    return blocks.modal("capture.waiting", TITLE, [blocks.section("One moment, please …")])


def already_saved(card: NoteCard, links: Links, *, own: bool) -> Block:
    """What is shown instead of the form for a message that was saved before."""
    told = f"{'You' if own else slack_text.escape(card.author_name)} saved this message already."
    parts = [blocks.section(told), _note(card, links, seen=card.sighted_by_me, own=own)]
    return blocks.modal("capture.saved", "Saved before", parts, close="Close")


def territory_option(known: Catalogue, place: Place) -> Block:
    """A territory as the form offers it, with the path to it."""
    above = " › ".join(one.name for one in known.lineage(place.id)[:-1])
    return blocks.option(place.name, str(place.id), above)


def segment_option(known: Catalogue, segment: SegmentItem) -> Block:
    """A segment as the form offers it, with what it is one of."""
    return blocks.option(segment.name, str(segment.id), known.dimensions[segment.dimension])


def chosen(name: str, *options: Block) -> dict[str, tuple[Block, ...]]:
    """Options for `Filled`; empty without any."""
    return {name: options} if options else {}


_FULL = f"This field holds {LONGEST_TEXT:,} characters. What was longer is left out."
_SHOULD_NOT = (
    "*Something in the text should not be there.* Change it, or say that it goes as it is."
)
_TERRITORY_HINT = "Your own if you leave it out."
_QUESTION_HINT = "None, if you leave it out."
_NAMES_HINT = "Those named in the text are found without you."


def _text_field(filled: Filled) -> Block:
    entry = blocks.text_input(
        "capture.text",
        initial=filled.text,
        placeholder="One thing you saw or heard",
        multiline=True,
        most=LONGEST_TEXT,
    )
    hint = _FULL if len(filled.text) > NEARLY_FULL else ""
    return blocks.input_("text", "What did you see or hear?", entry, hint=hint)


def _select(
    name: str,
    label: str,
    options: Sequence[Block],
    filled: Filled,
    *,
    initial: Block | None = None,
    placeholder: str = "",
    optional: bool = False,
) -> Block:
    held = filled.value(name)
    picked = next((one for one in options if one["value"] == held), initial)
    element = blocks.select(f"capture.{name}", options, initial=picked, placeholder=placeholder)
    return blocks.input_(name, label, element, optional=optional)


def _territory(filled: Filled, *, brief: bool) -> Block:
    """Whoever has no account has no territory either, and has to say one."""
    element = blocks.external_select(
        "capture.territory", initial=filled.first("territory"), min_query_length=0
    )
    hint = "" if brief else _TERRITORY_HINT
    return blocks.input_("territory", "Territory", element, optional=not brief, hint=hint)


def _question(filled: Filled) -> list[Block]:
    element = blocks.external_select(
        "capture.question", initial=filled.first("question"), min_query_length=0
    )
    label = "Which question does it answer?"
    return [blocks.input_("question", label, element, optional=True, hint=_QUESTION_HINT)]


def _choices(name: str, label: str, filled: Filled, *, hint: str = "") -> Block:
    element = blocks.multi_external_select(
        f"capture.{name}", initial=filled.chosen.get(name, ()), min_query_length=0
    )
    return blocks.input_(name, label, element, optional=True, hint=hint)


def _about_findings(filled: Filled, findings: Sequence[tuple[Rule, str]]) -> list[Block]:
    """The findings, and one box to tick for all of them."""
    if not findings:
        return []
    told = "\n".join(
        f"• “{slack_text.escape(piece)}”: {slack_text.escape(rule.sentence)}"
        for rule, piece in findings
    )
    option = blocks.option("Send it as it is", consent_to(findings))
    ticked = [option] if option["value"] in filled.values("acknowledged") else []
    box = blocks.checkboxes("capture.acknowledged", [option], ticked)
    warning = blocks.section(f"{_SHOULD_NOT}\n{told}", block_id="findings")
    return [warning, blocks.input_("acknowledged", "Send it all the same?", box, optional=True)]


def consent_to(findings: Sequence[tuple[Rule, str]]) -> str:
    """What the ticked box says: with just these findings, and no others, the text may be sent."""
    keys = "\n".join(sorted(rule.key for rule, _ in findings))
    return hashlib.blake2b(keys.encode(), digest_size=16).hexdigest()


def _about_similar(memory: Memory, similar: Sequence[NoteCard], links: Links) -> list[Block]:
    if not similar:
        return []
    question = (
        "*Colleagues wrote much the same.* Say that you saw it too, or save yours as well if it "
        "tells something new."
    )
    notes = [_note(one, links, seen=one.id in memory.seen) for one in similar]
    return [blocks.section(question), *notes, blocks.divider()]


def _note(card: NoteCard, links: Links, *, seen: bool, own: bool = False) -> Block:
    """A note with the button that says "I saw it too", unless it is said or one's own."""
    link = slack_text.link(links.note(card.id), shorten(card.text, LONGEST_EXCERPT))
    facts = slack_text.escape(f"{card.author_name}, {card.territory.name}")
    told = f"{link}\n{facts} · {slack_text.date(card.noted_at)}"
    if seen:
        told = f"{told}\n✓ You saw it too."
    button = None if seen or own else blocks.button("Seen it too", SEEN, str(card.id))
    return blocks.section(told, button, f"similar:{card.id}")
