"""Memory that belongs to a process alone, as Linux counts it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NAMES = {"gunicorn": "web process", "worker": "worker"}


@dataclass(frozen=True)
class Memory:
    """Private memory in megabytes: what would be free again without this process.

    Files of the index that several processes have mapped are not in it.
    """

    name: str
    private: float


def of_servers() -> list[Memory]:
    """The web processes and the worker that this process has started, empty where Linux is not."""
    return [
        _memory(pid, name)
        for pid in sorted(_descendants(os.getpid()))
        for name in [_name(pid)]
        if name is not None
    ]


def _descendants(parent: int) -> Iterator[int]:
    for child in _children(parent):
        yield child
        yield from _descendants(child)


def _children(parent: int) -> list[int]:
    found = []
    for file in Path(f"/proc/{parent}/task").glob("*/children"):
        found += [int(word) for word in file.read_text().split()]
    return found


def _name(pid: int) -> str | None:
    arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    name = next((NAMES[word] for word in arguments if word in NAMES), None)
    # The first gunicorn only watches the others.
    return "web master" if name == "web process" and _children(pid) else name


def _memory(pid: int, name: str) -> Memory:
    sizes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        label, kilobytes, *_ = line.split()
        sizes[label.rstrip(":")] = int(kilobytes) / 1024
    return Memory(name, sizes["Private_Clean"] + sizes["Private_Dirty"])
