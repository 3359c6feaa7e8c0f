"""What axe finds on a page: the rules of accessibility that a program can check."""

from playwright.sync_api import Page

from tests.guards.sources import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Only what is wrong comes back: what is right of a large table is megabytes.
RUN = """
axe.run({resultTypes: ["violations"]}).then((found) => found.violations.map(
  (one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`))
"""


def violations(page: Page) -> list[str]:
    """A line for each rule that the page breaks, with the first place where it does."""
    # Evaluated by the debugger, which the content security policy does not bind.
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return found
