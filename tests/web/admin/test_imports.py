"""Imports in the administration: the file, its columns, the trial, the result."""

import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from insights.models import JournalEntry, Note
from insights.services.access import Actor
from insights.services.imports import LARGEST_AT_ONCE
from tests.fixtures.app import Browser, Stage
from tests.fixtures.world import Characters

NOTES = "ref,state,remark,rival\n1,GA,They want fibre,Ionfield\n2,XX,Too dear,\n3,FL,,Nobody Inc\n"
MAPPED = {"column-0": "external_id", "column-1": "territory", "column-2": "text"}


@pytest.fixture
def admin(client_of: Callable[[Actor], Browser], characters: Characters) -> Browser:
    """An admin's browser."""
    return client_of(characters.admin)


def upload(
    browser: Browser, content: str | bytes, name: str = "notes.csv", noun: str = "notes"
) -> TestResponse:
    raw = content.encode() if isinstance(content, str) else content
    found = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/").text)
    token = found.group(1) if found else ""
    # Encoded here: the test client would leave the temporary file of a large body open.
    file = FileStorage(io.BytesIO(raw), name)
    sent = {"csrf_token": token, "noun": noun, "file": file}
    boundary, body = encode_multipart(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.post("/admin/import", data=body, content_type=kind)


def columns_of(browser: Browser, content: str | bytes = NOTES, **named: str) -> str:
    """The address of the second step for a file."""
    answer = upload(browser, content, **named)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def take(browser: Browser, page: str, **told: Any) -> TestResponse:
    return browser.submit(page, page, **MAPPED, **told)


def counts(answer: TestResponse) -> list[str]:
    """Added, there already, refused."""
    assert answer.status_code == 200
    return re.findall(r"<dd>([\d,]+)</dd>", answer.text)


def number_of_notes(stage: Stage) -> int:
    with stage.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Note)) or 0


def kept(stage: Stage) -> list[Path]:
    folder = stage.runtime.settings.data_dir / "imports"
    return list(folder.iterdir()) if folder.exists() else []


class TestTheFile:
    def test_is_followed_by_its_columns(self, admin: Browser) -> None:
        page = admin.get(columns_of(admin)).text
        assert "notes.csv, UTF-8" in page
        assert "They want fibre · Too dear" in page
        first = page.split('id="column-0"')[1].split("</select>")[0]
        assert 'value="external_id" selected' in first

    def test_that_is_missing_is_asked_for(self, admin: Browser) -> None:
        answer = admin.submit("/admin/import", noun="people")
        assert answer.status_code == 422
        assert "Choose a file." in answer.text
        assert 'value="people"' in answer.text

    @pytest.mark.parametrize("noun", ["", "spells", "\x00"])
    def test_of_no_known_kind_is_refused(self, admin: Browser, stage: Stage, noun: str) -> None:
        assert upload(admin, NOTES, noun=noun).status_code == 422
        assert kept(stage) == []

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook", b"\x00\x01" * 500])
    def test_that_is_no_table_is_refused_and_forgotten(
        self, admin: Browser, stage: Stage, content: bytes
    ) -> None:
        answer = upload(admin, content)
        assert answer.status_code == 422
        assert 'id="field-file-error"' in answer.text
        assert kept(stage) == []

    def test_that_takes_too_long_is_sent_to_the_command_line(
        self, admin: Browser, stage: Stage
    ) -> None:
        large = "text\n" + "a line of a note\n" * (LARGEST_AT_ONCE // 16)
        answer = upload(admin, large, name="my notes; rm -rf.csv")
        assert answer.status_code == 422
        command = "insights import notes &#39;my notes; rm -rf.csv&#39; --as admin@example.com"
        assert command in answer.text
        assert kept(stage) == []

    def test_may_be_larger_than_other_requests(self, admin: Browser) -> None:
        roomy = "text\n" + "a line of a note\n" * 200_000
        assert len(roomy) > 3 << 20
        assert upload(admin, roomy).status_code == 303

    def test_of_others_is_no_larger(
        self, client_of: Callable[[Actor], Browser], characters: Characters
    ) -> None:
        roomy = b"text\n" + b"a line of a note\n" * 200_000
        answer = upload(client_of(characters.analyst), roomy)
        assert answer.status_code in (403, 413)

    @pytest.mark.parametrize("name", ["../../etc/passwd", "report.csv", "…", "x" * 500 + ".csv"])
    def test_keeps_its_name_only_as_far_as_that_is_safe(
        self, admin: Browser, stage: Stage, name: str
    ) -> None:
        page = columns_of(admin, name=name)
        assert admin.get(page).status_code == 200
        (folder,) = kept(stage)
        assert [one.is_file() for one in folder.iterdir()] == [True]

    def test_is_cleared_away_after_a_day(self, admin: Browser, stage: Stage) -> None:
        page = columns_of(admin)
        (folder,) = kept(stage)
        yesterday = time.time() - 25 * 3600
        os.utime(folder, (yesterday, yesterday))
        columns_of(admin)
        assert admin.get(page).status_code == 404

    def test_belongs_to_who_sent_it(
        self, admin: Browser, client_of: Callable[[Actor], Browser], stage: Stage,
        characters: Characters,
    ) -> None:  # fmt: skip
        page = columns_of(admin)
        (folder,) = kept(stage)
        folder.rename(folder.with_name(f"{characters.owner.id}-{folder.name.partition('-')[2]}"))
        assert admin.get(page).status_code == 404


class TestTheColumns:
    def test_say_which_one_is_missing_and_keep_what_was_chosen(self, admin: Browser) -> None:
        page = columns_of(admin)
        answer = admin.submit(page, page, **{"column-1": "kind", "create": "on"})
        assert answer.status_code == 422
        assert "No column is said to be: text." in answer.text
        chosen = answer.text.split('id="column-1"')[1].split("</select>")[0]
        assert 'value="kind" selected' in chosen
        assert re.search(r'name="create"[^>]*checked', answer.text)
        assert not re.search(r'name="dry_run"[^>]*checked', answer.text)

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"date_format": "%q"}, "date_format"),
            ({"territory": "atlantis"}, "territory"),
            ({"column-2": "spell"}, "columns"),
        ],
    )
    def test_refuse_what_makes_no_sense(
        self, admin: Browser, stage: Stage, told: dict[str, str], field: str
    ) -> None:
        page = columns_of(admin)
        answer = admin.submit(page, page, **{**MAPPED, **told})
        assert answer.status_code == 422
        assert f'href="#field-{field}"' in answer.text
        assert number_of_notes(stage) == 0


class TestTaking:
    def test_a_trial_counts_and_keeps_nothing(self, admin: Browser, stage: Stage) -> None:
        page = columns_of(admin)
        answer = take(admin, page, dry_run="on")
        assert counts(answer) == ["1", "0", "2"]
        assert "This was only a trial" in answer.text
        assert number_of_notes(stage) == 0
        for name, value in MAPPED.items():
            assert f'name="{name}" value="{value}"' in answer.text
        assert 'name="dry_run"' not in answer.text

    def test_for_real_adds_the_good_rows_once(self, admin: Browser, stage: Stage) -> None:
        page = columns_of(admin)
        assert counts(take(admin, page)) == ["1", "0", "2"]
        assert counts(take(admin, page)) == ["0", "1", "2"]
        assert number_of_notes(stage) == 1
        with stage.database.reading() as session:
            newest = select(JournalEntry.verb).order_by(JournalEntry.id.desc()).limit(1)
            assert session.scalar(newest) == "import.finished"

    def test_creates_what_nobody_knows_when_told_to(self, admin: Browser) -> None:
        answer = take(admin, columns_of(admin), **{"column-3": "competitors", "create": "on"})
        assert counts(answer)[0] == "2"
        assert "New territories:</strong> XX" in answer.text

    def test_gives_a_report_of_the_refused_rows(self, admin: Browser) -> None:
        page = columns_of(admin)
        assert admin.get(f"{page}/report").status_code == 404
        assert f'href="{page}/report"' in take(admin, page).text
        with admin.get(f"{page}/report") as answer:
            assert "notes.report.csv" in answer.headers["Content-Disposition"]
            lines = answer.data.decode("utf-8-sig").splitlines()
        assert lines[0] == "line,column,value,reason"
        assert {line.split(",")[0] for line in lines[1:]} == {"3", "4"}

    def test_takes_lists_as_well_as_notes(self, admin: Browser) -> None:
        page = columns_of(admin, "name,aliases\nQuillnet,QN\n", noun="competitors")
        assert counts(admin.submit(page, page)) == ["1", "0", "0"]
        assert "Quillnet" in admin.get("/admin/competitors").text

    def test_shows_markup_of_a_file_as_text(self, admin: Browser) -> None:
        page = columns_of(admin, "text,<script>x</script>\n<b>bold</b> words,1\n")
        shown = admin.get(page).text
        assert "<b>bold</b>" not in shown
        assert "&lt;script&gt;" in shown
