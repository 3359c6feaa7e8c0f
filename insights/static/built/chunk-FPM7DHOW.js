// js/app.js
var s = {
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
function c(e, t = "error") {
  let o = document.createElement("div");
  o.className = `message ${t}`;
  let n = document.createElement("p");
  n.textContent = e, o.append(n), document.getElementById("messages").replaceChildren(o), o.scrollIntoView({ block: "nearest" });
}
var k = document.getElementById("keys-dialog"), d = s.get("keys") !== "off", r = "", l;
function u(e) {
  return e.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}
function E(e) {
  let t = document.querySelector("[data-search-field]"), o = document.querySelector("[data-key='/']");
  e.preventDefault(), t ? t.select() : o?.click();
}
function S(e) {
  let t = document.querySelector("details.menu[open]");
  t ? (t.open = !1, t.querySelector("summary").focus()) : u(e.target) && e.target.blur();
}
document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.isComposing) return;
  if (e.key === "Escape") return S(e);
  if (!d || e.ctrlKey || e.metaKey || e.altKey || u(e.target) || document.querySelector("dialog[open]")) return;
  let t = r + e.key;
  if (r = "", clearTimeout(l), t === "/") return E(e);
  if (t === "?") return k.showModal();
  if (t === "g") {
    r = "g ", l = setTimeout(() => {
      r = "";
    }, 1500);
    return;
  }
  let o = document.querySelector(`a[data-key="${CSS.escape(t)}"]`);
  o && (e.preventDefault(), o.click());
});
var i = document.querySelector("[data-keys-enabled]");
i.checked = d;
i.addEventListener("change", () => {
  d = i.checked, s.set("keys", d ? "on" : "off");
});
async function b(e) {
  try {
    await navigator.clipboard.writeText(e.textContent), c("Copied.", "");
  } catch {
    let t = e.closest("details");
    t && (t.open = !0), getSelection().selectAllChildren(e), c("The text is selected: copy it with Ctrl-C.", "");
  }
}
document.addEventListener("click", (e) => {
  let t = e.target.closest("[data-opens]");
  t && document.getElementById(t.dataset.opens).showModal(), e.target.closest("[data-dismiss]")?.closest(".message").remove();
  let o = e.target.closest("[data-copies]");
  o && b(document.getElementById(o.dataset.copies));
  for (let n of document.querySelectorAll("details.menu[open]"))
    n.contains(e.target) || (n.open = !1);
});
var a = document.getElementById("confirm-dialog");
function m(e, t, o, n = "Cancel") {
  a.querySelector("h2").textContent = e, a.querySelector("[value=no]").textContent = n, a.querySelector("[value=yes]").textContent = t?.textContent.trim() || "Go on", a.returnValue = "no", a.addEventListener("close", () => {
    a.returnValue === "yes" && o();
  }, { once: !0 }), a.showModal();
}
document.addEventListener("submit", (e) => {
  let t = e.target;
  if (t.dataset.confirm) {
    if (t.dataset.confirmed) {
      delete t.dataset.confirmed;
      return;
    }
    e.preventDefault(), e.stopImmediatePropagation(), m(t.dataset.confirm, e.submitter, () => {
      t.dataset.confirmed = "yes", t.requestSubmit(e.submitter);
    });
  }
}, !0);
document.addEventListener("htmx:confirm", (e) => {
  e.detail.question && (e.preventDefault(), m(e.detail.question, e.detail.elt.closest("button, a"), () => e.detail.issueRequest(!0)));
});
function f(e) {
  delete e.dataset.sending;
  for (let t of e.querySelectorAll("button[data-held]"))
    t.disabled = !1, delete t.dataset.held;
}
document.addEventListener("submit", (e) => {
  let t = e.target;
  if (!(e.defaultPrevented || t.method !== "post" || t.target)) {
    if (t.dataset.sending) return e.preventDefault();
    t.dataset.sending = "yes", setTimeout(() => {
      for (let o of t.querySelectorAll("button:enabled:not([type=button])"))
        o.disabled = !0, o.dataset.held = "yes";
    }), setTimeout(() => f(t), 1e4);
  }
});
document.addEventListener("submit", (e) => {
  if (e.target.action.endsWith("/sign-out"))
    try {
      Object.keys(localStorage).filter((t) => t.startsWith("recent-searches:")).forEach((t) => localStorage.removeItem(t));
    } catch {
    }
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(f));
document.addEventListener("htmx:configRequest", (e) => {
  let t = document.querySelector("meta[name=csrf-token]");
  t && (e.detail.headers["X-CSRFToken"] = t.content);
});
function y({ target: e }) {
  e.matches?.("input[type=checkbox][hx-post]") && (e.checked = !e.checked);
}
document.addEventListener("htmx:sendError", (e) => {
  y(e), c("There is no connection, so nothing was changed. Try again when you are back online.");
});
document.addEventListener("htmx:responseError", (e) => {
  y(e);
  let t = e.detail.xhr.status === 429;
  c(t ? "That was too quick. Wait a minute, then try again." : "This did not work, and nothing was changed. Reload the page and try again.");
});
function h(e) {
  for (let t of e.querySelectorAll("[data-dismiss]")) t.hidden = !1;
  e.querySelector(".error-summary")?.focus();
}
h(document);
document.addEventListener("htmx:load", (e) => h(e.detail.elt));
var g = window.matchMedia("(min-width: 900px)"), p = () => document.querySelectorAll("details.facets").forEach((e) => {
  e.open = g.matches;
});
p();
g.addEventListener("change", p);
for (let e of document.querySelectorAll("[data-theme-field]")) {
  e.hidden = !1;
  let t = s.get("theme") ?? "";
  for (let o of e.querySelectorAll("input")) o.checked = o.value === t;
  e.addEventListener("change", (o) => {
    s.set("theme", o.target.value), o.target.value ? document.documentElement.dataset.theme = o.target.value : delete document.documentElement.dataset.theme;
  });
}

export {
  c as a,
  m as b
};
