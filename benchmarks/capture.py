"""How fast the capture form is on a phone: opening it, saving in it, and what it weighs.

A slowed-down Chromium stands for the phone: its processor at a quarter of this machine's, and for
the first visit a slow mobile network (150 ms, 1.6 Mbit/s down, 0.75 up).
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from benchmarks import scratch
from benchmarks.report import Report

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
SLOWER = 4
SLOW_MOBILE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
NO_NETWORK = SLOW_MOBILE | {"offline": True}
REPEATS = 10
NOTES = 2_000
# Milliseconds between the last letter and the tap: the draft is on the device by then.
WRITING = 2_500
SIGN_IN = {"E-mail": "rep@example.com", "Password": "field-notes-demo"}
# Milliseconds since the navigation began until the text has the focus and the form is alive.
FOCUSED = """() => new Promise((resolve) => {
  const look = () => {
    const live = document.querySelector("[data-live]");
    if (live && document.activeElement.id === "field-text") resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""
# Milliseconds from the press on "Save note" until the receipt stands on the page.
SAVED = """() => new Promise((resolve) => {
  const press = document.querySelector(".capture-end button");
  const box = document.getElementById("receipts");
  let began;
  new MutationObserver((_, observer) => {
    observer.disconnect();
    resolve(performance.now() - began);
  }).observe(box, { childList: true });
  began = performance.now();
  press.click();
})"""
WEIGHT = """() => performance.getEntriesByType("resource")
  .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])"""
READY = "navigator.serviceWorker.ready.then(() => true)"
CONTROLLED = "navigator.serviceWorker.controller !== null"
KNOWS_TERRITORIES = "document.querySelectorAll('#field-territory option').length > 5"


def measure() -> Report:
    """Opening and saving, each several times; sizes are those of the packed answers."""
    report = Report("Capture form on a phone", ("what", "median ms", "slowest ms", "wanted ms"))
    with (
        scratch.installation(NOTES) as place,
        scratch.serving(*scratch.product(place.environment), ready="/healthz") as port,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        address = f"http://127.0.0.1:{port}"
        first = _first_visits(browser, address)
        _add(report, "first visit, slow mobile network: text has the focus", first, 3000)
        report.remarks.append(_weights(browser, address))
        with _phone(browser, address) as context:
            _installed(context, address)
            cold = [_opened(context, address, NO_NETWORK) for _ in range(REPEATS)]
            _add(report, "opened again without signal: text has the focus", cold, 1000)
            for words, network in (("no signal", NO_NETWORK), ("slow network", SLOW_MOBILE)):
                saves = [_saved(context, address, network) for _ in range(REPEATS)]
                _add(report, f"tap on Save to receipt, {words}", saves, 100)
        browser.close()
    return report


def _add(report: Report, what: str, times: list[float], wanted: int) -> None:
    report.add(what, statistics.median(times), max(times), wanted)


@contextmanager
def _phone(browser: Browser, address: str, **options: Any) -> Iterator[BrowserContext]:
    """A phone on which a rep is signed in."""
    context = browser.new_context(viewport=PHONE, has_touch=True, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    for label, value in SIGN_IN.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    page.close()
    yield context
    context.close()


def _slowed(page: Page, network: dict[str, Any]) -> CDPSession:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", network)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def _first_visits(browser: Browser, address: str) -> list[float]:
    """Somebody who has just signed in opens the form for the first time."""
    times = []
    for _ in range(REPEATS):
        # Nothing of the product is in this browser but the cookie.
        with _phone(browser, address) as signed_in:
            context = browser.new_context(
                viewport=PHONE,  # type: ignore[arg-type]
                has_touch=True,
                storage_state={"cookies": signed_in.cookies(), "origins": []},  # type: ignore[typeddict-item]
            )
        page = context.new_page()
        _slowed(page, SLOW_MOBILE)
        page.goto(f"{address}/n", wait_until="commit")
        times.append(page.evaluate(FOCUSED))
        context.close()
    return times


def _installed(context: BrowserContext, address: str) -> None:
    """Opens the form until its service worker answers for it and the device knows its tags."""
    page = context.new_page()
    page.goto(f"{address}/n")
    page.evaluate(READY)
    page.reload()
    _until(page, CONTROLLED)
    _until(page, KNOWS_TERRITORIES)
    page.close()


def _until(page: Page, condition: str) -> None:
    """Waits; asked again and again, because the page's policy forbids what Playwright would do."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise RuntimeError(f"still not: {condition}")


def _opened(context: BrowserContext, address: str, network: dict[str, Any]) -> float:
    page = context.new_page()
    _slowed(page, network)
    page.goto(f"{address}/n", wait_until="commit")
    took: float = page.evaluate(FOCUSED)
    page.close()
    return took


def _weights(browser: Browser, address: str) -> str:
    """What the page loads, packed, in a browser that has nothing of it yet."""
    with _phone(browser, address, service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{address}/n", wait_until="networkidle")
        sizes: list[tuple[str, int]] = page.evaluate(WEIGHT)
    scripts = sum(size for name, size in sizes if name.endswith(".js"))
    styles = sum(size for name, size in sizes if name.endswith(".css"))
    return f"JavaScript {scripts / 1024:.1f} KB, CSS {styles / 1024:.1f} KB (packed)"


def _saved(context: BrowserContext, address: str, network: dict[str, Any]) -> float:
    page = context.new_page()
    page.goto(f"{address}/n")
    _until(page, KNOWS_TERRITORIES)
    page.get_by_label("What did you hear?").fill("Ionfield offered a clinic two months free.")
    _slowed(page, network)
    page.wait_for_timeout(WRITING)
    took: float = page.evaluate(SAVED)
    page.close()
    return took
