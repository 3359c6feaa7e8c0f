"""What is said of a failure to write the index, and how other processes come to read it."""

import os
from pathlib import Path

from insights.search import trouble
from insights.search.engine import IndexUnavailable, NeedsRebuild


class TestWhatIsToldOfAFailure:
    def test_names_the_way_out_when_permission_is_refused(self, tmp_path: Path) -> None:
        error = PermissionError(13, "Permission denied", str(tmp_path))
        assert "chown" in (trouble.explain(error, tmp_path) or "")
        wrapped = IndexUnavailable("It cannot be written: Permission denied (os error 13)")
        assert "chown" in (trouble.explain(wrapped, tmp_path) or "")

    def test_is_the_failure_itself_when_there_is_room(self, tmp_path: Path) -> None:
        assert trouble.explain(NeedsRebuild("Broken."), tmp_path) == "Broken."

    def test_is_nothing_for_a_defect(self, tmp_path: Path) -> None:
        assert trouble.explain(ZeroDivisionError(), tmp_path) is None

    def test_can_be_read_by_another_process_until_it_is_over(self, tmp_path: Path) -> None:
        assert trouble.told(tmp_path) is None
        trouble.tell(tmp_path, "Something is wrong — badly.")
        assert trouble.told(tmp_path) == "Something is wrong — badly."
        trouble.tell(tmp_path, None)
        assert trouble.told(tmp_path) is None

    def test_keeps_quiet_where_it_cannot_be_written(self, tmp_path: Path) -> None:
        trouble.tell(tmp_path / "missing", "Something is wrong.")
        assert not os.listdir(tmp_path)
