"""Changing and withdrawing a note on its page: by whom, and what happens to what was there."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from insights.services import notes, territories
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import MERCY, NOW, TODAY
from tests.web.deeds import card_of, who, withdraw
from tests.web.pages import html_of, is_checked, text_of, textarea_of, value_of

ClientOf = Callable[[Actor], Browser]


@pytest.fixture
def note_id(stage: Stage, characters: Characters) -> UUID:
    """A note of the owner's, in Georgia."""
    return stage.post(characters.owner, "They pay by the truck")


class TestWithdrawing:
    def test_is_for_the_author_and_managers(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        def may_withdraw(one: Actor) -> bool:
            note_id = stage.post(characters.owner, "x")
            return client_of(one).submit(f"/notes/{note_id}/withdraw", page="/").status_code == 303

        assert who(characters, may_withdraw) == {"Olivia", "Manuel", "Ada"}

    def test_marks_the_page_and_closes_it(
        self, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        owner, page = client_of(characters.owner), f"/notes/{note_id}"
        owner.submit(f"{page}/withdraw", page=page, reason="Wrong place")
        shown = owner.get(page)
        assert "Withdrawn just now" in text_of(shown)
        assert "Reason: “Wrong place”" in text_of(shown)
        assert "A manager of Georgia can restore it." in text_of(shown)
        assert "/comments" not in html_of(shown)
        assert owner.get(f"{page}/edit").status_code == 403

    def test_is_not_offered_when_the_time_is_over(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        stage.clock.now += timedelta(hours=25)
        owner, page = client_of(characters.owner), f"/notes/{note_id}"
        assert "Withdraw" not in text_of(owner.get(page))
        assert owner.submit(f"{page}/withdraw", page=page).status_code == 403

    def test_is_undone_by_managers(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        def may_restore(one: Actor) -> bool:
            note_id = stage.post(characters.owner, "x")
            withdraw(stage, characters.owner, note_id)
            return client_of(one).submit(f"/notes/{note_id}/restore", page="/").status_code == 303

        assert who(characters, may_restore) == {"Manuel", "Ada"}


class TestChanging:
    def test_is_for_the_author_and_managers(
        self, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        def may_change(one: Actor) -> bool:
            browser, address = client_of(one), f"/notes/{note_id}/edit"
            shown = browser.get(address).status_code == 200
            assert (browser.submit(address, page="/", text=one.name).status_code == 303) == shown
            return shown

        assert who(characters, may_change) == {"Olivia", "Manuel", "Ada"}

    def test_begins_with_what_the_note_says(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = stage.post(characters.owner, "\n Acme in healthcare", account_id=MERCY)
        form = client_of(characters.owner).get(f"/notes/{note_id}/edit")
        assert textarea_of(form, "text") == "Acme in healthcare"
        for name, value in (
            ("kind", "competitor"),
            ("competitors", "acme-telecom"),
            ("segments_1", "healthcare"),
            ("account", str(MERCY)),
            ("known", "first-hand"),
        ):
            assert is_checked(form, name, value)

    def test_saves_every_field(
        self, stage: Stage, characters: Characters, client_of: ClientOf
    ) -> None:
        note_id = stage.post(characters.owner, "Acme in healthcare", account_id=MERCY)
        answer = client_of(characters.owner).submit(
            f"/notes/{note_id}/edit",
            text="They said no",
            kind="challenge",
            territory="florida",
            account="",
            segments_1="trucking",
            more_competitors="Ion Field",
            known="heard",
            impact="high",
            sealed="on",
            version="1",
        )
        assert answer.location == f"/notes/{note_id}"
        card = card_of(stage, characters.owner, note_id)
        assert (card.text, card.kind, card.territory.slug) == (
            "They said no",
            "challenge",
            "florida",
        )
        assert (card.account, card.known, card.impact, card.sealed) == (None, "heard", "high", True)
        assert [one.slug for one in card.competitors] == ["ionfield"]
        assert [one.slug for one in card.segments] == ["trucking"]

    def test_may_keep_a_territory_that_was_archived_meanwhile(
        self, stage: Stage, characters: Characters, client_of: ClientOf, note_id: UUID
    ) -> None:
        with stage.database.writing() as session:
            territories.archive(session, characters.admin, slug="georgia", now=NOW, today=TODAY)
        owner, address = client_of(characters.owner), f"/notes/{note_id}/edit"
        form = owner.get(address)
        assert '<option value="georgia" selected>' in html_of(form)
        answer = owner.submit(address, text="New", territory="georgia", version="1")
        assert answer.status_code == 303

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("text", ""),
            ("text", "x" * 100_000),
            ("territory", "atlantis"),
            ("kind", "rumour"),
            ("account", "77"),
            ("more_products", "Zylo"),
        ],
    )
    def test_that_is_refused_comes_back_as_it_was_sent(
        self, characters: Characters, client_of: ClientOf, note_id: UUID, field: str, value: str
    ) -> None:
        fields = {"text": "They said no", "impact": "high", field: value}
        answer = client_of(characters.owner).submit(f"/notes/{note_id}/edit", **fields)
        assert answer.status_code == 422
        assert textarea_of(answer, "text") == fields["text"]
        assert is_checked(answer, "impact", "high")
        assert "field-error" in html_of(answer)

    @pytest.mark.parametrize("version", ["x", "-1", "9" * 30, ""])
    def test_with_a_damaged_version_is_never_a_failure_of_ours(
        self, characters: Characters, client_of: ClientOf, note_id: UUID, version: str
    ) -> None:
        answer = client_of(characters.owner).submit(
            f"/notes/{note_id}/edit", text="x", version=version
        )
        assert answer.status_code in (303, 409)


class TestTwoPeopleChangingAtOnce:
    @pytest.fixture
    def outdated(self, stage: Stage, characters: Characters, note_id: UUID) -> dict[str, str]:
        """What the owner sends after the manager has saved something else."""
        with stage.database.writing() as session:
            notes.edit(session, characters.manager, note_id, {"text": "Manager's"}, now=NOW)
        return {"text": "Owner's", "impact": "high", "territory": "florida", "version": "1"}

    def test_the_later_is_shown_both_and_loses_nothing(
        self, characters: Characters, client_of: ClientOf, note_id: UUID, outdated: dict[str, str]
    ) -> None:
        answer = client_of(characters.owner).submit(f"/notes/{note_id}/edit", **outdated)
        assert answer.status_code == 409
        assert "Manuel Manager changed this note meanwhile" in text_of(answer)
        assert "Manager's" in text_of(answer)
        assert textarea_of(answer, "text") == "Owner's"
        assert is_checked(answer, "impact", "high")
        assert '<option value="florida" selected>' in html_of(answer)

    def test_the_later_may_save_after_having_seen_it(
        self,
        stage: Stage,
        characters: Characters,
        client_of: ClientOf,
        note_id: UUID,
        outdated: dict[str, str],
    ) -> None:
        owner, address = client_of(characters.owner), f"/notes/{note_id}/edit"
        seen = owner.submit(address, **outdated)
        again = owner.submit(address, **{**outdated, "version": value_of(seen, "version")})
        assert again.status_code == 303
        assert card_of(stage, characters.owner, note_id).text == "Owner's"
        history = text_of(owner.get(f"/notes/{note_id}"))
        assert "Before: Manager's After: Owner's" in history
        assert "Before: They pay by the truck After: Manager's" in history
