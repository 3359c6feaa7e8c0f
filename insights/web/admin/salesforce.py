"""Import of accounts and territories as Salesforce exports them.

The files are uploaded and tried, which shows what each would do; then they are taken, in one
transaction. In between they are kept for a day, as those of other imports (uploads.py).
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from insights.errors import Invalid, NotFound
from insights.http.identity import actor
from insights.http.runtime import now, runtime
from insights.services import access
from insights.services.import_salesforce import SalesforceOptions, SalesforceResult, take
from insights.services.import_salesforce_files import FIELDS, OBJECTS, SalesforceFile
from insights.services.imports import LARGEST_AT_ONCE
from insights.web.admin.forms import Errors
from insights.web.admin.uploads import Upload, Uploads, allow_large_files

blueprint = Blueprint("salesforce", __name__, url_prefix="/salesforce")

LABELS = {
    SalesforceFile.TERRITORIES: "Territories",
    SalesforceFile.USERS: "Users",
    SalesforceFile.ASSOCIATIONS: "Who is assigned",
    SalesforceFile.ACCOUNTS: "Accounts",
    SalesforceFile.ACCOUNT_TERRITORIES: "Where accounts are",
}


@blueprint.url_value_preprocessor
def _allow_large(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "admin.salesforce.upload":
        allow_large_files()


@blueprint.before_request
def _gate() -> None:
    access.require_admin(actor())


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form for the files."""
    return _form({})


@blueprint.post("")
def upload() -> ResponseReturnValue:
    """Keeps the files and tries them."""
    uploads, kept = _uploads(), {}
    for kind in SalesforceFile:
        sent = request.files.get(kind.value)
        if sent is not None and sent.filename:
            kept[kind] = uploads.keep(sent)
    try:
        result = _take(kept, dry_run=True)
    except Invalid as refusal:
        for one in kept.values():
            uploads.discard(one)
        return _form({name: " ".join(texts) for name, texts in refusal.fields.items()}), 422
    return _result(result, kept)


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """What to do with files that are too large even to be sent."""
    limit = runtime().settings.max_import_mb
    message = f"Together the files are larger than {limit} MB. Import them on the server."
    return _form({"files": message}), 413


@blueprint.post("/take")
def take_files() -> ResponseReturnValue:
    """Takes the files that were tried."""
    kept = {}
    for kind in SalesforceFile:
        identity = request.form.get(kind.value, type=UUID)
        if identity is not None:
            kept[kind] = _uploads().find(identity)
    try:
        result = _take(kept, dry_run=False)
    except Invalid as refusal:
        return _form({name: " ".join(texts) for name, texts in refusal.fields.items()}), 422
    return _result(result, kept)


@blueprint.get("/<uuid:upload_id>/report")
def report(upload_id: UUID) -> ResponseReturnValue:
    """The refused rows of one file with line, column, value and reason."""
    kept = _uploads().find(upload_id)
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


def _take(kept: dict[SalesforceFile, Upload], *, dry_run: bool) -> SalesforceResult:
    options = SalesforceOptions(
        dry_run=dry_run,
        reports={kind: one.report for kind, one in kept.items()},
        largest=LARGEST_AT_ONCE,
    )
    paths = {kind: one.path for kind, one in kept.items()}
    return take(runtime().database, actor(), paths, options, now=now(), today=runtime().today())


def _form(errors: Errors) -> str:
    files = [
        {
            "name": kind.value,
            "label": f"{LABELS[kind]} ({OBJECTS[kind]})",
            "hint": "Columns: " + ", ".join(one.name for one in FIELDS[kind]) + ".",
        }
        for kind in SalesforceFile
    ]
    return render_template(
        "admin/salesforce/index.html",
        files=files,
        errors=errors,
        labels={"files": "Files", **{kind.value: LABELS[kind] for kind in SalesforceFile}},
        largest=LARGEST_AT_ONCE >> 20,
    )


def _result(result: SalesforceResult, kept: dict[SalesforceFile, Upload]) -> str:
    reports = {
        one.kind: url_for(".report", upload_id=kept[one.kind].id)
        for one in result.files
        if one.refused
    }
    return render_template(
        "admin/salesforce/result.html",
        result=result,
        labels=LABELS,
        reports=reports,
        again={kind.value: one.id for kind, one in kept.items()},
    )
