import assert from "node:assert/strict";
import { test } from "node:test";

import { ADA, BEN, Device, pictureOf } from "./parts/device.mjs";

const TEXT = { text: "Ionfield gave them two months free." };

async function opened(options) {
  const device = new Device();
  return { device, ...await device.open(options) };
}

test("there is no draft before the first letter", async () => {
  const { queue } = await opened();

  assert.equal(await queue.keepDraft({ text: "  " }), null);
  assert.equal(await queue.draft(), null);
});

test("id and time of a draft are those of its first letter", async () => {
  const { device, queue } = await opened();
  const first = await queue.keepDraft({ text: "I" });
  device.clock.pass(3_600_000);
  const second = await queue.keepDraft(TEXT);

  assert.equal(first.captured_at, "2026-05-01T08:00:00.000Z");
  assert.deepEqual([second.id, second.captured_at, second.fields.text], [first.id, first.captured_at, TEXT.text]);
});

test("a box that was emptied begins anew with its next first letter", async () => {
  const { device, queue } = await opened();
  await queue.keepDraft(TEXT);
  await queue.keepDraft({ text: "" });
  device.clock.pass(3_600_000);

  assert.equal((await queue.keepDraft({ text: "N" })).captured_at, "2026-05-01T09:00:00.000Z");
});

test("the place is said once", async () => {
  const { queue } = await opened();
  const { id } = await queue.keepDraft(TEXT);
  await queue.setPlace(id, { latitude: 33.7, longitude: -84.4 });
  await queue.setPlace(id, { latitude: 0, longitude: 0 });
  const record = await queue.save(TEXT);
  await queue.setPlace(id, { latitude: 1, longitude: 1 });

  assert.deepEqual([record.latitude, record.longitude], [33.7, -84.4]);
  assert.equal((await queue.all())[0].latitude, 33.7);
});

test("a draft outlives the app", async () => {
  const { device, queue } = await opened();
  await queue.keepDraft({ ...TEXT, competitors: ["ionfield"] });
  const again = await device.open();

  assert.deepEqual((await again.queue.draft()).fields.competitors, ["ionfield"]);
});

test("saving makes it wait and leaves an empty form", async () => {
  const { queue } = await opened();
  await queue.keepDraft({ text: "Ion" });
  const record = await queue.save(TEXT);

  assert.deepEqual([record.state, record.fields.text, record.sequence], ["waiting", TEXT.text, 1]);
  assert.equal(await queue.draft(), null);
});

test("a note can be saved before it was ever kept", async () => {
  const { queue } = await opened();

  assert.equal((await queue.save(TEXT)).state, "waiting");
});

test("the order is that of saving, whatever the clock says", async () => {
  const { device, queue } = await opened();
  for (const text of ["first", "second", "third"]) {
    await queue.save({ text });
    device.clock.time -= 86_400_000;
  }

  assert.deepEqual((await queue.all()).map((one) => one.fields.text), ["first", "second", "third"]);
});

test("photos stay with the draft, whole and in their order", async () => {
  const { queue } = await opened();
  const one = await queue.addPhoto(pictureOf(1_000));
  const other = await queue.addPhoto(pictureOf(2_000));
  const { id } = await queue.save(TEXT);
  const photos = await queue.photos(id);

  assert.deepEqual(photos.map((photo) => photo.id), [one.id, other.id]);
  assert.equal(photos[1].bytes.byteLength, 2_000);
  assert.match(photos[1].sha256, /^[0-9a-f]{64}$/);
});

test("a photo of the draft can be taken away again", async () => {
  const { store, queue } = await opened();
  const photo = await queue.addPhoto(pictureOf(10));
  await queue.removePhoto(photo.id);

  assert.deepEqual((await queue.draft()).photo_ids, []);
  assert.deepEqual([await store.all("photos"), await store.all("bytes")], [[], []]);
});

test("a photo of a note that waits cannot", async () => {
  const { queue } = await opened();
  const photo = await queue.addPhoto(pictureOf(10));
  const { id } = await queue.save(TEXT);
  await queue.removePhoto(photo.id);

  assert.equal((await queue.photos(id)).length, 1);
});

test("undo before any attempt gives the text back under a new id, with its time and photos", async () => {
  const { device, queue, store } = await opened();
  await queue.addPhoto(pictureOf(10));
  const saved = await queue.save(TEXT);
  device.clock.pass(5_000);
  const draft = await queue.undo(saved.id);

  assert.notEqual(draft.id, saved.id);
  assert.deepEqual([draft.state, draft.fields.text, draft.captured_at], ["draft", TEXT.text, saved.captured_at]);
  assert.equal((await queue.photos(draft.id))[0].bytes.byteLength, 10);
  for (const table of ["notes", "photos", "bytes"]) assert.equal((await store.all(table)).length, 1, table);
});

test("undoing what is being written changes nothing", async () => {
  const { queue } = await opened();
  const { id } = await queue.keepDraft(TEXT);

  assert.equal((await queue.undo(id)).id, id);
});

test("what is being written is put aside for what comes back, and comes back after it", async () => {
  const { queue } = await opened();
  const saved = await queue.save(TEXT);
  const written = await queue.keepDraft({ text: "The next one" });
  const draft = await queue.undo(saved.id);
  assert.equal(draft.fields.text, TEXT.text);
  assert.equal((await queue.counts()).parked, 1);
  await queue.save({ text: "mended" });

  assert.deepEqual([(await queue.draft()).id, (await queue.draft()).captured_at], [written.id, written.captured_at]);
});

test("discarding takes the note and its photos from the device", async () => {
  const { queue, store } = await opened();
  await queue.addPhoto(pictureOf(10));
  const { id } = await queue.keepDraft(TEXT);
  await queue.discard(id);

  assert.equal(await queue.draft(), null);
  for (const table of ["notes", "photos", "bytes"]) assert.deepEqual(await store.all(table), []);
});

test("another person sees and touches nothing of it", async () => {
  const { device, queue } = await opened();
  const saved = await queue.save(TEXT);
  await queue.keepDraft({ text: "still writing" });
  const ben = (await device.open({ person: BEN })).queue;
  for (const forbidden of [ben.undo(saved.id), ben.mend(saved.id), ben.discard(saved.id)]) await forbidden;

  assert.deepEqual(await ben.all(), []);
  assert.equal(await ben.draft(), null);
  assert.deepEqual(await ben.photos(saved.id), []);
  assert.deepEqual((await ben.exported()).notes, []);
  assert.equal((await queue.all()).length, 2);
});

test("two tabs that write at the same time lose neither text", async () => {
  const { device, queue } = await opened();
  await queue.draft();
  const other = (await device.open()).queue;
  await other.draft();
  await queue.keepDraft({ text: "from the first tab" });
  await other.keepDraft({ text: "from the second tab" });
  await queue.keepDraft({ text: "from the first tab, longer" });

  assert.deepEqual(new Set((await queue.all()).map((one) => one.fields.text)), new Set([
    "from the first tab, longer", "from the second tab",
  ]));
});

test("what another tab is writing is not the draft of this one", async () => {
  const name = "tabs-that-write";
  const { device, queue } = await opened({ channel: new BroadcastChannel(name) });
  const other = (await device.open({ channel: new BroadcastChannel(name) })).queue;
  const heard = new Promise((resolve) => { queue.subscribe(({ elsewhere }) => elsewhere && resolve()); });
  await queue.keepDraft({ text: "from the first tab" });
  await other.keepDraft({ text: "from the second tab" });
  await heard;
  await queue.save({ text: "from the first tab" });

  assert.equal(await queue.draft(), null);
  assert.deepEqual((await queue.all()).map((one) => [one.state, one.fields.text]), [
    ["waiting", "from the first tab"], ["draft", "from the second tab"],
  ]);
  for (const one of [queue, other]) one.close();
});

test("a tab that has seen the change of the other goes on writing on it", async () => {
  const { device, queue } = await opened();
  const { id } = await queue.keepDraft({ text: "one" });
  const other = (await device.open()).queue;
  await other.draft();
  await other.keepDraft({ text: "one two" });
  await queue.draft();

  assert.equal((await queue.keepDraft({ text: "one two three" })).id, id);
});

test("every change is told here and in the other tabs", async () => {
  const name = "tabs-of-this-test";
  const { device, queue } = await opened({ channel: new BroadcastChannel(name) });
  const other = (await device.open({ channel: new BroadcastChannel(name) })).queue;
  const ben = (await device.open({ person: BEN, channel: new BroadcastChannel(name) })).queue;
  const heard = { queue: [], other: [], ben: [] };
  queue.subscribe(({ what }) => heard.queue.push(what));
  ben.subscribe(({ what }) => heard.ben.push(what));
  const told = new Promise((resolve) => {
    other.subscribe(({ what }) => { heard.other.push(what); if (what === "saved") resolve(); });
  });
  await queue.keepDraft(TEXT);
  await queue.save(TEXT);
  await told;

  assert.deepEqual(heard, { queue: ["edited", "saved"], other: ["edited", "saved"], ben: [] });
  for (const one of [queue, other, ben]) one.close();
});

test("counts are by state, without what was undone", async () => {
  const { queue } = await opened();
  await queue.save(TEXT);
  await queue.keepDraft({ text: "more" });
  const { draft, waiting, unsent } = await queue.counts();

  assert.deepEqual({ draft, waiting, unsent }, { draft: 1, waiting: 1, unsent: 1 });
});

test("the file holds all that is on this device alone", async () => {
  const { queue } = await opened();
  await queue.addPhoto(pictureOf(100_000));
  const saved = await queue.save({ ...TEXT, sealed: true, kind: "competitor", account_name: "Clinic" });
  await queue.keepDraft({ text: "still writing" });
  const file = JSON.parse(JSON.stringify(await queue.exported()));

  assert.deepEqual([file.format, file.version, file.person], ["field-insights/waiting-notes", 1, ADA]);
  assert.equal(file.exported_at, "2026-05-01T08:00:00.000Z");
  assert.deepEqual(file.notes.map((one) => one.state), ["waiting", "draft"]);
  assert.deepEqual(file.notes[0].note, {
    id: saved.id, text: TEXT.text, kind: "competitor", known: "first-hand", impact: "normal", audience: "sealed",
    captured_at: "2026-05-01T08:00:00.000Z", acknowledged: [],
  });
  const [photo] = file.notes[0].photos;
  assert.deepEqual(Buffer.from(photo.data, "base64"), Buffer.from(await pictureOf(100_000).arrayBuffer()));
  assert.equal(photo.size, 100_000);
});
