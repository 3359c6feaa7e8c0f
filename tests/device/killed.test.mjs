// The app is closed by the phone at any moment: at every step of writing, saving, sending, undoing and mending, one
// after the other. What the device has said that it keeps is never lost, and never twice at the server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Device, Fuse, Killed, pictureOf, settle } from "./parts/device.mjs";
import { Server } from "./parts/server.mjs";

let server;
before(async () => { server = await new Server().start(); });
after(() => server.stop());

// What the person does; `kept` gets each text with its time as soon as the device has said that it is kept.
const DAYS = {
  "writing, saving and sending": async ({ queue, round }, kept) => {
    kept("alpha", await queue.keepDraft({ text: "alpha" }));
    await queue.addPhoto(pictureOf(200_000)).then(() => kept("alpha", null, 1));
    await queue.save({ text: "alpha" });
    kept("beta", await queue.save({ text: "beta" }));
    await round();
  },
  "undoing before and after sending": async ({ queue, round }, kept) => {
    await queue.addPhoto(pictureOf(10));
    const first = await queue.save({ text: "alpha" });
    kept("alpha", first, 1);
    await queue.undo(first.id);
    const second = await queue.save({ text: "alpha" });
    await round();
    await queue.undo(second.id);
    await queue.save({ text: "alpha" });
    await round();
    await round();
  },
  "mending, with another text begun": async ({ queue, round }, kept) => {
    const refused = await queue.save({ text: "gamma poison" });
    kept("gamma", refused);
    kept("delta", await queue.keepDraft({ text: "delta" }));
    await round();
    const mended = await queue.mend(refused.id);
    if (mended.id === refused.id) await queue.save({ text: "gamma" });
    await queue.save({ text: (await queue.draft()).fields.text });
    await round();
  },
};

// After opening the app again the person goes on: saves what was being written and mends what was refused.
async function finishTheDay({ queue, round }) {
  const words = (record) => record.fields.text.replace(" poison", "");
  for (let draft = await queue.draft(); draft; draft = await queue.draft()) {
    await (words(draft) ? queue.save({ text: words(draft) }) : queue.discard(draft.id));
  }
  await round();
  for (const record of await queue.all()) {
    if (record.state !== "needs-a-look") continue;
    const draft = await queue.mend(record.id);
    await queue.save({ text: words(draft) });
  }
}

for (const [name, live] of Object.entries(DAYS)) {
  for (const trouble of [null, "cut"]) {
    test(`killed while ${name}${trouble ? ", with answers that are lost" : ""}`, async () => {
      let deaths = 0;
      for (let at = 0, alive = false; !alive; at += 1) {
        alive = await liveAndDie(live, at, trouble);
        deaths += alive ? 0 : 1;
      }
      assert.ok(deaths > 20, `died only ${deaths} times`);
    });
  }
}

// Whether the day was lived to its end.
async function liveAndDie(live, at, trouble) {
  server.notes.clear();
  server.photos.clear();
  let number = 0;
  server.trouble = ({ path }) => (trouble && !path.includes("session") && (number += 1) % 2 ? trouble : null);
  const device = new Device(server);
  const promised = new Map();
  const kept = (text, record, photos = 0) => {
    const before = promised.get(text);
    promised.set(text, { capturedAt: before?.capturedAt ?? record.captured_at, photos: photos || (before?.photos ?? 0) });
  };
  const fuse = new Fuse(at);
  await live(await device.open({ fuse }), kept).catch((error) => { if (!(error instanceof Killed)) throw error; });

  device.clock.pass(3_600_000);
  server.trouble = () => null;
  const page = await device.open();
  await finishTheDay(page);
  await settle(device, page);
  for (const [text, { capturedAt, photos }] of promised) {
    const found = server.standing(text);
    assert.deepEqual(found.map((note) => note.captured_at), [capturedAt], `${text}, killed at step ${at}`);
    assert.ok(server.photosOf(found[0].id).length >= photos, `photo of ${text}, killed at step ${at}`);
  }
  for (const text of ["alpha", "beta", "gamma", "delta"]) {
    assert.ok(server.standing(text).length <= 1, `${text} twice, killed at step ${at}`);
  }
  return !fuse.blown;
}
