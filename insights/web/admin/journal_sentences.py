"""Rows of the journal in words: “renamed the territory Georgia”.

A sentence is what was done, the name of what it was done to (which the page makes a link), and what
belongs behind it. A verb that is not listed here is shown as it is: nothing is hidden for want of
words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from insights.services.audit import AuditEntry

SUBJECTS: Mapping[str, str] = {
    "note": "Notes",
    "person": "People",
    "territory": "Territories",
    "assignment": "Assignments",
    "segment": "Segments",
    "dimension": "Dimensions",
    "competitor": "Competitors",
    "product": "Products",
    "account": "Accounts",
    "token": "Tokens",
    "search": "Saved searches",
    "import": "Imports",
    "guard_word": "Guard-rails",
    "trend": "Trends",
    "route": "Routes and alerts",
    "destination": "Destinations",
    "slack": "Slack",
    "topic": "Topics",
    "question": "Questions",
    "battlecard": "Battlecards",
    "name": "Proposed names",
    "reassignment": "Reassignments",
    "rule": "Rules of territories",
    "handover": "Handovers",
    "must_know": "Must-knows",
    "promise": "Promises",
    "figures": "Business figures",
    "shelf_life": "Shelf lives",
}
# What nobody does: the product itself.
BY_ITSELF = frozenset({"trend.opened", "topic.proposed"})


@dataclass(frozen=True, slots=True)
class Verb:
    """What is said of a verb: in the filter, and in a sentence before the name of the subject."""

    noun: str
    label: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was done, to what, and what else there is to say."""

    deed: str
    subject: str
    rest: str


def _named(noun: str, **deeds: str) -> dict[str, Verb]:
    """The verbs of a thing with a name: `created="added"` says “added the territory …”."""
    return {
        f"{noun}.{verb}": Verb(noun, word.capitalize(), f"{word} the {noun}")
        for verb, word in deeds.items()
    }


_KEPT = {"created": "added", "changed": "changed", "archived": "archived", "restored": "restored"}
_PERSON = {"added": "added", "changed": "changed", "deactivated": "deactivated"}
VERBS: Mapping[str, Verb] = {
    "note.posted": Verb("note", "Posted", "posted"),
    "note.edited": Verb("note", "Changed", "changed"),
    "note.withdrawn": Verb("note", "Withdrawn", "withdrew"),
    "note.restored": Verb("note", "Restored", "restored"),
    "note.taken": Verb("note", "Taken", "took"),
    "note.already-known": Verb("note", "Already known", "said that it is already known:"),
    "note.done": Verb("note", "Done", "marked as done"),
    "note.reopened": Verb("note", "Reopened", "put back into the inbox"),
    "comment.added": Verb("note", "Commented", "commented on"),
    "comment.edited": Verb("note", "Comment changed", "changed a comment on"),
    "comment.withdrawn": Verb("note", "Comment withdrawn", "withdrew a comment on"),
    "photo.added": Verb("note", "Photo added", "added a photo to"),
    "photo.removed": Verb("note", "Photo removed", "removed a photo from"),
    "sighting.added": Verb("note", "Seen it too", "has seen it too:"),
    "sighting.removed": Verb("note", "Sighting taken back", "took back a sighting of"),
    **{
        f"person.{verb}": Verb("person", word.capitalize(), word)
        for verb, word in {**_PERSON, "activated": "activated"}.items()
    },
    "password.changed": Verb("person", "Password changed", "changed the password of"),
    **_named("territory", **_KEPT, moved="moved"),
    "assignment.started": Verb("assignment", "Assigned", "assigned"),
    "assignment.ended": Verb("assignment", "Ended", "ended the assignment of"),
    **_named("segment", **_KEPT),
    "dimension.changed": Verb("dimension", "Renamed", "renamed the dimension"),
    **_named("competitor", **_KEPT, merged="merged"),
    **_named("product", **_KEPT),
    **_named("account", **_KEPT),
    "token.made": Verb("token", "Made", "made the token"),
    "token.revoked": Verb("token", "Revoked", "revoked the token"),
    "search.saved": Verb("search", "Saved", "saved"),
    "route.made": Verb("route", "Made", "made the route"),
    "route.changed": Verb("route", "Changed", "changed the route"),
    "route.removed": Verb("route", "Removed", "removed the route"),
    "route.tested": Verb("route", "Tested", "sent a test by the route"),
    "route.ended": Verb("route", "Ended by mail", "ended by a link in a mail the route"),
    "destination.made": Verb("destination", "Added", "added the destination"),
    "destination.opened": Verb(
        "destination", "Opened for sealed notes", "opened for sealed notes the destination"
    ),
    "destination.closed": Verb(
        "destination", "Closed to sealed notes", "closed to sealed notes the destination"
    ),
    "destination.mended": Verb("destination", "Sent again", "had sent again to the destination"),
    "delivery.repeated": Verb(
        "destination", "Sent one again", "had one message sent again to the destination"
    ),
    "destination.secret-renewed": Verb(
        "destination", "Renewed the secret", "renewed the secret of the destination"
    ),
    "slack.added": Verb("slack", "Added", "connected the Slack workspace"),
    "slack.removed": Verb("slack", "Removed", "disconnected the Slack workspace"),
    "search.changed": Verb("search", "Changed", "changed"),
    "search.removed": Verb("search", "Removed", "removed"),
    "guard_word.added": Verb("guard_word", "Added", "added to the guard-rails"),
    "guard_word.changed": Verb("guard_word", "Changed", "changed in the guard-rails"),
    "guard_word.removed": Verb("guard_word", "Removed", "removed from the guard-rails"),
    "import.finished": Verb("import", "Finished", "imported"),
    "trend.opened": Verb("trend", "Emerging", "told that a trend emerges:"),
    "trend.followed": Verb("trend", "Followed", "follows"),
    "trend.unfollowed": Verb("trend", "Not followed", "no longer follows"),
    "trend.muted": Verb("trend", "Muted", "muted"),
    "trend.unmuted": Verb("trend", "Unmuted", "unmuted"),
    "trend.judged": Verb("trend", "Judged", "judged"),
    "competitor.parted": Verb("competitor", "Parted", "parted again the competitor"),
    "product.merged": Verb("product", "Merged", "merged the product"),
    "product.parted": Verb("product", "Parted", "parted again the product"),
    "person.pseudonymised": Verb("person", "Pseudonymised", "pseudonymised"),
    **_named(
        "topic",
        opened="opened",
        changed="changed",
        moved="moved",
        answered="answered",
        merged="merged",
        split="split",
        rejoined="undid the merge of",
    ),
    "topic.commented": Verb("topic", "Commented", "commented on the topic"),
    "topic.gathered": Verb("topic", "Gathered", "gathered notes into the topic"),
    "topic.proposed": Verb("topic", "Proposed", "proposed notes to the topic"),
    "topic.dropped": Verb("topic", "Dropped", "took notes out of the topic"),
    "topic.settled": Verb("topic", "Outcome", "said what became of notes in the topic"),
    **_named("question", asked="asked", changed="changed", closed="closed"),
    "question.answered": Verb("question", "Answered", "answered the question"),
    "battlecard.added": Verb("battlecard", "Added", "added the line"),
    "battlecard.changed": Verb("battlecard", "Changed", "changed the line"),
    "battlecard.moved": Verb("battlecard", "Moved", "moved the line"),
    "battlecard.archived": Verb("battlecard", "Archived", "archived the line"),
    "battlecard.restored": Verb("battlecard", "Restored", "restored the line"),
    "battlecard.asked": Verb("battlecard", "Asked", "asked “still true?” of the line"),
    "battlecard.checked": Verb("battlecard", "Checked", "answered “still true?” of the line"),
    "name.dismissed": Verb("name", "Dismissed", "dismissed the proposed name"),
    "reassignment.made": Verb("reassignment", "Reassigned", "made the reassignment"),
    "reassignment.undone": Verb("reassignment", "Undone", "undid the reassignment"),
    "rule.added": Verb("rule", "Added", "added the rule"),
    "rule.removed": Verb("rule", "Removed", "removed the rule"),
    "handover.prepared": Verb("handover", "Prepared", "prepared the handover"),
    "handover.changed": Verb("handover", "Changed", "changed the handover"),
    "handover.interviewed": Verb("handover", "Told", "told all that there is to the handover"),
    "handover.done": Verb("handover", "Done", "carried out the handover"),
    "handover.cancelled": Verb("handover", "Cancelled", "cancelled the handover"),
    "must_know.pinned": Verb("must_know", "Pinned", "pinned the must-know"),
    "must_know.changed": Verb("must_know", "Changed", "changed the must-know"),
    "must_know.retired": Verb("must_know", "Retired", "retired the must-know"),
    "promise.made": Verb("promise", "Made", "made the promise"),
    "promise.changed": Verb("promise", "Changed", "changed the promise"),
    "promise.settled": Verb("promise", "Settled", "settled the promise"),
    "figures.imported": Verb("figures", "Imported", "imported business figures from"),
    "shelf_life.changed": Verb("shelf_life", "Changed", "changed the shelf life of"),
}
_WORDS = {
    "email": "e-mail address",
    "external_id": "external id",
    "competitor": "maker",
    "told_by": "how they hear of news",
}


def sentence_of(entry: AuditEntry) -> Sentence:
    """The row as a sentence that goes on behind the name of who did it."""
    verb = VERBS.get(entry.verb)
    deed = verb.phrase if verb else f"{entry.verb}:"
    fields = _fields(entry)
    if _is_renamed(entry, fields):
        deed = deed.replace("changed", "renamed")
    return Sentence(deed, _subject(entry), _rest(entry, fields))


def _subject(entry: AuditEntry) -> str:
    if entry.subject_type == "note":
        return "a note"
    if entry.subject_type == "import":
        return entry.subject_id
    if entry.subject_type == "slack":
        return str(entry.data.get("name", entry.subject_id))
    return entry.subject_name or f"{entry.subject_type} {entry.subject_id}"


def _fields(entry: AuditEntry) -> list[str]:
    found = entry.data.get("changed") or entry.data.get("fields") or []
    return [str(one) for one in found] if isinstance(found, Sequence) else []


def _rest(entry: AuditEntry, fields: Sequence[str]) -> str:
    tell = _RESTS.get(entry.verb)
    if tell:
        return tell(entry)
    if _is_renamed(entry, fields):
        return _renamed(entry)
    return f"({_list(fields)})" if fields else ""


def _is_renamed(entry: AuditEntry, fields: Sequence[str]) -> bool:
    return entry.verb.endswith(".changed") and (fields == ["name"] or "former_name" in entry.data)


def _renamed(entry: AuditEntry) -> str:
    """Only what the name that stands before it does not say already."""
    former, name = entry.data.get("former_name"), entry.data.get("name")
    words = [f"from “{former}”"] if former else []
    if name and name != entry.subject_name:
        words.append(f"to “{name}”")
    return " ".join(words)


def _moved(entry: AuditEntry) -> str:
    place = f"below {entry.names['parent']}" if "parent" in entry.names else "to the top"
    return f"{place}, from {entry.names.get('former_parent', 'the top')}"


def _started(entry: AuditEntry) -> str:
    until = f" until {entry.data['until']}" if entry.data.get("until") else ""
    return f"to {_person(entry)} from {entry.data.get('since')}{until}"


def _ended(entry: AuditEntry) -> str:
    until = entry.data.get("until")
    return f"to {_person(entry)} on {until}" if until else f"to {_person(entry)} before it began"


def _of_person(entry: AuditEntry) -> str:
    return "" if entry.names.get("person") == entry.actor_name else f"of {_person(entry)}"


def _merged(entry: AuditEntry) -> str:
    count = entry.data.get("notes", 0)
    into = entry.names.get("into", "another one")
    return f"into {into}, with {count:,} {'note' if count == 1 else 'notes'}"


def _parted(entry: AuditEntry) -> str:
    count = entry.data.get("notes", 0)
    into = entry.names.get("into", "another one")
    return f"from {into}, with {count:,} {'note' if count == 1 else 'notes'}"


def _search_changed(entry: AuditEntry) -> str:
    fields = _fields(entry)
    words = [_of_person(entry), "" if _is_renamed(entry, fields) else f"({_list(fields)})"]
    return " ".join(filter(None, words))


def _imported(entry: AuditEntry) -> str:
    counts = (f"{entry.data.get(word, 0):,} {word}" for word in ("added", "unchanged", "refused"))
    return f"from {entry.data.get('file', 'a file')}: {', '.join(counts)}"


def _trend_judged(entry: AuditEntry) -> str:
    useful = entry.data.get("useful")
    if useful is None:
        return "no longer"
    return "as useful" if useful else "as not useful"


def _person(entry: AuditEntry) -> str:
    return entry.names.get("person", "somebody")


def _list(fields: Sequence[str]) -> str:
    return ", ".join(_WORDS.get(one, one.replace("_", " ")) for one in fields)


_RESTS: Mapping[str, Callable[[AuditEntry], str]] = {
    "territory.moved": _moved,
    "assignment.started": _started,
    "assignment.ended": _ended,
    "competitor.merged": _merged,
    "competitor.parted": _parted,
    "product.merged": _merged,
    "product.parted": _parted,
    "person.added": lambda entry: f"as {entry.data.get('role', 'a person')}",
    "token.made": _of_person,
    "token.revoked": _of_person,
    "search.changed": _search_changed,
    "search.removed": _of_person,
    "import.finished": _imported,
    "trend.muted": lambda entry: "for everyone" if entry.data.get("for_everyone") else "",
    "trend.judged": _trend_judged,
}
