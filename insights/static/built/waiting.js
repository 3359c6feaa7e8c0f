import {
  a as n,
  b as i,
  d as u,
  e as d,
  f as y,
  g as k,
  h as v,
  i as h,
  k as S,
  l as p
} from "./chunk-HGXOZDKW.js";
import {
  b as w
} from "./chunk-LPVA26LA.js";
import {
  a as b
} from "./chunk-O6LSL3DH.js";
import "./chunk-XSDTV35H.js";
import "./chunk-DOHLBIZH.js";
import {
  A as m,
  z as g
} from "./chunk-HGBIGZET.js";

// js/waiting.js
var $ = document.querySelector("[data-waiting-page]"), a = (e) => $.querySelector(`[data-${e}]`), L = [
  ["Needs a look", ["needs-a-look"]],
  ["Waiting to be sent", ["waiting", "sending"]],
  ["Being written", ["draft", "parked"]],
  ["Sent lately", ["sent"]]
], r;
function T(e) {
  if (!e.photos.length) return null;
  let t = e.photos.filter((l) => l.state === "sent").length, s = e.photos.filter((l) => l.state === "needs-a-look").length, o = [h(e.photos.length, "photo", "photos")];
  return (e.state === "sent" || t) && o.push(t === e.photos.length ? "sent" : `${t} sent`), s && o.push(`${s} not taken`), n("span", { class: "fact" }, i("image"), o.join(", "));
}
function C(e) {
  if (e.shown !== "waiting" || !e.not_before || e.not_before <= Date.now()) return null;
  let t = e.not_before - Date.now() < 6e4 ? "next attempt within a minute" : `next attempt at ${y(e.not_before)}`;
  return n("span", { class: "fact" }, i("hourglass"), t);
}
function D(e) {
  let t = n("div", { class: "finding-buttons" });
  e.shown === "parked" && t.append(n("p", { class: "soft small" }, "Comes back into the form once the draft there is saved or discarded.")), e.shown === "draft" && t.append(n("a", { class: "button", href: "/n" }, i("pencil"), "Go on writing")), e.state === "needs-a-look" && t.append(n("a", { class: "button", href: `/n?mend=${e.id}` }, i("pencil"), "Mend it"));
  for (let s of e.photos.filter((o) => o.state === "needs-a-look"))
    t.append(n("p", { class: "small" }, p(s)), u("Try the photo again", "refresh-cw", () => r.queue.retryPhoto(s.id))), t.append(u("Remove the photo", "trash-2", () => r.queue.removePhoto(s.id), "quiet"));
  return t.append(u("Discard", "trash-2", (s) => _(e, s.currentTarget), "quiet")), t;
}
function E(e) {
  let t = v(e.fields.text, 220);
  return t ? n("p", { class: "waiting-words", dir: "auto" }, e.state === "sent" ? n("a", { href: `/notes/${e.id}` }, t) : t) : n("p", { class: "waiting-words soft" }, "No text yet");
}
function _(e, t) {
  let s = e.state === "sent";
  w(s ? "Discard its photos? The text is sent and stays." : "Discard this note? It is nowhere else.", t, async () => {
    await r.queue.discard(e.id), d("Discarded");
  });
}
function R(e) {
  let { image: t, short: s } = S[e.shown];
  return n(
    "li",
    { class: "waiting-note", "data-state": e.shown, "data-note": e.id },
    n("p", { class: "waiting-state" }, i(t), n("strong", {}, s), n("span", { class: "soft" }, k(e.captured_at)), T(e), C(e)),
    E(e),
    e.shown === "needs-a-look" && e.problem && n("p", { class: "waiting-problem" }, p(e)),
    e.shown !== "sent" && D(e)
  );
}
function j([e, t], s) {
  let o = s.filter((O) => t.includes(O.shown));
  if (!o.length) return null;
  let l = t.includes("sent") ? o.reverse() : o;
  return n("section", { class: "section" }, n("h2", {}, e), n("ul", { class: "waiting-list", role: "list" }, ...l.map(R)));
}
function N() {
  return n(
    "div",
    { class: "empty-state" },
    i("circle-check"),
    n("h2", {}, "Nothing waits here"),
    n("p", {}, "Notes that you save without a connection appear here, until they are sent."),
    n("a", { class: "button", href: "/n" }, i("plus"), "New note")
  );
}
async function x() {
  let e = (await r.queue.all()).filter((o) => !o.undone && (o.fields.text.trim() || o.photos.length)), t = L.map((o) => j(o, e)).filter(Boolean), s = document.activeElement?.closest("[data-note]")?.dataset.note;
  a("notes").replaceChildren(...t.length ? t : [N()]), a("actions").hidden = !e.some((o) => o.shown !== "sent"), s && a("notes").querySelector(`[data-note="${CSS.escape(s)}"] :is(a, button)`)?.focus();
}
function c(e, ...t) {
  a("trouble").replaceChildren(...e ? [n("div", { class: "capture-notice" }, i("info"), n("p", {}, e), ...t)] : []);
}
var q = () => n("a", { class: "button", href: "/sign-in?next=/waiting" }, "Sign in");
function f(e) {
  e === "signed-out" ? c("You are signed out. Notes stay here until you sign in.", q()) : navigator.onLine ? e instanceof Error ? c(e.message) : c("") : c("No connection. Notes are sent as soon as there is one.");
}
async function U(e) {
  e.disabled = !0, d("Sending"), f(await r.sender.wake()), e.disabled = !1;
  let { unsent: t } = await r.queue.counts();
  d(t ? `${h(t, "note waits", "notes wait")} still` : "All notes are sent");
}
async function A() {
  let e = new Blob([JSON.stringify(await r.queue.exported(), null, 1)], { type: "application/json" }), t = n("a", { href: URL.createObjectURL(e), download: `waiting-notes-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}.json` });
  t.click(), setTimeout(() => URL.revokeObjectURL(t.href), 6e4), d("The file is saved");
}
async function B() {
  r = await b;
  let { person: e, queue: t, sender: s } = r;
  e.name && (a("whose").textContent = `Notes of ${e.name}. Nobody else sees or sends them.`), a("send").addEventListener("click", (o) => U(o.currentTarget)), a("export").addEventListener("click", A), t.subscribe(x), await x(), window.addEventListener("offline", () => f("done")), window.addEventListener("online", () => f("done")), f(await s.wake()), await g() === !1 && (a("storage").textContent = "This browser may remove what it keeps when the phone runs out of room. Send notes soon, or export them.", a("storage").hidden = !1);
}
B().catch((e) => {
  e instanceof m ? c("Nobody has signed in on this device yet.", q()) : c(e.message), a("notes").replaceChildren(N());
});
