// What the browser may do to the storage: refuse it, fill it up, throw it away, lose the connection to it.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { IDBFactory, IDBObjectStore } from "fake-indexeddb";

import { sendDirectly } from "../../insights/static/js/device/sender.js";
import { NoRoom, openStore, persisted } from "../../insights/static/js/device/store.js";
import { Device, pictureOf } from "./parts/device.mjs";
import { Server } from "./parts/server.mjs";

const { put } = IDBObjectStore.prototype;
afterEach(() => { IDBObjectStore.prototype.put = put; });

// No room for what `tooMuch` says of a table and a value.
function fill(tooMuch) {
  IDBObjectStore.prototype.put = function limited(value, key) {
    if (tooMuch(this.name, value)) throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    return put.call(this, value, key);
  };
}

const refusing = (how) => ({ open: how });
const never = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };
function later() {
  const request = { error: new DOMException("A mutation operation was attempted.", "InvalidStateError") };
  setImmediate(() => request.onerror());
  return request;
}

for (const [name, indexedDB] of [["missing", null], ["forbidden", refusing(never)], ["refused", refusing(later)]]) {
  test(`storage that is ${name} is NoStorage, in words`, async () => {
    await assert.rejects(openStore({ indexedDB }), { name: "NoStorage", message: /sent before the page is closed/ });
  });
}

test("what was thrown away opens empty", async () => {
  const device = new Device();
  const { queue } = await device.open();
  await queue.save({ text: "note" });
  device.disk = new IDBFactory();
  const again = await device.open();

  assert.deepEqual([await again.queue.all(), await again.queue.draft()], [[], null]);
  assert.equal((await again.queue.save({ text: "next" })).sequence, 1);
});

test("a connection that the browser has closed is opened again", async () => {
  const device = new Device();
  const { store, queue } = await device.open();
  await queue.keepDraft({ text: "note" });
  (await store.connect()).close();

  assert.equal((await queue.draft()).fields.text, "note");
});

test("a change that fails in the middle leaves nothing", async () => {
  const { store } = await new Device().open();
  const half = store.change(async ({ notes }) => {
    await notes.put({ id: "1" });
    throw new RangeError("half way");
  });

  await assert.rejects(half, RangeError);
  assert.deepEqual(await store.all("notes"), []);
});

test("small things are kept under their name until they are forgotten", async () => {
  const { store } = await new Device().open();
  await store.keep("territory", "georgia");
  assert.equal(await store.kept("territory"), "georgia");
  await store.forget("territory");

  assert.equal(await store.kept("territory"), undefined);
});

test("without room for a photo the note stays as it was", async () => {
  const { queue, store } = await new Device().open();
  await queue.keepDraft({ text: "note" });
  fill((table) => table === "bytes");
  await assert.rejects(queue.addPhoto(pictureOf(1_000)), NoRoom);

  assert.deepEqual([(await queue.draft()).photo_ids, await store.all("photos")], [[], []]);
  await queue.keepDraft({ text: "note, longer" });
  assert.equal((await queue.save({ text: "note, longer" })).state, "waiting");
});

test("without room for a text it stays in memory and is kept as soon as there is room", async () => {
  const device = new Device();
  const { queue } = await device.open();
  const { id, captured_at: capturedAt } = await queue.keepDraft({ text: "no" });
  fill((table, value) => table === "notes" && value.fields.text.length > 2);
  await assert.rejects(queue.keepDraft({ text: "note" }), { name: "NoRoom", message: /no room left/ });
  assert.equal((await queue.draft()).fields.text, "note");
  fill(() => false);
  await queue.keepDraft({ text: "note!" });
  const draft = await (await device.open()).queue.draft();

  assert.deepEqual([draft.fields.text, draft.id, draft.captured_at], ["note!", id, capturedAt]);
});

test("a note that there is no room to save can be sent, and saving again sends the same one", async () => {
  const server = await new Server().start();
  const device = new Device(server);
  const page = await device.open();
  fill((table) => table === "notes");
  const error = await page.queue.save({ text: "note" }).catch((one) => one);
  assert.ok(error instanceof NoRoom);
  await sendDirectly(error.record, page.parts);
  fill(() => false);
  await page.queue.save({ text: "note" });
  await page.round();

  assert.equal(server.standing("note").length, 1);
  await server.stop();
});

test("a failure that is none of room is told as it is", async () => {
  const { queue } = await new Device().open();
  IDBObjectStore.prototype.put = () => { throw new DOMException("It cannot be cloned.", "DataCloneError"); };

  await assert.rejects(queue.keepDraft({ text: "note" }), { name: "DataCloneError" });
});

test("lasting storage is asked for once, and only when it is not granted yet", async () => {
  const asked = [];
  const storage = { persisted: async () => false, persist: async () => { asked.push("persist"); return true; } };
  assert.deepEqual([await persisted(storage), await persisted(storage), asked.length], [true, true, 1]);

  assert.equal(await persisted({ persisted: async () => true, persist: () => assert.fail("granted already") }), true);
  assert.equal(await persisted({ persisted: async () => false, persist: async () => false }), false);
  assert.equal(await persisted({ persisted: async () => { throw new TypeError("insecure"); }, persist: never }), null);
  assert.equal(await persisted(undefined), null);
});
