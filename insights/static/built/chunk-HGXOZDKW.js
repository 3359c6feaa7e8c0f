// js/capture/elements.js
var d = document.querySelector("svg.icon use").getAttribute("href").split("#")[0], s = "http://www.w3.org/2000/svg";
function u(t, e = {}, ...n) {
  let o = document.createElement(t);
  for (let [r, i] of Object.entries(e))
    i === !1 || i === null || i === void 0 || (r.startsWith("on") ? o.addEventListener(r.slice(2), i) : o.setAttribute(r, i === !0 ? "" : i));
  return o.append(...n.filter((r) => r != null && r !== !1)), o;
}
function l(t) {
  let e = document.createElementNS(s, "svg");
  for (let [o, r] of [["class", "icon"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"]]) e.setAttribute(o, r);
  let n = document.createElementNS(s, "use");
  return n.setAttribute("href", `${d}#${t}`), e.append(n), e;
}
function p(t) {
  return u("span", { class: "visually-hidden" }, t);
}
function f(t, e, n, o = "") {
  return u("button", { type: "button", class: `button ${o}`.trim(), onclick: n }, e && l(e), t);
}
var c;
function g(t) {
  let e = document.getElementById("spoken");
  clearTimeout(c), e.textContent = "", c = setTimeout(() => {
    e.textContent = t;
  }, 150);
}
var m = (t) => (/* @__PURE__ */ new Date()).toDateString() === t.toDateString();
function a(t) {
  return new Date(t).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
function h(t) {
  let e = new Date(t);
  return m(e) ? a(e) : `${e.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${a(e)}`;
}
function w(t, e) {
  let n = t.replace(/\s+/g, " ").trim();
  return n.length <= e ? n : `${n.slice(0, e - 1).trimEnd()}\u2026`;
}
function S(t, e, n) {
  return `${t} ${t === 1 ? e : n}`;
}
function b(t, e) {
  let n, o = (...r) => {
    clearTimeout(n), n = setTimeout(() => e(...r), t);
  };
  return o.cancel = () => clearTimeout(n), o;
}

// js/capture/states.js
var k = {
  draft: { image: "notebook-pen", short: "Draft", words: "Draft" },
  parked: { image: "circle-pause", short: "Put aside", words: "Put aside" },
  waiting: { image: "smartphone", short: "Waiting", words: "Saved on this phone, will be sent" },
  sending: { image: "cloud-upload", short: "Sending\u2026", words: "Sending\u2026" },
  sent: { image: "circle-check", short: "Sent", words: "Sent" },
  "needs-a-look": { image: "circle-alert", short: "Needs a look", words: "Kept on this phone, but not taken" }
};
function v({ problem: t }) {
  let e = Object.values(t?.errors ?? {}).flat();
  return [...new Set(e.length ? e : [t?.detail ?? "The server has refused it."])].join(" ");
}

export {
  u as a,
  l as b,
  p as c,
  f as d,
  g as e,
  a as f,
  h as g,
  w as h,
  S as i,
  b as j,
  k,
  v as l
};
