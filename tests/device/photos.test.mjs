import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { LARGEST_FILE, NoPhoto, prepared, sha256 } from "../../insights/static/js/device/photos.js";
import { Device, pictureOf, settle } from "./parts/device.mjs";
import { Server } from "./parts/server.mjs";

const SIZE = 300_000; // three pieces

let server;
let device;
let page;
beforeEach(async () => {
  server = await new Server().start();
  device = new Device(server);
  page = await device.open();
});
afterEach(() => server.stop());

const isPiece = ({ method }) => method === "PATCH";
const pieces = () => server.requests.filter(isPiece).map((one) => Number(one.headers["upload-offset"]));
const only = async () => (await page.queue.all())[0];

async function saved(text, ...sizes) {
  for (const [seed, size] of sizes.entries()) await page.queue.addPhoto(pictureOf(size, seed));
  return page.queue.save({ text });
}

test("photos follow the texts of all notes, in pieces, and arrive whole", async () => {
  await saved("one", SIZE, 10);
  await saved("two", 20);
  await page.round();
  const posts = server.requests.filter(({ method }) => method === "POST").map(({ path }) => path.split("/").at(-1));

  assert.deepEqual(posts, ["notes", "notes", "photos", "photos", "photos"]);
  assert.deepEqual(pieces(), [0, 131_072, 262_144, 0, 0]);
  const { id } = await only();
  assert.deepEqual(server.photosOf(id)[0].bytes, Buffer.from(await pictureOf(SIZE, 0).arrayBuffer()));
  assert.deepEqual((await page.queue.all()).map((one) => one.shown), ["sent", "sent"]);
});

for (const [trouble, again] of [["cut", 262_144], ["drop", 131_072]]) {
  test(`a photo goes on where it stopped (${trouble})`, async () => {
    const { id } = await saved("note", SIZE);
    let number = 0;
    server.trouble = (request) => (isPiece(request) && ++number === 2 ? trouble : null);
    await page.round();
    assert.deepEqual([(await only()).state, (await only()).shown], ["sent", "waiting"]);
    await settle(device, page);

    assert.deepEqual(pieces(), trouble === "cut" ? [0, 131_072, again] : [0, 131_072, again, 262_144]);
    assert.equal(server.photosOf(id).length, 1);
  });
}

test("where the server is elsewhere, it is asked where", async () => {
  const { id } = await saved("note", SIZE);
  let moved = false;
  server.trouble = (request) => {
    if (!isPiece(request) || moved) return null;
    moved = true;
    const [photo] = server.photos.values();
    photo.bytes = Buffer.from(new Uint8Array(131_072).map((_, place) => (place * 31) % 251));
    photo.received = photo.bytes.length; // another tab has sent it
    return null;
  };
  await page.round();

  assert.equal(server.requests.filter(({ method, path }) => method === "GET" && path.includes("/photos/")).length, 1);
  assert.equal(server.photosOf(id).length, 1);
});

test("a photo that never becomes what was announced is left for later instead of being sent for ever", async () => {
  const { id } = await saved("note", 100);
  await page.store.change(({ bytes }) => bytes.getAllKeys().then(([key]) => bytes.put(new ArrayBuffer(100), key)));
  await page.round();

  assert.ok(pieces().length <= 5);
  assert.equal((await page.queue.photos(id))[0].state, "waiting");
});

test("a refused photo leaves its note sent and says why; the others go on", async () => {
  const { id } = await saved("note", 10, 20);
  server.refusePhoto = (photo) => (photo.size === 10 ? "This is no picture that we can read." : null);
  await page.round();
  const record = await only();

  assert.deepEqual([record.state, record.shown], ["sent", "needs-a-look"]);
  assert.deepEqual(record.photos.map((photo) => photo.state), ["needs-a-look", "sent"]);
  assert.equal(record.photos[0].problem.detail, "This is no picture that we can read.");
  assert.equal((await page.queue.counts()).unsent, 1);
  await page.queue.removePhoto(record.photos[0].id);
  assert.equal((await only()).shown, "sent");
  assert.equal(server.photosOf(id).length, 1);
});

test("a refused photo can be sent once more, under a new id", async () => {
  const { id } = await saved("note", 10);
  server.refusePhoto = () => "The disk is full.";
  await page.round();
  server.refusePhoto = () => null;
  await page.queue.retryPhoto((await only()).photos[0].id);
  await page.round();

  assert.equal(server.photosOf(id).length, 1);
  assert.equal((await only()).shown, "sent");
});

test("photos wait while their note does", async () => {
  await saved("poison", 10);
  await page.round();

  assert.equal(server.requests.some(({ path }) => path.endsWith("/photos")), false);
  assert.equal((await only()).photos[0].state, "waiting");
});

test("undoing brings the photos back, and the old note is withdrawn without them", async () => {
  const first = await saved("note", SIZE, 10);
  await page.round();
  const draft = await page.queue.undo(first.id);
  assert.deepEqual((await page.queue.photos(draft.id)).map((photo) => photo.bytes.byteLength), [SIZE, 10]);
  await page.queue.save({ text: "note" });
  await settle(device, page);

  assert.equal(server.standing("note").length, 1);
  assert.equal(server.photosOf(draft.id).length, 2);
});

test("the bytes of a sent photo are let go, though not within the time for undoing", async () => {
  const { id } = await saved("note", 10);
  await page.round();
  assert.equal((await page.queue.photos(id))[0].bytes.byteLength, 10);
  device.clock.pass(60_000);
  await page.round();

  assert.deepEqual((await page.store.all("bytes")), []);
  assert.deepEqual([(await only()).photos[0].state, (await only()).photos[0].kept], ["sent", false]);
});

test("bytes that belong to no photo go", async () => {
  await page.store.put("bytes", new ArrayBuffer(10), "nobody's");
  await saved("note", 10);
  await page.round();

  assert.equal((await page.store.all("bytes")).length, 1);
});

test("a photo whose bytes are gone says so and holds nothing up", async () => {
  await saved("note", 10, 20);
  await page.store.change(({ bytes }) => bytes.getAllKeys().then(([key]) => bytes.delete(key)));
  await page.round();

  assert.deepEqual((await only()).photos.map((photo) => photo.state), ["needs-a-look", "sent"]);
});

test("the hash is SHA-256 in hexadecimal digits", async () => {
  assert.equal(await sha256(new Blob(["abc"])), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("what this browser cannot decode goes as it is, unless it is too large", async () => {
  const file = new File(["heic"], "IMG_1.HEIC", { type: "image/heic" });
  assert.deepEqual(await prepared(file), { blob: file, width: null, height: null });

  await assert.rejects(prepared({ size: LARGEST_FILE + 1 }), NoPhoto);
  await assert.rejects(prepared(new Blob([])), /empty/);
});

test("a large picture is drawn anew at 2,048 pixels a side", async (context) => {
  const drawn = [];
  globalThis.createImageBitmap = async (_file, how) => ({ width: 4_000, height: 3_000, close() {}, how });
  globalThis.OffscreenCanvas = class {
    constructor(width, height) { this.size = [width, height]; }
    getContext() { return { fillRect() {}, drawImage: (picture, ...place) => drawn.push(picture.how, place) }; }
    convertToBlob(how) { return Promise.resolve(new Blob([JSON.stringify(how)], { type: how.type })); }
  };
  context.after(() => { delete globalThis.createImageBitmap; delete globalThis.OffscreenCanvas; });
  const { blob, width, height } = await prepared(new Blob(["photo"]));

  assert.deepEqual([width, height], [2_048, 1_536]);
  assert.deepEqual(drawn, [{ imageOrientation: "from-image" }, [0, 0, 2_048, 1_536]]);
  assert.deepEqual(JSON.parse(await blob.text()), { type: "image/jpeg", quality: 0.85 });
});
