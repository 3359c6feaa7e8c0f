// js/app.js
var r = {
  get(e) {
    try {
      return localStorage.getItem(e);
    } catch {
      return null;
    }
  },
  set(e, t) {
    try {
      localStorage.setItem(e, t);
    } catch {
    }
  }
};
function i(e) {
  let t = document.createElement("div");
  t.className = "message error";
  let n = document.createElement("p");
  n.textContent = e, t.append(n), document.getElementById("messages").replaceChildren(t), t.scrollIntoView({ block: "nearest" });
}
var p = document.getElementById("keys-dialog"), s = r.get("keys") !== "off", a = "", c;
function l(e) {
  return e.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}
function k(e) {
  let t = document.querySelector("[data-search-field]"), n = document.querySelector("[data-key='/']");
  e.preventDefault(), t ? t.select() : n?.click();
}
function E(e) {
  let t = document.querySelector("details.menu[open]");
  t ? (t.open = !1, t.querySelector("summary").focus()) : l(e.target) && e.target.blur();
}
document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.isComposing) return;
  if (e.key === "Escape") return E(e);
  if (!s || e.ctrlKey || e.metaKey || e.altKey || l(e.target) || document.querySelector("dialog[open]")) return;
  let t = a + e.key;
  if (a = "", clearTimeout(c), t === "/") return k(e);
  if (t === "?") return p.showModal();
  if (t === "g") {
    a = "g ", c = setTimeout(() => {
      a = "";
    }, 1500);
    return;
  }
  let n = document.querySelector(`a[data-key="${CSS.escape(t)}"]`);
  n && (e.preventDefault(), n.click());
});
var d = document.querySelector("[data-keys-enabled]");
d.checked = s;
d.addEventListener("change", () => {
  s = d.checked, r.set("keys", s ? "on" : "off");
});
document.addEventListener("click", (e) => {
  let t = e.target.closest("[data-opens]");
  t && document.getElementById(t.dataset.opens).showModal(), e.target.closest("[data-dismiss]")?.closest(".message").remove();
  for (let n of document.querySelectorAll("details.menu[open]"))
    n.contains(e.target) || (n.open = !1);
});
var o = document.getElementById("confirm-dialog");
function u(e, t, n, h = "Cancel") {
  o.querySelector("h2").textContent = e, o.querySelector("[value=no]").textContent = h, o.querySelector("[value=yes]").textContent = t?.textContent.trim() || "Go on", o.returnValue = "no", o.addEventListener("close", () => {
    o.returnValue === "yes" && n();
  }, { once: !0 }), o.showModal();
}
document.addEventListener("submit", (e) => {
  let t = e.target;
  if (t.dataset.confirm) {
    if (t.dataset.confirmed) {
      delete t.dataset.confirmed;
      return;
    }
    e.preventDefault(), e.stopImmediatePropagation(), u(t.dataset.confirm, e.submitter, () => {
      t.dataset.confirmed = "yes", t.requestSubmit(e.submitter);
    });
  }
}, !0);
document.addEventListener("htmx:confirm", (e) => {
  e.detail.question && (e.preventDefault(), u(e.detail.question, e.detail.elt.closest("button, a"), () => e.detail.issueRequest(!0)));
});
function m(e) {
  delete e.dataset.sending;
  for (let t of e.querySelectorAll("button[data-held]"))
    t.disabled = !1, delete t.dataset.held;
}
document.addEventListener("submit", (e) => {
  let t = e.target;
  if (!(e.defaultPrevented || t.method !== "post" || t.target)) {
    if (t.dataset.sending) return e.preventDefault();
    t.dataset.sending = "yes", setTimeout(() => {
      for (let n of t.querySelectorAll("button:enabled:not([type=button])"))
        n.disabled = !0, n.dataset.held = "yes";
    }), setTimeout(() => m(t), 1e4);
  }
});
document.addEventListener("submit", (e) => {
  if (e.target.action.endsWith("/sign-out"))
    try {
      Object.keys(localStorage).filter((t) => t.startsWith("recent-searches:")).forEach((t) => localStorage.removeItem(t));
    } catch {
    }
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(m));
document.addEventListener("htmx:configRequest", (e) => {
  let t = document.querySelector("meta[name=csrf-token]");
  t && (e.detail.headers["X-CSRFToken"] = t.content);
});
document.addEventListener("htmx:sendError", () => {
  i("There is no connection, so nothing was changed. Try again when you are back online.");
});
document.addEventListener("htmx:responseError", (e) => {
  let t = e.detail.xhr.status === 429;
  i(t ? "That was too quick. Wait a minute, then try again." : "This did not work, and nothing was changed. Reload the page and try again.");
});
function f(e) {
  for (let t of e.querySelectorAll("[data-dismiss]")) t.hidden = !1;
  e.querySelector(".error-summary")?.focus();
}
f(document);
document.addEventListener("htmx:load", (e) => f(e.detail.elt));
var y = window.matchMedia("(min-width: 900px)"), g = () => document.querySelectorAll("details.facets").forEach((e) => {
  e.open = y.matches;
});
g();
y.addEventListener("change", g);
for (let e of document.querySelectorAll("[data-theme-field]")) {
  e.hidden = !1;
  let t = r.get("theme") ?? "";
  for (let n of e.querySelectorAll("input")) n.checked = n.value === t;
  e.addEventListener("change", (n) => {
    r.set("theme", n.target.value), n.target.value ? document.documentElement.dataset.theme = n.target.value : delete document.documentElement.dataset.theme;
  });
}

export {
  i as a,
  u as b
};
