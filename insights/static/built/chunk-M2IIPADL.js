// vendor/idb.js
var b = (e, t) => t.some((n) => e instanceof n), B, N;
function Q() {
  return B || (B = [
    IDBIndex,
    IDBObjectStore,
    IDBCursor,
    IDBDatabase,
    IDBTransaction
  ]);
}
function X() {
  return N || (N = ["advance", "continue", "continuePrimaryKey"].map((e) => IDBCursor.prototype[e]));
}
var k = /* @__PURE__ */ new WeakMap(), g = /* @__PURE__ */ new WeakMap(), h = /* @__PURE__ */ new WeakMap();
function Y(e) {
  let t = new Promise((n, s) => {
    let r = () => {
      e.removeEventListener("success", o), e.removeEventListener("error", i);
    }, o = () => {
      n(u(e.result)), r();
    }, i = () => {
      s(e.error), r();
    };
    e.addEventListener("success", o), e.addEventListener("error", i);
  });
  return h.set(t, e), t;
}
function U(e) {
  if (k.has(e))
    return;
  let t = new Promise((n, s) => {
    let r = () => {
      e.removeEventListener("complete", o), e.removeEventListener("error", i), e.removeEventListener("abort", i);
    }, o = () => {
      n(), r();
    }, i = () => {
      s(e.error || new DOMException("AbortError", "AbortError")), r();
    };
    e.addEventListener("complete", o), e.addEventListener("error", i), e.addEventListener("abort", i);
  });
  k.set(e, t);
}
var _ = {
  get(e, t, n) {
    if (e instanceof IDBTransaction) {
      if (t === "done")
        return k.get(e);
      if (t === "store")
        return n.objectStoreNames[1] ? void 0 : n.objectStore(n.objectStoreNames[0]);
    }
    return u(e[t]);
  },
  set(e, t, n) {
    return e[t] = n, !0;
  },
  has(e, t) {
    return e instanceof IDBTransaction && (t === "done" || t === "store") ? !0 : t in e;
  }
};
function j(e) {
  _ = e(_);
}
function Z(e) {
  return X().includes(e) ? function(...t) {
    return e.apply(T(this), t), u(this.request);
  } : function(...t) {
    return u(e.apply(T(this), t));
  };
}
function tt(e) {
  return typeof e == "function" ? Z(e) : (e instanceof IDBTransaction && U(e), b(e, Q()) ? new Proxy(e, _) : e);
}
function u(e) {
  if (e instanceof IDBRequest)
    return Y(e);
  if (g.has(e))
    return g.get(e);
  let t = tt(e);
  return Object.is(t, e) || (g.set(e, t), h.set(t, e)), t;
}
var T = (e) => h.get(e);
var et = ["get", "getKey", "getAll", "getAllKeys", "count"], nt = ["put", "add", "delete", "clear"], x = {};
function A(e, t) {
  if (!(e instanceof IDBDatabase && !(t in e) && typeof t == "string"))
    return;
  if (x[t])
    return x[t];
  let n = t.replace(/FromIndex$/, ""), s = t !== n, r = nt.includes(n);
  if (
    // Bail if the target doesn't exist on the target. Eg, getAll isn't in Edge.
    !(n in (s ? IDBIndex : IDBObjectStore).prototype) || !(r || et.includes(n))
  )
    return;
  let o = async function(i, ...c) {
    let l = this.transaction(i, r ? "readwrite" : "readonly"), y = l.store;
    return s && (y = y.index(c.shift())), (await Promise.all([
      y[n](...c),
      r && l.done
    ]))[0];
  };
  return x[t] = o;
}
j((e) => ({
  ...e,
  get: (t, n, s) => A(t, n) || e.get(t, n, s),
  has: (t, n) => !!A(t, n) || e.has(t, n)
}));
var st = ["advance", "continue", "continuePrimaryKey"], M = {}, E = /* @__PURE__ */ new WeakMap(), C = /* @__PURE__ */ new WeakMap(), rt = {
  get(e, t) {
    if (!st.includes(t))
      return e[t];
    let n = M[t];
    return n || (n = M[t] = function(...s) {
      E.set(this, C.get(this)[t](...s));
    }), n;
  }
};
async function* ot(...e) {
  let t = this;
  if (t instanceof IDBCursor || (t = await t.openCursor(...e)), !t)
    return;
  t = t;
  let n = new Proxy(t, rt);
  for (C.set(n, t), h.set(n, T(t)); t; )
    yield n, t = await (E.get(n) || t.continue()), E.delete(n);
}
function L(e, t) {
  return t === Symbol.asyncIterator && b(e, [IDBIndex, IDBObjectStore, IDBCursor]) || t === "iterate" && b(e, [IDBIndex, IDBObjectStore]);
}
j((e) => ({
  ...e,
  get(t, n, s) {
    return L(t, n) ? ot : e.get(t, n, s);
  },
  has(t, n) {
    return L(t, n) || e.has(t, n);
  }
}));

// js/device/store.js
var it = 1, I = ["notes", "photos", "bytes", "kept"], at = 1e4, f = class extends Error {
  constructor(t) {
    super("This browser keeps nothing on this device, so a note has to be sent before the page is closed.", { cause: t }), this.name = "NoStorage";
  }
}, S = class extends Error {
  constructor(t, n = null) {
    super("There is no room left on this device. Delete something on it, then try again; leave this page open until then.", { cause: t }), this.name = "NoRoom", this.record = n;
  }
};
function ct(e) {
  e.createObjectStore("notes", { keyPath: "id" }), e.createObjectStore("photos", { keyPath: "id" }).createIndex("note_id", "note_id"), e.createObjectStore("bytes"), e.createObjectStore("kept");
}
function ut(e, t) {
  let n;
  return new Promise((s, r) => {
    let o = t.open(e, it);
    o.onupgradeneeded = () => ct(o.result), o.onerror = () => r(o.error), o.onsuccess = () => s(o.result), n = setTimeout(() => r(new Error("no answer")), at);
  }).finally(() => clearTimeout(n));
}
function dt(e, t) {
  let n = [e, t.error].find((s) => s?.name === "QuotaExceededError");
  return n ? new S(n) : e;
}
var O = class {
  #e;
  #t = null;
  constructor(t) {
    this.#e = t;
  }
  async connect() {
    this.#t ??= this.#e();
    try {
      let t = await this.#t;
      return t.onversionchange = () => this.close(), t.onclose = () => {
        this.#t = null;
      }, t;
    } catch (t) {
      throw this.#t = null, new f(t);
    }
  }
  async close() {
    let t = this.#t;
    this.#t = null, (await t)?.close();
  }
  async #s(t) {
    try {
      return (await this.connect()).transaction(I, t, { durability: "strict" });
    } catch (n) {
      if (n instanceof f) throw n;
      return this.#t = null, (await this.connect()).transaction(I, t, { durability: "strict" });
    }
  }
  // `work` gets the tables {notes, photos, bytes, kept} and may wait for nothing but their answers. What it returns comes
  // back once everything is written; when anything fails, nothing is.
  async #n(t, n) {
    let s = u(await this.#s(t)), { done: r } = s;
    r.catch(() => {
    });
    try {
      let o = Object.fromEntries(I.map((c) => [c, s.objectStore(c)])), i = await n(o);
      return await r, i;
    } catch (o) {
      try {
        s.abort();
      } catch {
      }
      throw await r.catch(() => {
      }), dt(o, s);
    }
  }
  read(t) {
    return this.#n("readonly", t);
  }
  change(t) {
    return this.#n("readwrite", t);
  }
  get(t, n) {
    return this.read((s) => s[t].get(n));
  }
  all(t) {
    return this.read((n) => n[t].getAll());
  }
  put(t, n, s) {
    return this.change((r) => r[t].put(n, s));
  }
  delete(t, n) {
    return this.change((s) => s[t].delete(n));
  }
  photosOf(t) {
    return this.read(({ photos: n }) => n.index("note_id").getAll(t));
  }
  // Small things under a name, such as the kit.
  kept(t) {
    return this.get("kept", t);
  }
  keep(t, n) {
    return this.put("kept", n, t);
  }
  forget(t) {
    return this.delete("kept", t);
  }
};
async function vt({ name: e = "field-insights", indexedDB: t = globalThis.indexedDB } = {}) {
  let n = new O(() => ut(e, t));
  return await n.connect(), n;
}
var D = /* @__PURE__ */ new WeakMap();
function Bt(e = globalThis.navigator?.storage) {
  return e?.persist ? (D.has(e) || D.set(e, lt(e)), D.get(e)) : Promise.resolve(null);
}
async function lt(e) {
  try {
    return await e.persisted() || await e.persist();
  } catch {
    return null;
  }
}

// js/device/session.js
var ht = "/api/v1/capture/session", ft = {
  403: "You may not do this.",
  404: "There is nothing here, or you may not see it.",
  409: "Somebody else was there first.",
  413: "That is too large. Send less at once."
}, p = class extends Error {
  constructor() {
    super("Sign in to send what is waiting."), this.name = "SignedOut";
  }
}, d = class extends Error {
  constructor(t = "There is no connection.", n) {
    super(t, { cause: n }), this.name = "Offline";
  }
}, w = class extends Error {
  constructor(t, n) {
    super("The server cannot answer just now."), this.name = "Unavailable", this.status = t, this.retryAfter = n;
  }
}, m = class extends Error {
  constructor(t, n) {
    super(t.detail), this.name = "Refused", this.problem = t, this.headers = n;
  }
}, P = null;
async function At({ fetch: e, timeout: t = 1e4 } = {}) {
  let { json: n } = await pt(ht, { fetch: e, timeout: t, as: null });
  if (!n?.person?.id) throw new d(R);
  return P = { person: n.person, csrfToken: n.csrf_token }, P;
}
var R = "Something else than the server has answered. Open a page in the browser: the network may ask you to sign in.";
async function pt(e, t = {}) {
  let { timeout: n = 2e4, fetch: s = (...i) => globalThis.fetch(...i) } = t, r = new AbortController(), o = setTimeout(() => r.abort(), n);
  try {
    let i = await s(e, { ...mt(t), signal: r.signal });
    return yt(i, await i.text());
  } catch (i) {
    throw wt.some((c) => i instanceof c) ? i : new d(void 0, i);
  } finally {
    clearTimeout(o);
  }
}
var wt = [p, d, w, m];
function mt({ method: e = "GET", json: t, body: n, headers: s = {}, as: r = P }) {
  let o = r ? { "X-CSRFToken": r.csrfToken, "Insights-Person": String(r.person.id) } : {}, i = t === void 0 ? {} : { "Content-Type": "application/json" };
  return {
    method: e,
    body: t === void 0 ? n : JSON.stringify(t),
    headers: { Accept: "application/json", ...i, ...o, ...s },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "manual"
    // the API never redirects, what stands between may
  };
}
function yt(e, t) {
  let { status: n, headers: s } = e;
  if (n === 401) throw new p();
  if (n === 408 || n === 429 || n >= 500) throw new w(n, bt(s.get("Retry-After")));
  let r = gt(t);
  if (n >= 400) throw new m(xt(n, r), s);
  if (n === 204 || n === 304) return { status: n, json: null, headers: s };
  if (n < 200 || n >= 300 || !r) throw new d(R);
  return { status: n, json: r, headers: s };
}
function gt(e) {
  try {
    return JSON.parse(e);
  } catch {
    return null;
  }
}
function xt(e, t) {
  let n = t?.detail ?? ft[e] ?? `The server has refused it (${e}).`;
  return { status: e, detail: n, errors: t?.errors ?? {} };
}
function bt(e) {
  if (!e) return null;
  let t = /^\d+$/.test(e) ? Number(e) : (Date.parse(e) - Date.now()) / 1e3;
  return Number.isFinite(t) ? Math.max(0, t) : null;
}

// js/device/backoff.js
function kt(e, t = Math.random) {
  let n = Math.min(3e5, 1e3 * 2 ** Math.min(e - 1, 30));
  return Math.max(1e3, Math.round(n * (0.5 + t() / 2)));
}
function Lt(e, t, n) {
  return Math.max(kt(e, n), Math.min(36e5, (t ?? 0) * 1e3));
}
function q({ not_before: e, wait: t }, n) {
  return e === null || n >= e || e - n > t;
}

// js/device/states.js
var _t = Object.freeze({
  text: "",
  kind: null,
  territory: null,
  segments: [],
  competitors: [],
  products: [],
  dismissed: [],
  account: null,
  account_name: "",
  known: "first-hand",
  impact: "normal",
  sealed: !1,
  acknowledged: [],
  question: null,
  question_text: ""
}), K = (e) => new Date(e).toISOString(), a = { not_before: null, wait: 0, asked_to_wait: !1 };
function Rt({ id: e, personId: t, capturedAt: n }) {
  return {
    id: e,
    person_id: t,
    state: "draft",
    fields: { ..._t },
    captured_at: n,
    latitude: null,
    longitude: null,
    sequence: null,
    edits: 0,
    attempts: 0,
    ...a,
    problem: null,
    receipt: null,
    undone: !1,
    photo_ids: [],
    sent_at: null
  };
}
function Tt({ id: e, noteId: t, personId: n, type: s, name: r, size: o, sha256: i, width: c, height: l }) {
  return {
    id: e,
    note_id: t,
    person_id: n,
    state: "waiting",
    type: s,
    name: r,
    size: o,
    sha256: i,
    width: c,
    height: l,
    kept: !0,
    attempts: 0,
    ...a,
    problem: null,
    sent_at: null
  };
}
var V = (e, t, n) => Tt({ ...e, id: t, noteId: n, personId: e.person_id }), W = (e) => !e.fields.text.trim() && e.photo_ids.length === 0;
function qt(e, t) {
  return { ...e, fields: { ...e.fields, ...t }, edits: e.edits + 1 };
}
function Kt(e, t) {
  return { ...e, state: "waiting", sequence: e.sequence ?? t, attempts: 0, ...a, problem: null };
}
var F = (e, t) => ({ ...e, state: "parked", parked: t }), G = (e) => ({ ...e, state: "draft" });
function v(e, { id: t, photoIds: n }) {
  return {
    ...e,
    id: t,
    state: "draft",
    edits: e.edits + 1,
    attempts: 0,
    ...a,
    problem: null,
    receipt: null,
    undone: !1,
    photo_ids: n,
    sent_at: null
  };
}
function H(e) {
  return { ...e, state: "waiting", undone: !0, photo_ids: [], attempts: 0, ...a, problem: null };
}
var $ = (e) => e.state === "waiting" && e.attempts === 0 && !e.receipt, Et = (e) => e.state === "waiting" || e.state === "sending", Vt = (e, t) => e.state === "sending" || e.state === "waiting" && q(e, t);
function Wt(e) {
  return { ...e, state: "sending", attempts: e.attempts + 1, ...a };
}
function Ft(e, { wait: t, asked: n, now: s }) {
  return { ...e, state: "waiting", not_before: t ? s + t : null, wait: t, asked_to_wait: n };
}
var Gt = (e) => e.asked_to_wait ? e : { ...e, ...a };
function Ht(e, t, n) {
  let s = e.undone && !t.withdrawn_at;
  return { ...{ ...e, receipt: t, problem: null, ...a, sent_at: e.sent_at ?? K(n) }, state: s ? "waiting" : "sent" };
}
var $t = (e, t) => ({ ...e, state: "sent", problem: null, ...a, sent_at: K(t) }), Jt = (e, t) => ({ ...e, state: "needs-a-look", problem: t, ...a });
function zt(e, t) {
  return e.state !== "sent" ? e.state : t.some((n) => n.state === "needs-a-look") ? "needs-a-look" : t.some(Et) ? "waiting" : "sent";
}

// js/device/shelf.js
var Dt = 409, St = (e, t) => (e.sequence ?? 1 / 0) - (t.sequence ?? 1 / 0) || (e.id < t.id ? -1 : 1);
async function z({ photos: e, bytes: t }, n) {
  await e.delete(n), await t.delete(n);
}
async function Qt(e, t) {
  await e.notes.delete(t);
  for (let n of await e.photos.index("note_id").getAllKeys(t)) await z(e, n);
}
var J = class {
  constructor(t, n) {
    this.personId = t, this.uuid = n;
  }
  // In the order in which they were saved; what was not saved comes last.
  async all({ notes: t }) {
    return (await t.getAll()).filter((n) => n.person_id === this.personId).sort(St);
  }
  async note({ notes: t }, n) {
    let s = await t.get(n);
    return s?.person_id === this.personId ? s : null;
  }
  async draft(t) {
    return (await this.all(t)).find((n) => n.state === "draft") ?? null;
  }
  photosOf({ photos: t }, n) {
    return t.index("note_id").getAll(n);
  }
  async nextNumber({ kept: t }) {
    let n = (await t.get("sequence") ?? 0) + 1;
    return await t.put(n, "sequence"), n;
  }
  // Makes room for another draft: what is there is put aside, or forgotten when there is nothing in it.
  async clearTable(t) {
    let n = await this.draft(t);
    n && (W(n) && n.sequence === null ? await t.notes.delete(n.id) : await t.notes.put(F(n, await this.nextNumber(t))));
  }
  // What was put aside last comes back, when nothing else is being written.
  async reopenParked(t) {
    let n = await this.all(t);
    if (n.some((r) => r.state === "draft")) return;
    let [s] = n.filter((r) => r.state === "parked").sort((r, o) => o.parked - r.parked);
    s && await t.notes.put(G(s));
  }
  // Brings a saved note back as the draft, under a new id. Where the old one may have arrived, it stays to be
  // withdrawn.
  async undo(t, n) {
    let s = await this.#e(t, n);
    return $(n) || await t.notes.put(H(n)), s;
  }
  // Brings a refused note back as the draft. Its id stays when the server has surely stored nothing under it: after
  // several attempts an earlier one may have arrived, and under a taken id there is another note.
  async mend(t, n) {
    return n.problem?.status === Dt ? this.#e(t, n) : n.attempts > 1 ? this.undo(t, n) : this.#t(t, v(n, { id: n.id, photoIds: n.photo_ids }));
  }
  async #e(t, n) {
    let s = this.uuid(), r = await this.movePhotos(t, await this.photosOf(t, n.id), s);
    return await t.notes.delete(n.id), this.#t(t, v(n, { id: s, photoIds: r }));
  }
  async #t(t, n) {
    return await this.clearTable(t), await t.notes.put(n), n;
  }
  // Under new ids, because the server may know the old ones. Those whose bytes are gone stay where they are.
  async movePhotos(t, n, s) {
    let r = [];
    for (let o of n.filter((i) => i.kept)) {
      let i = this.uuid();
      await t.bytes.put(await t.bytes.get(o.id), i), await t.photos.put(V(o, i, s)), await z(t, o.id), r.push(i);
    }
    return r;
  }
};

export {
  kt as a,
  Lt as b,
  q as c,
  K as d,
  Rt as e,
  Tt as f,
  W as g,
  qt as h,
  Kt as i,
  G as j,
  H as k,
  Et as l,
  Vt as m,
  Wt as n,
  Ft as o,
  Gt as p,
  Ht as q,
  $t as r,
  Jt as s,
  zt as t,
  z as u,
  Qt as v,
  J as w,
  f as x,
  S as y,
  vt as z,
  Bt as A,
  p as B,
  d as C,
  m as D,
  At as E,
  pt as F
};
