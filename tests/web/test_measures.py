"""The page of measures and its files, and the figures that admins bring in."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from insights.models import Audience
from insights.services.access import Actor
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW
from tests.web.pages import html_of, text_of
from tests.web.reading import links_on, page_text

ClientOf = Callable[[Actor], Browser]
FIGURES = "territory,month,quota,revenue,win_rate\nGA,2026-02,200,150,28 %\n"


def post(stage: Stage, actor: Actor, text: str, **given: object) -> None:
    """A note of the week before this one."""
    stage.clock.now = NOW - timedelta(weeks=1)
    stage.post(actor, text, **given)
    stage.clock.now = NOW


def upload(browser: Browser, text: str = FIGURES, **fields: str) -> str:
    """The page that follows."""
    answer = browser.submit(
        "/admin/figures", file=(BytesIO(text.encode()), "figures.csv"), **fields
    )
    if answer.status_code == 303:
        answer = browser.get("/admin/figures")
    return text_of(answer)


class TestWhoSees:
    def test_reps_do_not(self, characters: Characters, client_of: ClientOf) -> None:
        for actor in (characters.owner, characters.member, characters.stranger):
            for address in ("/measures", "/measures/territories.csv", "/measures/months.csv"):
                assert client_of(actor).get(address).status_code == 403

    def test_managers_see_their_own_part(self, characters: Characters, client_of: ClientOf) -> None:
        manager = client_of(characters.manager)
        page = page_text(manager.get("/measures"))
        assert "Below Southeast" in page
        assert "Whole company" not in page
        assert "Nevada" not in page
        assert manager.get("/measures?in=georgia").status_code == 200
        assert manager.get("/measures?in=nevada").status_code == 403
        assert manager.get("/measures?in=atlantis").status_code == 404
        assert manager.get("/measures/territories.csv?in=west").status_code == 403

    def test_analysts_and_admins_see_all(self, characters: Characters, client_of: ClientOf) -> None:
        for actor in (characters.analyst, characters.admin):
            assert "Below Whole company" in page_text(client_of(actor).get("/measures"))
            region = page_text(client_of(actor).get("/measures?in=southeast&weeks=52"))
            assert "52 full weeks" in region
            assert "Whole company to compare with" in region

    def test_nobody_without_sign_in(self, nobody: Browser) -> None:
        assert nobody.get("/measures").status_code == 302


class TestThePage:
    @pytest.fixture(autouse=True)
    def notes(self, stage: Stage, characters: Characters) -> None:
        """One that everyone sees, and a sealed one of another region."""
        post(stage, characters.owner, "Ionfield was here")
        post(stage, characters.stranger, "Hush", audience=Audience.SEALED)

    def test_counts_what_its_reader_may_see(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        company = page_text(client_of(characters.analyst).get("/measures?weeks=4"))
        assert "Notes 2 0 in the 4 weeks before" in company
        mine = page_text(client_of(characters.manager).get("/measures?weeks=4"))
        assert "Notes 1 0 in the 4 weeks before" in mine

    def test_says_how_each_figure_is_counted(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        page = page_text(client_of(characters.analyst).get("/measures"))
        assert "How this is counted" in page
        assert "Kaplan and Meier" in page
        assert "None: every note is counted." in page

    def test_shows_the_usual_period_for_one_that_is_not_offered(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        page = page_text(client_of(characters.analyst).get("/measures?weeks=7"))
        assert "13 full weeks" in page

    def test_leads_down_the_tree_and_to_its_files(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        browser = client_of(characters.analyst)
        links = links_on(browser.get("/measures?weeks=4"))
        assert "Below Southeast" in page_text(browser.get(links["Southeast"]))
        file = browser.get(links["Download as CSV"])
        assert file.mimetype == "text/csv"
        assert "Whole company,now,2026-02-16,4,2," in html_of(file)

    def test_shows_business_figures_beside_what_was_heard(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        empty = page_text(client_of(characters.manager).get("/measures?in=georgia"))
        assert "no business figures of Georgia" in empty
        upload(client_of(characters.admin))
        page = client_of(characters.manager).get("/measures?in=georgia")
        assert "Georgia in February 2026: win rate 28%; no notes" in page_text(page)
        assert "Georgia in February 2026: revenue 75% of quota" in page_text(page)
        assert 'data-chart="panels"' in html_of(page)
        months = client_of(characters.manager).get("/measures/months.csv?in=georgia")
        assert "2026-02,200.00,150.00,0.75,0.28,," in html_of(months)


class TestBringingFiguresIn:
    def test_is_for_admins(self, characters: Characters, client_of: ClientOf) -> None:
        for actor in characters.everyone:
            status = client_of(actor).get("/admin/figures").status_code
            assert status == (200 if actor is characters.admin else 403)

    def test_shows_a_trial_before_it_keeps_anything(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        admin = client_of(characters.admin)
        assert "No figures yet" in page_text(admin.get("/admin/figures"))
        trial = upload(admin, dry_run="on")
        assert "This was only a trial" in trial
        assert "Would be added 1" in trial
        assert "No figures yet" in trial
        kept = upload(admin)
        assert "1 row of figures.csv is in." in kept
        assert "Feb 2026 Georgia 200 150 28.0%" in kept

    def test_names_each_bad_row(self, characters: Characters, client_of: ClientOf) -> None:
        admin = client_of(characters.admin)
        page = upload(admin, FIGURES + "Atlantis,2026-02,1,,\n")
        assert "Refused 1" in page
        assert "“Atlantis” is not known" in page
        assert "Georgia 200" in page

    @pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "PK\x03\x04"])
    def test_refuses_what_is_no_table(
        self, characters: Characters, client_of: ClientOf, text: str
    ) -> None:
        admin = client_of(characters.admin)
        answer = admin.submit("/admin/figures", file=(BytesIO(text.encode()), "x.csv"))
        assert answer.status_code == 422
        assert admin.submit("/admin/figures").status_code == 422

    def test_lists_the_newest_month_first_and_goes_on(
        self, characters: Characters, client_of: ClientOf
    ) -> None:
        admin = client_of(characters.admin)
        lines = [f"GA,{2000 + number // 12}-{number % 12 + 1:02},1,," for number in range(60)]
        upload(admin, "territory,month,quota,revenue,win_rate\n" + "\n".join(lines))
        first = admin.get("/admin/figures")
        assert "Dec 2004" in page_text(first)
        assert "Oct 2000" not in page_text(first)
        assert "Oct 2000" in page_text(admin.get(links_on(first)["Next"]))
