import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { sendOnce, startSender } from "../../insights/static/js/device/sender.js";
import { ADA, BEN, Device } from "./parts/device.mjs";
import { Server, isPost } from "./parts/server.mjs";

const MINUTE = 60_000;

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

test("what waits arrives, the oldest first, with the time of its capture", async () => {
  for (const text of ["one", "two", "three"]) {
    await page.queue.save({ text });
    device.clock.pass(MINUTE);
  }
  await page.round();

  assert.deepEqual([...server.notes.values()].map((note) => [note.text, note.captured_at.slice(11, 16)]), [
    ["one", "08:00"], ["two", "08:01"], ["three", "08:02"],
  ]);
  assert.deepEqual(await shown(), ["sent", "sent", "sent"]);
  assert.equal((await only()).receipt.text, "one");
});

test("all that was said of a note goes with it", async () => {
  const { id } = await page.queue.keepDraft({ text: "n" });
  await page.queue.setPlace(id, { latitude: 33.7, longitude: -84.4 });
  await page.queue.save({
    text: "note", kind: "competitor", territory: "georgia", segments: ["health"], competitors: ["ionfield"],
    products: ["fibre"], dismissed: ["competitors:other"], account: 3, account_name: "Clinic", known: "heard",
    impact: "high", sealed: true, acknowledged: ["phone"], question: 5, question_text: "Weekends?",
  });
  await page.round();
  const { author, withdrawn_at: _, ...note } = server.notes.get(id);

  assert.equal(author, ADA.id);
  assert.deepEqual(note, {
    id, text: "note", kind: "competitor", territory: "georgia", segments: ["health"], competitors: ["ionfield"],
    products: ["fibre"], dismissed: ["competitors:other"], account: 3, question: 5, known: "heard", impact: "high",
    audience: "sealed", acknowledged: ["phone"], captured_at: "2026-05-01T08:00:00.000Z", latitude: 33.7, longitude: -84.4,
  });
});

test("without a connection everything stays as it is", async () => {
  await page.queue.save({ text: "note" });
  await server.stop();
  const ended = await page.round();

  assert.equal(ended.name, "Offline");
  assert.deepEqual([(await only()).state, (await only()).attempts], ["waiting", 0]);
});

for (const status of [400, 403, 404, 409, 410, 413, 422]) {
  test(`what is refused with ${status} needs a look, with the server's words, and holds nothing up`, async () => {
    await page.queue.save({ text: "bad" });
    await page.queue.save({ text: "good" });
    server.trouble = (request) => (isPost(request) && request.note.text === "bad"
      ? { status, body: { detail: "Take it out.", errors: { text: ["Take it out."] } } } : null);
    await page.round();

    assert.deepEqual(await shown(), ["needs-a-look", "sent"]);
    assert.deepEqual((await only()).problem, { status, detail: "Take it out.", errors: { text: ["Take it out."] } });
  });
}

test("a refusal that is no JSON is told in our words", async () => {
  await page.queue.save({ text: "long" });
  server.onFirstPost({ status: 413, body: "<html>nginx</html>" });
  await page.round();

  assert.equal((await only()).problem.detail, "That is too large. Send less at once.");
});

for (const [name, trouble, stored] of [
  ["500", { status: 500 }, 0],
  ["502 without JSON", { status: 502, body: "<html>" }, 0],
  ["408", { status: 408 }, 0],
  ["a request that never arrives", "drop", 0],
  ["an answer that never comes", "hang", 1],
  ["an answer that is cut in the middle", "cut", 1],
  ["the page of a network that wants a sign-in", "html", 0],
]) {
  test(`after ${name} it is tried again later, and holds nothing up meanwhile`, async () => {
    await page.queue.save({ text: "first" });
    await page.queue.save({ text: "second" });
    server.onFirstPost(trouble);
    if (trouble === "hang") page.parts.timeout = 2_000;
    await page.round();
    assert.deepEqual(await shown(), ["waiting", "sent"]);
    assert.equal(server.standing("first").length, stored);
    await page.round();
    assert.deepEqual(await shown(), ["waiting", "sent"], "not before its time");
    device.clock.pass(1_000);
    await page.round();

    assert.deepEqual(await shown(), ["sent", "sent"]);
    assert.equal(server.standing("first").length, 1);
  });
}

test("attempts come ever more slowly, up to five minutes apart", async () => {
  await page.queue.save({ text: "note" });
  server.trouble = (request) => (isPost(request) ? { status: 500 } : null);
  const waits = [];
  for (let number = 0; number < 12; number += 1) {
    await page.round();
    const { not_before: at } = await only();
    waits.push((at - device.clock.time) / 1_000);
    device.clock.time = at;
  }

  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
});

test("Retry-After of a note is obeyed, also when the connection comes back", async () => {
  await page.queue.save({ text: "note" });
  server.onFirstPost({ status: 503, headers: { "Retry-After": "120" } });
  const sender = startSender(page.queue, page.parts);
  await sender.wake();
  device.clock.time += 119_000;
  await sender.wake();
  assert.deepEqual(await shown(), ["waiting"]);
  device.clock.time += 1_000;
  await sender.wake();

  assert.deepEqual(await shown(), ["sent"]);
  await sender.stop();
});

test("too many requests end the round: the limit is the person's", async () => {
  for (const text of ["one", "two"]) await page.queue.save({ text });
  server.trouble = (request) => (isPost(request) ? { status: 429, headers: { "Retry-After": "60" } } : null);
  const sender = startSender(page.queue, page.parts);
  await sender.wake();
  assert.equal(server.requests.filter(isPost).length, 1);
  server.trouble = () => null;
  device.clock.time += 59_000;
  assert.equal(await sender.wake(), "resting");
  device.clock.time += 1_000;
  await sender.wake();

  assert.deepEqual(await shown(), ["sent", "sent"]);
  await sender.stop();
});

test("a wait that the clock's being moved back has made long is none", async () => {
  await page.queue.save({ text: "note" });
  server.onFirstPost({ status: 500 });
  await page.round();
  device.clock.time -= 365 * 24 * 60 * MINUTE;
  await page.round();

  assert.deepEqual(await shown(), ["sent"]);
});

test("nothing is sent while nobody is signed in, and all of it after", async () => {
  await page.queue.save({ text: "note" });
  server.person = null;
  assert.equal(await page.round(), "signed-out");
  assert.deepEqual([(await only()).state, (await only()).attempts], ["waiting", 0]);
  server.person = ADA;
  await page.round();

  assert.deepEqual(await shown(), ["sent"]);
});

test("nothing is sent while somebody else is signed in", async () => {
  await page.queue.save({ text: "Ada's" });
  server.person = BEN;
  assert.equal(await page.round(), "signed-out");
  await sendOnce(page.store, { ...page.parts, channel: null });

  assert.equal(server.notes.size, 0);
  assert.deepEqual(await shown(), ["waiting"]);
});

test("a sign-in that ends within a round ends the round, and the note waits without a fault of its own", async () => {
  for (const text of ["one", "two"]) await page.queue.save({ text });
  server.trouble = (request) => {
    if (isPost(request)) server.person = BEN; // another tab has signed in somebody else
    return null;
  };
  assert.equal(await page.round(), "signed-out");
  assert.deepEqual([server.notes.size, (await only()).not_before], [0, null]);
  server.trouble = () => null;
  server.person = ADA;
  await page.round();

  assert.deepEqual(await shown(), ["sent", "sent"]);
});

test("a form token that has changed is fetched anew", async () => {
  await page.queue.save({ text: "note" });
  server.trouble = (request) => {
    if (isPost(request)) server.csrfToken = "token-2";
    return null;
  };
  await page.round();

  assert.deepEqual(await shown(), ["sent"]);
});

test("one that was being sent when the app was closed is sent again", async () => {
  const { id } = await page.queue.save({ text: "note" });
  await page.store.change(async ({ notes }) => notes.put({ ...await notes.get(id), state: "sending", attempts: 1 }));
  page = await device.open();
  await page.round();

  assert.deepEqual(await shown(), ["sent"]);
});

test("what is discarded while it is on its way does not come back", async () => {
  const { id } = await page.queue.save({ text: "note" });
  server.trouble = (request) => {
    if (isPost(request)) page.queue.discard(id);
    return null;
  };
  await page.round();

  assert.deepEqual(await page.queue.all(), []);
});

test("a receipt of another note is none", async () => {
  await page.queue.save({ text: "note" });
  server.onFirstPost({ status: 200, body: { id: "somebody else's" } });
  await page.round();

  assert.deepEqual([(await only()).state, (await only()).receipt], ["waiting", null]);
});

test("the last twenty receipts stay, and everything else that is not sent", async () => {
  await page.queue.save({ text: "poison" });
  for (let number = 0; number < 25; number += 1) await page.queue.save({ text: `note ${number}` });
  await page.round();
  const states = await shown();

  assert.deepEqual([states.length, states[0]], [21, "needs-a-look"]);
  assert.equal((await page.queue.all()).at(-1).fields.text, "note 24");
});
