"""What is made of a note before it is stored: checks, tags, the owning territory, its time."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.clock import day_number, monday_of
from insights.errors import Invalid
from insights.models import Kind, Role, Source
from insights.services.access import Actor
from insights.services.catalogue import Catalogue, NamedItem, Place, SegmentItem
from insights.services.guard_rails import GuardRails
from insights.services.note_drafts import (
    OLDEST_IMPORT,
    KnownAccount,
    PreparedNote,
    credible_time,
    prepare,
)
from insights.text import clean
from tests.drafts import draft
from tests.organisation import NOW

GEORGIA, FLORIDA, CLOSED = 1, 2, 3
HEALTHCARE, TRUCKING = 1, 2
ACME, GONE = 1, 2
FIBRE = 1
KNOWN = Catalogue(
    version=draft().id,
    territories={
        GEORGIA: Place(GEORGIA, "Georgia", "georgia", code="GA"),
        FLORIDA: Place(FLORIDA, "Florida", "florida", code="FL"),
        CLOSED: Place(CLOSED, "Old South", "old-south", archived=True),
    },
    segments={
        HEALTHCARE: SegmentItem(HEALTHCARE, "Healthcare", "healthcare"),
        TRUCKING: SegmentItem(TRUCKING, "Trucking", "trucking"),
    },
    competitors={
        ACME: NamedItem(ACME, "Acme Telecom", "acme-telecom", aliases=("Acme",)),
        GONE: NamedItem(GONE, "Gonecom", "gonecom", archived=True),
    },
    products={FIBRE: NamedItem(FIBRE, "Fibre One", "fibre-one", aliases=("F1",))},
    dimensions={1: "Industry", 2: "Company size"},
)
RAILS = GuardRails(KNOWN.version, ())
HOSPITAL = KnownAccount(7, "Hospital", FLORIDA, (HEALTHCARE,))


def rep(*held: int) -> Actor:
    """A rep who holds these territories."""
    return Actor(1, "Olivia Owner", "owner@example.com", Role.REP, held, frozenset(held))


def prepared(
    text: str = "They pay by the truck",
    *,
    actor: Actor | None = None,
    account: KnownAccount | None = None,
    **fields: Any,
) -> PreparedNote:
    """A draft by a rep who holds Georgia, if not said otherwise."""
    actor = actor or rep(GEORGIA)
    one = draft(text, **fields)
    return prepare(KNOWN, actor, one, rails=RAILS, account=account, now=NOW)


def problems(*args: Any, **fields: Any) -> dict[str, list[str]]:
    """The messages by field with which a draft is refused."""
    with pytest.raises(Invalid) as refused:
        prepared(*args, **fields)
    return {name: list(texts) for name, texts in refused.value.fields.items()}


class TestText:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("  Lost\r\nto Acme \x00\x07", "Lost\nto Acme"),
            ("لقد خسرنا \u202eالعقد", "لقد خسرنا العقد"),
            ("👩‍🔧 was here ❤️", "👩‍🔧 was here ❤️"),
            ("half a 🚚: \ud83d", "half a 🚚: \ufffd"),
            ("x" * 20_000, "x" * 20_000),
            (" " * 100_000 + "x", "x"),
        ],
    )
    def test_it_is_stored_clean(self, typed: str, stored: str) -> None:
        assert prepared(typed).row["text"] == stored

    @pytest.mark.parametrize("typed", ["", "  \n\t", "\u200b\ufeff", "\x00\x01", "\u2800ㅤ"])
    def test_a_text_that_nobody_can_see_is_empty(self, typed: str) -> None:
        assert problems(typed) == {"text": ["Write what you heard: the text is empty."]}

    @pytest.mark.parametrize("length", [20_001, 100_000])
    def test_a_text_that_is_too_long_is_told_how_long_it_may_be(self, length: int) -> None:
        message = f"Shorten the text to 20,000 characters; it has {length:,}."
        assert problems("x" * length) == {"text": [message]}

    @given(st.text(st.characters(), max_size=200))
    def test_any_text_is_stored_clean_or_refused_as_empty(self, typed: str) -> None:
        if clean(typed):
            assert prepared(typed).row["text"] == clean(typed)
        else:
            assert set(problems(typed)) == {"text"}


class TestTerritory:
    @pytest.mark.parametrize("word", ["FL", "fl", "florida", " Florida ", "FLÓRIDA"])
    def test_it_is_the_one_that_the_person_names(self, word: str) -> None:
        assert prepared(territory=word, account=HOSPITAL).row["territory_id"] == FLORIDA

    def test_without_a_word_it_is_that_of_the_account(self) -> None:
        assert prepared(account_id=7, account=HOSPITAL).row["territory_id"] == FLORIDA

    @pytest.mark.parametrize("word", [None, "", "  "])
    def test_without_either_it_is_the_one_the_person_was_last_assigned_to(
        self, word: str | None
    ) -> None:
        note = prepared(territory=word, actor=rep(CLOSED, FLORIDA, GEORGIA))
        assert note.row["territory_id"] == FLORIDA

    @pytest.mark.parametrize("territory_id", [None, CLOSED])
    def test_an_account_without_an_open_territory_leaves_it_to_the_assignment(
        self, territory_id: int | None
    ) -> None:
        account = KnownAccount(8, "Depot", territory_id, ())
        assert prepared(account_id=8, account=account).row["territory_id"] == GEORGIA

    def test_a_person_who_holds_none_is_asked_to_choose(self) -> None:
        assert problems(actor=rep()) == {
            "territory": ["Choose a territory: you hold none that the note could belong to."]
        }

    @pytest.mark.parametrize(
        ("word", "message"),
        [
            ("Atlantis", "“Atlantis” is not a territory. Choose one from the list."),
            ("old-south", "“Old South” is archived. Choose the territory that followed it."),
        ],
    )
    def test_an_unknown_or_archived_one_is_refused(self, word: str, message: str) -> None:
        assert problems(territory=word) == {"territory": [message]}


class TestTags:
    def test_they_are_those_chosen_and_those_named_in_the_text(self) -> None:
        tags = prepared("Acme sells F1 to healthcare", segments=("trucking",)).tags
        assert tags == {
            "segments": {HEALTHCARE, TRUCKING},
            "competitors": {ACME},
            "products": {FIBRE},
        }

    def test_an_account_gives_its_segments_to_a_note_without(self) -> None:
        assert prepared(account_id=7, account=HOSPITAL).tags["segments"] == {HEALTHCARE}

    def test_chosen_segments_stand_instead_of_those_of_the_account(self) -> None:
        note = prepared(account_id=7, account=HOSPITAL, segments=("Trucking",))
        assert note.tags["segments"] == {TRUCKING}

    def test_an_archived_competitor_in_the_text_is_no_tag(self) -> None:
        assert prepared("Gonecom is back").tags["competitors"] == frozenset()

    @pytest.mark.parametrize("name", ["segments", "competitors", "products"])
    def test_an_unknown_word_is_refused_by_its_field(self, name: str) -> None:
        message = "“nonesuch” is not known. Choose one from the list."
        assert problems(**{name: ("nonesuch",)}) == {name: [message]}

    def test_an_archived_one_is_refused(self) -> None:
        message = "“Gonecom” is archived. Choose another one."
        assert problems(competitors=("gonecom",)) == {"competitors": [message]}

    def test_more_than_thirty_are_refused(self) -> None:
        message = "Choose at most 30; there are 31."
        assert problems(products=("F1",) * 31) == {"products": [message]}

    @pytest.mark.parametrize("name", ["territory", "segments"])
    def test_a_message_repeats_a_hostile_word_short_and_clean(self, name: str) -> None:
        word = "\ud800\x00\u202e" + "x" * 1000
        value = word if name == "territory" else (word,)
        (message,) = problems(**{name: value})[name]
        assert len(message) < 200
        assert message == clean(message)


class TestKind:
    def test_it_is_the_one_that_the_person_chose(self) -> None:
        assert prepared("Acme undercut us", kind=Kind.CHALLENGE).row["kind"] is Kind.CHALLENGE

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Acme opened an office", Kind.COMPETITOR),
            ("The truck was stolen", Kind.CHALLENGE),
            ("They prefer a call", Kind.PREFERENCE),
        ],
    )
    def test_otherwise_it_is_guessed_from_the_text(self, text: str, kind: Kind) -> None:
        assert prepared(text).row["kind"] is kind

    def test_a_chosen_competitor_counts_for_the_guess(self) -> None:
        assert prepared("Met them", competitors=("Acme",)).row["kind"] is Kind.COMPETITOR


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


class TestTime:
    @pytest.mark.parametrize("claimed", [NOW, ago(seconds=1), ago(days=365)])
    def test_a_credible_claim_is_believed(self, claimed: datetime) -> None:
        assert credible_time(claimed, NOW, Source.WEB) == (claimed, False)

    @pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(minutes=5)])
    def test_a_clock_a_little_ahead_is_not_doubted_but_no_note_is_from_the_future(
        self, ahead: timedelta
    ) -> None:
        assert credible_time(NOW + ahead, NOW, Source.WEB) == (NOW, False)

    @pytest.mark.parametrize(
        "claimed",
        [
            ago(days=367),
            NOW + timedelta(minutes=6),
            NOW + timedelta(days=400),
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        ],
    )
    def test_an_incredible_claim_counts_at_its_receipt(self, claimed: datetime) -> None:
        assert credible_time(claimed, NOW, Source.WEB) == (NOW, True)
        row = prepared(captured_at=claimed).row
        assert (row["noted_at"], row["clock_doubtful"]) == (NOW, True)
        assert row["captured_at"] == claimed

    def test_without_a_claim_it_is_the_time_of_receipt(self) -> None:
        row = prepared().row
        assert row["captured_at"] == row["received_at"] == row["noted_at"] == NOW
        assert not row["clock_doubtful"]

    def test_an_imported_note_may_be_decades_old(self) -> None:
        claimed = datetime(1998, 5, 4, tzinfo=UTC)
        assert credible_time(claimed, NOW, Source.IMPORT) == (claimed, False)
        assert credible_time(datetime(1969, 7, 20, tzinfo=UTC), NOW, Source.IMPORT) == (NOW, True)

    @pytest.mark.parametrize("zone", ["Etc/GMT+12", "America/Los_Angeles", "Pacific/Kiritimati"])
    def test_the_oldest_import_has_a_week_with_a_number_everywhere(self, zone: str) -> None:
        assert day_number(monday_of(OLDEST_IMPORT, ZoneInfo(zone))) >= 0

    @given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(Source))
    def test_no_note_is_ever_counted_in_the_future(self, claimed: datetime, source: Source) -> None:
        noted_at, doubtful = credible_time(claimed, NOW, source)
        assert noted_at <= NOW
        assert doubtful or noted_at == min(claimed, NOW)


class TestPlace:
    @pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (0, 0), (-90, 180)])
    def test_a_place_on_earth_is_kept(self, latitude: float | None, longitude: float) -> None:
        row = prepared(latitude=latitude, longitude=longitude).row
        assert (row["latitude"], row["longitude"]) == (latitude, longitude)

    @pytest.mark.parametrize(
        ("latitude", "longitude"),
        [(91, 0), (0, -181), (float("nan"), 0), (0, float("nan")), (float("inf"), 0)],
    )
    def test_a_place_elsewhere_is_refused(self, latitude: float, longitude: float) -> None:
        message = "Latitude goes from -90 to 90, longitude from -180 to 180."
        assert problems(latitude=latitude, longitude=longitude) == {"latitude": [message]}

    @pytest.mark.parametrize("given_alone", ["latitude", "longitude"])
    def test_half_a_place_is_refused(self, given_alone: str) -> None:
        message = "Give latitude and longitude together, or neither."
        assert problems(**{given_alone: 1.5}) == {"latitude": [message]}


class TestExternalId:
    @pytest.mark.parametrize(("given_id", "kept"), [("crm-1", "crm-1"), (" a ", "a"), ("", None)])
    def test_it_is_kept_clean_and_an_empty_one_is_none(
        self, given_id: str, kept: str | None
    ) -> None:
        assert prepared(external_id=given_id).row["external_id"] == kept

    def test_one_that_is_too_long_is_refused(self) -> None:
        message = "Shorten the external id to 200 characters; it has 201."
        assert problems(external_id="x" * 201) == {"external_id": [message]}


def test_every_bad_field_is_reported_at_once() -> None:
    bad = problems(
        "",
        territory="Atlantis",
        segments=("a",),
        competitors=("b",),
        products=("c",),
        account_id=99,
        latitude=91.0,
        longitude=0.0,
        external_id="x" * 201,
    )
    assert set(bad) == {
        "text", "territory", "segments", "competitors", "products", "account", "latitude",
        "external_id",
    }  # fmt: skip
