// A phone: its storage outlives the app, which can be killed at any step and opened again.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";

import { openQueue } from "../../../insights/static/js/device/queue.js";
import { Round } from "../../../insights/static/js/device/round.js";
import { startSender } from "../../../insights/static/js/device/sender.js";
import { openStore } from "../../../insights/static/js/device/store.js";
import { uuidMaker } from "../../../insights/static/js/device/uuid.js";

export const ADA = { id: 7, name: "Ada" };
export const BEN = { id: 8, name: "Ben" };
const MORNING = Date.parse("2026-05-01T08:00:00Z");

export class Killed extends Error {}

// Counts the steps of an app (each change of the storage and each request, before and after it) and kills the app at one
// of them: nothing that it does afterwards has any effect.
export class Fuse {
  steps = 0;
  constructor(at = Infinity) { this.at = at; }
  get blown() { return this.steps > this.at; }

  step() {
    this.steps += this.blown ? 0 : 1;
    if (this.blown) throw new Killed(`at step ${this.at}`);
  }

  around(work) {
    return async (...given) => {
      this.step();
      const result = await work(...given);
      this.step();
      return result;
    };
  }
}

// Web Locks as far as the sender needs them.
export class Locks {
  #last = Promise.resolve();
  request(_name, work) {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

export function pictureOf(size, seed = 1) {
  const bytes = new Uint8Array(size);
  for (let place = 0; place < size; place += 1) bytes[place] = (place * 31 + seed * 17) % 251;
  return new Blob([bytes], { type: "image/jpeg" });
}

const asItIs = async (file) => ({ blob: file, width: null, height: null });

// Timers that go off when the test lets time pass.
export class Clock {
  time = MORNING;
  timers = new Set();
  now = () => this.time;

  after = (wait, work) => {
    const timer = { at: this.time + wait, work };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  pass(milliseconds) {
    this.time += milliseconds;
    for (const timer of [...this.timers].filter((one) => one.at <= this.time)) {
      this.timers.delete(timer);
      timer.work();
    }
  }
}

export class Device {
  disk = new IDBFactory();
  locks = new Locks();
  clock = new Clock();
  uuid = uuidMaker({ now: this.clock.now });

  constructor(server) { this.server = server; }

  // A page of the app. Without sender nothing is sent by itself: `round` sends once.
  async open({ person = ADA, fuse = new Fuse(), channel = null, sender = false, fetch = this.server?.fetch } = {}) {
    const store = await openStore({ indexedDB: this.disk });
    store.read = fuse.around(store.read.bind(store));
    store.change = fuse.around(store.change.bind(store));
    const queue = openQueue(store, person, { now: this.clock.now, uuid: this.uuid, channel, prepare: asItIs });
    const parts = {
      fetch: fetch && fuse.around(fetch), random: () => 1, timeout: 10_000, locks: this.locks, clock: this.clock, wakers: [],
    };
    const round = () => this.locks.request("", () => new Round(queue, parts).run());
    return { store, queue, parts, round, sender: sender ? startSender(queue, parts) : null };
  }
}

// Rounds with time between them until nothing is left that could be sent.
export async function settle(device, page, { rounds = 40 } = {}) {
  for (let number = 0; number < rounds; number += 1) {
    await page.round();
    if (await new Round(page.queue, page.parts).outbox.untilNext() === null) return;
    device.clock.pass(6 * 60_000);
  }
  throw new Error(`not settled: ${JSON.stringify(await page.queue.all(), null, 1)}`);
}
