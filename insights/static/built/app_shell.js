import {
  a as u,
  b as f
} from "./chunk-LPVA26LA.js";
import {
  a as p,
  b as g
} from "./chunk-DOHLBIZH.js";
import {
  s as l,
  u as m,
  y as r
} from "./chunk-HGBIGZET.js";

// js/app_shell_private.js
var S = 2e3, b = ["waiting", "sending", "needs-a-look"], A = "sequence";
async function w({ notes: e, photos: t }) {
  let [n, o] = [await e.getAll(), await t.getAll()];
  return n.map((a) => [a, l(a, o.filter((E) => E.note_id === a.id))]);
}
async function y(e, t) {
  return (await e.read(w)).filter(([o, a]) => String(o.person_id) === t && b.includes(a)).length;
}
async function h(e, t) {
  let n = (await e.kept("kit"))?.kit?.person?.id;
  n !== void 0 && String(n) !== t && await s(e);
}
async function s(e) {
  await N(), await e.change(async (t) => {
    for (let [n, o] of await w(t))
      o === "sent" && await m(t, n.id);
    for (let n of await t.kept.getAllKeys())
      n !== A && await t.kept.delete(n);
  });
}
async function N() {
  let e = (await navigator.serviceWorker?.getRegistration())?.active;
  e && await new Promise((t) => {
    let { port1: n, port2: o } = new MessageChannel();
    n.onmessage = t, setTimeout(t, S), e.postMessage({ deed: "forget" }, [o]);
  });
}

// js/app_shell_sign_out.js
var x = document.querySelector("meta[name=person]")?.content;
document.addEventListener("submit", (e) => {
  let t = e.target;
  !t.action.endsWith("/sign-out") || t.dataset.cleared || (e.preventDefault(), e.stopImmediatePropagation(), L(t, e.submitter));
}, !0);
async function L(e, t) {
  if (!navigator.onLine) {
    u("There is no connection, so you are still signed in. Sign out when you are back online.");
    return;
  }
  let n = await r().catch(() => null), o = n ? await y(n, x) : 0, a = () => q(n, e, t);
  o ? f(W(o), t, a, "Stay") : await a();
}
function W(e) {
  return e === 1 ? "1 note is not sent yet. It stays on this phone and is sent when you sign in again." : `${e} notes are not sent yet. They stay on this phone and are sent when you sign in again.`;
}
async function q(e, t, n) {
  e && await s(e), t.dataset.cleared = "yes", t.requestSubmit(n);
}

// js/app_shell.js
var k = 3600 * 1e3, c = document.querySelector("meta[name=person]")?.content;
async function D() {
  let { serviceWorker: e } = navigator;
  try {
    return await e.register("/sw.js", { type: "module" });
  } catch {
    return e.register("/sw.js?plain=1");
  }
}
var i = document.createElement("div"), d;
function I() {
  let e = document.createElement("p"), t = document.createElement("button");
  i.className = "message update-prompt", i.setAttribute("role", "status"), i.hidden = !0, e.textContent = "A new version is ready.", t.className = "button", t.type = "button", t.textContent = "Reload", t.addEventListener("click", M), i.append(e, t), document.getElementById("messages").after(i);
}
function M() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: !0 }), d.postMessage({ deed: "go-on" });
}
function O() {
  return [...document.querySelectorAll("form[method=post] :is(textarea, input:not([type]), input[type=text])")].some((t) => t.value.trim() && t.value !== t.defaultValue);
}
function v(e) {
  d = e, I();
  let t = () => {
    i.hidden = O();
  };
  t(), setInterval(t, 2e3), document.addEventListener("input", t);
}
function P(e) {
  let { serviceWorker: t } = navigator;
  e.waiting && t.controller && v(e.waiting), e.addEventListener("updatefound", () => {
    let o = e.installing;
    o.addEventListener("statechange", () => {
      o.state === "installed" && t.controller && !d && v(o);
    });
  });
  let n = Date.now();
  document.addEventListener("visibilitychange", () => {
    document.hidden || Date.now() - n < k || (n = Date.now(), e.update().catch(() => {
    }));
  });
}
async function R() {
  let e = await r();
  await h(e, c);
  let t = await p(e), n = t && Math.abs(Date.now() - Date.parse(t.as_of)) < k, { reading: o } = n ? t : await g(e), { active: a } = await navigator.serviceWorker.ready;
  a.postMessage({ deed: "reading", person: c, addresses: o });
}
if (navigator.serviceWorker)
  try {
    P(await D()), c && await R();
  } catch {
  }
