// A saved note comes back to be written on: undone, or refused and mended.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { BEN, Device, settle } from "./parts/device.mjs";
import { Server, isPost } from "./parts/server.mjs";

const HOUR = 3_600_000;

let server;
let device;
let page;
beforeEach(async () => {
  server = await new Server().start();
  device = new Device(server);
  page = await device.open();
});
afterEach(() => server.stop());

const shown = async () => (await page.queue.all()).map((one) => one.shown);
const only = async () => (await page.queue.all())[0];

test("a refused note is mended and sent under its id, with the time of its capture", async () => {
  const saved = await page.queue.save({ text: "poison" });
  await page.round();
  device.clock.pass(HOUR);
  const draft = await page.queue.mend(saved.id);
  assert.deepEqual([draft.state, draft.id, draft.problem], ["draft", saved.id, null]);
  await page.queue.save({ text: "medicine" });
  await page.round();

  assert.deepEqual(await shown(), ["sent"]);
  assert.equal(server.notes.get(saved.id).captured_at, saved.captured_at);
});

test("one that was refused because its id is taken gets a new one", async () => {
  const saved = await page.queue.save({ text: "note" });
  server.notes.set(saved.id, { id: saved.id, text: "Ben's", author: BEN.id });
  await page.round();
  await page.queue.mend(saved.id);
  await page.queue.save({ text: "note" });
  await page.round();

  assert.equal(server.standing("note").length, 1);
  assert.equal(server.notes.get(saved.id).text, "Ben's");
});

test("one that may have arrived before it was refused is mended under a new id, and the old one withdrawn", async () => {
  const saved = await page.queue.save({ text: "note" });
  const troubles = ["cut", { status: 403, body: "<html>firewall</html>" }];
  server.trouble = (request) => (isPost(request) ? troubles.shift() : null);
  await page.round();
  device.clock.pass(1_000);
  await page.round();
  await page.queue.mend(saved.id);
  await page.queue.save({ text: "note, mended" });
  await settle(device, page);

  assert.equal(server.standing("note").length, 0);
  assert.equal(server.standing("note, mended").length, 1);
});

test("undoing a sent note withdraws it, and its text is the draft", async () => {
  const saved = await page.queue.save({ text: "note" });
  await page.round();
  const draft = await page.queue.undo(saved.id);
  assert.deepEqual([draft.fields.text, draft.captured_at], ["note", saved.captured_at]);
  await page.round();

  assert.equal(server.standing("note").length, 0);
  assert.equal(server.notes.size, 1);
  assert.equal((await page.queue.counts()).unsent, 0);
});

for (const trouble of ["cut", "drop"]) {
  test(`undoing what may have arrived (${trouble}) sends it and withdraws it`, async () => {
    const saved = await page.queue.save({ text: "note" });
    server.onFirstPost(trouble);
    await page.round();
    const draft = await page.queue.undo(saved.id);
    await settle(device, page);
    assert.equal(server.standing("note").length, 0);
    await page.queue.save({ text: "note" });
    await settle(device, page);

    assert.deepEqual(server.standing("note").map((note) => note.id), [draft.id]);
  });
}

test("undoing while it is on its way withdraws it once it has arrived", async () => {
  const saved = await page.queue.save({ text: "note" });
  server.trouble = (request) => {
    if (isPost(request)) page.queue.undo(saved.id);
    return null;
  };
  await page.round();
  server.trouble = () => null;
  await page.round();

  assert.equal(server.notes.get(saved.id).withdrawn_at !== null, true);
  assert.equal((await page.queue.draft()).fields.text, "note");
});

test("undoing twice is undoing once", async () => {
  const saved = await page.queue.save({ text: "note" });
  await page.round();
  const once = await page.queue.undo(saved.id);

  assert.equal((await page.queue.undo(saved.id)).id, once.id);
  assert.equal((await page.queue.all()).filter((one) => one.state === "draft").length, 1);
});

test("an undone note that was never stored goes without a trace when the server refuses it", async () => {
  const saved = await page.queue.save({ text: "poison" });
  server.onFirstPost("drop");
  await page.round();
  await page.queue.undo(saved.id);
  await settle(device, page);

  assert.deepEqual((await page.queue.all()).map((one) => one.state), ["draft"]);
});

test("a withdrawal that is refused needs a look, and can be asked for again", async () => {
  const saved = await page.queue.save({ text: "note" });
  await page.round();
  await page.queue.undo(saved.id);
  const tooLate = { status: 403, body: { detail: "That was too long ago." } };
  server.trouble = ({ path }) => (path.endsWith("/withdraw") ? tooLate : null);
  await page.round();
  assert.deepEqual([(await only()).state, (await only()).problem.detail], ["needs-a-look", "That was too long ago."]);
  await page.queue.mend(saved.id);
  assert.equal((await only()).state, "needs-a-look");
  server.trouble = () => null;
  await page.queue.undo(saved.id);
  await page.round();

  assert.equal(server.standing("note").length, 0);
});

test("undoing a refused note mends it", async () => {
  const saved = await page.queue.save({ text: "poison" });
  await page.round();

  assert.equal((await page.queue.undo(saved.id)).id, saved.id);
});
