// When sending begins: tabs, events, timers, the service worker, and without a queue.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { sendDirectly, sendOnce, startSender } from "../../insights/static/js/device/sender.js";
import { SignedOut } from "../../insights/static/js/device/session.js";
import { edited, newDraft } from "../../insights/static/js/device/states.js";
import { ADA, BEN, Device } from "./parts/device.mjs";
import { Server } from "./parts/server.mjs";

let server;
let device;
let page;
beforeEach(async () => {
  server = await new Server().start();
  device = new Device(server);
  page = await device.open();
});
afterEach(() => server.stop());

const isPost = ({ method, path }) => method === "POST" && path === "/api/v1/notes";

test("two tabs never send at the same time", async () => {
  const other = await device.open();
  for (let number = 0; number < 10; number += 1) await page.queue.save({ text: `note ${number}` });
  const senders = [startSender(page.queue, page.parts), startSender(other.queue, other.parts)];
  await Promise.all(senders.map((sender) => sender.wake()));

  assert.equal(server.mostInside, 1);
  assert.equal(server.requests.filter(isPost).length, 10);
  for (const sender of senders) await sender.stop();
});

test("the sender sends what is saved while it is at work", async () => {
  const sender = startSender(page.queue, page.parts);
  const sent = new Promise((resolve) => { page.queue.subscribe(({ what }) => { if (what === "sent") resolve(); }); });
  await page.queue.save({ text: "note" });
  await sent;

  assert.equal(server.standing("note").length, 1);
  await sender.stop();
});

test("whoever watches is told how each round has ended, from the last one on", async () => {
  const sender = startSender(page.queue, page.parts);
  await sender.wake();
  const told = [];
  sender.watch((ended) => told.push(ended));
  assert.deepEqual(told, ["done"]);
  server.person = BEN;
  await sender.wake();

  assert.equal(told.at(-1), "signed-out");
  await sender.stop();
});

test("the sender comes back by itself when the server does", async () => {
  await page.queue.save({ text: "note" });
  server.trouble = () => ({ status: 503 });
  const sender = startSender(page.queue, page.parts);
  await sender.wake();
  assert.equal(device.clock.timers.size, 1);
  server.trouble = () => null;
  const sent = new Promise((resolve) => { page.queue.subscribe(({ what }) => { if (what === "sent") resolve(); }); });
  device.clock.pass(60_000);
  await sent;
  await sender.stop();

  assert.equal(server.standing("note").length, 1);
});

test("the sender wakes when the connection or the person is back, and rests when it is stopped", async () => {
  const window = new EventTarget();
  let visible = false;
  const wakers = [[window, "online", () => true], [window, "visibilitychange", () => visible]];
  server.person = null;
  const sender = startSender(page.queue, { ...page.parts, wakers });
  await sender.wake();
  const asked = () => server.requests.length;
  const before = asked();
  window.dispatchEvent(new Event("visibilitychange"));
  window.dispatchEvent(new Event("online"));
  await sender.wake();
  const woken = asked();
  visible = true;
  await sender.stop();
  window.dispatchEvent(new Event("visibilitychange"));
  assert.equal(await sender.wake(), "stopped");

  assert.ok(woken > before);
  assert.equal(asked(), woken);
});

test("the service worker sends for whoever is signed in, and tells the browser to try again when it cannot", async () => {
  await page.queue.save({ text: "note" });
  server.trouble = () => ({ status: 503 });
  await assert.rejects(sendOnce(page.store, { ...page.parts, channel: null }), { name: "Unavailable" });
  server.trouble = () => null;
  await sendOnce(page.store, { ...page.parts, channel: null });

  assert.equal(server.standing("note").length, 1);
});

test("a note that could not be kept is sent directly, and twice is once", async () => {
  const record = edited(newDraft({ id: device.uuid(), personId: ADA.id, capturedAt: "2026-05-01T08:00:00Z" }), { text: "note" });
  await sendDirectly(record, page.parts);
  await sendDirectly(record, page.parts);
  assert.equal(server.standing("note").length, 1);
  server.person = BEN;

  await assert.rejects(sendDirectly(record, page.parts), SignedOut);
});
