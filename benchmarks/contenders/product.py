"""The product itself, at four depths: index, service, and whole answers over HTTP."""

import re
from datetime import date

from sqlalchemy import select

from benchmarks.contenders.question import PAGE, Answer, Question
from benchmarks.search_http import Client
from insights.clock import utc_now
from insights.db import Database
from insights.models import Person
from insights.search.query import parse
from insights.search.replica import Replica
from insights.search.request import Excerpt, Filters, SearchRequest
from insights.services import access
from insights.services.access import Actor
from insights.services.search import search
from insights.services.search_choice import SearchChoice
from insights.settings import Settings

_TOTAL = re.compile(rb'"total":\s*([0-9]+)')


class IndexAlone:
    """The product's index without its database: the work of the rivals, no more."""

    name = "product: index alone"

    def __init__(self, replica: Replica, actor: Actor) -> None:
        self._reader = replica.open_reader()
        self._audience = access.reader_keys(actor)

    def ask(self, question: Question) -> Answer:
        request = SearchRequest(
            audience=self._audience,
            query=parse(question.typed),
            filters=Filters(territory_ids=question.territory_ids, since=question.start),
            limit=PAGE,
            facets=("territory_id", "kind", "competitor_id"),
            now=utc_now(),
        )
        found = self._reader.search(request)
        facets = found.facets
        return Answer(
            found.total,
            {hit.id.hex: _marked(hit.excerpt) for hit in found.hits},
            dict(facets["territory_id"]),  # type: ignore[arg-type]
            dict(facets["kind"]),  # type: ignore[arg-type]
            dict(facets["competitor_id"]),  # type: ignore[arg-type]
        )


class Service:
    """The service call behind page and API: facets with names, cards from the database."""

    def __init__(
        self, name: str, settings: Settings, database: Database, replica: Replica, actor: Actor
    ) -> None:
        self.name = name
        self._settings = settings
        self._database = database
        self._reader = replica.open_reader()
        self._actor = actor

    def ask(self, question: Question) -> Answer:
        choice = SearchChoice(
            text=question.typed,
            territory=(question.territory,) if question.territory else (),
            since=question.since,
            limit=PAGE,
        )
        with self._database.reading() as session:
            page = search(
                session,
                self._actor,
                self._reader,
                choice,
                zone=self._settings.zone,
                now=utc_now(),
                facets=("territory", "kind", "competitor"),
            )
        return Answer(page.total, {one.card.id.hex: _marked(one.excerpt) for one in page.results})


class OverHttp:
    """A whole answer of the running server, from the request's first byte to the answer's last."""

    def __init__(self, name: str, client: Client, path: str, **parameters: str) -> None:
        self.name = name
        self._client = client
        self._path = path
        self._parameters = parameters

    def ask(self, question: Question) -> Answer:
        answer = self._client.get(self._path, **self._parameters, **question.parameters)
        total = _TOTAL.search(answer)
        return Answer(int(total[1]) if total else None)


def actor_of(database: Database, email: str, today: date | None = None) -> Actor:
    """The demo's person of that address, as a request would load them."""
    with database.reading() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
        return access.load_actor(session, person_id, today=today or utc_now().date())


def _marked(excerpt: Excerpt | None) -> str:
    return "".join(f"[{text}]" if match else text for text, match in excerpt or ())
