import {
  a as i,
  b as s
} from "./chunk-2UVOZIAI.js";
import {
  a,
  b as c
} from "./chunk-GNC76OGV.js";
import {
  z as r
} from "./chunk-M2IIPADL.js";

// js/device/start.js
var f = "send-notes";
async function p(n) {
  let t = await a(n), e = Number(document.querySelector("meta[name=person]")?.content);
  return t && (!e || t.person.id === e) ? t.person : e ? { id: e, name: "" } : (await c(n)).person;
}
async function l() {
  let n = await r(), t = await p(n), e = i(n, t), o = s(e);
  return e.subscribe(({ what: u }) => {
    d(e), u === "saved" && m();
  }), d(e), { store: n, person: t, queue: e, sender: o };
}
async function m() {
  try {
    await (await navigator.serviceWorker?.getRegistration())?.sync?.register(f);
  } catch {
  }
}
function w(n, t) {
  if (t === 0) return n === 1 ? "1 note waits to be sent" : `${n} notes wait to be sent`;
  let e = t === 1 ? "1 note needs a look" : `${t} notes need a look`;
  return n === t ? e : `${e}, ${n - t} more to be sent`;
}
async function d(n) {
  let { unsent: t, "needs-a-look": e } = await n.counts();
  for (let o of document.querySelectorAll("[data-waiting]")) o.hidden = t === 0;
  for (let o of document.querySelectorAll("[data-waiting-count]")) o.textContent = String(t);
  for (let o of document.querySelectorAll("[data-waiting-words]"))
    o.textContent = w(t, e);
  try {
    await (t ? navigator.setAppBadge?.(t) : navigator.clearAppBadge?.());
  } catch {
  }
}
var g = l();
g.catch(() => {
});

export {
  g as a
};
