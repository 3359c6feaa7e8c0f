"""The lists of the form: what is offered for what was typed into them."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from insights.services import accounts, catalogue
from insights.services.access import Actor
from insights.services.catalogue import Item, Place
from insights.text import fold
from integrations.slack import blocks
from integrations.slack.blocks import MOST_OPTIONS, Block
from integrations.slack.capture_fields import segment_option, territory_option
from integrations.slack.heard import Heard
from integrations.slack.listening import Answer, Listeners

T = TypeVar("T", bound=Item)


def register(listeners: Listeners) -> None:
    """Puts the handlers where Slack asks for options."""
    listeners.options("capture.territory")(offer_territories)
    listeners.options("capture.account")(offer_accounts)
    listeners.options("capture.competitors")(offer_competitors)
    listeners.options("capture.segments")(offer_segments)


def offer_territories(heard: Heard) -> Answer:
    """Territories by name or code, one's own first; also for those without an account."""
    with heard.reading() as session:
        known = catalogue.current(session)
        own = heard.actor(session).held if has_account(heard) else ()
        found = matching(known.territories.values(), _typed(heard), first=own)
        return _answer(territory_option(known, place) for place in found)


def offer_accounts(heard: Heard) -> Answer:
    """Accounts whose name begins with what was typed; for those with an account of their own."""
    with heard.reading() as session:
        actor = heard.actor(session)
        found = accounts.list_accounts(session, actor, limit=MOST_OPTIONS, words=_typed(heard))
        return _answer(
            blocks.option(one.name, str(one.id), one.territory.name if one.territory else "")
            for one in found
        )


def offer_competitors(heard: Heard) -> Answer:
    """Competitors by name or alias; for those with an account."""
    with heard.reading() as session:
        heard.actor(session)
        found = matching(catalogue.current(session).competitors.values(), _typed(heard))
        return _answer(blocks.option(one.name, str(one.id)) for one in found)


def offer_segments(heard: Heard) -> Answer:
    """Segments by name; for those with an account."""
    with heard.reading() as session:
        heard.actor(session)
        known = catalogue.current(session)
        found = matching(known.segments.values(), _typed(heard))
        return _answer(segment_option(known, one) for one in found)


def has_account(heard: Heard) -> bool:
    """Whether the person has an account, and not only a guest who stands for them."""
    caller = heard.caller
    return caller is not None and caller.person_id is not None and not caller.is_guest


def held_place(session_actor: Actor, places: Iterable[Place]) -> Place | None:
    """The territory that the person was given last, if it is in use."""
    in_use = {one.id: one for one in places if not one.archived}
    return next((in_use[one] for one in session_actor.held if one in in_use), None)


def matching(items: Iterable[T], typed: str, *, first: Collection[int] = ()) -> list[T]:
    """Those in use of which a name, or a word of one, begins with what was typed.

    In order of fit, then of name; those with ids in `first` before all others.
    """
    sought = fold(typed)
    ranked = []
    for item in items:
        rank = None if item.archived else _rank(_names(item), sought)
        if rank is not None:
            ranked.append((item.id not in first, rank, fold(item.name), item.id, item))
    return [item for *_, item in sorted(ranked, key=lambda one: one[:4])]


def _names(item: Item) -> list[str]:
    code = item.code if isinstance(item, Place) else None
    return [fold(name) for name in (*item.names, item.slug, code) if name]


def _rank(names: Collection[str], sought: str) -> int | None:
    """0 for a whole name, 1 for the beginning of one, 2 for that of a later word in one."""
    if sought in names:
        return 0
    if any(name.startswith(sought) for name in names):
        return 1
    return 2 if any(f" {sought}" in name for name in names) else None


def _typed(heard: Heard) -> str:
    return str(heard.body.get("value") or "")


def _answer(options: Iterable[Block]) -> Answer:
    return {"options": list(options)[:MOST_OPTIONS]}
