// Phones that capture notes over a bad network, with the modules of the product. Reads what to do as JSON from its
// input; writes {"sent": …} for each note that has arrived, and at the end {"notes": […], "requests": …}.
import "fake-indexeddb/auto";
import { readFile } from "node:fs/promises";
import { text as allOf } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { IDBFactory } from "fake-indexeddb";

import { openQueue } from "../insights/static/js/device/queue.js";
import { startSender } from "../insights/static/js/device/sender.js";
import { openStore } from "../insights/static/js/device/store.js";

const LONGEST_GAP = 400; // milliseconds between two notes
const LOOKING = 15_000; // milliseconds after which the person takes the phone out again
const WITH_PHOTOS = 0.15;
const KINDS = [null, "competitor", "preference", "challenge", "opportunity"];

const task = JSON.parse(await allOf(process.stdin));
const pictures = await Promise.all(task.pictures.map(async (picture) => ({
  ...picture, file: new Blob([await readFile(picture.path)], { type: "image/jpeg" }),
})));
// Resolves once it is written: what is still on its way when the process ends is lost.
const say = (words) => new Promise((resolve) => { process.stdout.write(`${JSON.stringify(words)}\n`, resolve); });
const one = (of) => of[Math.floor(Math.random() * of.length)];
let requests = 0;

// Web Locks of one phone.
function makeLocks() {
  let last = Promise.resolve();
  return {
    request(_name, work) {
      const result = last.then(work);
      last = result.catch(() => {});
      return result;
    },
  };
}

// A browser as far as the sender needs it: it keeps cookies.
class Browser {
  cookies = new Map();

  fetch = async (path, options = {}) => {
    requests += 1;
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const answer = await fetch(task.address + path, { ...options, headers: { ...options.headers, cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, ...value] = line.split(";")[0].split("=");
      this.cookies.set(name, value.join("="));
    }
    return answer;
  };

  async signIn(person) {
    for (;;) {
      try {
        const form = await (await this.fetch("/sign-in", { redirect: "manual" })).text();
        const token = form.match(/name="csrf_token"[^>]*value="([^"]+)"/)[1];
        const body = new URLSearchParams({ ...person, csrf_token: token });
        const answer = await this.fetch("/sign-in", { method: "POST", body, redirect: "manual" });
        await answer.text();
        if (answer.status === 303) return;
      } catch { /* the network, or the server is away */ }
      await sleep(300);
    }
  }

  async whoAmI() {
    for (;;) {
      try {
        return (await (await this.fetch("/api/v1/capture/session")).json()).person;
      } catch { await sleep(300); }
    }
  }
}

class Phone {
  written = [];

  constructor(number) {
    this.number = number;
    this.browser = new Browser();
  }

  async live(count) {
    await this.browser.signIn(task.people[this.number % task.people.length]);
    const person = await this.browser.whoAmI();
    const store = await openStore({ indexedDB: new IDBFactory() });
    this.queue = openQueue(store, person, { channel: null });
    this.queue.subscribe(({ what, note }) => { if (what === "sent") say({ sent: note }); });
    this.sender = startSender(this.queue, { fetch: this.browser.fetch, locks: makeLocks(), wakers: [] });
    for (let number = 0; number < count; number += 1) await this.write(number);
    await this.untilAllIsSent();
    await this.sender.stop();
  }

  async write(number) {
    const text = `Phone ${this.number}, note ${number}: they asked for a lower price.`;
    await this.queue.draft();
    await this.queue.keepDraft({ text: text.slice(0, 9), territory: "georgia", kind: one(KINDS) });
    const photos = [];
    if (Math.random() < WITH_PHOTOS) {
      for (const picture of [one(pictures), one(pictures)].slice(0, 1 + Math.round(Math.random()))) {
        const { id, sha256, size } = await this.queue.addPhoto(picture.file);
        photos.push({ id, sha256, size, width: picture.width, height: picture.height });
      }
    }
    const { id, captured_at: capturedAt } = await this.queue.save({ text });
    this.written.push({ id, text, captured_at: capturedAt, photos });
    await sleep(Math.random() * LONGEST_GAP);
  }

  async untilAllIsSent() {
    for (let looked = Date.now(); ;) {
      const { unsent, "needs-a-look": refused } = await this.queue.counts();
      if (refused) throw new Error(JSON.stringify((await this.queue.all()).filter((record) => record.shown === "needs-a-look")));
      if (!unsent) return;
      if (Date.now() - looked > LOOKING) {
        looked = Date.now();
        this.sender.wake();
      }
      await sleep(200);
    }
  }
}

const phones = Array.from({ length: task.devices }, (_, number) => new Phone(number));
await Promise.all(phones.map((phone) => phone.live(Math.floor((task.notes + phone.number) / task.devices))));
await say({ notes: phones.flatMap((phone) => phone.written), requests });
process.exit(0);
