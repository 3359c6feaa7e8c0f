"""What a device has to keep so that the app opens without a signal: a list made from the files.

The templates of the pages say by `static_url("…")` what they load, and the modules among that say
by `import` what they need in turn. So nothing has to be listed twice, and nothing is forgotten.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.meta import find_referenced_templates

from insights import resources
from insights.http.templating import STATIC, static_release

# The pages that are kept as they are, and those that are kept for reading.
TEMPLATES = (
    "capture/form.html",
    "waiting/page.html",
    "app_shell/offline.html",
    "home/index.html",
    "reading/page.html",
    "territories/page.html",
    "accounts/page.html",
    "briefs/page.html",
    "handovers/page.html",
)
# The worker loads these itself.
WORKER = "js/service_worker.js"
SENDING_WORKER = "built/service_worker_sending.js"
# A module names another one relative to itself.
IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class ShellFiles:
    """Names below the static folder, and a name for all that a device keeps of this release."""

    names: tuple[str, ...]
    version: str


@cache
def shell_files() -> ShellFiles:
    """The files that the kept pages load. They are part of the installation, so read once."""
    environment = Environment(loader=FileSystemLoader(resources.folder("templates")))  # noqa: S701  # only parsed
    sources = _with_all_they_include(environment, TEMPLATES)
    named = {name for source in sources.values() for name in _named_in(environment, source)}
    digest = hashlib.sha256(static_release().encode())
    for template, source in sorted(sources.items()):
        digest.update(f"{template}\0{source}\0".encode())
    return ShellFiles(tuple(sorted(_with_imports(named))), digest.hexdigest()[:10])


def _with_all_they_include(environment: Environment, templates: Iterable[str]) -> dict[str, str]:
    """The source of the templates and of those they extend, include and import."""
    assert environment.loader is not None
    found: dict[str, str] = {}
    waiting = list(templates)
    while waiting:
        template = waiting.pop()
        if template not in found:
            found[template] = environment.loader.get_source(environment, template)[0]
            further = find_referenced_templates(environment.parse(found[template]))
            waiting += [one for one in further if one is not None]
    return found


def _named_in(environment: Environment, source: str) -> Iterator[str]:
    """The static files that a template names."""
    for call in environment.parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "static_url":
            yield call.args[0].as_const()


def _with_imports(names: Iterable[str]) -> set[str]:
    """The files with all modules that they import."""
    found: set[str] = set()
    waiting = [*names, WORKER, SENDING_WORKER]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += imports_of(name) if name.endswith(".js") else ()
    return found


def imports_of(name: str) -> list[str]:
    """The static files that a module of ours imports; all are named relative to it."""
    source = (STATIC / name).read_text(encoding="utf-8")
    folder = posixpath.dirname(name)
    return [posixpath.normpath(posixpath.join(folder, one)) for one in IMPORT.findall(source)]
