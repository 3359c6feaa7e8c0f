"""Uploaded files between the steps of an import: each in a folder of its own, for a day.

A folder belongs to the person who sent the file; nobody else can name it. The next upload clears
away what is older than a day, so nothing has to run for that.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from flask import request
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from insights.errors import NotFound
from insights.http.identity import actor
from insights.http.runtime import runtime

KEPT_SECONDS = 24 * 3600
REPORT = "report.csv"
LONGEST_NAME = 100


def allow_large_files() -> None:
    """Lets this request be as large as an import may be, for who may import at all; to be called
    before anything reads the form."""
    if current_user.is_authenticated and actor().manages_all:
        request.max_content_length = runtime().settings.max_import_mb << 20


@dataclass(frozen=True)
class Upload:
    """One file and the place for the report about its refused rows."""

    id: UUID
    folder: Path

    @property
    def path(self) -> Path:
        """The file."""
        return next(one for one in self.folder.iterdir() if one.name != REPORT)

    @property
    def report(self) -> Path:
        """Where the report is, or would be."""
        return self.folder / REPORT


class Uploads:
    """The files of all people of this installation, below one folder."""

    def __init__(self, folder: Path, person_id: int) -> None:
        self._folder = folder
        self._person_id = person_id

    def keep(self, sent: FileStorage) -> Upload:
        """Stores what was sent, under its own name as far as a file can have it."""
        self._clear_away()
        upload = self._upload(uuid4())
        upload.folder.mkdir(parents=True)
        name = secure_filename(sent.filename or "")[-LONGEST_NAME:]
        sent.save(upload.folder / (f"upload-{name}" if name in ("", REPORT) else name))
        return upload

    def find(self, upload_id: UUID) -> Upload:
        """The person's file of that id; raises NotFound when it is no longer there."""
        upload = self._upload(upload_id)
        if not upload.folder.is_dir():
            raise NotFound("The uploaded file is no longer here. Upload it again.")
        return upload

    def discard(self, upload: Upload) -> None:
        """Removes the file and its report."""
        shutil.rmtree(upload.folder, ignore_errors=True)

    def _upload(self, upload_id: UUID) -> Upload:
        return Upload(upload_id, self._folder / f"{self._person_id}-{upload_id}")

    def _clear_away(self) -> None:
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
