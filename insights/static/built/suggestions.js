// js/suggestions.js
function q(o) {
  let t = `recent-searches:${o}`, s = () => {
    try {
      return JSON.parse(localStorage.getItem(t)) ?? [];
    } catch {
      return [];
    }
  }, n = (i) => {
    try {
      localStorage.setItem(t, JSON.stringify(i.slice(0, 10)));
    } catch {
    }
  }, a = (i) => s().filter((u) => u !== i);
  return {
    all: s,
    add: (i) => n([i, ...a(i)]),
    remove: (i) => n(a(i)),
    clear: () => n([])
  };
}
function w(o) {
  let t = document.querySelector(".search-field use").getAttribute("href").split("#")[0], s = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  s.setAttribute("class", "icon"), s.setAttribute("aria-hidden", "true");
  let n = document.createElementNS("http://www.w3.org/2000/svg", "use");
  return n.setAttribute("href", `${t}#${o}`), s.append(n), s;
}
function L(o, t) {
  let s = document.createElement("li");
  s.id = `recent-${t}`, s.role = "option", s.dataset.text = o, s.dataset.kind = "recent";
  let n = document.createElement("span");
  n.textContent = o, n.dir = "auto";
  let a = document.createElement("span");
  return a.className = "forget soft", a.title = "Forget this search (Shift and Delete)", a.append(w("x")), s.append(w("history"), n, a), s;
}
function x(o) {
  let t = o.elements.q, s = q(o.dataset.person), n = document.createElement("div");
  n.className = "suggestions", n.hidden = !0, n.innerHTML = '<ul id="suggestions" role="listbox" aria-label="Suggestions" class="suggestion-list"></ul><div class="suggestions-foot"><span></span><button class="button quiet" type="button">Forget all</button></div>', o.append(n);
  let a = n.querySelector("ul"), i = n.querySelector(".suggestions-foot");
  i.querySelector("span").textContent = "Kept on this device only";
  let u, f;
  for (let [e, r] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions"
  })) t.setAttribute(e, r);
  let m = () => [...a.querySelectorAll("[role=option]")], d = () => a.querySelector("[aria-selected=true]");
  function g(e) {
    for (let r of m()) r.setAttribute("aria-selected", String(r === e));
    e ? t.setAttribute("aria-activedescendant", e.id) : t.removeAttribute("aria-activedescendant"), e?.scrollIntoView({ block: "nearest" });
  }
  function h() {
    let e = m().length > 0;
    n.hidden = !e, t.setAttribute("aria-expanded", String(e)), g(null);
  }
  function c() {
    clearTimeout(u), f?.abort(), n.hidden = !0, t.setAttribute("aria-expanded", "false"), g(null);
  }
  function p() {
    a.replaceChildren(...s.all().map(L)), i.hidden = !1, h();
  }
  async function S(e) {
    f = new AbortController();
    let r = `${o.dataset.suggestions}?${new URLSearchParams({ q: e })}`;
    try {
      let l = await fetch(r, { signal: f.signal, headers: { "HX-Request": "true" } });
      if (!l.ok || t.value !== e || document.activeElement !== t) return;
      a.innerHTML = await l.text(), i.hidden = !0, h();
    } catch {
    }
  }
  function A() {
    clearTimeout(u), f?.abort(), g(null);
    let e = t.value;
    if (!e.trim()) return p();
    u = setTimeout(() => S(e), 120);
  }
  function E(e) {
    t.value = e.dataset.text, e.dataset.kind === "saved" && document.getElementById("kept-fields").replaceChildren(), c(), o.requestSubmit();
  }
  function b(e) {
    s.remove(e.dataset.text), p();
  }
  function v(e) {
    let l = [...m(), null], k = l.indexOf(d());
    g(l[(k + e + l.length) % l.length]);
  }
  let y = {
    ArrowDown: () => v(1),
    ArrowUp: () => v(-1),
    Enter: () => E(d()),
    Escape: c,
    Delete: () => b(d())
  };
  t.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    if (n.hidden) {
      e.key === "Enter" && c();
      return;
    }
    let r = e.key;
    if (r === "Enter" && !d()) return c();
    r === "Delete" && !(e.shiftKey && d()?.dataset.kind === "recent") || y[r] && (e.preventDefault(), y[r]());
  }), t.addEventListener("input", A), t.addEventListener("focus", () => {
    t.value.trim() || p();
  }), t.addEventListener("click", () => {
    n.hidden && !t.value.trim() && p();
  }), o.addEventListener("focusout", (e) => {
    o.contains(e.relatedTarget) || c();
  }), a.addEventListener("mousedown", (e) => e.preventDefault()), a.addEventListener("click", (e) => {
    let r = e.target.closest("[role=option]");
    e.target.closest(".forget") ? b(r) : r && E(r);
  }), i.querySelector("button").addEventListener("click", () => {
    s.clear(), t.focus(), c();
  }), o.addEventListener("submit", () => {
    c();
    let e = t.value.trim();
    e && s.add(e);
  });
}
document.querySelectorAll("form[data-suggestions]").forEach(x);
