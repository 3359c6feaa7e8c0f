// js/inbox.js
var n = document.querySelector(".inbox-list"), k = document.getElementById("inbox-said"), a = document.querySelector("[data-selected-count]"), d = { t: "taken", a: "already-known", d: "done", r: "new" }, l = 0, i = [], o = null;
function b() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return !1;
  }
}
var r = () => [...n.querySelectorAll(".inbox-item")], f = (e) => e?.querySelector(".note-card-text a"), p = () => document.activeElement.closest(".inbox-item") ?? r()[l];
function u(e) {
  let t = [...n.querySelectorAll(".inbox-item .note-card-text a, .note-list-more a")], c = document.activeElement.closest(".inbox-list > li"), s = t.findIndex((y) => c?.contains(y)), x = s >= 0 ? s : l - (e > 0 && !c ? 1 : 0);
  t[Math.max(0, Math.min(x + e, t.length - 1))]?.focus();
}
function g(e, t) {
  t && (o = r()[r().indexOf(e) + 1]?.id ?? e.id, t.click());
}
function h() {
  let e = document.getElementById(i.pop() ?? ""), t = e?.querySelector(".inbox-undo button");
  t && (o = e.id, t.click());
}
function m() {
  let e = n.querySelectorAll(".inbox-select :checked").length;
  a.textContent = e === 1 ? "1 note selected" : `${e} notes selected`;
}
n?.addEventListener("focusin", (e) => {
  let t = e.target.closest(".inbox-item");
  t && (l = r().indexOf(t));
});
n?.addEventListener("change", m);
document.addEventListener("htmx:beforeRequest", (e) => {
  let t = e.detail.elt.closest?.(".inbox-item");
  t && (i = i.filter((c) => c !== t.id), e.detail.elt.matches(".inbox-undo") || i.push(t.id));
});
document.addEventListener("htmx:afterSwap", (e) => {
  let t = e.target;
  !t.matches(".inbox-item") || e.detail.target.id !== t.id || (k.textContent = t.querySelector(".field-error, .inbox-facts .fact").textContent.trim(), f(document.getElementById(o) ?? t).focus({ preventScroll: !o }), o = null);
});
document.addEventListener("htmx:afterRequest", () => {
  a && m();
});
document.addEventListener("keydown", (e) => {
  if (!n || e.defaultPrevented || e.isComposing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]") || b() || e.target.closest("input:not([type=checkbox]), textarea, select")) return;
  let t = p();
  if (e.key === "j") u(1);
  else if (e.key === "k") u(-1);
  else if (e.key === "u") h();
  else if (t && e.key === "x") t.querySelector(".inbox-select input").click();
  else if (t && e.key === "o") f(t).click();
  else if (t && d[e.key]) g(t, t.querySelector(`.inbox-buttons [value=${d[e.key]}]`));
  else return;
  e.preventDefault();
});
