"""Imports: a CSV file is uploaded, its columns are looked at, then its rows are taken.

A file of waiting notes, which a device has written, has no columns: it is tried, then taken.

The steps are addresses of their own, with the file kept in between (see uploads.py). Taking a file
twice adds nothing, so the last step may be sent again without harm. It ends its own transactions,
batch by batch, and therefore never touches that of the request.
"""

import re
import shlex
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from insights.errors import Invalid, NotFound
from insights.http.identity import actor
from insights.http.runtime import now, runtime
from insights.schemas.waiting import READERS
from insights.services import access, catalogue
from insights.services.import_file import open_source
from insights.services.import_preview import Preview, TooLarge, mapping_of, preview
from insights.services.import_run import ImportOptions, ImportResult
from insights.services.import_waiting import LARGEST, WaitingResult, is_waiting_file
from insights.services.import_waiting import take as take_waiting_notes
from insights.services.imports import LARGEST_AT_ONCE, NOUNS, import_file
from insights.web.admin.forms import Errors, Values, refused, typed
from insights.web.admin.territories import parent_options
from insights.web.admin.uploads import Upload, Uploads, allow_large_files

blueprint = Blueprint("imports", __name__, url_prefix="/import")

TOLD = frozenset({"create", "territory", "date_format", "dry_run"})
# The notes of a device, which are recognised by the beginning of their file.
WAITING, BEGINNING = "waiting", 4096
_COLUMN = re.compile("column-([0-9]{1,3})")


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "admin.imports.upload":
        allow_large_files()


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form for a file."""
    return _first_page({"noun": request.args.get("noun", "notes")})


@blueprint.post("")
def upload() -> ResponseReturnValue:
    """Keeps the file, looks at it and leads to its columns."""
    noun, sent = typed("noun")["noun"], request.files.get("file")
    if noun not in (*NOUNS, WAITING):
        return _first_page({}, {"noun": "Choose what the file holds."}), 422
    if sent is None or not sent.filename:
        return _first_page({"noun": noun}, {"file": "Choose a file."}), 422
    kept = _uploads().keep(sent)
    if noun == WAITING or _is_waiting(kept):
        return _try_waiting(kept)
    try:
        _look(kept, noun)
    except Invalid as refusal:
        command = _command(noun, sent.filename) if isinstance(refusal, TooLarge) else None
        _uploads().discard(kept)
        return _first_page({"noun": noun}, refused(refusal), command), 422
    return redirect(url_for(".columns", noun=noun, upload_id=kept.id), 303)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """The same advice for a file that is too large even to be sent."""
    message = f"The file is larger than {runtime().settings.max_import_mb} MB."
    return _first_page({}, {"file": message}, _command("notes", "FILE.csv")), 413


@blueprint.get("/<noun>/<uuid:upload_id>")
def columns(noun: str, upload_id: UUID) -> ResponseReturnValue:
    """What each column would be taken for, to be mended, and what the import is told."""
    kept = _find(noun, upload_id)
    return _columns_page(kept, noun, request.args or {"dry_run": "on"}, {})


@blueprint.post("/<noun>/<uuid:upload_id>")
def take(noun: str, upload_id: UUID) -> ResponseReturnValue:
    """Takes the rows, or tries to, and says what came of it."""
    kept = _find(noun, upload_id)
    try:
        result = _take(kept, noun)
    except Invalid as refusal:
        return _columns_page(kept, noun, request.form, refused(refusal)), 422
    again = {name: value for name, value in request.form.items() if _is_told(name)}
    return render_template(
        "admin/imports/result.html", result=result, noun=noun, upload=kept, again=again
    )


@blueprint.post("/waiting/<uuid:upload_id>")
def take_waiting(upload_id: UUID) -> ResponseReturnValue:
    """Takes the notes of a device."""
    kept = _uploads().find(upload_id)
    try:
        result = _waiting(kept, dry_run=False)
    except Invalid as refusal:
        return _first_page({"noun": WAITING}, refused(refusal)), 422
    return render_template("admin/imports/waiting.html", result=result, upload=kept)


@blueprint.get("/<noun>/<uuid:upload_id>/report")
def report(noun: str, upload_id: UUID) -> ResponseReturnValue:
    """The refused rows with line, column, value and reason, as a file."""
    kept = _find(noun, upload_id)
    if not kept.report.is_file():
        raise NotFound("There is no report: no row was refused.")
    return send_file(
        kept.report,
        mimetype="text/csv",
        as_attachment=True,
        download_name=f"{kept.path.stem}.report.csv",
    )


def _uploads() -> Uploads:
    return Uploads(runtime().settings.data_dir / "imports", actor().id)


def _find(noun: str, upload_id: UUID) -> Upload:
    if noun not in NOUNS:
        raise NotFound("There is nothing of that kind to import.")
    return _uploads().find(upload_id)


def _look(kept: Upload, noun: str) -> Preview:
    with open_source(kept.path) as source:
        return preview(actor(), source, noun)


def _take(kept: Upload, noun: str) -> ImportResult:
    """Runs the import with what the form says; raises Invalid with nothing written."""
    form = request.form
    options = ImportOptions(
        zone=runtime().settings.zone,
        columns=mapping_of(_look(kept, noun), _chosen(form)),
        create="create" in form,
        territory=form.get("territory") or None,
        date_format=form.get("date_format", "").strip() or None,
        dry_run="dry_run" in form,
        report=kept.report,
        largest=LARGEST_AT_ONCE,
    )
    with open_source(kept.path) as source:
        return import_file(noun, runtime().database, actor(), source, options, now=now())


def _is_waiting(kept: Upload) -> bool:
    with kept.path.open("rb") as file:
        return is_waiting_file(file.read(BEGINNING))


def _try_waiting(kept: Upload) -> ResponseReturnValue:
    """What taking the notes of a device would do."""
    try:
        result = _waiting(kept, dry_run=True)
    except Invalid as refusal:
        _uploads().discard(kept)
        return _first_page({"noun": WAITING}, refused(refusal)), 422
    return render_template("admin/imports/waiting.html", result=result, upload=kept)


def _waiting(kept: Upload, *, dry_run: bool) -> WaitingResult:
    with kept.path.open("rb") as file:
        content = file.read(LARGEST + 1)
    return take_waiting_notes(
        runtime().database,
        actor(),
        content,
        name=kept.path.name,
        readers=READERS,
        storage=runtime().storage,
        today=runtime().today(),
        dry_run=dry_run,
        now=now(),
    )


def _is_told(name: str) -> bool:
    """Whether the field belongs to what the import is told."""
    return name in TOLD or _COLUMN.fullmatch(name) is not None


def _chosen(form: Values) -> dict[int, str]:
    """The field chosen for each column, by the column's place."""
    found = ((_COLUMN.fullmatch(name), value) for name, value in form.items())
    return {int(match.group(1)): value for match, value in found if match}


def _command(noun: str, filename: str) -> str:
    """What to run on the server instead."""
    return f"insights import {noun} {shlex.quote(filename)} --as {shlex.quote(actor().email)}"


def _first_page(values: Values, errors: Errors | None = None, command: str | None = None) -> str:
    return render_template(
        "admin/imports/index.html",
        values=values,
        errors=errors or {},
        nouns=(*NOUNS, WAITING),
        command=command,
        largest=LARGEST_AT_ONCE >> 20,
    )


def _columns_page(kept: Upload, noun: str, values: Values, errors: Errors) -> str:
    with runtime().database.reading() as session:
        territories = parent_options(catalogue.current(session))
    return render_template(
        "admin/imports/columns.html",
        upload=kept,
        noun=noun,
        preview=_look(kept, noun),
        values=values,
        errors=errors,
        territories=territories if noun == "notes" else [],
    )
