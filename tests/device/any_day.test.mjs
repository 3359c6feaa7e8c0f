// Days at random: anything that a person, a phone and a network may do, in any order. At the end, with a server in
// good health, every note that was saved is there exactly once, as it was captured, with its photos whole.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { BEN, Device, Fuse, Killed, pictureOf, settle } from "./parts/device.mjs";
import { Server } from "./parts/server.mjs";

const DAYS = 40;
const ACTIONS = 40;
const TROUBLES = [
  "drop", "cut", "html", { status: 500 }, { status: 502, body: "<html>" }, { status: 503, headers: { "Retry-After": "30" } },
  { status: 429, headers: { "Retry-After": "5" } }, { status: 401 },
];

let server;
before(async () => { server = await new Server().start(); });
after(() => server.stop());

// Numbers from 0 to 1 that are the same for the same seed (mulberry32).
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Day {
  notes = new Map(); // what the person has written, by a word in it: {capturedAt, photos}
  words = 0;

  constructor(seed) {
    this.random = chance(seed);
    this.device = new Device(server);
  }

  below(number) { return Math.floor(this.random() * number); }
  one(of) { return of[this.below(of.length)]; }

  // A page reads the draft before anything else; in the steps after that it may be closed.
  async wakeUp() {
    this.page = await this.device.open({ fuse: new Fuse(this.random() < 0.3 ? 2 + this.below(40) : Infinity) });
    await this.page.queue.draft();
  }

  // The text as the person sees it after an action that the device has acknowledged.
  learn(record) {
    const word = record?.fields.text.split(" ")[0];
    if (!word) return;
    const known = this.notes.get(word);
    this.notes.set(word, { capturedAt: known?.capturedAt ?? record.captured_at, photos: record.photo_ids.length });
  }

  actions = {
    write: async ({ queue }) => {
      const draft = await queue.draft();
      const text = draft?.fields.text || `word${this.words += 1}`;
      this.learn(await queue.keepDraft({ text: `${text} ${this.below(10)}` }));
    },
    photo: async ({ queue }) => {
      if (!(await queue.draft())?.fields.text) return;
      await queue.addPhoto(pictureOf(this.one([10, 200_000]), this.below(99)));
      this.learn(await queue.draft());
    },
    save: async ({ queue }) => {
      const draft = await queue.draft();
      if (draft?.fields.text) this.learn(await queue.save({ text: draft.fields.text + this.one(["", "", " poison"]) }));
    },
    send: ({ round }) => round(),
    undo: async ({ queue }) => {
      const saved = (await queue.all()).filter((one) => one.sequence && !one.undone && one.photos.every((photo) => photo.kept));
      if (saved.length) this.learn(await queue.undo(this.one(saved).id));
    },
    mend: async ({ queue }) => {
      const [refused] = (await queue.all()).filter((one) => one.state === "needs-a-look");
      if (refused) this.learn(await queue.mend(refused.id));
    },
    wait: async () => { this.device.clock.time += this.one([1_000, 30_000, 3_600_000, -3_600_000]); },
    weather: async () => {
      const bad = this.one([0, 0.3, 0.8]);
      server.trouble = () => (this.random() < bad ? this.one(TROUBLES) : null);
    },
    signIn: async () => { server.person = this.one([this.page.queue.person, this.page.queue.person, BEN, null]); },
    otherTab: async () => {
      const { queue } = await this.device.open();
      this.learn(await queue.keepDraft({ text: `word${this.words += 1}` }));
    },
    close: () => this.wakeUp(),
  };

  async act() {
    try {
      await this.actions[this.one(Object.keys(this.actions))](this.page);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await this.wakeUp();
    }
  }

  async end() {
    server.trouble = () => null;
    server.person = { id: 7, name: "Ada" };
    this.page = await this.device.open();
    const { queue } = this.page;
    for (let number = 0; number < 100; number += 1) {
      const draft = await queue.draft();
      if (draft) {
        await queue.save({ text: draft.fields.text.replaceAll(" poison", "") });
        continue;
      }
      await settle(this.device, this.page);
      const refused = (await queue.all()).find((one) => one.state === "needs-a-look");
      if (!refused) return;
      await queue.mend(refused.id);
    }
    throw new Error("the day does not end");
  }
}

for (let seed = 1; seed <= DAYS; seed += 1) {
  test(`day ${seed}`, async () => {
    server.notes.clear();
    server.photos.clear();
    const day = new Day(seed);
    await day.wakeUp();
    for (let number = 0; number < ACTIONS; number += 1) await day.act();
    await day.end();

    const standing = [...server.notes.values()].filter((note) => !note.withdrawn_at);
    for (const [word, { capturedAt, photos }] of day.notes) {
      const found = standing.filter((note) => note.text.split(" ")[0] === word);
      assert.deepEqual(found.map((note) => note.captured_at), [capturedAt], `${word} of day ${seed}`);
      assert.ok(server.photosOf(found[0].id).length >= photos, `photos of ${word} of day ${seed}`);
    }
  });
}
