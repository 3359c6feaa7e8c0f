// On every page of a signed-in person: opens the queue of this device, starts the sender, and shows how many notes
// wait: in the navigation, on the home page and on the app's icon.
import { kit, refreshKit } from "./kit.js";
import { openQueue } from "./queue.js";
import { startSender } from "./sender.js";
import { openStore } from "./store.js";

const SYNC = "send-notes";

// Who it is says the page; one that is the same for everybody asks the device, and the server the first time.
async function personOf(store) {
  const known = await kit(store);
  const named = Number(document.querySelector("meta[name=person]")?.content);
  if (known && (!named || known.person.id === named)) return known.person;
  return named ? { id: named, name: "" } : (await refreshKit(store)).person;
}

async function begin() {
  const store = await openStore();
  const person = await personOf(store);
  const queue = openQueue(store, person);
  const sender = startSender(queue);
  queue.subscribe(({ what }) => {
    count(queue);
    if (what === "saved") askToSendLater();
  });
  count(queue);
  return { store, person, queue, sender };
}

// A bonus where the browser has it: notes also go when no page is open.
async function askToSendLater() {
  try {
    await (await navigator.serviceWorker?.getRegistration())?.sync?.register(SYNC);
  } catch { /* refused: the page sends */ }
}

function inWords(unsent, amiss) {
  if (amiss === 0) return unsent === 1 ? "1 note waits to be sent" : `${unsent} notes wait to be sent`;
  const notes = amiss === 1 ? "1 note needs a look" : `${amiss} notes need a look`;
  return unsent === amiss ? notes : `${notes}, ${unsent - amiss} more to be sent`;
}

async function count(queue) {
  const { unsent, "needs-a-look": amiss } = await queue.counts();
  for (const place of document.querySelectorAll("[data-waiting]")) place.hidden = unsent === 0;
  for (const place of document.querySelectorAll("[data-waiting-count]")) place.textContent = String(unsent);
  for (const place of document.querySelectorAll("[data-waiting-words]")) {
    place.textContent = inWords(unsent, amiss);
  }
  try {
    await (unsent ? navigator.setAppBadge?.(unsent) : navigator.clearAppBadge?.());
  } catch { /* an icon without numbers */ }
}

// {store, person, queue, sender}; refused with NoStorage, SignedOut, Offline or Unavailable. One for each page.
export const device = begin();
device.catch(() => {}); // a page that needs it asks for it
