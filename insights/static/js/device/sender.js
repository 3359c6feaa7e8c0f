// Sends what waits, for as long as a page is open: when it opens, when something is saved, when the connection or the
// person comes back, and after a while that grows. On the whole device one round runs at a time.
import { isOver, pause, pauseAsked } from "./backoff.js";
import { deliverNote } from "./delivery.js";
import { openQueue } from "./queue.js";
import { Round } from "./round.js";
import { SignedOut, request, session } from "./session.js";

const LOCK = "field-insights-sender";
const NEWS = ["saved", "undone"]; // changes that bring something to send
const SHORTEST_TIMER = 50; // milliseconds

const browserClock = {
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};

// Where locks are missing (pages over http), the server's knowing each note by its id has to do.
function alone(locks, work) {
  return locks ? locks.request(LOCK, work) : work();
}

class Sender {
  #queue;
  #parts;
  #running = null;
  #again = false;
  #hurry = false;
  #stopped = false;
  #failures = 0; // of the connection, one after the other
  #rest = { not_before: null, wait: 0 }; // what the server has asked for
  #cancel = () => {};
  #leave = [];
  #watchers = [];
  #ended = null; // of the last round

  constructor(queue, parts) {
    this.#queue = queue;
    this.#parts = parts;
    this.#leave.push(queue.subscribe(({ what }) => { if (NEWS.includes(what)) this.#start(); }));
    for (const [target, name, counts] of parts.wakers) this.#listen(target, name, counts);
  }

  // A round now, also of what waits for its time, unless the server has asked for the wait. Resolves after it with
  // how it ended (round.js), "resting" or "stopped".
  wake() {
    this.#failures = 0;
    this.#hurry = true;
    return this.#start();
  }

  // Tells how each round has ended, from the last one on.
  watch(watcher) {
    this.#watchers.push(watcher);
    if (this.#ended) watcher(this.#ended);
  }

  // Nothing is begun any more; resolves when what was begun has ended.
  async stop() {
    this.#stopped = true;
    this.#cancel();
    for (const leave of this.#leave) leave();
    await this.#running;
  }

  #listen(target, name, counts) {
    const onEvent = () => { if (counts()) this.wake(); };
    target.addEventListener(name, onEvent);
    this.#leave.push(() => target.removeEventListener(name, onEvent));
  }

  #start() {
    this.#again = true;
    this.#running ??= this.#rounds();
    return this.#running;
  }

  async #rounds() {
    let ended = "stopped";
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        this.#cancel();
        ended = this.#ended = await this.#round();
        for (const watcher of this.#watchers) watcher(ended);
        this.#plan(await this.#pauseAfter(ended));
      }
    } finally {
      this.#running = null;
    }
    return ended;
  }

  async #round() {
    if (!isOver(this.#rest, this.#queue.now())) return "resting";
    const round = new Round(this.#queue, this.#parts);
    try {
      return await alone(this.#parts.locks, async () => {
        if (this.#hurry) await round.outbox.hurry();
        this.#hurry = false;
        return round.run();
      });
    } catch (error) {
      return error; // the storage of the device fails: tried again, as a connection is
    }
  }

  // Milliseconds until the next round; null when only the person can bring it about.
  async #pauseAfter(ended) {
    if (ended === "signed-out") return null;
    if (ended === "resting") return this.#rest.not_before - this.#queue.now();
    if (ended === "done") {
      this.#failures = 0;
      return new Round(this.#queue, this.#parts).outbox.untilNext().catch(() => pause(1));
    }
    this.#failures += 1;
    const wait = pauseAsked(this.#failures, ended.retryAfter, this.#parts.random);
    if (ended.retryAfter) this.#rest = { not_before: this.#queue.now() + wait, wait };
    return wait;
  }

  #plan(wait) {
    if (wait === null || this.#stopped) return;
    this.#cancel = this.#parts.clock.after(Math.max(wait, SHORTEST_TIMER), () => this.#start());
  }
}

function browserWakers() {
  const page = globalThis.document;
  const wakers = [];
  if (globalThis.addEventListener) wakers.push([globalThis, "online", () => true]);
  if (page) wakers.push([page, "visibilitychange", () => page.visibilityState === "visible"]);
  return wakers;
}

// Starts with a round. `wakers` are [target, event, whether it counts]; `timeout` are the milliseconds for a request.
export function startSender(queue, options = {}) {
  const { locks = globalThis.navigator?.locks, clock = browserClock, wakers = browserWakers() } = options;
  const sender = new Sender(queue, { ...options, locks, clock, wakers });
  sender.wake();
  return sender;
}

// One round for whoever is signed in, for the service worker. Throws what keeps all of it from being sent, so that
// the browser tries again.
export async function sendOnce(store, options = {}) {
  const { fetch, locks = globalThis.navigator?.locks } = options;
  let queue;
  try {
    queue = openQueue(store, (await session({ fetch })).person, options);
    const round = new Round(queue, options);
    await round.outbox.hurry();
    const ended = await alone(locks, () => round.run());
    if (ended instanceof Error) throw ended;
  } catch (error) {
    if (!(error instanceof SignedOut)) throw error;
  } finally {
    queue?.close();
  }
}

// Sends a note that this device could not keep (NoStorage, NoRoom); returns the server's note. Throws as `request`
// does; sent again with the same record it adds nothing.
export async function sendDirectly(record, { fetch } = {}) {
  const as = await session({ fetch });
  if (as.person.id !== record.person_id) throw new SignedOut();
  return deliverNote(record, (path, options) => request(path, { ...options, as, fetch }));
}
