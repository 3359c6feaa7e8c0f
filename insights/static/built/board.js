// js/board.js
var i = ["open", "in-progress", "answered", "closed"], p = document.getElementById("board-said"), a = null, r = null;
function h() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return !1;
  }
}
var c = (e) => [...e?.querySelectorAll(".topic-card") ?? []], s = (e) => e?.closest(".board-column"), k = () => [...document.querySelectorAll(".board-column")].filter((e) => e.offsetParent !== null), n = (e) => e?.querySelector(":is(h2, h3) a"), S = (e) => e?.querySelector(".topic-move form");
function m(e, t) {
  let o = S(e);
  !o || !t || s(e).dataset.state === t || (o.elements.state.value = t, o.requestSubmit());
}
function q(e) {
  let t = e.querySelector(".topic-move");
  t && (t.open = !0, t.querySelector("select").focus());
}
function f(e, t) {
  let o = c(s(e));
  n(o[o.indexOf(e) + t])?.focus();
}
function x(e, t) {
  let o = k(), y = c(s(e)).indexOf(e);
  for (let d = o.indexOf(s(e)) + t; o[d]; d += t) {
    let u = c(o[d]);
    if (u.length) return n(u[Math.min(y, u.length - 1)]).focus();
  }
}
var l = { ArrowLeft: -1, ArrowRight: 1 };
document.addEventListener("keydown", (e) => {
  let t = e.target.closest?.(".topic-card");
  if (!(!t || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey)) {
    if (e.key === "Escape" && e.target.closest(".topic-move[open]"))
      t.querySelector(".topic-move").open = !1, n(t).focus();
    else {
      if (e.target.closest("select") || h()) return;
      if (e.key === "m") q(t);
      else if (e.shiftKey && l[e.key]) m(t, i[i.indexOf(s(t).dataset.state) + l[e.key]]);
      else {
        if (e.shiftKey) return;
        if (l[e.key]) x(t, l[e.key]);
        else if (e.key === "ArrowDown") f(t, 1);
        else if (e.key === "ArrowUp") f(t, -1);
        else return;
      }
    }
    e.preventDefault();
  }
});
var g = (e) => document.querySelectorAll(".board-column").forEach((t) => t.classList.toggle("target", t === e));
document.addEventListener("dragstart", (e) => {
  r = e.target.closest?.(".topic-card[draggable]"), r && (e.dataTransfer.effectAllowed = "move", e.dataTransfer.setData("text/plain", n(r).href), r.classList.add("dragged"));
});
document.addEventListener("dragover", (e) => {
  let t = r && e.target.closest?.(".board-column");
  t && (e.preventDefault(), g(t));
});
document.addEventListener("dragend", () => {
  r?.classList.remove("dragged"), r = null, g(null);
});
document.addEventListener("drop", (e) => {
  let t = r && e.target.closest?.(".board-column");
  t && (e.preventDefault(), m(r, t.dataset.state));
});
document.addEventListener("htmx:beforeRequest", (e) => {
  let t = e.detail.elt.closest?.(".topic-card");
  t && (a = t.id);
});
document.addEventListener("htmx:afterSettle", (e) => {
  if (!a || e.detail.elt.id !== "board") return;
  let t = document.getElementById(a);
  if (a = null, !t) return;
  n(t).focus();
  let o = s(t);
  p.textContent = `\u201C${n(t).textContent.trim()}\u201D is in \u201C${o.querySelector("h2").textContent.trim()}\u201D now, ${c(o).indexOf(t) + 1} of ${c(o).length}.`;
});
