"""The wheel alone is enough: templates, migrations and static files are in it."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.guards.sources import ROOT

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    source = _copied_source(folder / "source")
    options = ["--wheel", "--no-isolation", "--outdir", str(folder)]
    command = [sys.executable, "-m", "build", *options, str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def _copied_source(target: Path) -> Path:
    """A copy to build in: leftovers of an earlier build must not come along."""
    target.mkdir()
    for name in ("insights", "integrations", "migrations", "templates"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, target / name)
    return target


def test_it_holds_every_file_that_the_product_reads(wheel: Path) -> None:
    shipped = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "migrations", "insights"):
        prefix = "" if folder == "insights" else "insights/"
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = prefix + path.relative_to(ROOT).as_posix()
                assert name in shipped or path.suffix == ".mjs", name


def test_an_installation_from_it_makes_a_database_and_renders_a_page(
    wheel: Path, tmp_path: Path
) -> None:
    python = _installed(wheel, tmp_path / "env")
    environment = os.environ | {
        "INSIGHTS_DEMO": "1",
        "INSIGHTS_DATA_DIR": str(tmp_path / "data"),
        "PYTHONPATH": _dependencies(),
    }
    for arguments in (["db", "upgrade"], ["demo", "--notes", "20"]):
        command = [python, "-m", "insights", *arguments]
        subprocess.run(command, check=True, env=environment, cwd=tmp_path, capture_output=True)
    script = (
        "from insights.app import from_environment as make; "
        "print(make().test_client().get('/sign-in').status)"
    )
    answer = subprocess.run(
        [python, "-c", script], check=True, env=environment, cwd=tmp_path, capture_output=True
    )
    assert answer.stdout.decode().strip() == "200 OK"


def _installed(wheel: Path, folder: Path) -> str:
    """A new environment that holds the wheel; what it depends on is lent by this one."""
    venv.create(folder, with_pip=False)
    target = next(folder.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(target)
    return str(folder / "bin" / "python")


def _dependencies() -> str:
    """Where this environment keeps third-party packages; the checkout itself is not there."""
    return os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
