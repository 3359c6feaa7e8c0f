import {
  a as p,
  b as m
} from "./chunk-FPM7DHOW.js";
import {
  a as w,
  b as h
} from "./chunk-GNC76OGV.js";
import {
  t as l,
  v as g,
  z as r
} from "./chunk-M2IIPADL.js";

// js/app_shell_private.js
var x = 2e3, N = ["waiting", "sending", "needs-a-look"], b = "sequence";
async function y({ notes: t, photos: e }) {
  let [n, o] = [await t.getAll(), await e.getAll()];
  return n.map((a) => [a, l(a, o.filter((s) => s.note_id === a.id))]);
}
async function v(t, e) {
  return (await t.read(y)).filter(([o, a]) => String(o.person_id) === e && N.includes(a)).length;
}
async function k(t, e) {
  let n = (await t.kept("kit"))?.kit?.person?.id;
  n !== void 0 && String(n) !== e && await u(t);
}
async function u(t) {
  await t.change(async (e) => {
    for (let [n, o] of await y(e))
      o === "sent" && await g(e, n.id);
    for (let n of await e.kept.getAllKeys())
      n !== b && await e.kept.delete(n);
  }), await q();
}
async function q() {
  let t = (await navigator.serviceWorker?.getRegistration())?.active;
  t && await new Promise((e) => {
    let { port1: n, port2: o } = new MessageChannel();
    n.onmessage = e, setTimeout(e, x), t.postMessage({ deed: "forget" }, [o]);
  });
}

// js/app_shell_sign_out.js
var L = document.querySelector("meta[name=person]")?.content;
document.addEventListener("submit", (t) => {
  let e = t.target;
  !e.action.endsWith("/sign-out") || e.dataset.cleared || (t.preventDefault(), t.stopImmediatePropagation(), P(e, t.submitter));
}, !0);
async function P(t, e) {
  if (!navigator.onLine) {
    p("There is no connection, so you are still signed in. Sign out when you are back online.");
    return;
  }
  let n = await r().catch(() => null), o = n ? await v(n, L) : 0, a = () => W(n, t, e);
  o ? m(T(o), e, a, "Stay") : await a();
}
function T(t) {
  return t === 1 ? "1 note is not sent yet. It stays on this phone and is sent when you sign in again." : `${t} notes are not sent yet. They stay on this phone and are sent when you sign in again.`;
}
async function W(t, e, n) {
  t && await u(t), e.dataset.cleared = "yes", e.requestSubmit(n);
}

// js/app_shell_keep.js
var C = location.pathname;
async function I(t) {
  let { active: e } = await navigator.serviceWorker.ready;
  return new Promise((n) => {
    let { port1: o, port2: a } = new MessageChannel();
    o.onmessage = ({ data: s }) => n(s), setTimeout(n, 1e4), e.postMessage(t, [a]);
  });
}
function M(t, e) {
  let n = t.querySelector("span");
  n.textContent = e ? "Remove from this device" : "Keep on this device", t.setAttribute("aria-pressed", String(e)), t.hidden = !1;
}
async function E(t) {
  let e = document.querySelector("[data-keep]");
  if (!e) return;
  let n, o = async (s) => {
    let f = await I({ deed: s, person: t, address: C });
    typeof f == "boolean" && M(e, n = f);
  };
  e.addEventListener("click", () => o(n ? "unkeep" : "keep"));
  let a;
  document.addEventListener("htmx:afterRequest", ({ detail: s }) => {
    !s.successful || !s.requestConfig.path.endsWith("/read") || (clearTimeout(a), a = setTimeout(() => {
      n && o("keep");
    }, 1e3));
  }), await o(e.dataset.keep === "always" ? "keep" : "is-kept");
}

// js/app_shell.js
var A = 3600 * 1e3, c = document.querySelector("meta[name=person]")?.content;
async function R() {
  let { serviceWorker: t } = navigator;
  try {
    return await t.register("/sw.js", { type: "module" });
  } catch {
    return t.register("/sw.js?plain=1");
  }
}
var i = document.createElement("div"), d;
function U() {
  let t = document.createElement("p"), e = document.createElement("button");
  i.className = "message update-prompt", i.setAttribute("role", "status"), i.hidden = !0, t.textContent = "A new version is ready.", e.className = "button", e.type = "button", e.textContent = "Reload", e.addEventListener("click", D), i.append(t, e), document.getElementById("messages").after(i);
}
function D() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: !0 }), d.postMessage({ deed: "go-on" });
}
function O() {
  return [...document.querySelectorAll("form[method=post] :is(textarea, input:not([type]), input[type=text])")].some((e) => e.value.trim() && e.value !== e.defaultValue);
}
function S(t) {
  d = t, U();
  let e = () => {
    i.hidden = O();
  };
  e(), setInterval(e, 2e3), document.addEventListener("input", e);
}
function K(t) {
  let { serviceWorker: e } = navigator;
  t.waiting && e.controller && S(t.waiting), t.addEventListener("updatefound", () => {
    let o = t.installing;
    o.addEventListener("statechange", () => {
      o.state === "installed" && e.controller && !d && S(o);
    });
  });
  let n = Date.now();
  document.addEventListener("visibilitychange", () => {
    document.hidden || Date.now() - n < A || (n = Date.now(), t.update().catch(() => {
    }));
  });
}
async function _() {
  let t = await r(), e = await w(t), n = e && Math.abs(Date.now() - Date.parse(e.as_of)) < A, { reading: o } = n ? e : await h(t), { active: a } = await navigator.serviceWorker.ready;
  a.postMessage({ deed: "reading", person: c, addresses: o });
}
c && await r().then((t) => k(t, c)).catch(() => {
});
if (navigator.serviceWorker)
  try {
    K(await R()), c && (E(c).catch(() => {
    }), await _());
  } catch {
  }
