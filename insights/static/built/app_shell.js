import {
  a as p,
  b as f
} from "./chunk-FPM7DHOW.js";
import {
  a as g,
  b as w
} from "./chunk-GNC76OGV.js";
import {
  t as l,
  v as m,
  z as r
} from "./chunk-M2IIPADL.js";

// js/app_shell_private.js
var A = 2e3, N = ["waiting", "sending", "needs-a-look"], b = "sequence";
async function y({ notes: t, photos: e }) {
  let [n, o] = [await t.getAll(), await e.getAll()];
  return n.map((a) => [a, l(a, o.filter((i) => i.note_id === a.id))]);
}
async function h(t, e) {
  return (await t.read(y)).filter(([o, a]) => String(o.person_id) === e && N.includes(a)).length;
}
async function v(t, e) {
  let n = (await t.kept("kit"))?.kit?.person?.id;
  n !== void 0 && String(n) !== e && await d(t);
}
async function d(t) {
  await t.change(async (e) => {
    for (let [n, o] of await y(e))
      o === "sent" && await m(e, n.id);
    for (let n of await e.kept.getAllKeys())
      n !== b && await e.kept.delete(n);
  }), await x();
}
async function x() {
  let t = (await navigator.serviceWorker?.getRegistration())?.active;
  t && await new Promise((e) => {
    let { port1: n, port2: o } = new MessageChannel();
    n.onmessage = e, setTimeout(e, A), t.postMessage({ deed: "forget" }, [o]);
  });
}

// js/app_shell_sign_out.js
var L = document.querySelector("meta[name=person]")?.content;
document.addEventListener("submit", (t) => {
  let e = t.target;
  !e.action.endsWith("/sign-out") || e.dataset.cleared || (t.preventDefault(), t.stopImmediatePropagation(), W(e, t.submitter));
}, !0);
async function W(t, e) {
  if (!navigator.onLine) {
    p("There is no connection, so you are still signed in. Sign out when you are back online.");
    return;
  }
  let n = await r().catch(() => null), o = n ? await h(n, L) : 0, a = () => C(n, t, e);
  o ? f(q(o), e, a, "Stay") : await a();
}
function q(t) {
  return t === 1 ? "1 note is not sent yet. It stays on this phone and is sent when you sign in again." : `${t} notes are not sent yet. They stay on this phone and are sent when you sign in again.`;
}
async function C(t, e, n) {
  t && await d(t), e.dataset.cleared = "yes", e.requestSubmit(n);
}

// js/app_shell_keep.js
var I = location.pathname;
async function M(t) {
  let { active: e } = await navigator.serviceWorker.ready;
  return new Promise((n) => {
    let { port1: o, port2: a } = new MessageChannel();
    o.onmessage = ({ data: i }) => n(i), setTimeout(n, 1e4), e.postMessage(t, [a]);
  });
}
function P(t, e) {
  let n = t.querySelector("span");
  n.textContent = e ? "Remove from this device" : "Keep on this device", t.setAttribute("aria-pressed", String(e)), t.hidden = !1;
}
async function k(t) {
  let e = document.querySelector("[data-keep]");
  if (!e) return;
  let n, o = async (a) => {
    let i = await M({ deed: a, person: t, address: I });
    typeof i == "boolean" && P(e, n = i);
  };
  e.addEventListener("click", () => o(n ? "unkeep" : "keep")), await o(e.dataset.keep === "always" ? "keep" : "is-kept");
}

// js/app_shell.js
var S = 3600 * 1e3, c = document.querySelector("meta[name=person]")?.content;
async function T() {
  let { serviceWorker: t } = navigator;
  try {
    return await t.register("/sw.js", { type: "module" });
  } catch {
    return t.register("/sw.js?plain=1");
  }
}
var s = document.createElement("div"), u;
function D() {
  let t = document.createElement("p"), e = document.createElement("button");
  s.className = "message update-prompt", s.setAttribute("role", "status"), s.hidden = !0, t.textContent = "A new version is ready.", e.className = "button", e.type = "button", e.textContent = "Reload", e.addEventListener("click", O), s.append(t, e), document.getElementById("messages").after(s);
}
function O() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: !0 }), u.postMessage({ deed: "go-on" });
}
function R() {
  return [...document.querySelectorAll("form[method=post] :is(textarea, input:not([type]), input[type=text])")].some((e) => e.value.trim() && e.value !== e.defaultValue);
}
function E(t) {
  u = t, D();
  let e = () => {
    s.hidden = R();
  };
  e(), setInterval(e, 2e3), document.addEventListener("input", e);
}
function K(t) {
  let { serviceWorker: e } = navigator;
  t.waiting && e.controller && E(t.waiting), t.addEventListener("updatefound", () => {
    let o = t.installing;
    o.addEventListener("statechange", () => {
      o.state === "installed" && e.controller && !u && E(o);
    });
  });
  let n = Date.now();
  document.addEventListener("visibilitychange", () => {
    document.hidden || Date.now() - n < S || (n = Date.now(), t.update().catch(() => {
    }));
  });
}
async function U() {
  let t = await r(), e = await g(t), n = e && Math.abs(Date.now() - Date.parse(e.as_of)) < S, { reading: o } = n ? e : await w(t), { active: a } = await navigator.serviceWorker.ready;
  a.postMessage({ deed: "reading", person: c, addresses: o });
}
c && await r().then((t) => v(t, c)).catch(() => {
});
if (navigator.serviceWorker)
  try {
    K(await T()), c && (k(c).catch(() => {
    }), await U());
  } catch {
  }
