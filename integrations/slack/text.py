"""Slack's text: written so that nothing in it is live but what we made, and read as people see it.

In Slack's notation three characters are special (``&``, ``<``, ``>``); everything between ``<``
and ``>`` is a mention, a link or a date. What people wrote is escaped; only this module makes what
is special, and nothing here makes a call to a whole channel.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

_TOKEN = re.compile(r"<([^<>]*)>")
_MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
# What must not be cut in two: an entity, or something between angle brackets that we made.
_WHOLE = re.compile(r"&(?:amp|lt|gt);|<(?:[@#!]|https?:)[^<>]*>")
_SHOUTS = frozenset({"here", "channel", "everyone"})
_URL_KEPT = "%/:?#[]@!$&'()*+,;=-._~"
_JOINER = "\u200d"


def escape(text: str) -> str:
    """The text with nothing live in it, for every place where Slack reads its notation."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The three entities as the characters that they stand for; undoes `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mention(user_id: str) -> str:
    """The person, who is told of it."""
    return f"<@{user_id}>"


def channel(channel_id: str) -> str:
    """The channel by its present name."""
    return f"<#{channel_id}>"


def link(url: str, label: str) -> str:
    """The escaped label as a link; without one where the address is not of the web."""
    shown = escape(" ".join(label.split()))
    if urlsplit(url).scheme not in ("http", "https"):
        return shown
    return f"<{escape(quote(url, safe=_URL_KEPT))}|{shown or escape(url)}>"


def date(moment: datetime, fallback: str = "") -> str:
    """The moment in the reader's own zone, as in "today at 14:05".

    `fallback` is read where dates are not understood; the moment in UTC unless given.
    """
    told = fallback or f"{moment.astimezone(UTC):%-d %B %Y, %H:%M} UTC"
    stamp = int(moment.timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}} at {{time}}|{escape(told)}>"


def cut(text: str, limit: int, more: str = "") -> str:
    """The escaped text in at most `limit` characters; where it was cut, "…" and `more` follow.

    `more` is our own, such as a link to the whole. Entities, mentions and links stay whole, and
    so does what is seen as one character. Returns the text itself where it fits.
    """
    if len(text) <= limit:
        return text
    room = limit - len(more) - 1
    if room < 0:
        return cut(text, limit) if more else ""
    kept = []
    for piece in _pieces(text):
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + "…" + more


def plain(text: str, names: Mapping[str, str] | None = None) -> str:
    """The text as its readers saw it, with the names of the people and channels by their ids.

    Somebody unknown is "@someone": a label inside the text may be false, so none is used for
    people and channels. Entities are read last.
    """
    known = names or {}
    return unescape(_TOKEN.sub(lambda found: _shown(found.group(1), known), text))


def mentioned(text: str) -> set[str]:
    """The ids of the people who are mentioned."""
    return set(_MENTIONED.findall(text))


def ids_in(text: str) -> set[str]:
    """The ids of all people and channels that are mentioned: those `plain` wants names for."""
    tokens = (found.group(1) for found in _TOKEN.finditer(text))
    return {token[1:].partition("|")[0] for token in tokens if token.startswith(("@", "#"))}


def _shown(token: str, names: Mapping[str, str]) -> str:
    name, _, label = token.partition("|")
    if name.startswith("@"):
        return f"@{escape(names.get(name[1:], 'someone'))}"
    if name.startswith("#"):
        return f"#{escape(names.get(name[1:], 'channel'))}"
    if name.startswith("!"):
        return _shown_command(name[1:], label)
    address = name.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (address, re.sub("^https?://", "", address)):
        return address
    return f"{label} ({address})"


def _shown_command(name: str, label: str) -> str:
    if name in _SHOUTS:
        return f"@{name}"
    if name.startswith("subteam"):
        return "@group"
    return label


def _pieces(text: str) -> Iterator[str]:
    """What the text may be cut between; what hangs on an entity goes with it."""
    held = ""
    for part in _parts(text):
        if held and (held[-1] == _JOINER or _continues(part[0])):
            held += part
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def _parts(text: str) -> Iterator[str]:
    """Entities, mentions and links, and the characters between them."""
    last = 0
    for whole in _WHOLE.finditer(text):
        yield from clusters(text[last : whole.start()])
        yield whole.group()
        last = whole.end()
    yield from clusters(text[last:])


def clusters(text: str) -> Iterator[str]:
    """What people see as one character each: a letter with its accents, a flag, a family."""
    start = 0
    for place in range(1, len(text)):
        if not _hangs_together(text, start, place):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _hangs_together(text: str, start: int, place: int) -> bool:
    left, right = text[place - 1], text[place]
    if left == "\r" and right == "\n":
        return True
    if _is_flag_letter(left) and _is_flag_letter(right):
        return (place - start) % 2 == 1
    return left == _JOINER or _continues(right) or (_is_hangul(left) and _is_hangul(right))


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_hangul(character: str) -> bool:
    """A piece of a Korean syllable, written apart."""
    return "\u1100" <= character <= "\u11ff"


def _continues(character: str) -> bool:
    """Whether the character belongs to the one before it."""
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    is_tag = "\U000e0020" <= character <= "\U000e007f"
    is_mark = unicodedata.category(character).startswith("M")
    return is_mark or is_skin_tone or is_tag or character == _JOINER
