"""What the search replica holds of a note."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from insights.clock import day_number, monday_of
from insights.db import Database
from insights.models import Audience, Impact, Kind, Known
from insights.search.document import NoteDocument
from insights.services import documents, notes, sightings
from tests.drafts import posted
from tests.fixtures.queries import Counter
from tests.fixtures.world import Characters
from tests.organisation import (
    ACME,
    ENTERPRISE,
    FIBRE_ONE,
    GEORGIA,
    HEALTHCARE,
    IONFIELD,
    MERCY,
    NOW,
    OWNER,
)

UTC_ZONE = ZoneInfo("UTC")


def read(session: Session, *ids: UUID, zone: ZoneInfo = UTC_ZONE) -> list[NoteDocument]:
    return documents.documents_of(session, ids, zone)


@pytest.fixture
def note_id(session: Session, characters: Characters) -> UUID:
    return posted(
        session,
        characters.owner,
        "Ionfield and Acme fight over Fibre One",
        territory="georgia",
        kind=Kind.COMPETITOR,
        known=Known.HEARD,
        impact=Impact.HIGH,
        account_id=MERCY,
        segments=("healthcare", "enterprise"),
    )


class TestADocument:
    def test_has_all_that_is_searched(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        sightings.add(session, characters.member, note_id, now=NOW)
        [document] = read(session, note_id)
        assert document.text == "Ionfield and Acme fight over Fibre One"
        assert document.account_name == "Mercy Hospital"
        assert (document.kind, document.known, document.impact, document.source) == (
            "competitor",
            "heard",
            "high",
            "web",
        )
        assert (document.author_id, document.territory_id) == (OWNER, GEORGIA)
        assert document.account_id == MERCY
        assert document.sightings == 1

    def test_has_all_its_tags_once(self, session: Session, note_id: UUID) -> None:
        [document] = read(session, note_id)
        assert sorted(document.competitor_ids) == [IONFIELD, ACME]
        assert sorted(document.segment_ids) == [HEALTHCARE, ENTERPRISE]
        assert document.product_ids == (FIBRE_ONE,)

    def test_of_a_plain_note_has_no_account_and_no_tags(
        self, session: Session, characters: Characters
    ) -> None:
        plain = posted(session, characters.owner, "They pay by the truck", territory="georgia")
        [document] = read(session, plain)
        assert (document.account_id, document.account_name) == (None, "")
        assert document.segment_ids == document.competitor_ids == document.product_ids == ()

    def test_names_who_may_find_it(self, session: Session, characters: Characters) -> None:
        for audience, keys in (
            (Audience.EVERYONE, ("everyone",)),
            (Audience.SEALED, (f"t:{GEORGIA}", f"p:{OWNER}")),
        ):
            note = posted(session, characters.owner, audience=audience, territory="georgia")
            assert read(session, note)[0].audience == keys

    def test_belongs_to_the_week_and_month_of_the_organisations_zone(
        self, session: Session, characters: Characters
    ) -> None:
        moment = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
        note = posted(session, characters.owner, now=moment, territory="georgia")
        chicago = ZoneInfo("America/Chicago")
        found = {zone: read(session, note, zone=zone)[0] for zone in (UTC_ZONE, chicago)}
        assert [one.month for one in found.values()] == [202606, 202605]
        for zone, document in found.items():
            assert document.week == day_number(monday_of(moment, zone))
            assert document.captured_at == moment


class TestReading:
    def test_leaves_out_what_is_withdrawn_or_does_not_exist(
        self, session: Session, characters: Characters, note_id: UUID
    ) -> None:
        gone = posted(session, characters.owner, territory="georgia")
        notes.withdraw(session, characters.admin, gone, now=NOW, within=NOW - NOW, reason="")
        session.flush()
        found = read(session, gone, note_id, UUID(int=1))
        assert [document.id for document in found] == [note_id]
        assert documents.count_documents(session) == 1
        assert read(session) == []

    def test_all_comes_in_batches_that_cover_every_note_once(
        self, session: Session, characters: Characters
    ) -> None:
        ids = [posted(session, characters.owner, "Acme", territory="georgia") for _ in range(7)]
        batches = list(documents.all_documents(session, UTC_ZONE, batch=3))
        assert [len(batch) for batch in batches] == [3, 3, 1]
        assert [one.id for batch in batches for one in batch] == sorted(ids)
        assert all(one.competitor_ids == (ACME,) for batch in batches for one in batch)

    def test_takes_two_queries_however_many_notes(
        self, session: Session, characters: Characters, count_queries: Counter, database: Database
    ) -> None:
        ids = [posted(session, characters.owner, territory="georgia") for _ in range(5)]
        session.flush()
        for some in (ids[:1], ids):
            with count_queries(database) as statements:
                read(session, *some)
            assert len(statements) == 2

    def test_a_few_notes_reads_only_their_tags(
        self, session: Session, characters: Characters, count_queries: Counter, database: Database
    ) -> None:
        ids = sorted(posted(session, characters.owner, "Acme") for _ in range(3))
        found = read(session, ids[0], ids[2])
        assert [document.id for document in found] == [ids[0], ids[2]]
        with count_queries(database) as statements:
            read(session, ids[0], ids[2])
        assert "BETWEEN" not in statements[1]
