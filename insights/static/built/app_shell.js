import {
  a as u,
  b as f
} from "./chunk-BK4CUYPN.js";
import {
  a as p,
  b as g
} from "./chunk-7QJFB3LA.js";
import {
  t as l,
  v as m,
  z as r
} from "./chunk-ZVUEWZMS.js";

// js/app_shell_private.js
var S = 2e3, b = ["waiting", "sending", "needs-a-look"], A = "sequence";
async function w({ notes: t, photos: e }) {
  let [n, o] = [await t.getAll(), await e.getAll()];
  return n.map((a) => [a, l(a, o.filter((E) => E.note_id === a.id))]);
}
async function y(t, e) {
  return (await t.read(w)).filter(([o, a]) => String(o.person_id) === e && b.includes(a)).length;
}
async function h(t, e) {
  let n = (await t.kept("kit"))?.kit?.person?.id;
  n !== void 0 && String(n) !== e && await c(t);
}
async function c(t) {
  await t.change(async (e) => {
    for (let [n, o] of await w(e))
      o === "sent" && await m(e, n.id);
    for (let n of await e.kept.getAllKeys())
      n !== A && await e.kept.delete(n);
  }), await N();
}
async function N() {
  let t = (await navigator.serviceWorker?.getRegistration())?.active;
  t && await new Promise((e) => {
    let { port1: n, port2: o } = new MessageChannel();
    n.onmessage = e, setTimeout(e, S), t.postMessage({ deed: "forget" }, [o]);
  });
}

// js/app_shell_sign_out.js
var x = document.querySelector("meta[name=person]")?.content;
document.addEventListener("submit", (t) => {
  let e = t.target;
  !e.action.endsWith("/sign-out") || e.dataset.cleared || (t.preventDefault(), t.stopImmediatePropagation(), L(e, t.submitter));
}, !0);
async function L(t, e) {
  if (!navigator.onLine) {
    u("There is no connection, so you are still signed in. Sign out when you are back online.");
    return;
  }
  let n = await r().catch(() => null), o = n ? await y(n, x) : 0, a = () => q(n, t, e);
  o ? f(W(o), e, a, "Stay") : await a();
}
function W(t) {
  return t === 1 ? "1 note is not sent yet. It stays on this phone and is sent when you sign in again." : `${t} notes are not sent yet. They stay on this phone and are sent when you sign in again.`;
}
async function q(t, e, n) {
  t && await c(t), e.dataset.cleared = "yes", e.requestSubmit(n);
}

// js/app_shell.js
var k = 3600 * 1e3, s = document.querySelector("meta[name=person]")?.content;
async function D() {
  let { serviceWorker: t } = navigator;
  try {
    return await t.register("/sw.js", { type: "module" });
  } catch {
    return t.register("/sw.js?plain=1");
  }
}
var i = document.createElement("div"), d;
function I() {
  let t = document.createElement("p"), e = document.createElement("button");
  i.className = "message update-prompt", i.setAttribute("role", "status"), i.hidden = !0, t.textContent = "A new version is ready.", e.className = "button", e.type = "button", e.textContent = "Reload", e.addEventListener("click", M), i.append(t, e), document.getElementById("messages").after(i);
}
function M() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: !0 }), d.postMessage({ deed: "go-on" });
}
function O() {
  return [...document.querySelectorAll("form[method=post] :is(textarea, input:not([type]), input[type=text])")].some((e) => e.value.trim() && e.value !== e.defaultValue);
}
function v(t) {
  d = t, I();
  let e = () => {
    i.hidden = O();
  };
  e(), setInterval(e, 2e3), document.addEventListener("input", e);
}
function P(t) {
  let { serviceWorker: e } = navigator;
  t.waiting && e.controller && v(t.waiting), t.addEventListener("updatefound", () => {
    let o = t.installing;
    o.addEventListener("statechange", () => {
      o.state === "installed" && e.controller && !d && v(o);
    });
  });
  let n = Date.now();
  document.addEventListener("visibilitychange", () => {
    document.hidden || Date.now() - n < k || (n = Date.now(), t.update().catch(() => {
    }));
  });
}
async function R() {
  let t = await r(), e = await p(t), n = e && Math.abs(Date.now() - Date.parse(e.as_of)) < k, { reading: o } = n ? e : await g(t), { active: a } = await navigator.serviceWorker.ready;
  a.postMessage({ deed: "reading", person: s, addresses: o });
}
s && await r().then((t) => h(t, s)).catch(() => {
});
if (navigator.serviceWorker)
  try {
    P(await D()), s && await R();
  } catch {
  }
