import {
  B as f,
  C as M,
  D as c,
  E as l,
  F as T,
  a as D,
  b as y,
  c as L,
  d as S,
  e as j,
  f as B,
  g as R,
  h as g,
  i as I,
  j as U,
  k as $,
  l as d,
  m as E,
  n as F,
  o as z,
  p as H,
  q as W,
  r as G,
  s as Q,
  t as x,
  u as Y,
  v as b,
  w as K,
  y as P
} from "./chunk-M2IIPADL.js";

// js/device/changes.js
var k = class {
  #n;
  #e;
  #i = /* @__PURE__ */ new Set();
  // `channel` is a BroadcastChannel of its own, or null. What concerns another person is not told.
  constructor(t, e) {
    this.#n = t, this.#e = e, t?.addEventListener("message", (s) => this.#t({ ...s.data, elsewhere: !0 })), t?.unref?.();
  }
  // `what` has happened to the note: "edited", "saved", "undone", "discarded", "sending", "sent", "postponed" or
  // "refused". Listeners get {what, person, note}, of another tab with `elsewhere`.
  announce(t, e) {
    let s = { what: t, person: this.#e, note: e };
    this.#t(s), this.#n?.postMessage(s);
  }
  subscribe(t) {
    return this.#i.add(t), () => this.#i.delete(t);
  }
  close() {
    this.#n?.close(), this.#i.clear();
  }
  #t(t) {
    if (t.person === this.#e)
      for (let e of this.#i) e(t);
  }
};

// js/device/photos.js
var m = class extends Error {
  constructor(t) {
    super(t), this.name = "NoPhoto";
  }
};
function ot(o, t) {
  return globalThis.OffscreenCanvas ? new OffscreenCanvas(o, t) : Object.assign(document.createElement("canvas"), { width: o, height: t });
}
function rt(o) {
  return o.convertToBlob ? o.convertToBlob({ type: "image/jpeg", quality: 0.85 }) : new Promise((t) => {
    o.toBlob(t, "image/jpeg", 0.85);
  });
}
async function at(o) {
  let t = await createImageBitmap(o, { imageOrientation: "from-image" }), e = Math.min(1, 2048 / Math.max(t.width, t.height)), s = Math.max(1, Math.round(t.width * e)), n = Math.max(1, Math.round(t.height * e)), i = ot(s, n), r = i.getContext("2d");
  r.fillStyle = "#fff", r.fillRect(0, 0, s, n), r.drawImage(t, 0, 0, s, n), t.close();
  let a = await rt(i);
  if (!a?.size) throw new Error("nothing was drawn");
  return { blob: a, width: s, height: n };
}
async function V(o) {
  if (!o.size) throw new m("The file is empty. Choose another one.");
  try {
    return await at(o);
  } catch {
    if (o.size <= 15728640) return { blob: o, width: null, height: null };
    throw new m("This phone cannot make the photo smaller, and it is larger than 15 MB. Choose a smaller one.");
  }
}
async function J(o) {
  if (!globalThis.crypto?.subtle) throw new m("Photos need a page over https.");
  let t = o instanceof ArrayBuffer ? o : await o.arrayBuffer(), e = new Uint8Array(await crypto.subtle.digest("SHA-256", t));
  return Array.from(e, (s) => s.toString(16).padStart(2, "0")).join("");
}

// js/device/uuid.js
function ht(o) {
  let t = Array.from(o, (e) => e.toString(16).padStart(2, "0")).join("");
  return [t.slice(0, 8), t.slice(8, 12), t.slice(12, 16), t.slice(16, 20), t.slice(20)].join("-");
}
function ut({ now: o = Date.now, random: t = (e) => crypto.getRandomValues(e) } = {}) {
  let e = -1, s = 0;
  function n(i) {
    let r = Math.floor(o());
    r > e ? (e = r, s = (i[6] & 7) << 8 | i[7]) : ++s > 4095 && (e += 1, s = 0);
  }
  return () => {
    let i = t(new Uint8Array(16));
    return n(i), new DataView(i.buffer).setUint32(0, Math.floor(e / 65536)), new DataView(i.buffer).setUint16(4, e % 65536), i[6] = 112 | s >> 8, i[7] = s & 255, i[8] = 128 | i[8] & 63, ht(i);
  };
}
var X = ut();

// js/device/note_post.js
function v(o) {
  let { fields: t } = o, e = {
    id: o.id,
    text: t.text,
    kind: t.kind,
    territory: t.territory,
    segments: t.segments,
    competitors: t.competitors,
    products: t.products,
    dismissed: t.dismissed,
    account: t.account,
    question: t.question ?? null,
    // a note of an earlier release has none
    known: t.known,
    impact: t.impact,
    audience: t.sealed ? "sealed" : null,
    captured_at: o.captured_at,
    latitude: o.latitude,
    longitude: o.longitude
  }, s = Object.entries(e).filter(([, n]) => n !== null && n?.length !== 0);
  return { ...Object.fromEntries(s), acknowledged: t.acknowledged };
}

// js/device/waiting_file.js
var Z = 32768;
function ct(o) {
  let t = new Uint8Array(o), e = "";
  for (let s = 0; s < t.length; s += Z) e += String.fromCharCode(...t.subarray(s, s + Z));
  return btoa(e);
}
function dt({ record: o, photos: t }) {
  return o.undone ? !1 : o.state === "sent" ? t.some((e) => e.state !== "sent") : !!o.fields.text.trim();
}
function ft({ record: o, photos: t }) {
  let e = t.filter((s) => s.bytes && s.state !== "sent");
  return {
    note: v(o),
    state: o.state,
    photos: e.map(({ id: s, sha256: n, size: i, bytes: r }) => ({ id: s, sha256: n, size: i, data: ct(r) }))
  };
}
function tt({ person: o, notes: t, now: e }) {
  return {
    format: "field-insights/waiting-notes",
    version: 1,
    exported_at: new Date(e).toISOString(),
    person: o,
    notes: t.filter(dt).map(ft)
  };
}

// js/device/queue.js
var wt = "field-insights-queue", pt = () => globalThis.BroadcastChannel ? new BroadcastChannel(wt) : null, N = class {
  #n;
  #e;
  #i;
  #t;
  #s = null;
  // the draft for which there was no room; it lives as long as this page
  #o = null;
  // which version of the draft this page shows: {id, edits}
  #r = /* @__PURE__ */ new Set();
  // ids of the notes that other tabs have been writing since this page was opened
  constructor(t, e, { now: s, uuid: n, channel: i, prepare: r }) {
    this.store = t, this.person = e, this.changes = new k(i, e.id), this.#n = s, this.#e = n, this.#i = r, this.#t = new K(e.id, n), this.changes.subscribe(({ what: a, note: h, elsewhere: u }) => {
      u && a === "edited" && this.#r.add(h);
    });
  }
  now() {
    return this.#n();
  }
  subscribe(t) {
    return this.changes.subscribe(t);
  }
  close() {
    this.changes.close();
  }
  // ── Writing ───────────────────────────────────────────────────────────────
  // The note that is being written, or null; what another tab is writing belongs to that tab.
  async draft() {
    let t = this.#s ?? await this.store.read((s) => this.#t.draft(s)), e = t && !this.#r.has(t.id) ? t : null;
    return this.#h(e), e;
  }
  // Keeps what is written. Time of capture and id are those of the first letter. A draft that this page has not asked
  // for, or that another tab has changed meanwhile, is put aside, not written over. Throws NoRoom, with the note as
  // `record`: it is kept in memory then, and the next call tries again.
  keepDraft(t) {
    return this.#d("edited", async (e) => {
      let s = await this.#u(e);
      return !s && !t.text?.trim() ? null : g(this.#c(s ?? this.#a(), t), t);
    });
  }
  // The draft begins to wait for its turn; one that was put aside becomes the draft. Throws NoRoom as keepDraft
  // does; the record can then be sent without being kept (sendDirectly in sender.js).
  async save(t = {}) {
    let e = await this.#d("saved", async (s) => {
      let n = this.#c(await this.#u(s) ?? this.#a(), t);
      return I(g(n, t), await this.#t.nextNumber(s));
    }, (s) => this.#t.reopenParked(s));
    return this.#h(null), e;
  }
  // Where it was captured; said once, and only while it is written.
  async setPlace(t, { latitude: e, longitude: s }) {
    let n = (a) => a.state === "draft" && a.latitude === null, i = (a) => n(a) ? { ...a, latitude: e, longitude: s } : a;
    this.#s?.id === t && (this.#s = i(this.#s)), await this.store.change(async (a) => {
      let h = await this.#t.note(a, t);
      return h && await a.notes.put(i(h)), h;
    }) && this.changes.announce("edited", t);
  }
  // Makes the photo small and keeps it with the draft; returns it as `photos` does. Throws NoPhoto and NoRoom: the
  // note is then as it was before.
  async addPhoto(t) {
    let { blob: e, width: s, height: n } = await this.#i(t), i = await e.arrayBuffer(), r = { id: this.#e(), personId: this.person.id, type: e.type, name: t.name ?? "", width: s, height: n }, a = { size: i.byteLength, sha256: await J(i) }, h = this.#s, u;
    return await this.#d("edited", async (p) => {
      let A = await this.#u(p) ?? this.#a();
      return u = B({ ...r, ...a, noteId: A.id }), await p.photos.put(u), await p.bytes.put(i, u.id), g({ ...A, photo_ids: [...A.photo_ids, u.id] }, {});
    }).catch((p) => {
      throw this.#s = h, p;
    }), { ...u, bytes: i };
  }
  // Of a draft, or one that the server has refused.
  removePhoto(t) {
    return this.#f(t, "edited", async (e, s, n) => s.state !== "draft" && n.state !== "needs-a-look" ? s.photo_ids : (await Y(e, t), s.photo_ids.filter((i) => i !== t)));
  }
  // A refused photo once more, under a new id: the server has done with the old one.
  retryPhoto(t) {
    return this.#f(t, "saved", async (e, s, n) => {
      if (n.state !== "needs-a-look") return s.photo_ids;
      let [i] = await this.#t.movePhotos(e, [n], s.id);
      return s.photo_ids.map((r) => r === t ? i : r);
    });
  }
  // The photos of a note with their `bytes` (ArrayBuffer; undefined once they are gone), in the order of adding.
  photos(t) {
    return this.store.read(async (e) => {
      let s = await this.#t.note(e, t);
      return s ? this.#l(e, s) : [];
    });
  }
  // ── Having it back ────────────────────────────────────────────────────────
  // Brings a saved note back as the draft, with its time and place. What may have reached the server is withdrawn
  // there by the sender. A draft with something in it is put aside until this one is saved. Returns the draft.
  undo(t) {
    return this.#w(t, "undone", async (e, s) => {
      s.undone && s.state === "needs-a-look" && await e.notes.put($(s)), !s.undone && (s.state === "needs-a-look" && await this.#t.mend(e, s), (d(s) || s.state === "sent") && await this.#t.undo(e, s));
    });
  }
  // Brings a note that the server has refused back as the draft, as undo does.
  mend(t) {
    return this.#w(t, "edited", async (e, s) => {
      s.state === "needs-a-look" && !s.undone && await this.#t.mend(e, s);
    });
  }
  // Deletes a note and its photos from this device, whatever its state.
  async discard(t) {
    await this.store.change(async (e) => {
      await this.#t.note(e, t) && (await b(e, t), await this.#t.reopenParked(e));
    }), this.#s?.id === t && (this.#s = null), this.#o?.id === t && this.#h(null), this.changes.announce("discarded", t);
  }
  // ── Looking ───────────────────────────────────────────────────────────────
  // Every note of the person in the order in which they were saved, each with `photos` (without their bytes) and
  // `shown`, its state together with theirs.
  async all() {
    let { records: t, photos: e } = await this.store.read(async (s) => ({
      records: await this.#t.all(s),
      photos: await s.photos.getAll()
    }));
    return t.map((s) => {
      let n = e.filter((i) => s.photo_ids.includes(i.id));
      return { ...s, photos: n, shown: x(s, n) };
    });
  }
  // How many are in each state, without those that were undone; `unsent` are those that were saved and are not, or
  // not wholly, at the server.
  async counts() {
    let t = { draft: 0, parked: 0, waiting: 0, sending: 0, sent: 0, "needs-a-look": 0 };
    for (let e of await this.all()) e.undone || (t[e.shown] += 1);
    return { ...t, unsent: t.waiting + t.sending + t["needs-a-look"] };
  }
  // All that is on this device alone, as a file that the server can import.
  async exported() {
    let t = await this.store.read(async (e) => {
      let s = [];
      for (let n of await this.#t.all(e))
        s.push({ record: n, photos: await this.#l(e, n) });
      return s;
    });
    return tt({ person: this.person, notes: t, now: this.#n() });
  }
  // ── Inside ────────────────────────────────────────────────────────────────
  #a() {
    return j({ id: this.#e(), personId: this.person.id, capturedAt: S(this.#n()) });
  }
  // A box that was emptied and never saved begins anew with its next first letter.
  #c(t, e) {
    return t.sequence === null && t.edits > 0 && R(t) && e.text?.trim() ? { ...t, captured_at: S(this.#n()), latitude: null, longitude: null } : t;
  }
  // The draft that this page may write on. One that it has not seen belongs to another tab, and is put aside; its own,
  // which the other tab has put aside, comes back for it.
  async #u(t) {
    if (this.#s) return this.#s;
    let e = await this.#t.draft(t);
    if (e && this.#p(e)) return e;
    await this.#t.clearTable(t);
    let s = this.#o && await this.#t.note(t, this.#o.id);
    return s?.state === "parked" && this.#p(s) ? U(s) : null;
  }
  async #d(t, e, s = () => {
  }) {
    let n = null;
    try {
      await this.store.change(async (i) => {
        n = await e(i), n && await i.notes.put(n), await s(i);
      });
    } catch (i) {
      throw i instanceof P ? (this.#s = n && { ...n, state: "draft" }, new P(i.cause, n)) : i;
    }
    return this.#s = null, this.#h(n), n && this.changes.announce(t, n.id), n;
  }
  async #f(t, e, s) {
    let n = await this.store.change(async (i) => {
      let r = await i.photos.get(t), a = r && await this.#t.note(i, r.note_id);
      if (!a) return null;
      let h = { ...a, photo_ids: await s(i, a, r), edits: a.edits + 1 };
      return await i.notes.put(h), h;
    });
    n?.state === "draft" && this.#h(n), n && this.changes.announce(e, n.id);
  }
  async #w(t, e, s) {
    let n = await this.store.change(async (i) => {
      let r = await this.#t.note(i, t);
      return r && await s(i, r), this.#t.draft(i);
    });
    return this.#h(n), this.changes.announce(e, t), n;
  }
  async #l(t, e) {
    let s = [];
    for (let n of e.photo_ids) {
      let i = await t.photos.get(n);
      i && s.push({ ...i, bytes: await t.bytes.get(n) });
    }
    return s;
  }
  #p({ id: t, edits: e }) {
    return t === this.#o?.id && e === this.#o.edits;
  }
  #h(t) {
    this.#o = t ? { id: t.id, edits: t.edits } : null;
  }
};
function et(o, t, e = {}) {
  let { now: s = Date.now, uuid: n = X, channel: i = pt(), prepare: r = V } = e;
  return new N(o, { ...t, id: Number(t.id) }, { now: s, uuid: n, channel: i, prepare: r });
}

// js/device/delivery.js
var C = "/api/v1/notes", st = "/api/v1/photos", mt = "Undone by its author", yt = 128 * 1024, gt = 6e4, xt = 3;
async function O(o, t) {
  let { json: e } = o.undone && o.receipt ? await t(`${C}/${o.id}/withdraw`, { method: "POST", json: { reason: mt } }) : await t(C, { method: "POST", json: v(o) });
  if (e.id !== o.id) throw new M("The answer was about something else.");
  return e;
}
async function nt(o, t) {
  let { id: e, size: s, sha256: n } = o;
  if (!o.bytes) throw new c({ status: 410, detail: "The photo is no longer on this device.", errors: {} });
  let { json: i } = await t(`${C}/${o.note_id}/photos`, { method: "POST", json: { id: e, size: s, sha256: n } }), r = 0;
  for (; i.state === "uploading"; ) {
    let a = i.received;
    if (a >= s || r > xt) throw new M("The photo does not get on.");
    i = await bt(o, a, t), i.received <= a && (r += 1);
  }
  if (i.state === "refused") throw new c({ status: 422, detail: i.refusal, errors: {} });
}
async function bt(o, t, e) {
  try {
    let { json: s } = await e(`${st}/${o.id}`, {
      method: "PATCH",
      body: o.bytes.slice(t, t + yt),
      headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(t) },
      timeout: gt
    });
    return s;
  } catch (s) {
    if (s instanceof c && s.problem.status === 409 && s.headers.has("Upload-Offset"))
      return (await e(`${st}/${o.id}`)).json;
    throw s;
  }
}

// js/device/outbox.js
var Tt = 20, kt = 6e4, _ = class {
  constructor(t, e = Math.random) {
    this.queue = t, this.store = t.store, this.random = e;
  }
  // What is due next, as {table, id}: the texts of all notes, the oldest first, then their photos. Null when nothing is.
  async next() {
    let { notes: t, photos: e } = await this.#i(), s = (r) => E(r, this.queue.now()), n = t.find(s);
    if (n) return { table: "notes", id: n.id };
    let i = e.find(s);
    return i ? { table: "photos", id: i.id } : null;
  }
  // Milliseconds until something will be due; null when nothing waits.
  async untilNext() {
    let { notes: t, photos: e } = await this.#i(), s = this.queue.now(), n = [...t, ...e].map((i) => E(i, s) ? 0 : i.not_before - s);
    return n.length ? Math.min(...n) : null;
  }
  // Ends the waits that the server has not asked for: the connection is back, or the person looks.
  hurry() {
    return this.store.change(async (t) => {
      for (let e of ["notes", "photos"]) {
        let s = (await t[e].getAll()).filter((n) => this.#s(n) && n.not_before !== null);
        for (let n of s) await t[e].put(H(n));
      }
    });
  }
  // The record as it is now, marked as being sent; a photo with its bytes. Null when it is not to be sent any more.
  async claim(t, e) {
    let s = await this.#e(t, e, "sending", F);
    return !s || t === "notes" ? s : { ...s, bytes: await this.store.get("bytes", e) };
  }
  noteArrived(t, e) {
    return this.#e("notes", t, "sent", (s) => W(s, e, this.queue.now()));
  }
  photoArrived(t) {
    return this.#e("photos", t, "sent", (e) => G(e, this.queue.now()));
  }
  // It is tried again, after a while that grows; at once when nothing was wrong with it.
  postponed(t, e, { retryAfter: s = null, atOnce: n = !1 } = {}) {
    return this.#e(t, e, "postponed", (i) => {
      let r = n ? 0 : y(i.attempts, s, this.random);
      return z(i, { wait: r, asked: s !== null, now: this.queue.now() });
    });
  }
  // A note that was undone and never stored is done with: its text is in the draft.
  refused(t, e, s) {
    return this.#e(t, e, "refused", (n) => n.undone && !n.receipt ? null : Q(n, s));
  }
  // Lets the bytes of sent photos go, those that belong to no photo, and all but the last receipts.
  tidy() {
    return this.store.change(async (t) => {
      let e = (await t.photos.getAll()).filter((r) => this.#s(r));
      for (let r of e.filter((a) => a.kept && this.#n(a)))
        await t.bytes.delete(r.id), await t.photos.put({ ...r, kept: !1 });
      let s = await t.photos.getAllKeys();
      for (let r of await t.bytes.getAllKeys()) s.includes(r) || await t.bytes.delete(r);
      let n = (r) => e.filter((a) => a.note_id === r), i = (await this.#t(t)).filter((r) => x(r, n(r.id)) === "sent");
      for (let r of i.slice(0, -Tt))
        await b(t, r.id);
    });
  }
  // A clock that was moved must not keep them for ever.
  #n(t) {
    return t.state === "sent" && Math.abs(this.queue.now() - Date.parse(t.sent_at)) >= kt;
  }
  // Changes what is still to be sent; null takes it away. The person may have done something with it meanwhile.
  async #e(t, e, s, n) {
    let i = await this.store.change(async (r) => {
      let a = await r[t].get(e);
      if (!a || !d(a)) return null;
      let h = n(a);
      return h ? await r[t].put(h) : await r[t].delete(e), h ?? a;
    });
    return i && this.#o(s, i.note_id ?? e), i;
  }
  // What is to be sent: photos only of notes that are at the server.
  #i() {
    return this.store.read(async (t) => {
      let e = await this.#t(t), s = e.filter((i) => i.state === "sent" && !i.undone).flatMap((i) => i.photo_ids), n = await Promise.all(s.map((i) => t.photos.get(i)));
      return { notes: e.filter(d), photos: n.filter((i) => i && d(i)) };
    });
  }
  async #t({ notes: t }) {
    return (await t.getAll()).filter((s) => this.#s(s) && s.sequence !== null).sort((s, n) => s.sequence - n.sequence);
  }
  #s(t) {
    return t.person_id === this.queue.person.id;
  }
  #o(t, e) {
    this.queue.changes.announce(t, e);
  }
};

// js/device/round.js
var vt = 400, Ot = 429, w = class {
  constructor(t, { fetch: e, random: s, timeout: n }) {
    this.outbox = new _(t, s), this.person = t.person, this.reach = { fetch: e, timeout: n }, this.as = null;
  }
  async run() {
    let t = await this.#e();
    if (t) return t;
    try {
      return await this.#n();
    } finally {
      await this.outbox.tidy();
    }
  }
  async #n() {
    for (let t = await this.outbox.next(); t; t = await this.outbox.next()) {
      let e = await this.#i(t);
      if (e) return e;
    }
    return "done";
  }
  async #e() {
    try {
      return this.as = await l(this.reach), this.as.person.id === this.person.id ? null : "signed-out";
    } catch (t) {
      return t instanceof f ? "signed-out" : t;
    }
  }
  async #i({ table: t, id: e }) {
    let s = await this.outbox.claim(t, e);
    if (!s) return null;
    try {
      return await (t === "notes" ? this.#t(s) : this.#s(s)), null;
    } catch (n) {
      return n instanceof c ? (await this.outbox.refused(t, e, n.problem), null) : this.#a(t, e, n);
    }
  }
  async #t(t) {
    await this.outbox.noteArrived(t.id, await this.#r(O, t));
  }
  async #s(t) {
    await this.#r(nt, t), await this.outbox.photoArrived(t.id);
  }
  #o = (t, e) => T(t, { ...this.reach, ...e, as: this.as });
  // After a new sign-in it is asked once more with the new form token.
  async #r(t, e) {
    try {
      return await t(e, this.#o);
    } catch (s) {
      if (!(s instanceof c) || s.problem.status !== vt) throw s;
      let n = this.as.csrfToken;
      if (this.as = await l(this.reach), this.as.csrfToken === n || this.as.person.id !== this.person.id) throw s;
      return t(e, this.#o);
    }
  }
  // Tells what concerns this one from what concerns the whole connection, by asking for the session again.
  async #a(t, e, s) {
    return s instanceof f ? (await this.outbox.postponed(t, e, { atOnce: !0 }), "signed-out") : (await this.outbox.postponed(t, e, { retryAfter: s.retryAfter ?? null }), s.status === Ot ? s : this.#e());
  }
};

// js/device/sender.js
var _t = "field-insights-sender", At = ["saved", "undone"], St = 50, Et = {
  after(o, t) {
    let e = setTimeout(t, o);
    return () => clearTimeout(e);
  }
};
function it(o, t) {
  return o ? o.request(_t, t) : t();
}
var q = class {
  #n;
  #e;
  #i = null;
  #t = !1;
  #s = !1;
  #o = !1;
  #r = 0;
  // of the connection, one after the other
  #a = { not_before: null, wait: 0 };
  // what the server has asked for
  #c = () => {
  };
  #u = [];
  #d = [];
  #f = null;
  // of the last round
  constructor(t, e) {
    this.#n = t, this.#e = e, this.#u.push(t.subscribe(({ what: s }) => {
      At.includes(s) && this.#l();
    }));
    for (let [s, n, i] of e.wakers) this.#w(s, n, i);
  }
  // A round now, also of what waits for its time, unless the server has asked for the wait. Resolves after it with
  // how it ended (round.js), "resting" or "stopped".
  wake() {
    return this.#r = 0, this.#s = !0, this.#l();
  }
  // Tells how each round has ended, from the last one on.
  watch(t) {
    this.#d.push(t), this.#f && t(this.#f);
  }
  // Nothing is begun any more; resolves when what was begun has ended.
  async stop() {
    this.#o = !0, this.#c();
    for (let t of this.#u) t();
    await this.#i;
  }
  #w(t, e, s) {
    let n = () => {
      s() && this.wake();
    };
    t.addEventListener(e, n), this.#u.push(() => t.removeEventListener(e, n));
  }
  #l() {
    return this.#t = !0, this.#i ??= this.#p(), this.#i;
  }
  async #p() {
    let t = "stopped";
    try {
      for (; this.#t && !this.#o; ) {
        this.#t = !1, this.#c(), t = this.#f = await this.#h();
        for (let e of this.#d) e(t);
        this.#y(await this.#m(t));
      }
    } finally {
      this.#i = null;
    }
    return t;
  }
  async #h() {
    if (!L(this.#a, this.#n.now())) return "resting";
    let t = new w(this.#n, this.#e);
    try {
      return await it(this.#e.locks, async () => (this.#s && await t.outbox.hurry(), this.#s = !1, t.run()));
    } catch (e) {
      return e;
    }
  }
  // Milliseconds until the next round; null when only the person can bring it about.
  async #m(t) {
    if (t === "signed-out") return null;
    if (t === "resting") return this.#a.not_before - this.#n.now();
    if (t === "done")
      return this.#r = 0, new w(this.#n, this.#e).outbox.untilNext().catch(() => D(1));
    this.#r += 1;
    let e = y(this.#r, t.retryAfter, this.#e.random);
    return t.retryAfter && (this.#a = { not_before: this.#n.now() + e, wait: e }), e;
  }
  #y(t) {
    t === null || this.#o || (this.#c = this.#e.clock.after(Math.max(t, St), () => this.#l()));
  }
};
function Pt() {
  let o = globalThis.document, t = [];
  return globalThis.addEventListener && t.push([globalThis, "online", () => !0]), o && t.push([o, "visibilitychange", () => o.visibilityState === "visible"]), t;
}
function ie(o, t = {}) {
  let { locks: e = globalThis.navigator?.locks, clock: s = Et, wakers: n = Pt() } = t, i = new q(o, { ...t, locks: e, clock: s, wakers: n });
  return i.wake(), i;
}
async function oe(o, t = {}) {
  let { fetch: e, locks: s = globalThis.navigator?.locks } = t, n;
  try {
    n = et(o, (await l({ fetch: e })).person, t);
    let i = new w(n, t);
    await i.outbox.hurry();
    let r = await it(s, () => i.run());
    if (r instanceof Error) throw r;
  } catch (i) {
    if (!(i instanceof f)) throw i;
  } finally {
    n?.close();
  }
}
async function re(o, { fetch: t } = {}) {
  let e = await l({ fetch: t });
  if (e.person.id !== o.person_id) throw new f();
  return O(o, (s, n) => T(s, { ...n, as: e, fetch: t }));
}

export {
  et as a,
  ie as b,
  oe as c,
  re as d
};
