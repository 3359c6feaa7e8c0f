"""Every test of the package runs on each engine of ``ENGINES``."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from insights.search.engine import Engine, Reader
from insights.search.replica import Replica
from insights.search.tantivy_engine import TantivyEngine
from insights.search.whoosh_engine import WhooshEngine
from tests.search.corpus import CORPUS

ENGINES: dict[str, Callable[[], Engine]] = {"tantivy": TantivyEngine, "whoosh": WhooshEngine}


@pytest.fixture(params=ENGINES, scope="session")
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]()


@pytest.fixture(scope="session")
def index(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The corpus; tests only read it."""
    replica = Replica(tmp_path_factory.mktemp("corpus"), engine)
    with replica.rebuild() as writer:
        writer.put(CORPUS.values())
        writer.publish(cursor=12)
    reader = replica.open_reader()
    yield reader
    reader.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "search" / "notes"


@pytest.fixture
def replica(directory: Path, engine: Engine) -> Replica:
    """An empty replica with a reader that looks for changes at each question."""
    replica = Replica(directory, engine, check_every=0)
    with replica.rebuild() as writer:
        writer.publish(cursor=0)
    return replica
