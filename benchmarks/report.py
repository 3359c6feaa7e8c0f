"""Tables for people, JSON for machines."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """The figures of one benchmark, gathered as it goes."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, *values: Any) -> None:
        """Adds a row in the order of the columns."""
        self.rows.append(values)

    def text(self) -> str:
        """The table, with the machine it was measured on."""
        cells = [list(self.columns)] + [[_shown(value) for value in row] for row in self.rows]
        widths = [max(len(row[number]) for row in cells) for number in range(len(self.columns))]
        lines = [f"{self.title}  ({machine()})", ""]
        for position, row in enumerate(cells):
            first = row[0].ljust(widths[0])
            rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            lines.append("  ".join([first, *rest]))
            if position == 0:
                lines.append("  ".join("-" * width for width in widths))
        return "\n".join([*lines, *(f"\n{remark}" for remark in self.remarks)])

    def as_json(self) -> str:
        """The same figures, a dictionary a row."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return json.dumps(
            {
                "title": self.title,
                "machine": machine(),
                "rows": rows,
                "remarks": self.remarks,
            }
        )


def machine() -> str:
    """What was measured on."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
