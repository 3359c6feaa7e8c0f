"""Import from Salesforce: files as Data Loader writes them, tried first, then taken at once."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from insights.db import Database
from insights.errors import Forbidden, Invalid
from insights.models import Account, AccountSegment, Assignment, JournalEntry, Territory
from insights.services.access import Actor
from insights.services.import_salesforce import SalesforceOptions, SalesforceResult, take
from insights.services.import_salesforce_files import FileResult, SalesforceFile, long_id
from tests.fixtures.world import Characters
from tests.organisation import (
    FLORIDA,
    GEORGIA,
    HEALTHCARE,
    MEMBER,
    MERCY,
    NOW,
    OWNER,
    SOUTHEAST,
    TODAY,
    TRUCKING,
)

# Ids as they are: 15 characters, of which the capitals count, and 18 with three to check them.
EAST, GA, NEW = "0MI5e000000Xa1AGAS", "0MI5e000000Xa1BGAS", "0MI5e000000Xa1CGAS"
ANA, BEN = "0055e000001AbcDAAS", "0055e000001AbcEAAS"
CLINIC, DEPOT = "0015e00000GhIjKAAV", "0015e00000GhIjLAAV"
FILES: dict[SalesforceFile, str] = {
    SalesforceFile.TERRITORIES: f"""\
"ID","NAME","DEVELOPERNAME","PARENTTERRITORY2ID","TERRITORY2MODELID","SystemModstamp"
"{GA}","Peach","Georgia","{EAST}","0MA5e0000000001GAA","2026-01-01"
"{NEW}","Alabama","Alabama","{EAST}","0MA5e0000000001GAA","2026-01-01"
"{EAST}","Southeast","Southeast","","0MA5e0000000001GAA","2026-01-01"
""",
    SalesforceFile.USERS: f"""\
Id,Name,Email,IsActive
{ANA},Olivia Owner,Owner@Example.com,true
{BEN},Max Member,member@example.com,true
0055e000001AbcFAAS,Nobody,nobody@example.com,true
0055e000001AbcGAAS,Gone,gone@example.com,false
""",
    SalesforceFile.ASSOCIATIONS: f"""\
Id,UserId,Territory2Id,IsActive,RoleInTerritory2
0U1,{ANA},{GA},true,Owner
0U2,{ANA},{NEW},true,Sales Rep
0U3,{BEN},{GA},false,
0U4,0055e000001AbcFAAS,{GA},true,
""",
    SalesforceFile.ACCOUNTS: f"""\
Id,Name,BillingState,Industry,NumberOfEmployees,OwnerId
{CLINIC},Peach Clinic,GA,Healthcare,120,{ANA}
{DEPOT},Depot,AL,Warehousing,40,{ANA}
,Nameless,GA,,,
""",
    SalesforceFile.ACCOUNT_TERRITORIES: f"""\
Id,ObjectId,SobjectType,Territory2Id,AssociationCause
1,{CLINIC},Account,{NEW},Territory2AssignmentRule
2,{CLINIC},Account,{GA},Territory2Manual
3,{DEPOT},Account,{NEW},Territory2AssignmentRule
4,00Q5e00000LeadXEAV,Lead,{NEW},Territory2Manual
5,0015e00000NoSuchAAV,Account,{NEW},Territory2Manual
""",
}

Import = Callable[..., SalesforceResult]


@pytest.fixture
def import_files(database: Database, characters: Characters, tmp_path: Path) -> Import:
    """Takes these files, by default all, as the admin."""

    def run(
        files: dict[SalesforceFile, str] | None = None,
        actor: Actor = characters.admin,
        *,
        dry_run: bool = False,
    ) -> SalesforceResult:
        paths = {}
        for kind, text in (FILES if files is None else files).items():
            paths[kind] = tmp_path / f"{kind.value}.csv"
            paths[kind].write_text(text, "utf-8")
        options = SalesforceOptions(dry_run=dry_run)
        return take(database, actor, paths, options, now=NOW, today=TODAY)

    return run


def of(result: SalesforceResult, kind: SalesforceFile) -> FileResult:
    return next(one for one in result.files if one.kind is kind)


def counts(one: FileResult) -> tuple[int, int, int, int]:
    return one.added, one.changed, one.unchanged, one.refused


def everything(database: Database) -> list[object]:
    """All that an import may touch."""
    tables = (Territory, Assignment, Account, AccountSegment, JournalEntry)
    with database.reading() as session:
        return [tuple(row) for table in tables for row in session.execute(select(table.__table__))]


class TestTaking:
    def test_is_for_admins(
        self, import_files: Import, characters: Characters, database: Database
    ) -> None:
        for actor in characters.everyone:
            if actor.manages_all:
                continue
            with pytest.raises(Forbidden):
                import_files(actor=actor)

    def test_counts_what_each_file_did(self, import_files: Import) -> None:
        result = import_files()
        assert {one.kind.value: counts(one) for one in result.files} == {
            "territories": (1, 0, 2, 0),
            "users": (0, 0, 3, 1),
            "associations": (1, 0, 2, 1),
            "accounts": (2, 0, 0, 1),
            "account_territories": (0, 2, 1, 2),
        }

    def test_finds_territories_by_name_and_adds_the_others_below_their_parent(
        self, import_files: Import, database: Database
    ) -> None:
        import_files()
        with database.reading() as session:
            alabama = session.scalars(select(Territory).where(Territory.name == "Alabama")).one()
            georgia = session.get_one(Territory, GEORGIA)
        assert (alabama.parent_id, alabama.code) == (SOUTHEAST, NEW.upper())
        assert (georgia.name, georgia.code) == ("Georgia", "GA")

    def test_assigns_people_found_by_their_address(
        self, import_files: Import, database: Database
    ) -> None:
        import_files()
        theirs = select(Assignment.since, Assignment.until).where(Assignment.person_id == OWNER)
        with database.reading() as session:
            rows = session.execute(theirs.order_by(Assignment.since)).all()
        assert [row.until for row in rows] == [None, None]
        assert rows[1].since == TODAY

    def test_ends_what_is_no_longer_active(self, import_files: Import, database: Database) -> None:
        text = "UserId,Territory2Id,IsActive\n" + f"{ANA},{GA},FALSE\n"
        files = {**FILES, SalesforceFile.ASSOCIATIONS: text}
        assert counts(of(import_files(files), SalesforceFile.ASSOCIATIONS)) == (0, 1, 0, 0)
        held = select(Assignment.until).where(
            Assignment.person_id == OWNER, Assignment.territory_id == GEORGIA
        )
        with database.reading() as session:
            assert session.scalars(held).all() == [TODAY]

    def test_puts_accounts_where_they_are_associated_by_hand_first(
        self, import_files: Import, database: Database
    ) -> None:
        result = import_files()
        with database.reading() as session:
            clinic = session.scalars(select(Account).where(Account.external_id == CLINIC)).one()
            segments = select(AccountSegment.segment_id).where(
                AccountSegment.account_id == clinic.id
            )
            assert (clinic.territory_id, clinic.state) == (GEORGIA, "GA")
            assert session.scalars(segments).all() == [HEALTHCARE]
        remarks = of(result, SalesforceFile.ACCOUNT_TERRITORIES).remarks
        assert remarks == ("1 accounts are in several territories; one is taken of each.",)
        assert of(result, SalesforceFile.ACCOUNTS).remarks == (
            "Industries that are no segments here: Warehousing.",
        )

    def test_again_changes_nothing(self, import_files: Import, database: Database) -> None:
        import_files()
        before = everything(database)
        result = import_files()
        assert result.kept == 0
        # Only that it was taken is journalled.
        assert len(everything(database)) == len(before) + 1

    def test_a_trial_counts_the_same_and_keeps_nothing(
        self, import_files: Import, database: Database
    ) -> None:
        before = everything(database)
        trial = import_files(dry_run=True)
        assert everything(database) == before
        taken = import_files()
        assert [counts(one) for one in trial.files] == [counts(one) for one in taken.files]

    def test_follows_what_salesforce_changes_later(
        self, import_files: Import, database: Database
    ) -> None:
        import_files()
        later = {
            SalesforceFile.TERRITORIES: (f"Id,Name,ParentTerritory2Id\n{NEW},Heart of Dixie,\n"),
            SalesforceFile.ACCOUNTS: (
                "Id,Name,BillingStateCode,Industry\n"
                f"{CLINIC[:15]},Peach Hospital,FL,Trucking\n"
                f"{DEPOT},Depot,,\n"
            ),
        }
        result = import_files(later)
        assert [counts(one) for one in result.files] == [(0, 1, 0, 0), (0, 1, 1, 0)]
        with database.reading() as session:
            place = session.scalars(select(Territory).where(Territory.code == NEW.upper())).one()
            clinic = session.scalars(select(Account).where(Account.external_id == CLINIC)).one()
            depot = session.scalars(select(Account).where(Account.external_id == DEPOT)).one()
            links = select(AccountSegment.segment_id).where(AccountSegment.account_id == clinic.id)
            assert (place.name, place.parent_id) == ("Heart of Dixie", None)
            assert (clinic.name, clinic.state, depot.state) == ("Peach Hospital", "FL", "AL")
            assert session.scalars(links).all() == [TRUCKING]


class TestRefusing:
    def test_reports_each_row_with_its_reason(self, import_files: Import) -> None:
        result = import_files()
        report = of(result, SalesforceFile.ACCOUNT_TERRITORIES).report
        assert report is not None
        with report.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[1:] == [
            ["5", "SobjectType", "Lead", "Only accounts are taken."],
            ["6", "ObjectId", "0015e00000NoSuchAAV", "No account has this id."],
        ]

    def test_names_missing_columns_of_every_file(
        self, import_files: Import, database: Database
    ) -> None:
        before = everything(database)
        files = {SalesforceFile.USERS: "Id,Mail\n1,2\n", SalesforceFile.ACCOUNTS: "Name\nA\n"}
        with pytest.raises(Invalid) as refused:
            import_files(files)
        told = {name: " ".join(texts) for name, texts in refused.value.fields.items()}
        assert "no column for: Email" in told["users"]
        assert "no column for: Id" in told["accounts"]
        assert everything(database) == before

    def test_refuses_several_territory_models(self, import_files: Import) -> None:
        text = "Id,Name,Territory2ModelId\n0MI000000000001,A,1\n0MI000000000002,B,2\n"
        with pytest.raises(Invalid, match="2 territory models"):
            import_files({SalesforceFile.TERRITORIES: text})

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("0MI000000000001,A,0MI000000000002\n0MI000000000002,B,0MI000000000001", 2),
            ("0MI000000000001,A,0MI000000000009", 1),
            ("0MI000000000001,A,\n0MI000000000001,A,", 1),
            (",A,", 1),
            ("0MI000000000001,Georgia,\n0MI000000000002,Georgia,", 1),
            ("0MI000000000001,,", 1),
        ],
    )
    def test_refuses_circles_strangers_and_doubles(
        self, import_files: Import, rows: str, expected: int
    ) -> None:
        text = f"Id,Name,ParentTerritory2Id\n{rows}\n"
        result = import_files({SalesforceFile.TERRITORIES: text})
        assert result.refused == expected

    def test_needs_a_file(self, import_files: Import) -> None:
        with pytest.raises(Invalid, match="one file at least"):
            import_files({})


def test_ids_of_15_characters_are_those_of_18() -> None:
    # The example of Salesforce's own help.
    assert long_id("001A0000006Vm9r") == "001A0000006Vm9rIAC"
    assert long_id("001A0000006Vm9rIAC") == "001A0000006Vm9rIAC"
    assert long_id("crm-1") == "crm-1"


def test_people_and_accounts_known_before_stay(import_files: Import, database: Database) -> None:
    import_files()
    with database.reading() as session:
        held = session.scalars(select(Assignment).where(Assignment.person_id == MEMBER)).all()
        assert [(one.territory_id, one.until) for one in held] == [(FLORIDA, None)]
        assert session.get_one(Account, MERCY).territory_id == GEORGIA
