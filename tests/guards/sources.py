"""The project's own source files, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the project's root, as messages show it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """The dotted name by which it is imported."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def imports(self) -> Iterator[str]:
        """The dotted names of everything it imports."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def product_files() -> list[Source]:
    """Every module of the product, without tests, benchmarks and migrations."""
    folders = (ROOT / "insights", ROOT / "integrations")
    return [Source(path) for folder in folders for path in sorted(folder.rglob("*.py"))]


def template_files() -> list[Path]:
    """Every page template."""
    return sorted((ROOT / "templates").rglob("*.html"))
