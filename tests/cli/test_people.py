"""`insights person` and `insights token`: people and programs, from the server itself."""

import json

import pytest
from sqlalchemy import select

from insights.clock import utc_now
from insights.db import Database
from insights.models import Person
from insights.services import people, tokens
from tests.cli.conftest import Insights
from tests.organisation import TODAY

ADA = ("person", "add", "ada@example.org", "--name", "Ada Lane", "--role", "admin")


class TestPerson:
    def test_added_person_can_sign_in(
        self, fresh_insights: Insights, empty_database: Database
    ) -> None:
        answer = fresh_insights(*ADA, "--password", "correct horse battery")
        assert answer.exit_code == 0, answer.output
        with empty_database.reading() as session:
            assert people.authenticate(session, "ada@example.org", "correct horse battery")

    def test_the_password_is_asked_for_twice(self, fresh_insights: Insights) -> None:
        typed = "correct horse battery\ncorrect horse battery\n"
        assert fresh_insights(*ADA, input=typed).exit_code == 0

    def test_a_second_one_with_the_address_is_refused_in_words(
        self, fresh_insights: Insights
    ) -> None:
        fresh_insights(*ADA, "--password", "correct horse battery")
        again = fresh_insights(*ADA, "--password", "correct horse battery")
        assert again.exit_code == 1
        assert "email" in again.output

    def test_deactivated_person_cannot_sign_in(
        self, insights: Insights, database: Database
    ) -> None:
        words = ("person", "deactivate", "member@example.com")
        refused = insights(*words)
        assert (refused.exit_code, "holds Florida" in refused.output) == (1, True)
        assert insights(*words, "--successor", "FL=owner@example.com").exit_code == 0
        with database.reading() as session:
            found = session.scalars(
                select(Person).where(Person.email == "member@example.com")
            ).one()
            assert not found.is_active

    def test_a_caretaker_holds_what_is_left(self, insights: Insights) -> None:
        words = ("person", "deactivate", "member@example.com", "--caretaker")
        assert insights(*words, "manager@example.com", "--free-topics").exit_code == 0

    @pytest.mark.parametrize("given", ["owner@example.com", "Atlantis=owner@example.com"])
    def test_a_successor_of_no_territory_is_refused(self, insights: Insights, given: str) -> None:
        answer = insights("person", "deactivate", "member@example.com", "--successor", given)
        assert (answer.exit_code, "successor" in answer.output) == (1, True)

    def test_a_name_goes_when_it_is_typed(self, insights: Insights) -> None:
        words = ("person", "pseudonymise", "leaver@example.com")
        assert insights(*words, input="Leo\n").exit_code == 1
        answer = insights(*words, "--name", "Leo Leaver")
        assert (answer.exit_code, "Former colleague 7" in answer.output) == (0, True)

    def test_unknown_address_is_said(self, insights: Insights) -> None:
        answer = insights("person", "deactivate", "who@example.com")
        assert (answer.exit_code, "who@example.com" in answer.output) == (1, True)


class TestToken:
    def test_secret_is_printed_and_works(self, insights: Insights, database: Database) -> None:
        answer = insights("token", "add", "owner@example.com", "--scope", "write", "--json")
        made = json.loads(answer.stdout)
        with database.reading() as session:
            found = tokens.find(session, made["token"], today=TODAY, now=utc_now())
        assert found is not None
        assert found.scopes == {"write"}

    def test_revoked_token_works_no_more(self, insights: Insights, database: Database) -> None:
        made = json.loads(insights("token", "add", "owner@example.com", "--json").stdout)
        assert insights("token", "revoke", str(made["id"])).exit_code == 0
        with database.reading() as session:
            assert tokens.find(session, made["token"], today=TODAY, now=utc_now()) is None

    @pytest.mark.parametrize("words", [("--scope", "admin"), ("--days", "0"), ("--scope", "all")])
    def test_what_is_not_allowed_is_refused(
        self, insights: Insights, words: tuple[str, ...]
    ) -> None:
        assert insights("token", "add", "owner@example.com", *words).exit_code in (1, 2)
