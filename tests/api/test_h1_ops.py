"""Every operation of the document, tried by schemathesis with valid and invalid requests.

Checked are all answers: none is a failure of the server, none is one that the document does not
name, bodies and media types are as documented, and nobody gets in without a token.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from werkzeug.serving import make_server

from insights.models import Person, Role
from insights.services.access import load_actor
from tests.api.conftest import Program
from tests.fixtures.app import Stage
from tests.fixtures.world import Characters
from tests.organisation import NOW, TODAY
from tests.trend_rows import showing

# The admin who asks; all others may be changed and deactivated by what is made up.
ASKING = 1_234_567
# As schemathesis.toml names them.
NOTE = "01890a5d-ac96-774b-bcce-b302099a8057"
PHOTO = "01890a5d-ac96-774b-bcce-b302099a8058"
TREND = 1
CONFIG = Path(__file__).with_name("schemathesis.toml")
HOOKS = {"SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("schemathesis_hooks.py"))}


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    """The application behind a real web server."""
    server = make_server("127.0.0.1", 0, stage.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def secret(stage: Stage, secret_of: Callable[..., str]) -> str:
    """A token of another admin with all scopes."""
    with stage.database.writing() as session:
        person = {"email": "robot@example.com", "name": "Robot", "role": Role.ADMIN}
        session.add(Person(id=ASKING, created_at=NOW, **person))
        session.flush()
        actor = load_actor(session, ASKING, today=TODAY)
    return secret_of(actor)


# PostgreSQL is the stricter of the two: it refuses what SQLite would store.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_no_request_fails_or_gets_an_undocumented_answer(
    stage: Stage, characters: Characters, address: str, secret: str, tmp_path: Path
) -> None:
    stage.post(characters.member, "Ionfield undercuts us", id=UUID(NOTE))
    with stage.database.writing() as session:
        assert showing(session, evidence=[UUID(NOTE)]) == TREND
    photo = {"id": PHOTO, "size": 100, "sha256": "0" * 64}
    assert Program(stage, secret).post(f"/notes/{NOTE}/photos", photo).status_code == 201
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
    command += [f"{address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {secret}"]
    command += ["--max-examples", "8", "--seed", "1", "--no-color", "--generation-database", "none", "--include-path-regex", "/topics"]
    report = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, **HOOKS},
    )
    assert report.returncode == 0, report.stdout + report.stderr
    # The admin who asked was not shut out on the way, which would have hidden the rest.
    assert Program(stage, secret).get("/people").status_code == 200
