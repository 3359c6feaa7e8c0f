// js/search.js
var g = document.querySelector("[data-search-field]"), q = document.getElementById("search-said"), l = document.getElementById("beside"), a = document.getElementById("beside-note"), w = window.matchMedia("(min-width: 1100px)");
function I() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return !1;
  }
}
var u = () => new URL(location.href), f = () => u().searchParams.get("note");
function p(t) {
  let e = new URLSearchParams(t.search);
  return e.delete("note"), e.toString();
}
var E = p(u()), s = f(), S = (t) => document.querySelector(`#results a[data-note="${CSS.escape(t)}"]`);
function m(t) {
  document.querySelectorAll("#results a[data-note][aria-current]").forEach((e) => e.removeAttribute("aria-current")), t && S(t)?.setAttribute("aria-current", "true");
}
function b(t) {
  let e = u();
  t ? e.searchParams.set("note", t) : e.searchParams.delete("note"), e.href !== location.href && (history.replaceState({ beside: !0 }, ""), history.pushState({ beside: !0 }, "", e));
}
async function M(t) {
  s = t, m(t), l.hidden = !1, a.setAttribute("aria-busy", "true");
  try {
    await htmx.ajax("GET", a.dataset.address + t, { source: a, target: a, swap: "innerHTML" });
  } catch {
  }
  s === t && (a.removeAttribute("aria-busy"), l.scrollTop = 0, l.focus({ preventScroll: w.matches }));
}
function K() {
  let t = s;
  s = null, m(null), l.hidden = !0, a.replaceChildren(), t && S(t)?.focus();
}
function h() {
  !l || f() === s || (f() ? M(f()) : K());
}
document.addEventListener("click", (t) => {
  let e = t.button === 0 && !(t.ctrlKey || t.metaKey || t.shiftKey || t.altKey);
  if (!l || !e || t.defaultPrevented) return;
  let o = t.target.closest("[data-close-note]"), r = t.target.closest(".search-layout a[data-note]");
  !o && !(r && w.matches) || (t.preventDefault(), b(r?.dataset.note), h());
});
window.addEventListener("popstate", (t) => {
  t.state?.htmx || (p(u()) !== E ? location.reload() : h());
});
s && m(s);
var x;
document.addEventListener("htmx:beforeRequest", (t) => {
  x = t.detail.elt;
});
document.addEventListener("htmx:pushedIntoHistory", () => {
  E = p(u()), x?.matches(".search-field") || (g.value = u().searchParams.get("q") ?? ""), h();
});
document.addEventListener("htmx:afterSettle", (t) => {
  t.detail.elt.id === "results" && (q.textContent = document.getElementById("result-count")?.textContent ?? "No note matches", s && m(s));
});
var y = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }, c = -1;
function P(t) {
  let e = t.target;
  return t.key.startsWith("Arrow") ? e === document.body || e.closest("#results") || e === g && t.key === "ArrowDown" : !e.closest("input, textarea, select") && !I();
}
function v(t) {
  let e = [...document.querySelectorAll("#results .note-card-text a, #results .note-list-more a")], o = document.activeElement.closest("#results li"), r = e.findIndex((i) => o?.contains(i)), d = e.findIndex((i) => i.getAttribute("aria-current"));
  c = [r, d, c].find((i) => i >= 0) ?? -1, c = Math.max(0, Math.min(c + t, e.length - 1)), e[c]?.focus();
}
function T(t) {
  for (let e of document.querySelectorAll(".search-tool[open]")) e !== t && (e.open = !1);
}
document.addEventListener("click", (t) => T(t.target.closest?.(".search-tool")));
function C(t) {
  let e = document.querySelector(".search-tool[open]");
  e ? (e.open = !1, e.querySelector("summary").focus()) : s && !t.target.closest("input, textarea, select") && (b(null), h());
}
document.addEventListener("keydown", (t) => {
  t.defaultPrevented || t.isComposing || t.ctrlKey || t.metaKey || t.altKey || document.querySelector("dialog[open]") || (t.key === "Escape" ? C(t) : y[t.key] && !t.shiftKey && P(t) && (t.preventDefault(), v(y[t.key])));
});
document.addEventListener("htmx:pushedIntoHistory", () => {
  c = -1;
});
var n;
function L(t, e) {
  let o = t[0].ownerSVGElement.getBoundingClientRect(), r = Math.floor((e - o.left) / o.width * t.length);
  return Math.max(0, Math.min(r, t.length - 1));
}
function k() {
  return [Math.min(n.from, n.to), Math.max(n.from, n.to)];
}
function A() {
  let [t, e] = n ? k() : [];
  document.querySelectorAll("[data-brush] svg a").forEach((o, r) => {
    o.classList.toggle("brushed", r >= t && r <= e);
  });
}
document.addEventListener("pointerdown", (t) => {
  let e = t.target.closest?.("[data-brush] svg");
  if (!e || t.pointerType !== "mouse" || t.button !== 0) return;
  let o = [...e.querySelectorAll("a")], r = L(o, t.clientX);
  n = { links: o, from: r, to: r };
});
document.addEventListener("dragstart", (t) => {
  t.target.closest?.("[data-brush] svg") && t.preventDefault();
});
document.addEventListener("pointermove", (t) => {
  n && (n.to = L(n.links, t.clientX), n.to !== n.from && A());
});
document.addEventListener("pointerup", () => {
  if (!n) return;
  let [t, e] = k(), o = document.querySelector("form.period");
  if (t !== e) {
    o.elements.since.value = n.links[t].dataset.since, o.elements.until.value = n.links[e].dataset.until;
    let r = (d) => {
      d.preventDefault(), d.stopPropagation();
    };
    document.addEventListener("click", r, { capture: !0, once: !0 }), setTimeout(() => document.removeEventListener("click", r, { capture: !0 })), o.requestSubmit();
  }
  n = null, A();
});
