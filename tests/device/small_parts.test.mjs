// Ids, waits, requests and the kit.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { isOver, pause, pauseAsked } from "../../insights/static/js/device/backoff.js";
import { kit, refreshKit } from "../../insights/static/js/device/kit.js";
import { request, session } from "../../insights/static/js/device/session.js";
import { uuidMaker } from "../../insights/static/js/device/uuid.js";
import { ADA, Device } from "./parts/device.mjs";
import { Server } from "./parts/server.mjs";

let server;
let reach;
beforeEach(async () => {
  server = await new Server().start();
  reach = { fetch: server.fetch, timeout: 10_000 };
});
afterEach(() => server.stop());

test("ids are UUIDs of version 7 with the time in front", () => {
  const id = uuidMaker({ now: () => 0x0123456789ab })();

  assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("ids made within a millisecond, and after the clock was moved back, are each greater than the last", () => {
  let time = 1_000_000;
  const make = uuidMaker({ now: () => time });
  const ids = Array.from({ length: 10_000 }, () => make());
  time -= 999_999;
  ids.push(make(), make());

  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});

test("a pause doubles up to five minutes, a random half of it", () => {
  assert.deepEqual([1, 2, 3, 10, 1_000].map((attempts) => pause(attempts, () => 1)), [1_000, 2_000, 4_000, 300_000, 300_000]);
  assert.deepEqual([1, 2, 3, 10].map((attempts) => pause(attempts, () => 0)), [1_000, 1_000, 2_000, 150_000]);
});

test("what the server asks for counts when it is longer, up to an hour", () => {
  assert.equal(pauseAsked(1, 120, () => 1), 120_000);
  assert.equal(pauseAsked(9, 1, () => 1), 256_000);
  assert.equal(pauseAsked(1, 1_000_000, () => 1), 3_600_000);
});

test("a wait is over at its end, or when more is left than was set", () => {
  const wait = { not_before: 10_000, wait: 1_000 };

  assert.deepEqual([isOver(wait, 9_500), isOver(wait, 10_000), isOver(wait, 8_999)], [false, true, true]);
});

test("the session says who is signed in, and later requests are for that person", async () => {
  assert.deepEqual(await session(reach), { person: ADA, csrfToken: "token-1" });
  await request("/api/v1/notes", { ...reach, method: "POST", json: { id: "1", text: "note" } });
  const { "x-csrftoken": token, "insights-person": person, "content-type": type } = server.requests.at(-1).headers;

  assert.deepEqual([token, person, type], ["token-1", "7", "application/json"]);
});

for (const [name, trouble, expected] of [
  ["401", { status: 401 }, { name: "SignedOut" }],
  ["503", { status: 503, headers: { "Retry-After": "7" } }, { name: "Unavailable", status: 503, retryAfter: 7 }],
  ["429", { status: 429 }, { name: "Unavailable", status: 429, retryAfter: null }],
  ["403", { status: 403, body: { detail: "No." } }, { name: "Refused", message: "No." }],
  ["a redirect", { status: 302, headers: { Location: "/hotel" } }, { name: "Offline" }],
  ["a page", "html", { name: "Offline" }],
  ["no answer", "hang", { name: "Offline" }],
  ["a cut answer", "cut", { name: "Offline" }],
  ["a dropped request", "drop", { name: "Offline" }],
]) {
  test(`${name} is told as ${expected.name}`, async () => {
    server.trouble = () => trouble;

    await assert.rejects(session({ ...reach, timeout: trouble === "hang" ? 200 : 10_000 }), expected);
  });
}

test("Retry-After may be a date", async () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  server.trouble = () => ({ status: 503, headers: { "Retry-After": date } });
  const error = await session(reach).catch((one) => one);

  assert.ok(error.retryAfter > 50 && error.retryAfter <= 60, `${error.retryAfter}`);
});

test("an answer without a person is not the server's", async () => {
  server.trouble = () => ({ status: 200, body: { hello: "world" } });

  await assert.rejects(session(reach), { name: "Offline" });
});

test("the kit is kept, and asked for again only when it has changed", async () => {
  const { store } = await new Device(server).open();
  assert.equal(await kit(store), undefined);
  await refreshKit(store, reach);
  const again = await refreshKit(store, reach);

  assert.equal(server.requests.at(-1).headers["if-none-match"], '"kit-1"');
  assert.deepEqual([again.person, (await kit(store)).person], [ADA, ADA]);
});

test("without a connection the kept kit stays", async () => {
  const { store } = await new Device(server).open();
  await refreshKit(store, reach);
  server.trouble = () => "drop";
  await assert.rejects(refreshKit(store, reach), { name: "Offline" });

  assert.deepEqual((await kit(store)).person, ADA);
});
