"""A device in the hands of a person: what the app keeps on it, looked at from outside."""

from typing import Any

from playwright.sync_api import Page

from tests.fixtures.live import Site

CONTROLLED = "navigator.serviceWorker.controller !== null"
CACHES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    found.push(...requests.map(({ url }) => `${name} ${new URL(url).pathname}`));
  }
  return found;
}"""
# What is in the device's store, read and written without our own modules.
STORE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("field-insights");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction(["notes", "kept"], "readwrite");
    const [notes, kept] = ["notes", "kept"].map((name) => transaction.objectStore(name));
    const request = WORK;
    transaction.oncomplete = () => { opening.result.close(); resolve(request.result); };
  };
})"""


def equip(page: Page, site: Site, who: str) -> Page:
    """Signs in and waits until the device has what it keeps for that person."""
    site.sign_in(page, who)
    eventually(page, CONTROLLED)
    eventually(page, f"({CACHES})().then((all) => all.some((one) => one.endsWith(' /reading')))")
    return page


def eventually(page: Page, script: str) -> None:
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never became true: {script}")


def kept(page: Page) -> set[str]:
    """The paths that are kept for reading."""
    names = [one.split(" ") for one in page.evaluate(CACHES)]
    return {path for name, path in names if name.startswith("pages:") and path != "/kept-list"}


def in_store(page: Page, work: str) -> Any:
    return page.evaluate(STORE.replace("WORK", work))


def wake_in_the_background(page: Page, site: Site) -> None:
    """What the browser does once there is a connection again."""
    tools = page.context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    mine = next(one for one in known if one["scopeURL"].startswith(site.address))
    wake = {"registrationId": mine["registrationId"], "tag": "send-notes", "lastChance": True}
    tools.send("ServiceWorker.dispatchSyncEvent", {"origin": site.address, **wake})


def end_sign_in(page: Page) -> None:
    """As when its days are over; first let what is under way end, which would renew it."""
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


def sign_out(page: Page) -> None:
    page.locator("header.strip summary").click()
    page.locator("header.strip").get_by_role("button", name="Sign out").click()


def refused_note(name: str, person: str) -> str:
    """One that waits for its author to mend it, which no sender touches."""
    owner = f"id: '{name}', person_id: {person}"
    return f"notes.put({{{owner}, state: 'needs-a-look', photo_ids: [], fields: {{text: 'x'}}}})"
