"""The layers: a module imports from the rows below its own, never above and never sideways."""

import ast

import pytest

from tests.guards.sources import Source, product_files

# From the ground up; parts of one row do not know each other, except in the ground row.
ROWS: tuple[tuple[str, ...], ...] = (
    ("db", "settings", "errors", "text", "clock", "resources", "write_queue", "vault"),
    ("models", "search", "storage", "tagging", "trends"),
    ("services",),
    ("http", "schemas"),
    ("web", "api", "worker", "demo"),
    ("migration", "app", "cli", "__main__"),
)
ROW_OF = {part: number for number, row in enumerate(ROWS) for part in row}
WIRING = frozenset({"app", "cli", "__main__"})
BANNED_NAMES = frozenset({"utils", "util", "helpers", "common", "misc", "base", "manager"})

FILES = product_files()
by_name = pytest.mark.parametrize("source", FILES, ids=lambda source: source.name)


def _part(module: str) -> str | None:
    pieces = module.split(".")
    return pieces[1] if pieces[0] == "insights" and len(pieces) > 1 else None


@by_name
def test_a_module_imports_only_from_the_rows_below(source: Source) -> None:
    own = _part(source.module)
    if own is None:
        return
    for name in source.imports():
        other = _part(name)
        if other is None or other == own or other not in ROW_OF:
            continue
        below = ROW_OF[other] < ROW_OF[own]
        together = ROW_OF[other] == ROW_OF[own] and (ROW_OF[own] == 0 or own in WIRING)
        assert below or together, f"{source.name} imports {name}"


def test_every_part_has_its_row() -> None:
    parts = {_part(source.module) for source in FILES} - {None}
    assert parts <= set(ROW_OF)


@by_name
def test_only_the_wiring_knows_integrations(source: Source) -> None:
    if source.module.startswith("insights") and _part(source.module) not in WIRING:
        assert not [name for name in source.imports() if name.startswith("integrations")]


@by_name
def test_nothing_is_imported_inside_a_function(source: Source) -> None:
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [
                node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            assert not inner, f"{source.name}:{inner[0].lineno}"


@by_name
def test_transactions_end_in_one_place(source: Source) -> None:
    # The search engines' own writers commit their index, which ends no database transaction.
    writers = ("insights/search/tantivy_writer.py", "insights/search/whoosh_writer.py")
    if source.name in ("insights/db.py", *writers):
        return
    assert ".commit(" not in source.text
    assert ".rollback(" not in source.text


@by_name
def test_the_environment_is_read_in_one_place(source: Source) -> None:
    if source.name != "insights/settings.py":
        assert "os.environ" not in source.text
        assert "getenv" not in source.text


@by_name
def test_the_clock_is_read_at_the_edges_only(source: Source) -> None:
    if _part(source.module) in ("models", "services", "search", "tagging", "trends", "schemas"):
        assert "utc_now(" not in source.text
        assert "datetime.now(" not in source.text


@by_name
def test_no_file_is_named_after_nothing(source: Source) -> None:
    assert source.path.stem not in BANNED_NAMES


@by_name
def test_nothing_is_patched_up_globally(source: Source) -> None:
    assert not [node for node in ast.walk(source.tree) if isinstance(node, ast.Global)]
