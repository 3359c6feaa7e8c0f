"""Promises: of a territory, seen by those whose business it is, settled once."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from insights.db import Database
from insights.errors import Conflict, Forbidden, Invalid, NotFound
from insights.models import Audience, Source
from insights.services import notes, promises
from insights.services.access import Actor
from insights.services.note_drafts import NoteDraft
from insights.services.promises import PromiseView
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import FLORIDA, GEORGIA, MERCY, NEVADA, NOW, TODAY
from tests.services.outcomes import journalled, last_entry, refused

LATER = NOW + timedelta(hours=1)
INSIDERS = {"owner", "manager", "analyst", "admin"}


def make(session: Session, actor: Actor, text: str = "A price list", **given: Any) -> UUID:
    values = {"promise_id": uuid4(), "territory_id": GEORGIA, **given}
    promises.make(session, actor, text=text, now=NOW, **values)
    identity: UUID = values["promise_id"]
    return identity


def texts(found: list[PromiseView]) -> list[str]:
    return [one.text for one in found]


def open_for(session: Session, actor: Actor, **given: Any) -> list[str]:
    return texts(promises.open_in(session, actor, limit=50, **given))


class TestMaking:
    def test_is_for_those_who_see_those_of_the_territory(
        self, session: Session, characters: Characters
    ) -> None:
        allowed = set()
        for name, actor in vars(characters).items():
            try:
                make(session, actor)
                allowed.add(name)
            except Forbidden:
                continue
        assert allowed == INSIDERS

    def test_tells_all_that_was_said(self, session: Session, characters: Characters) -> None:
        identity = make(session, characters.owner, account_id=MERCY, due=TODAY)
        found = promises.get(session, characters.manager, identity)
        assert (found.text, found.due, found.account_name) == (
            "A price list", TODAY, "Mercy Hospital",
        )  # fmt: skip
        assert found.maker_name == "Olivia Owner"
        assert found.territory.name == "Georgia"
        assert found.is_open

    def test_a_second_send_adds_nothing(self, session: Session, characters: Characters) -> None:
        identity = make(session, characters.owner)
        again = promises.make(
            session, characters.owner, promise_id=identity, territory_id=GEORGIA, text="x", now=NOW
        )
        assert not again
        assert journalled(session) == ["promise.made"]

    def test_an_id_of_another_promise_is_refused(
        self, session: Session, characters: Characters
    ) -> None:
        identity = make(session, characters.owner)
        with pytest.raises(Conflict):
            make(session, characters.manager, promise_id=identity)

    def test_says_all_that_has_to_be_mended(self, session: Session, characters: Characters) -> None:
        sealed = _sealed(session, characters.stranger)
        said = refused(lambda: make(session, characters.owner, " ", account_id=999, note_id=sealed))
        assert set(said) == {"text", "account", "note"}
        assert "1,000" in refused(lambda: make(session, characters.owner, "x" * 1001))["text"]
        assert set(refused(lambda: make(session, characters.admin, territory_id=77))) == {
            "territory"
        }

    def test_the_journal_holds_no_words(self, session: Session, characters: Characters) -> None:
        make(session, characters.owner, "Confidential", account_id=MERCY)
        entry = last_entry(session)
        assert (entry.verb, entry.data) == (
            "promise.made", {"territory": GEORGIA, "account": MERCY},
        )  # fmt: skip


def _sealed(session: Session, author: Actor) -> UUID:
    draft = NoteDraft(
        id=uuid4(), text="Quietly", source=Source.WEB, territory="nevada", audience=Audience.SEALED
    )
    notes.post(session, author, draft, now=NOW)
    return draft.id


class TestWhoSees:
    def test_insiders_of_the_territory_and_its_maker(
        self, session: Session, characters: Characters
    ) -> None:
        identity = make(session, characters.owner)
        seeing = set()
        for name, actor in vars(characters).items():
            try:
                promises.get(session, actor, identity)
                seeing.add(name)
            except NotFound:
                assert open_for(session, actor) == []
        assert seeing == INSIDERS

    def test_the_note_behind_it_only_who_may_see_the_note(
        self, session: Session, characters: Characters
    ) -> None:
        note_id = _sealed(session, characters.stranger)
        identity = make(session, characters.analyst, territory_id=FLORIDA, note_id=note_id)
        assert promises.get(session, characters.analyst, identity).note_id == note_id
        assert promises.get(session, characters.member, identity).note_id is None

    @settings(
        max_examples=20,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(data=some.data())
    def test_no_list_shows_what_its_reader_may_not_open(
        self, database: Database, characters: Characters, data: some.DataObject
    ) -> None:
        people = list(characters.everyone)
        session = database.open_session(write=True)
        try:
            for _ in range(data.draw(some.integers(1, 6))):
                actor = data.draw(some.sampled_from(people))
                place = data.draw(some.sampled_from([GEORGIA, FLORIDA, NEVADA]))
                try:
                    identity = make(session, actor, territory_id=place)
                except Forbidden:
                    continue
                if data.draw(some.booleans()):
                    promises.settle(session, actor, identity, kept=True, now=NOW)
            for reader in people:
                for settled in (False, True):
                    listed = promises.list_promises(session, reader, settled=settled, limit=50)
                    assert all(
                        promises.get(session, reader, one.id) == one
                        and (one.maker_id == reader.id or one.may_settle)
                        for one in listed
                    )
        finally:
            session.close()


class TestLists:
    def test_come_the_first_due_first_those_without_a_day_last(
        self, session: Session, characters: Characters
    ) -> None:
        make(session, characters.owner, "whenever")
        make(session, characters.owner, "soon", due=TODAY + timedelta(days=9))
        make(session, characters.owner, "late", due=TODAY - timedelta(days=9))
        assert open_for(session, characters.owner) == ["late", "soon", "whenever"]
        first = promises.open_in(session, characters.owner, limit=1)[0]
        assert first.is_overdue(TODAY)

    def test_go_on_where_a_page_ended(self, session: Session, characters: Characters) -> None:
        owner = characters.owner
        for number in range(5):
            due = None if number > 2 else date(2026, 4, 1)
            make(session, owner, str(number), due=due)
        whole = [one.id for one in promises.list_promises(session, owner, limit=9)]
        read: list[UUID] = []
        while page := promises.list_promises(
            session, owner, limit=2, after=read[-1] if read else None
        ):
            read += [one.id for one in page]
        assert read == whole
        with pytest.raises(Invalid):
            promises.list_promises(session, owner, settled=True, limit=2, after=whole[0])

    def test_are_of_territories_and_of_an_account(
        self, session: Session, characters: Characters
    ) -> None:
        make(session, characters.manager, "here", account_id=MERCY)
        make(session, characters.manager, "there", territory_id=FLORIDA)
        assert open_for(session, characters.manager, territory_ids=[FLORIDA]) == ["there"]
        assert open_for(session, characters.manager, account_id=MERCY) == ["here"]

    def test_take_one_query_however_long(
        self,
        session: Session,
        characters: Characters,
        database: Database,
        count_queries: Counter,
    ) -> None:
        for number in range(9):
            make(session, characters.owner, str(number))
        with count_queries(database) as statements:
            assert len(open_for(session, characters.owner)) == 9
        assert sum("FROM promises" in one for one in statements) == 1


class TestTheEnd:
    def test_is_said_once(self, session: Session, characters: Characters) -> None:
        identity = make(session, characters.owner)
        kept = promises.settle(session, characters.owner, identity, kept=True, now=LATER)
        assert (kept.kept, kept.settled_at, kept.settled_by_name) == (True, LATER, "Olivia Owner")
        assert promises.settle(session, characters.manager, identity, kept=True, now=LATER) == kept
        assert journalled(session) == ["promise.made", "promise.settled"]
        with pytest.raises(Conflict, match="Olivia Owner has settled this promise as kept"):
            promises.settle(session, characters.manager, identity, kept=False, now=LATER)

    def test_can_be_taken_back(self, session: Session, characters: Characters) -> None:
        identity = make(session, characters.owner)
        promises.settle(session, characters.owner, identity, kept=False, now=LATER)
        assert open_for(session, characters.owner) == []
        assert promises.reopen(session, characters.owner, identity, now=LATER).is_open
        assert open_for(session, characters.owner) == ["A price list"]

    def test_bars_further_changes(self, session: Session, characters: Characters) -> None:
        identity = make(session, characters.owner)
        changed = promises.change(session, characters.owner, identity, due=TODAY, now=LATER)
        assert (changed.text, changed.due) == ("A price list", TODAY)
        assert last_entry(session).data["fields"] == ["due"]
        promises.settle(session, characters.owner, identity, kept=True, now=LATER)
        with pytest.raises(Conflict):
            promises.change(session, characters.owner, identity, text="Other", now=LATER)

    def test_is_not_the_makers_to_say_when_they_are_no_insider(
        self, session: Session, characters: Characters
    ) -> None:
        identity = make(session, characters.owner)
        moved = Actor(
            characters.owner.id, "Olivia Owner", "", characters.owner.role, (), frozenset()
        )
        assert not promises.get(session, moved, identity).may_settle
        with pytest.raises(Forbidden):
            promises.settle(session, moved, identity, kept=True, now=LATER)


def test_a_new_promise_finds_its_territory(session: Session, characters: Characters) -> None:
    owner, analyst = characters.owner, characters.analyst
    meant = promises.place_meant
    assert meant(session, owner, word="", account_id=None) == GEORGIA
    assert meant(session, analyst, word="", account_id=MERCY) == GEORGIA
    assert meant(session, analyst, word="NV", account_id=MERCY) == NEVADA
    with pytest.raises(Invalid):
        meant(session, analyst, word="", account_id=None)
    with pytest.raises(Invalid):
        meant(session, analyst, word="atlantis", account_id=None)
