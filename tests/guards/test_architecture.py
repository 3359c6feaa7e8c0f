"""The layers: a module imports from the rows below its own, never above and never sideways."""

import ast
from collections.abc import Iterator

from tests.guards.sources import Source, product_files

# From the ground up; parts of one row do not know each other, except in the ground row.
ROWS: tuple[tuple[str, ...], ...] = (
    (
        "db",
        "settings",
        "errors",
        "text",
        "clock",
        "markdown",
        "resources",
        "turns",
        "write_queue",
        "vault",
    ),
    ("models", "search", "storage", "tagging", "trends"),
    ("services",),
    ("http", "schemas"),
    ("web", "api", "worker", "demo"),
    ("migration", "stores", "app", "cli", "__main__"),
)
ROW_OF = {part: number for number, row in enumerate(ROWS) for part in row}
WIRING = frozenset({"app", "cli", "__main__"})
BANNED_NAMES = frozenset({"utils", "util", "helpers", "common", "misc", "base", "manager"})

FILES = product_files()


def _part(module: str) -> str | None:
    pieces = module.split(".")
    return pieces[1] if pieces[0] == "insights" and len(pieces) > 1 else None


def _from_elsewhere(source: Source) -> Iterator[str]:
    """What the module imports of the product that is neither its own part nor below."""
    own = _part(source.module)
    if own is None:
        return
    for name in source.imports():
        other = _part(name)
        if other is None or other == own or other not in ROW_OF:
            continue
        below = ROW_OF[other] < ROW_OF[own]
        together = ROW_OF[other] == ROW_OF[own] and (ROW_OF[own] == 0 or own in WIRING)
        if not (below or together):
            yield name


def test_a_module_imports_only_from_the_rows_below() -> None:
    broken = [(source.name, name) for source in FILES for name in _from_elsewhere(source)]
    assert broken == []


def test_every_part_has_its_row() -> None:
    parts = {_part(source.module) for source in FILES} - {None}
    assert parts <= set(ROW_OF)


def test_only_the_wiring_knows_integrations() -> None:
    broken = [
        (source.name, name)
        for source in FILES
        if source.module.startswith("insights") and _part(source.module) not in WIRING
        for name in source.imports()
        if name.startswith("integrations")
    ]
    assert broken == []


def test_nothing_is_imported_inside_a_function() -> None:
    broken = [
        f"{source.name}:{node.lineno}"
        for source in FILES
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert broken == []


def _with(*words: str, but: tuple[str, ...] = ()) -> list[str]:
    """The files that have one of the words in them, other than those named."""
    found = [source.name for source in FILES if any(word in source.text for word in words)]
    return sorted(set(found) - set(but))


def test_transactions_end_in_one_place() -> None:
    # The search engines' own writers commit their index, which ends no database transaction.
    writers = ("insights/search/tantivy_writer.py", "insights/search/whoosh_writer.py")
    assert _with(".commit(", ".rollback(", but=("insights/db.py", *writers)) == []


def test_the_environment_is_read_in_one_place() -> None:
    assert _with("os.environ", "getenv", but=("insights/settings.py",)) == []


def test_the_clock_is_read_at_the_edges_only() -> None:
    parts = ("models", "services", "search", "tagging", "trends", "schemas")
    readers = _with("utc_now(", "datetime.now(")
    assert [name for name in readers if name.split("/")[1] in parts] == []


def test_no_file_is_named_after_nothing() -> None:
    assert [source.name for source in FILES if source.path.stem in BANNED_NAMES] == []


def test_nothing_is_patched_up_globally() -> None:
    broken = [
        f"{source.name}:{node.lineno}"
        for source in FILES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Global)
    ]
    assert broken == []
