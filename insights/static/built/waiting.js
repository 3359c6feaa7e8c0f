import {
  a as n,
  b as r,
  d as u,
  e as d,
  f as v,
  g as k,
  h as S,
  i as f,
  k as x,
  l as h
} from "./chunk-HGXOZDKW.js";
import {
  b as w
} from "./chunk-FPM7DHOW.js";
import {
  a as y
} from "./chunk-AHDQU3OC.js";
import "./chunk-2UVOZIAI.js";
import {
  b
} from "./chunk-GNC76OGV.js";
import {
  A as g,
  B as m
} from "./chunk-M2IIPADL.js";

// js/waiting.js
var $ = document.querySelector("[data-waiting-page]"), a = (e) => $.querySelector(`[data-${e}]`), L = [
  ["Needs a look", ["needs-a-look"]],
  ["Waiting to be sent", ["waiting", "sending"]],
  ["Being written", ["draft", "parked"]],
  ["Sent lately", ["sent"]]
], i;
function C(e) {
  if (!e.photos.length) return null;
  let t = e.photos.filter((l) => l.state === "sent").length, s = e.photos.filter((l) => l.state === "needs-a-look").length, o = [f(e.photos.length, "photo", "photos")];
  return (e.state === "sent" || t) && o.push(t === e.photos.length ? "sent" : `${t} sent`), s && o.push(`${s} not taken`), n("span", { class: "fact" }, r("image"), o.join(", "));
}
function D(e) {
  if (e.shown !== "waiting" || !e.not_before || e.not_before <= Date.now()) return null;
  let t = e.not_before - Date.now() < 6e4 ? "next attempt within a minute" : `next attempt at ${v(e.not_before)}`;
  return n("span", { class: "fact" }, r("hourglass"), t);
}
function E(e) {
  let t = n("div", { class: "finding-buttons" });
  e.shown === "parked" && t.append(n("p", { class: "soft small" }, "Comes back into the form once the draft there is saved or discarded.")), e.shown === "draft" && t.append(n("a", { class: "button", href: "/n" }, r("pencil"), "Go on writing")), e.state === "needs-a-look" && t.append(n("a", { class: "button", href: `/n?mend=${e.id}` }, r("pencil"), "Mend it"));
  for (let s of e.photos.filter((o) => o.state === "needs-a-look"))
    t.append(n("p", { class: "small" }, h(s)), u("Try the photo again", "refresh-cw", () => i.queue.retryPhoto(s.id))), t.append(u("Remove the photo", "trash-2", () => i.queue.removePhoto(s.id), "quiet"));
  return t.append(u("Discard", "trash-2", (s) => R(e, s.currentTarget), "quiet")), t;
}
function _(e) {
  let t = S(e.fields.text, 220);
  return t ? n("p", { class: "waiting-words", dir: "auto" }, e.state === "sent" ? n("a", { href: `/notes/${e.id}` }, t) : t) : n("p", { class: "waiting-words soft" }, "No text yet");
}
function R(e, t) {
  let s = e.state === "sent";
  w(s ? "Discard its photos? The text is sent and stays." : "Discard this note? It is nowhere else.", t, async () => {
    await i.queue.discard(e.id), d("Discarded");
  });
}
function j(e) {
  let { image: t, short: s } = x[e.shown];
  return n(
    "li",
    { class: "waiting-note", "data-state": e.shown, "data-note": e.id },
    n("p", { class: "waiting-state" }, r(t), n("strong", {}, s), n("span", { class: "soft" }, k(e.captured_at)), C(e), D(e)),
    _(e),
    e.shown === "needs-a-look" && e.problem && n("p", { class: "waiting-problem" }, h(e)),
    e.shown !== "sent" && E(e)
  );
}
function U([e, t], s) {
  let o = s.filter((T) => t.includes(T.shown));
  if (!o.length) return null;
  let l = t.includes("sent") ? o.reverse() : o;
  return n("section", { class: "section" }, n("h2", {}, e), n("ul", { class: "waiting-list", role: "list" }, ...l.map(j)));
}
function q() {
  return n(
    "div",
    { class: "empty-state" },
    r("circle-check"),
    n("h2", {}, "Nothing waits here"),
    n("p", {}, "Notes that you save without a connection appear here, until they are sent."),
    n("a", { class: "button", href: "/n" }, r("plus"), "New note")
  );
}
async function N() {
  let e = (await i.queue.all()).filter((o) => !o.undone && (o.fields.text.trim() || o.photos.length)), t = L.map((o) => U(o, e)).filter(Boolean), s = document.activeElement?.closest("[data-note]")?.dataset.note;
  a("notes").replaceChildren(...t.length ? t : [q()]), a("actions").hidden = !e.some((o) => o.shown !== "sent"), s && a("notes").querySelector(`[data-note="${CSS.escape(s)}"] :is(a, button)`)?.focus();
}
function c(e, ...t) {
  a("trouble").replaceChildren(...e ? [n("div", { class: "capture-notice" }, r("info"), n("p", {}, e), ...t)] : []);
}
var O = () => n("a", { class: "button", href: "/sign-in?next=/waiting" }, "Sign in");
function p(e) {
  e === "signed-out" ? c("You are signed out. Notes stay here until you sign in.", O()) : navigator.onLine ? e instanceof Error ? c(e.message) : c("") : c("No connection. Notes are sent as soon as there is one.");
}
async function A(e) {
  e.disabled = !0, d("Sending"), await i.sender.wake(), e.disabled = !1;
  let { unsent: t } = await i.queue.counts();
  d(t ? `${f(t, "note waits", "notes wait")} still` : "All notes are sent");
}
async function B() {
  let e = new Blob([JSON.stringify(await i.queue.exported(), null, 1)], { type: "application/json" }), t = n("a", { href: URL.createObjectURL(e), download: `waiting-notes-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}.json` });
  t.click(), setTimeout(() => URL.revokeObjectURL(t.href), 6e4), d("The file is saved");
}
async function I({ store: e, person: t }) {
  let s = await b(e).catch(() => null);
  s && s.person.id !== t.id && location.reload();
}
async function P() {
  i = await y;
  let { person: e, queue: t, sender: s } = i;
  I(i), e.name && (a("whose").textContent = `Notes of ${e.name}. Nobody else sees or sends them.`), a("send").addEventListener("click", (o) => A(o.currentTarget)), a("export").addEventListener("click", B), t.subscribe(N), await N(), window.addEventListener("offline", () => p("done")), window.addEventListener("online", () => p("done")), s.watch(p), await g() === !1 && (a("storage").textContent = "This browser may remove what it keeps when the phone runs out of room. Send notes soon, or export them.", a("storage").hidden = !1);
}
P().catch((e) => {
  e instanceof m ? c("Nobody has signed in on this device yet.", O()) : c(e.message), a("notes").replaceChildren(q());
});
