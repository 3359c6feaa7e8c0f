import {
  a as p,
  b as v,
  c as Pe,
  d as A,
  e as k,
  g as qe,
  h as z,
  i as G,
  j as q,
  k as Fe,
  l as je
} from "./chunk-HGXOZDKW.js";
import {
  b as Ie
} from "./chunk-BK4CUYPN.js";
import {
  a as me
} from "./chunk-EWRXYDEL.js";
import {
  d as Be
} from "./chunk-U6ISYWDO.js";
import {
  a as _e,
  b as pe
} from "./chunk-7QJFB3LA.js";
import {
  A as De,
  B as fe,
  E as K,
  F as H,
  x as de,
  y as Me
} from "./chunk-ZVUEWZMS.js";

// js/capture/autosave.js
function Ue(e) {
  let t = null, n = !1, o = Promise.resolve();
  function r() {
    return clearTimeout(t), t = null, n && (n = !1, o = o.then(e, e)), o;
  }
  return document.addEventListener("visibilitychange", () => {
    document.visibilityState === "hidden" && r();
  }), window.addEventListener("pagehide", r), {
    changed() {
      n = !0, t ??= setTimeout(r, 2e3);
    },
    now() {
      return n = !0, r();
    },
    flush: r,
    // What is under way has ended, and nothing more is written until the next change.
    stop() {
      return clearTimeout(t), t = null, n = !1, o.catch(() => {
      });
    }
  };
}

// js/capture/direct.js
var rn = ["segments", "segments_1", "segments_2", "competitors", "products", "more_competitors", "more_products", "proposed", "account", "account_name", "photos", "acknowledged"];
function Ke(e, { fields: t, photos: n, failed: o }) {
  let r = !1;
  return e.addEventListener("formdata", ({ formData: s }) => {
    let i = t();
    for (let a of rn) s.delete(a);
    for (let a of ["segments", "competitors", "products", "acknowledged"]) i[a].forEach((c) => s.append(a, c));
    i.dismissed.forEach((a) => s.append("proposed", a)), i.account && s.set("account", i.account);
    for (let a of n()) s.append("photos", a, a.name || "photo.jpg");
  }), window.addEventListener("beforeunload", (s) => {
    !r && e.elements.text.value.trim() && s.preventDefault();
  }), async function() {
    try {
      let { csrfToken: i } = await K();
      e.elements.csrf_token || e.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token" })), e.elements.csrf_token.value = i, r = !0, e.submit();
    } catch (i) {
      o(i);
    }
  };
}

// js/capture/kept.js
function We({ queue: e, store: t }) {
  let n = Promise.resolve(), o = null, r = null;
  function s(l) {
    return n = n.then(l, l), n;
  }
  function i(l) {
    return o = l?.id ?? null, l;
  }
  async function a(l) {
    try {
      return i(await l);
    } catch (u) {
      throw u.record && i(u.record), u;
    }
  }
  async function c() {
    !r || !o || (await e.setPlace(o, r), r = null);
  }
  return {
    open: () => s(async () => (r = null, i(await e.draft()))),
    keep: (l) => s(async () => {
      await a(e.keepDraft(l())), await c();
    }),
    save: (l) => s(async () => {
      await c();
      let u = await a(e.save(l));
      return o = null, r = null, u;
    }),
    bringBack: (l, u) => s(async () => i(await e[l](u))),
    discard: () => s(async () => (o && await e.discard(o), i(await e.draft()))),
    // Taken back when the person no longer wants it to be known.
    setPlace: (l) => s(async () => {
      if (r = l, l) return c();
      if (o)
        return t.change(async ({ notes: u }) => {
          let f = await u.get(o);
          f?.state === "draft" && await u.put({ ...f, latitude: null, longitude: null });
        });
    }),
    photos: {
      list: () => s(async () => o ? e.photos(o) : []).then((l) => l.map((u) => ({
        id: u.id,
        blob: new Blob([u.bytes], { type: u.type })
      }))),
      add: (l) => s(async () => {
        let { note_id: u } = await e.addPhoto(l);
        o = u;
      }),
      remove: (l) => s(() => e.removePhoto(l))
    }
  };
}

// js/device/text.js
var O = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000", an = new RegExp(`[${O}]+`, "gu"), ps = new RegExp(`^[${O}]+`, "u"), ms = new RegExp(`[${O}]$`, "u"), ze = /^[\x00-\x7f]*$/, cn = new Map(Object.entries({
  \u0131: "i",
  \u0142: "l",
  \u0141: "l",
  \u00F8: "o",
  \u00D8: "o",
  \u0111: "d",
  \u0110: "d",
  \u00F0: "d",
  \u00D0: "d",
  \u0127: "h",
  \u0126: "h",
  \u0167: "t",
  \u0166: "t",
  \u00FE: "th",
  \u00DE: "th",
  \u00E6: "ae",
  \u00C6: "ae",
  \u0153: "oe",
  \u0152: "oe",
  "\u2019": "'",
  "\u2018": "'",
  "\u201B": "'",
  \u02BC: "'",
  "\xB4": "'",
  "\u2032": "'",
  "\u201C": '"',
  "\u201D": '"',
  "\u201E": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2212": "-",
  "\u2122": "",
  "\u2120": "",
  "\xAE": "",
  "\xA9": ""
})), ln = /[\p{Cf}\u034f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u, un = /[\u13a0-\u13fd\uab70-\uabbf]/u;
var hs = new RegExp(
  "(\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{1,6}\\u{e007f})|[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\u00ad\\u180e\\u200b\\u2060-\\u2064\\ufeff\\u202a-\\u202e\\u2066-\\u2069\\u206a-\\u206f\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]",
  // deprecated formats, annotations, tags
  "gu"
), gs = new RegExp(
  `[^${O}\\u034f\\u061c\\u115f\\u1160\\u200c-\\u200f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0]`,
  "u"
);
var W = { 1: "\u0334", 6: "\u{16FF0}", 8: "\u3099", 9: "\u094D", 84: "\u0C55", 132: "\u0F74", 240: "\u0345" }, dn = /[\u0f73\u0f75\u0f81]/, Ge = (e, t) => e.normalize("NFD").startsWith(t), Y = (e, t) => e !== W[t] && Ge(e + W[t], W[t]), V = (e, t) => !Ge(W[t] + e, W[t]);
function fn(e) {
  return !dn.test(e) && (Y(e, 1) || V(e, 240));
}
function pn(e) {
  return fn(e) ? V(e, 6) || Y(e, 6) && V(e, 8) || Y(e, 9) && V(e, 84) || Y(e, 132) : !1;
}
function mn(e) {
  return !ln.test(e) && !pn(e);
}
function hn(e) {
  let t = e.toUpperCase();
  return un.test(e) ? t : t.toLowerCase();
}
function gn(e) {
  let t = "", n = e;
  for (; n !== t; ) {
    t = n;
    let o = Array.from(t, (r) => cn.get(r) ?? r).join("").normalize("NFKD");
    n = Array.from(Array.from(o, hn).join("")).filter(mn).join("");
  }
  return n;
}
var He = /* @__PURE__ */ new Map();
function Ye(e) {
  let t = He.get(e);
  return t === void 0 && (t = gn(e), He.set(e, t)), t;
}
function C(e) {
  return (ze.test(e) ? e.toLowerCase() : Array.from(e, Ye).join("")).replace(an, " ").replace(/^ | $/g, "");
}
function J(e) {
  if (ze.test(e)) return { form: e.toLowerCase(), starts: Array.from(e, (r, s) => s) };
  let t = [], n = [], o = 0;
  for (let r of e) {
    let s = Ye(r);
    t.push(s);
    for (let i = 0; i < s.length; i += 1) n.push(o);
    o += r.length;
  }
  return { form: t.join(""), starts: n };
}

// js/device/guard_rails.js
var yn = { "e-mail": "[e-mail]", phone: "[phone]", "national-id": "[id number]" }, wn = "[\u2026]", tt = "\0", ye = /[\p{L}\p{N}]/u, Ve = /[\p{L}\p{N}\p{M}]/u, M = "(?![\\p{L}\\p{N}]|[\\-.][0-9])", Je = /[\p{L}\p{N}]|[\-.][0-9]/uy, bn = /[0-9](?:[ ()./-]{0,3}[0-9]){6}/, kn = /https?:\/\/[^ \t\n]+/g, Sn = /@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\p{L}\p{N}])/gu, nt = "._%+-'", En = /[0-9]+(?:[ .-][0-9]+)*/g, vn = new RegExp("^(?:" + [
  "4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})",
  "5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}",
  "3[47][0-9]{13}",
  "3(?:0[0-5][0-9]|095|[689][0-9]{2})[0-9]{10}",
  "(?:6011|64[4-9][0-9]|65[0-9]{2}|35(?:2[89]|[3-8][0-9])|62[0-9]{2})[0-9]{12,15}",
  "(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{9,15}"
].join("|") + ")$"), xn = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9], Xe = "(?: ?(?:no|nr|number))?(?: is)?[ .:#]{0,3}", he = "[ \\(\\)./\\-]{0,3}", An = "trwagmyfpdxbnjzsqvhlcke", $n = new RegExp(
  "(?:order|invoice|ticket|case|ref|reference|quote|contract|po|part|sku|serial|account|policy)(?: ?(?:no|nr|number|id))?[ .:]{0,3}$|[#$\u20AC\xA3]$"
), On = 24, Cn = /^(?:(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}(?![0-9])|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}(?![0-9]))/, D = (e) => new RegExp(e, "gu"), Q = (e) => e.replace(/[^0-9]/g, ""), Ln = [
  ["national-id", D(`(?:ssn|social security)${Xe}([0-9]{3}[ \\-]?[0-9]{2}[ \\-]?[0-9]{4})${M}`), Ze],
  ["national-id", D(`[0-9]{3}-[0-9]{2}-[0-9]{4}${M}`), Ze],
  ["national-id", /(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}|[xyz]-?[0-9]{7})-?[a-z](?![\p{L}\p{N}])/gu, jn],
  ["national-id", D(`[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}${M}`), Un],
  ["national-id", D(`(?:bsn|burgerservicenummer)${Xe}([0-9](?:[ .]?[0-9]){8})${M}`), Kn],
  ["phone", D(`\\+ ?(?:1(?:${he}[0-9]){10}|[2-9](?:${he}[0-9]){8,14})${M}`), () => !0],
  ["phone", D(
    `(?:1[ .\\-]?)?(?:\\([2-9][0-8][0-9]\\)[ \\-]?|[2-9][0-8][0-9][ .\\-])[2-9][0-9]{2}[ .\\-][0-9]{4}(?: ?(?:x|ext\\.?) ?[0-9]{1,6})?${M}`
  ), Wn],
  ["phone", D(
    `(?:phone|telephone|tel|mobile|cell|fax|whatsapp|(?:call|reach)(?: (?:me|him|her|them|us))?)(?: ?(?:no|nr|number))?(?: (?:is|at|on))?[ .:#]{0,3}(\\(?[0-9](?:${he}[0-9]){6,13})${M}`
  ), Hn]
];
function ot(e, t) {
  if (!t) return [];
  let { form: n, starts: o } = J(e), r = new Map([...Object.entries(t.personal), ...t.words.map((s) => [s.key, s])]);
  return [...In(n), ...zn(n, t.words)].filter(({ key: s }) => r.has(s)).map((s) => ({ ...Tn(r.get(s.key)), key: s.key, ...Rn(s, o, e) })).sort((s, i) => s.start - i.start || i.end - s.end);
}
function st(e, t) {
  let n = "", o = 0;
  for (let r of [...t].sort((s, i) => s.start - i.start || i.end - s.end))
    r.start >= o && (n += e.slice(o, r.start) + Nn(e, r)), o = Math.max(o, r.end);
  return n + e.slice(o);
}
function Nn(e, { key: t, start: n, end: o }) {
  return t === "card" ? `[card \u2026${Q(C(e.slice(n, o))).slice(-4)}]` : yn[t] ?? wn;
}
var Tn = ({ action: e, title: t, advice: n }) => ({ action: e, title: t, advice: n });
function Rn({ start: e, end: t }, n, o) {
  let r = n[t - 1], s = r + (o.codePointAt(r) > 65535 ? 2 : 1);
  return { start: n[e], end: Math.max(s, t < n.length ? n[t] : o.length) };
}
function In(e) {
  let t = [], n = e.replace(kn, (o) => tt.repeat(o.length));
  if (n.includes("@") && (n = ge(n, "e-mail", Mn(n), t)), !bn.test(n)) return t;
  n = ge(n, "card", _n(n), t);
  for (let [o, r, s] of Ln) n = ge(n, o, qn(r, n, s), t);
  return t;
}
function ge(e, t, n, o) {
  let r = "", s = 0;
  for (let [i, a] of n)
    o.push({ key: t, start: i, end: a }), r += e.slice(s, i) + tt.repeat(a - i), s = a;
  return r + e.slice(s);
}
function* Mn(e) {
  let t = 0;
  for (let n of e.matchAll(Sn)) {
    let o = n.index;
    for (; o > t && Dn(X(e, o)); ) o -= X(e, o).length;
    for (; nt.includes(e[o]); ) o += 1;
    o >= n.index || (t = n.index + n[0].length, yield [o, t]);
  }
}
var Dn = (e) => nt.includes(e) || ye.test(e);
function X(e, t) {
  let n = /[\udc00-\udfff]/.test(e[t - 1] ?? "") && /[\ud800-\udbff]/.test(e[t - 2] ?? "");
  return e.slice(Math.max(0, t - (n ? 2 : 1)), t);
}
function* _n(e) {
  for (let t of e.matchAll(En)) {
    let n = [...t[0].matchAll(/[0-9]+/g)].map((o) => [t.index + o.index, t.index + o.index + o[0].length]);
    for (let o = 0; o < n.length; o += 1) {
      let r = Bn(e, n, o);
      r !== null && (yield [n[o][0], n[r][1]], o = r);
    }
  }
}
function Bn(e, t, n) {
  if (rt(e, t[n][0])) return null;
  let o = "", r = null;
  for (let s = n; s < t.length; s += 1) {
    let [i, a] = t[s];
    if (a - i < 3 || o.length + a - i > 19) break;
    o += e.slice(i, a), Pn(o) && !Fn(e, a) && (r = s);
  }
  return r;
}
function Pn(e) {
  return e.length < 13 || !vn.test(e) ? !1 : [...e].reverse().map(Number).reduce((n, o, r) => n + (r % 2 ? xn[o] : o), 0) % 10 === 0;
}
function* qn(e, t, n) {
  e.lastIndex = 0;
  for (let o = e.exec(t); o; o = e.exec(t)) {
    let r = o.index, s = r + o[0].length;
    rt(t, r) || !n(o, t) ? e.lastIndex = r + 1 : (yield [s - (o[1] ?? o[0]).length, s], e.lastIndex = s);
  }
}
function rt(e, t) {
  return !t || !ye.test(e[t]) ? !1 : ye.test(X(e, t)) ? !0 : "-.".includes(e[t - 1]) && Qe(e[t]) && Qe(e[t - 2]);
}
function Fn(e, t) {
  return Je.lastIndex = t, Je.test(e);
}
var Qe = (e) => e >= "0" && e <= "9";
function Ze(e) {
  let t = Q(e[1] ?? e[0]), n = t.slice(0, 3);
  return n !== "000" && n !== "666" && n < "900" && t.slice(3, 5) !== "00" && t.slice(5) !== "0000";
}
function jn(e) {
  let t = e[0].replace(/[-.]/g, ""), n = Number(t.slice(0, -1).replace(/[xyz]/, (o) => "xyz".indexOf(o)));
  return An[n % 23] === t.at(-1);
}
function Un(e) {
  let t = [...Q(e[0])].map(Number), n = (o) => t.slice(0, o).reverse().reduce((r, s, i) => r + s * (i + 2), 0);
  return new Set(t).size > 1 && [9, 10].every((o) => n(o) * 10 % 11 % 10 === t[o]);
}
function Kn(e) {
  let t = [...Q(e[1])].map(Number), n = t.reduce((o, r, s) => o + r * (s < 8 ? 9 - s : -1), 0);
  return t.some(Boolean) && n % 11 === 0;
}
function Wn(e, t) {
  return !$n.test(t.slice(Math.max(0, e.index - On), e.index));
}
function Hn(e) {
  return !Cn.test(e[1]) && !e[1].endsWith("000");
}
function zn(e, t) {
  let { text: n, places: o } = Gn(e), r = [];
  for (let { key: s, word: i, match: a } of t) {
    let c = null;
    for (let l = n.indexOf(i); i && l >= 0; l = n.indexOf(i, l + 1)) {
      let u = l + i.length;
      a === "exact" && (et(n, l) || et(n, u)) || (c && l < c.to ? c.to = u : r.push(c = { key: s, from: l, to: u }));
    }
  }
  return r.map(({ key: s, from: i, to: a }) => ({ key: s, start: o?.[i] ?? i, end: o ? o[a - 1] + 1 : a }));
}
function et(e, t) {
  let n = t < e.length ? String.fromCodePoint(e.codePointAt(t)) : "";
  return Ve.test(X(e, t)) && Ve.test(n);
}
function Gn(e) {
  let t = e.replace(/[ \t\n-]/g, " ");
  if (!t.includes("  ")) return { text: t };
  let n = (r) => t[r] !== " " || t[r - 1] !== " ", o = [...Array(t.length).keys()].filter(n);
  return { text: t.replace(/ +/g, " "), places: o };
}

// js/capture/combobox.js
function Z(e, { label: t, find: n, chosen: o, nothing: r }) {
  let s = p("ul", { class: "options", role: "listbox", id: `${e.id}-options`, "aria-label": t, hidden: !0 }), i = [], a = -1, c = 0;
  e.after(s);
  for (let [d, g] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", s.id]]) e.setAttribute(d, g);
  function l(d) {
    s.hidden = !d, e.setAttribute("aria-expanded", String(d)), d || u(-1);
  }
  function u(d) {
    a = d, [...s.children].forEach((g, b) => g.setAttribute("aria-selected", String(b === d))), d < 0 ? e.removeAttribute("aria-activedescendant") : (e.setAttribute("aria-activedescendant", s.children[d].id), s.children[d].scrollIntoView({ block: "nearest" }));
  }
  function f(d) {
    l(!1), o(i[d]);
  }
  function h(d, g) {
    let b = p(
      "li",
      { role: "option", id: `${s.id}-${g}`, "aria-selected": "false", class: "option" },
      p("span", {}, d.label),
      d.hint && p("span", { class: "hint" }, d.hint)
    );
    return b.addEventListener("pointerdown", (S) => S.preventDefault()), b.addEventListener("click", () => f(g)), b;
  }
  async function w() {
    let d = e.value.trim(), g = ++c;
    if (!d) return l(!1);
    let b = await n(d);
    g !== c || document.activeElement !== e || (i = b, s.replaceChildren(...i.map(h)), l(i.length > 0), k(i.length ? G(i.length, "suggestion", "suggestions") : r));
  }
  e.addEventListener("input", w), e.addEventListener("focus", w), e.addEventListener("blur", () => l(!1)), e.addEventListener("keydown", (d) => {
    if (d.isComposing || s.hidden) return;
    let g = i.length;
    if (d.key === "ArrowDown") u((a + 1) % g);
    else if (d.key === "ArrowUp") u((a + g - 1 + (a < 0 ? 1 : 0)) % g);
    else if (d.key === "Enter" && !d.ctrlKey && !d.metaKey) f(Math.max(a, 0));
    else if (d.key === "Escape") l(!1);
    else return;
    d.preventDefault(), d.stopPropagation();
  });
}

// js/capture/account.js
var ee = 8;
function we(e) {
  let t = (n) => n && typeof n == "object" ? n.slug : n ?? null;
  return { id: e.id, name: e.name, territory: t(e.territory), segments: (e.segments ?? []).map(t) };
}
function be(e, t) {
  let n = C(t);
  return e.map((r) => {
    let s = C(r.name);
    return { one: r, rank: s.startsWith(n) ? 0 : ` ${s}`.includes(` ${n}`) ? 1 : 2 };
  }).filter(({ rank: r }) => r < 2).sort((r, s) => r.rank - s.rank).slice(0, ee).map(({ one: r }) => r);
}
async function Yn(e) {
  if (!navigator.onLine) return [];
  try {
    let { json: t } = await H(`/api/v1/accounts?limit=${ee}&q=${encodeURIComponent(e)}`);
    return t.items.map(we);
  } catch {
    return [];
  }
}
function it(e, t, { kit: n, changed: o, chosen: r }) {
  let s = e.querySelector("#field-account_name"), i = e.querySelector("#account-choices"), a = null;
  s.setAttribute("name", ""), i.replaceChildren();
  async function c(h) {
    let w = be((n()?.accounts ?? []).map(we), h), d = w.length < ee ? await Yn(h) : [], g = new Set(w.map((S) => S.id));
    return [...w, ...d.filter((S) => !g.has(S.id))].slice(0, ee).map((S) => ({ label: S.name, hint: l(S), value: S }));
  }
  function l(h) {
    let w = n()?.territories.find((g) => g.slug === h.territory)?.name, d = new Map((n()?.dimensions ?? []).flatMap((g) => g.segments.map((b) => [b.slug, b.name])));
    return [w, ...h.segments.map((g) => d.get(g))].filter(Boolean).join(" \xB7 ");
  }
  function u() {
    if (t.classList.toggle("set", a !== null), t.querySelector("span").textContent = a ? a.name : "Account", s.hidden = a !== null, !a) return i.replaceChildren();
    let h = A("Remove", "x", () => {
      f(null), s.focus();
    }, "quiet");
    i.replaceChildren(p("p", { class: "account-chosen" }, v("building-2"), p("span", {}, p("strong", {}, a.name), p("span", { class: "hint" }, l(a))), h));
  }
  function f(h, w = !1) {
    a = h && we(h), s.value = "", u(), !w && (r(a), o(), k(a ? `${a.name} is chosen` : "No account"));
  }
  return Z(s, { label: "Accounts", find: c, nothing: "No account begins like this", chosen: (h) => {
    f(h.value), i.querySelector("button").focus();
  } }), { value: () => a, set: f, show: u };
}

// js/capture/tags.js
var at = ["competitors", "products", "segments"], ct = { competitors: "competitor", products: "product", segments: "segment" };
function te() {
  return { chosen: { competitors: /* @__PURE__ */ new Set(), products: /* @__PURE__ */ new Set(), segments: /* @__PURE__ */ new Set() }, dismissed: /* @__PURE__ */ new Set(), habit: [], account: /* @__PURE__ */ new Set() };
}
function ke(e) {
  let t = { competitors: /* @__PURE__ */ new Map(), products: /* @__PURE__ */ new Map(), segments: /* @__PURE__ */ new Map() }, n = /* @__PURE__ */ new Map();
  for (let o of e?.competitors ?? []) t.competitors.set(o.slug, o.name);
  for (let o of e?.products ?? []) t.products.set(o.slug, o.name);
  for (let o of e?.dimensions ?? [])
    for (let r of o.segments)
      t.segments.set(r.slug, r.name), n.set(r.slug, o.number);
  return { names: t, dimension: n };
}
function lt(e, t, n) {
  let o = new Set([...e.chosen.segments, ...t.segment.filter((r) => !e.dismissed.has(`segments:${r}`))].map((r) => n.get(r)));
  return e.habit.filter((r) => n.has(r) && !o.has(n.get(r)));
}
function _(e, t, { names: n, dimension: o }) {
  let r = [];
  for (let a of at)
    for (let c of t[ct[a]])
      n[a].has(c) && r.push({ field: a, slug: c, name: n[a].get(c), chosen: !e.dismissed.has(`${a}:${c}`), why: "text" });
  let s = new Set(r.map((a) => `${a.field}:${a.slug}`)), i = (a, c, l) => {
    s.has(`${a}:${c}`) || r.push({ field: a, slug: c, name: n[a].get(c) ?? c, chosen: !0, why: l });
  };
  for (let a of at)
    for (let c of e.chosen[a]) i(a, c, a === "segments" && e.account.has(c) ? "account" : "chosen");
  for (let a of lt(e, t, o)) i("segments", a, "habit");
  return r;
}
function ne(e, t) {
  let n = `${t.field}:${t.slug}`;
  t.why === "text" ? (e.dismissed.delete(n) || e.dismissed.add(n), e.chosen[t.field].delete(t.slug)) : t.why === "habit" ? e.habit = e.habit.filter((o) => o !== t.slug) : e.chosen[t.field].delete(t.slug);
}
function F(e, t, n) {
  e.dismissed.delete(`${t}:${n}`), e.chosen[t].add(n);
}
function ut(e, t, n) {
  let o = (s) => new Set(t[ct[s]]), r = (s) => [...e.chosen[s]].filter((i) => !o(s).has(i));
  return {
    competitors: r("competitors"),
    products: r("products"),
    segments: [...r("segments"), ...lt(e, t, n)],
    dismissed: [...e.dismissed].filter((s) => {
      let [i, a] = s.split(":");
      return o(i).has(a);
    })
  };
}

// js/capture/chips.js
var Vn = { competitors: "swords", products: "package", segments: "layers" }, Jn = { competitors: "competitor", products: "product", segments: "segment" }, dt = { text: "found in the text", chosen: "chosen", account: "from the account", habit: "as in your last note" };
function Xn(e, t) {
  let n = p("button", {
    type: "button",
    class: `chip ${e.field}`,
    "aria-pressed": String(e.chosen),
    "data-chip": `${e.field}:${e.slug}`,
    "aria-label": `${e.name}, ${Jn[e.field]}, ${dt[e.why]}`,
    title: dt[e.why],
    onclick: t
  });
  return n.append(v(e.why === "habit" ? "history" : Vn[e.field]), p("span", {}, e.name), v(e.chosen ? "x" : "undo-2")), n;
}
function Qn(e, t) {
  return p(
    "button",
    { type: "button", class: "chip proposed", "data-propose": e.slug, "aria-label": `Set the territory to ${e.name}, named in the text`, onclick: t },
    v("map-pin"),
    p("span", {}, `${e.name}?`)
  );
}
function ft(e, { changed: t, propose: n }) {
  let o = "", r = p("p", { class: "soft small" }, "Names in your text become tags here."), s = p("div", { class: "chip-row", role: "group", "aria-label": "Tags of this note" }, r);
  e.replaceChildren(s);
  function i(a, c) {
    ne(a, c), t(), k(c.chosen ? `${c.name} left out` : `${c.name} is back`), s.querySelector(`[data-chip="${CSS.escape(`${c.field}:${c.slug}`)}"]`)?.focus();
  }
  return {
    show(a, c, l, u) {
      let f = _(a, c, l), h = JSON.stringify([f, u.map((d) => d.slug)]);
      if (h === o) return;
      o = h;
      let w = f.map((d) => Xn(d, () => i(a, d)));
      w.push(...u.map((d) => Qn(d, () => n(d)))), s.replaceChildren(...w.length ? w : [r]);
    },
    announce(a, c, l) {
      let u = _(a, c, l).filter((f) => f.chosen && f.why === "text").map((f) => f.name);
      u.length && k(`Tagged: ${u.join(", ")}`);
    }
  };
}

// js/capture/guard.js
function Zn(e) {
  let t = /* @__PURE__ */ new Map();
  for (let n of e) {
    let o = t.get(n.key) ?? { key: n.key, action: n.action, title: n.title, advice: n.advice, places: [] };
    o.places.push(n), t.set(n.key, o);
  }
  return [...t.values()];
}
function pt(e, { textOf: t, mask: n, changed: o }) {
  let r = "", s = [], i = /* @__PURE__ */ new Set();
  e.setAttribute("role", "group"), e.setAttribute("aria-label", "Before it is sent");
  function a(u) {
    let f = t(), h = z(u.places.map((S) => f.slice(S.start, S.end)).join(", "), 60), w = u.action === "block", d = (S, ...I) => p("div", { class: `finding ${S}`, "data-finding": u.key }, v(w ? "circle-alert" : "shield-alert"), ...I), g = p("q", { dir: "auto" }, h);
    if (i.has(u.key))
      return d("accepted", p("p", {}, g, " is sent as it is."), A("Ask again", null, () => c(u.key, !1), "quiet"));
    let b = p("div", { class: "finding-buttons" }, A("Mask it", null, () => n(u.places)));
    return w || b.append(A("Send as it is", null, () => c(u.key, !0))), d(w ? "block" : "", p("div", {}, p("p", {}, p("strong", {}, u.title), " ", g), p("p", { class: "small" }, u.advice), b));
  }
  function c(u, f) {
    f ? i.add(u) : i.delete(u), l(), o(), e.querySelector(`[data-finding="${CSS.escape(u)}"] button:last-of-type`)?.focus();
  }
  function l() {
    e.replaceChildren(...s.map(a));
  }
  return {
    show(u) {
      s = Zn(u);
      let f = JSON.stringify([u, [...i]]);
      if (f === r) return;
      let h = new Set(JSON.parse(r || "[[]]")[0].map((d) => d.key));
      r = f, l();
      let w = s.find((d) => !h.has(d.key) && !i.has(d.key));
      w && k(`${w.title}. ${w.advice}`);
    },
    acknowledged: () => s.map((u) => u.key).filter((u) => i.has(u)),
    set(u) {
      i = new Set(u), r = "";
    },
    // What stands in the way of sending: the first finding without an answer.
    obstacle: () => s.find((u) => u.action === "block") ?? s.find((u) => !i.has(u.key)) ?? null,
    focus(u) {
      let f = e.querySelector(`[data-finding="${CSS.escape(u)}"]`);
      f?.querySelector("button").focus(), f?.scrollIntoView({ block: "center" });
    }
  };
}

// js/capture/kind.js
function mt(e, { changed: t }) {
  let n = [...e.querySelectorAll(".kind-button input")], o = e.querySelector("#kind-guess"), r = null;
  e.setAttribute("aria-describedby", "kind-guess");
  function s() {
    return n.find((l) => l.checked) ?? null;
  }
  function i(l) {
    return l.closest("label").querySelector("span").textContent;
  }
  function a() {
    let l = s();
    for (let f of n) f.closest("label").classList.toggle("guessed", !l && f.value === r);
    let u = n.find((f) => f.value === r);
    l ? o.textContent = `${i(l)} is chosen.` : o.textContent = u ? `Looks like: ${i(u)}. Choose another kind if it is not.` : "The kind is guessed from the text, unless you choose one.";
  }
  function c(l, u) {
    u && (l.checked = !1), a(), k(o.textContent), t();
  }
  for (let l of n) {
    let u = !1;
    l.closest("label").addEventListener("pointerdown", () => {
      u = l.checked;
    }), l.addEventListener("keydown", (h) => {
      h.key === " " && (u = l.checked);
    }), l.addEventListener("click", () => {
      c(l, u), u = !1;
    });
  }
  return {
    value: () => s()?.value ?? null,
    set(l) {
      for (let u of n) u.checked = u.value === l;
      a();
    },
    guess(l) {
      l !== r && (r = l, a());
    },
    pick(l) {
      let u = n[l - 1], f = u.checked;
      u.checked = !0, c(u, f);
    }
  };
}

// js/capture/more.js
function ht(e, { opened: t }) {
  let n = [...e.querySelectorAll("[data-panel]")], o = (i) => document.getElementById(i.dataset.panel);
  function r(i, a) {
    let c = o(i);
    c.hidden = !a, c instanceof HTMLDetailsElement && (c.open = !0), i.setAttribute("aria-expanded", String(a));
  }
  function s(i) {
    for (let a of n) r(a, a === i);
  }
  for (let i of n)
    i.addEventListener("click", () => {
      let a = i.getAttribute("aria-expanded") !== "true";
      s(a ? i : null), a && t(o(i));
    });
  return document.addEventListener("keydown", (i) => {
    let a = n.find((c) => c.getAttribute("aria-expanded") === "true");
    i.key !== "Escape" || i.defaultPrevented || !a || document.querySelector("dialog[open]") || (i.preventDefault(), s(null), a.focus());
  }), e.hidden = !1, s(null), { close: () => s(null) };
}
function gt(e, { changed: t }) {
  let n = [], o = "";
  function r(s, i, a) {
    let c = p("input", { type: "checkbox", value: a.slug });
    return c.addEventListener("change", () => {
      let l = _(s(), i().found, i().names).find((u) => u.field === "segments" && u.slug === a.slug);
      l ? ne(s(), l) : F(s(), "segments", a.slug), t();
    }), c;
  }
  return {
    // `tags()` and `known()` give what counts at the moment of a tap.
    use(s, i, a) {
      let c = JSON.stringify(s.dimensions);
      c !== o && (o = c, n = [], e.replaceChildren(...s.dimensions.filter((l) => l.segments.length).map((l) => {
        let u = l.segments.map((f) => {
          let h = r(i, a, f);
          return n.push(h), p("label", { class: "choice" }, h, p("span", {}, f.name));
        });
        return p("fieldset", { class: "field" }, p("legend", {}, l.name), p("div", { class: "choices chips" }, ...u));
      })));
    },
    show(s) {
      let i = new Set(s.filter((a) => a.field === "segments" && a.chosen).map((a) => a.slug));
      for (let a of n) a.checked = i.has(a.value);
    }
  };
}
function yt(e, { kit: t, choose: n }) {
  let o = e.querySelector("input");
  e.hidden = !1;
  let r = () => [
    ...(t()?.competitors ?? []).map((s) => ({ ...s, field: "competitors" })),
    ...(t()?.products ?? []).map((s) => ({ ...s, field: "products" }))
  ];
  Z(o, {
    label: "Competitors and products",
    nothing: "Nothing begins like this",
    find: (s) => be(r(), s).map((i) => ({ label: i.name, hint: i.maker ?? (i.field === "competitors" ? "competitor" : "product"), value: i })),
    chosen: ({ value: s }) => {
      o.value = "", n(s.field, s.slug);
    }
  });
}

// js/capture/prefill.js
var eo = ["competitor", "preference", "challenge", "opportunity"], to = { competitors: ["competitor", "competitors", "tag"], products: ["product", "products", "tag"], segments: ["segment", "segments", "segments_1", "segments_2", "tag"] }, no = { competitor: "competitors", product: "products", segment: "segments" };
function oo(e) {
  let t = { competitors: /* @__PURE__ */ new Map(), products: /* @__PURE__ */ new Map(), segments: /* @__PURE__ */ new Map(), territories: /* @__PURE__ */ new Map() }, n = (r, s, i) => {
    t[r].has(C(s)) || t[r].set(C(s), i);
  }, o = { competitors: e.competitors, products: e.products, segments: e.dimensions.flatMap((r) => r.segments), territories: e.territories };
  for (let [r, s] of Object.entries(o))
    for (let i of s)
      n(r, i.slug, i.slug), n(r, i.name, i.slug);
  for (let [r, s, i] of e.dictionary) n(no[r] ?? "territories", i, s);
  return (r, s) => t[r].get(C(s)) ?? null;
}
function wt(e, t) {
  let n = new URLSearchParams(e), o = oo(t), r = {};
  for (let [c, l] of Object.entries(to))
    r[c] = [...new Set(l.flatMap((u) => n.getAll(u)).map((u) => o(c, u)).filter(Boolean))];
  let s = n.get("kind"), i = {
    text: n.get("text") ?? "",
    kind: eo.includes(s) ? s : null,
    territory: o("territories", n.get("territory") ?? ""),
    account: /^\d{1,11}$/.test(n.get("account") ?? "") ? Number(n.get("account")) : null,
    ...r
  };
  return i.text || i.kind || i.territory || i.account || Object.values(r).some((c) => c.length) ? i : null;
}
function bt({ title: e, text: t, url: n }) {
  let o = [];
  for (let r of [e, t, n]) {
    let s = (r ?? "").trim();
    s && !o.some((i) => i.includes(s)) && o.push(s);
  }
  return o.join(`
`);
}
function kt(e, t) {
  return !t || e.includes(t) ? e : e.trim() ? `${e.trimEnd()}
${t}` : t;
}

// js/device/surroundings.js
var St = 40, oe = "\\p{L}\\p{N}_", so = new RegExp(`(?:[-&+@_'\u2019]|[${oe}]\\.|(?:^|[^${oe}])[Aa][Nn][Dd]/)\\n?$`, "u"), ro = new RegExp(`^(?:[-&+#@_]|\\.[${oe}]|['\u2019](?!s)[${oe}])`, "u"), io = /\p{Lowercase}/u, ao = /(?:(?!\p{Nd})[\p{L}\p{N}]){3,}/gu, co = /\p{Uppercase}/u, lo = /\p{Lt}/u, uo = new RegExp(`^[${O}]+|[${O}]+$`, "gu"), Et = (e, t, n) => Array.from(e.slice(Math.max(0, t - 2 * n), t)).slice(-n).join(""), fo = (e, t, n) => Array.from(e.slice(t, t + 2 * n)).slice(0, n).join("");
function vt(e, t, n, o) {
  if (t.slice(n, o).normalize("NFC") !== e.replace(uo, "").normalize("NFC") || so.test(Et(t, n, 5)) || ro.test(t.slice(o, o + 3))) return !1;
  let s = `${Et(t, n, St)} ${fo(t, o, St)}`;
  return io.test(s) || !(s.match(ao) ?? []).some(po);
}
function po(e) {
  return co.test(e) && !lo.test(e);
}

// js/device/dictionary.js
var xt = ["competitor", "product", "segment", "territory"], At = 2, mo = 4, $t = `
`, ho = new RegExp(`[${O}-]+`, "gu"), go = new RegExp(`^[${O}]+|[${O}]+$`, "gu"), yo = /^\p{M}/u, wo = /^\p{L}/u, bo = /^[\p{L}\p{N}\p{M}]/u, ko = new RegExp(
  "^[\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fff\\u3005-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\ud7b0-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]",
  "u"
);
function Ot(e) {
  let t = J(e), n = [], o = [], r = 0, s = (i) => {
    for (let a = r; a < i; a += 1) o.push(t.starts[a]);
  };
  for (let i of t.form.matchAll(ho))
    i[0] !== " " && (n.push(t.form.slice(r, i.index), So(i[0])), s(i.index + 1), r = i.index + i[0].length);
  return n.push(t.form.slice(r)), s(t.starts.length), o.push(e.length), { form: n.join(""), starts: o };
}
function So(e) {
  let t = e.split("-").length - 1, n = e.split(`
`).length - 1;
  if (t === 0) return n <= 1 ? " " : $t;
  let o = t === 1 && n === 1 && e.startsWith("-");
  return e === "-" || o ? " " : $t;
}
var Se = (e, t) => String.fromCodePoint(e.codePointAt(t));
function Lt(e, t) {
  return t > 1 && e.codePointAt(t - 2) > 65535 ? e.slice(t - 2, t) : e[t - 1];
}
function Ct(e) {
  return bo.test(e) && !ko.test(e);
}
function Ee(e, t) {
  return !yo.test(t) && !(Ct(e) && Ct(t));
}
function Eo(e, t, n) {
  if (t === e.length) return !0;
  let o = Lt(e, t), r = Se(e, t);
  return Ee(o, r) ? !0 : n < mo || r !== "s" || o === "s" || !wo.test(o) ? !1 : t + 1 === e.length || Ee("s", Se(e, t + 1));
}
function vo(e, t, n) {
  return (t === 0 || e[t - 1] !== e[t]) && e[n - 1] !== e[n];
}
var se = class {
  // Steps of all nodes of the tree in one map, by node and unit: thousands of small maps would take much longer to make.
  #e = /* @__PURE__ */ new Map();
  #t = /* @__PURE__ */ new Map();
  // by node: what an alias that ends there stands for
  #n = 1;
  // Entries are {kind, id, alias}, in the order in which those of one alias are found.
  constructor(t) {
    for (let n of t) this.#o(n);
  }
  #o(t) {
    let n = Ot(t.alias).form.replace(go, "");
    if (!n) return;
    let o = 0;
    for (let i = 0; i < n.length; i += 1) o = this.#s(o, n.charCodeAt(i));
    let r = this.#t.get(o);
    r || (r = { length: Array.from(n).length, entries: /* @__PURE__ */ new Map() }, this.#t.set(o, r));
    let s = JSON.stringify([t.kind, t.id, r.length <= At ? t.alias : ""]);
    r.entries.has(s) || r.entries.set(s, t);
  }
  #s(t, n) {
    let o = t * 65536 + n, r = this.#e.get(o);
    return r === void 0 && (r = this.#n, this.#n += 1, this.#e.set(o, r)), r;
  }
  // Every occurrence {kind, id, alias, start, end} in order of its position, none overlapping another.
  find(t) {
    let { form: n, starts: o } = Ot(t), r = [], s = 0;
    for (; s < n.length; ) {
      let i = this.#r(t, n, o, s);
      i && r.push(...i.matches), s = i ? i.end : s + 1;
    }
    return r;
  }
  // The slugs named by kind, each once, the one named first coming first.
  tags(t) {
    let n = Object.fromEntries(xt.map((o) => [o, /* @__PURE__ */ new Set()]));
    for (let { kind: o, id: r } of this.find(t)) n[o].add(r);
    return Object.fromEntries(xt.map((o) => [o, [...n[o]]]));
  }
  #r(t, n, o, r) {
    let s = this.#i(n, r);
    if (!s.length || r > 0 && !Ee(Lt(n, r), Se(n, r))) return null;
    for (let { end: i, meaning: a } of s.reverse()) {
      if (!Eo(n, i, a.length) || !vo(o, r, i)) continue;
      let c = { start: o[r], end: o[i] }, l = [...a.entries.values()].filter(({ alias: u }) => a.length > At || vt(u, t, c.start, c.end)).map(({ kind: u, id: f, alias: h }) => ({ kind: u, id: f, alias: h, ...c }));
      if (l.length) return { matches: l, end: i };
    }
    return null;
  }
  // Where the aliases end that begin here, the shortest first; boundaries are not looked at yet.
  #i(t, n) {
    let o = [], r = 0;
    for (let s = n; s < t.length && (r = this.#e.get(r * 65536 + t.charCodeAt(s)), r !== void 0); s += 1) {
      let i = this.#t.get(r);
      i && o.push({ end: s + 1, meaning: i });
    }
    return o;
  }
};

// js/device/kinds.js
var ve = "\\p{L}\\p{N}_", xo = /[.*+?^${}()|[\]\\/]/g, xe = /* @__PURE__ */ new WeakMap();
function Ao(e) {
  let n = [...e].sort((o, r) => r.length - o.length).map((o) => o.replace(xo, "\\$&").replaceAll("\\*", `[${ve}]*`));
  return new RegExp(`(?:^|[^${ve}])(${n.join("|")})(?![${ve}])`, "gu");
}
function $o(e) {
  return xe.has(e) || xe.set(e, Object.entries(e).map(([t, n]) => [t, Ao(n)])), xe.get(e);
}
var Oo = (e, t) => new Set(Array.from(e.matchAll(t), (n) => n[1])).size;
function Nt(e, t, { namesCompetitor: n = !1 } = {}) {
  let o = C(e), r = new Map($o(t).map(([a, c]) => [a, Oo(o, c)])), s = n ? "competitor" : "preference";
  r.set("competitor", r.get("competitor") + Number(n));
  let i = Math.max(...r.values());
  return r.get(s) === i && (n || i === 0) ? s : [...r.keys()].find((a) => r.get(a) === i);
}

// js/capture/proposals.js
var Co = { competitor: [], product: [], segment: [], territory: [] };
function Tt() {
  let e = null, t = null, n = ke(null);
  return {
    use(o) {
      e = o, t = null, n = ke(e);
    },
    kit: () => e,
    names: () => n,
    // The dictionary is built with the first text, not while the page opens.
    found(o) {
      return !e || !o.trim() ? Co : (t ??= new se(e.dictionary.map(([r, s, i]) => ({ kind: r, id: s, alias: i }))), t.tags(o));
    },
    kind(o, r) {
      return e && o.trim() ? Nt(o, e.tell_tales, { namesCompetitor: r > 0 }) : null;
    },
    findings: (o) => e ? ot(o, e.guard_rails) : []
  };
}

// js/device/places.js
function Lo(e, { latitude: t, longitude: n }) {
  let o = Math.cos(t * Math.PI / 180), r = (a) => a - 360 * Math.round(a / 360), s = n, i = 0;
  return e.map(([a, c]) => (i += r(a - s), s = a, [i * o * 111.2, (c - t) * 111.2]));
}
function No(e) {
  return e.flatMap((t) => t.map((n, o) => [t.at(o - 1), n]));
}
function To(e) {
  let t = ([[n, o], [r, s]]) => o > 0 != s > 0 && -o * (r - n) / (s - o) + n > 0;
  return e.filter(t).length % 2 === 1;
}
function Ro([[e, t], [n, o]]) {
  let [r, s] = [n - e, o - t], i = r * r + s * s, a = i ? Math.max(0, Math.min(1, -(e * r + t * s) / i)) : 0;
  return Math.hypot(e + a * r, t + a * s);
}
function Io(e) {
  return Math.abs(e.reduce((t, [[n, o], [r, s]]) => t + n * s - r * o, 0));
}
function Rt(e, t) {
  return e.reduce((n, o) => n === null || t(o) < t(n) ? o : n, null);
}
function It(e, t) {
  let n = e.filter(({ outline: s }) => s?.length).map(({ slug: s, outline: i }) => {
    let a = No(i.map((c) => Lo(c, t)));
    return { slug: s, edges: a, area: Io(a), distance: Math.min(...a.map(Ro)) };
  }), o = Rt(n.filter(({ edges: s }) => To(s)), ({ area: s }) => s), r = Rt(n.filter(({ distance: s }) => s <= 100), ({ distance: s }) => s);
  return (o ?? r)?.slug ?? null;
}

// js/capture/territory.js
var Mo = "\u2003";
function Mt(e) {
  return Array.isArray(e.path) ? e.path.length - 1 : 0;
}
var Dt = (e) => JSON.stringify([e.held, e.territories.map(({ slug: t, name: n }) => [t, n])]);
function Do(e) {
  let t = new Set(e.held), n = (s, i) => p("option", { value: s.slug }, Mo.repeat(i) + s.name), o = e.territories.filter((s) => t.has(s.slug)).map((s) => n(s, 0)), r = e.territories.filter((s) => !t.has(s.slug));
  return o.length ? [
    p("optgroup", { label: "My territories" }, ...o),
    p("optgroup", { label: "All others" }, ...r.map((s) => n(s, Mt(s))))
  ] : r.map((s) => n(s, Mt(s)));
}
function _t(e, t, { changed: n }) {
  let o = null, r = "default", s = null;
  function i(a, c, l = "") {
    r = c, s = a, e.value = a ?? "", e.selectedIndex < 0 && (e.value = ""), t.textContent = l;
  }
  return e.addEventListener("change", () => {
    r = "person", s = e.value, t.textContent = "", n();
  }), {
    value: () => e.value || null,
    chosenBy: () => r,
    set: i,
    use(a, c) {
      let l = s ?? e.value, u = o && Dt(o) === Dt(a);
      o = a, !u && (e.replaceChildren(p("option", { value: "" }, "Territory"), ...Do(o)), i(l, r, t.textContent), e.value || this.begin(c));
    },
    // The assignment's; the last one used if there are several.
    begin(a) {
      let c = o && o.held.length !== 1, l = o?.territories.some((u) => u.slug === a);
      i(c && l ? a : o?.held[0], "default");
    },
    fromAccount(a) {
      a.territory && i(a.territory, "account", `Territory of ${a.name}`);
    },
    fromPlace(a) {
      if (r !== "default" || !o || o.held.length === 1) return;
      let c = It(o.territories, a);
      c && i(c, "place", "Territory of the place where you are");
    },
    // Territories that the text names, but for the one that is chosen.
    proposals: (a) => (o?.territories ?? []).filter((c) => a.includes(c.slug) && c.slug !== e.value)
  };
}

// js/capture/note.js
var _o = 150, Bo = 500, Po = 1500;
function Bt(e, { changed: t }) {
  let n = (m) => document.getElementById(m), { text: o } = e.elements, r = Tt(), s = te(), i = r.found(""), a = { territory: null, segments: [] }, c = () => {
    I(), t();
  }, l = _t(e.elements.territory, n("place-why"), { changed: c }), u = ft(n("found-tags"), { changed: c, propose: (m) => {
    l.set(m.slug, "person", `${m.name}, as in your text`), c();
  } }), f = mt(n("kinds"), { changed: c }), h = pt(n("findings"), { textOf: () => o.value, changed: t, mask: (m) => {
    nn(st(o.value, m)), o.focus();
  } }), w = gt(n("segment-choices"), { changed: c }), d = e.querySelector("[data-tools]"), g = ht(d, { opened: (m) => (m.querySelector("input:not([hidden])") ?? m.querySelector("button"))?.focus() }), b = it(n("account-panel"), d.querySelector('[data-panel="account-panel"]'), {
    kit: r.kit,
    changed: c,
    chosen: S
  });
  yt(e.querySelector("[data-tag-field]"), { kit: r.kit, choose: (m, E) => {
    F(s, m, E), c();
  } });
  function S(m) {
    for (let E of s.account) s.chosen.segments.delete(E);
    s.account = new Set(m?.segments ?? []);
    for (let E of s.account) F(s, "segments", E);
    m ? l.fromAccount(m) : l.chosenBy() === "account" && l.begin(a.territory);
  }
  function I() {
    let m = r.names(), E = _(s, i, m);
    u.show(s, i, m, l.proposals(i.territory)), w.show(E), f.guess(r.kind(o.value, E.filter((L) => L.field === "competitors" && L.chosen).length));
  }
  function U() {
    i = r.found(o.value), I();
  }
  let Le = q(_o, U), Ne = q(Bo, () => h.show(r.findings(o.value))), tn = q(Po, () => u.announce(s, i, r.names()));
  function P() {
    Le.cancel(), Ne.cancel(), U(), h.show(r.findings(o.value));
  }
  o.addEventListener("input", () => {
    Le(), Ne(), tn(), t();
  });
  function nn(m) {
    o.value = m, P(), t();
  }
  function Te({ known: m, impact: E, sealed: L }) {
    e.elements.known.value = m ?? "first-hand", e.elements.impact.value = E ?? "normal", e.elements.sealed.checked = !!L;
  }
  function Re(m, E, L) {
    let on = m ? r.kit()?.accounts.find((sn) => sn.id === m) : null;
    b.set(m ? on ?? { id: m, name: E || `Account ${m}`, territory: null, segments: [] } : null, L);
  }
  return {
    text: o,
    read: P,
    kind: f,
    guard: h,
    place: l,
    kit: r.kit,
    isBlank: () => !o.value.trim(),
    use(m, E) {
      a = E ?? a, r.use(m), l.use(m, a.territory), w.use(m, () => s, () => ({ found: i, names: r.names() })), b.show(), P(), e.dataset.kit = m.as_of;
    },
    fields: () => ({
      text: o.value,
      kind: f.value(),
      territory: l.value(),
      ...ut(s, i, r.names().dimension),
      account: b.value()?.id ?? null,
      account_name: b.value()?.name ?? "",
      known: e.elements.known.value,
      impact: e.elements.impact.value,
      sealed: e.elements.sealed.checked,
      acknowledged: h.acknowledged()
    }),
    // As it was written before.
    restore(m) {
      s = te();
      for (let E of ["competitors", "products", "segments"]) m[E].forEach((L) => s.chosen[E].add(L));
      s.dismissed = new Set(m.dismissed), o.value = m.text, f.set(m.kind), m.territory && l.set(m.territory, "person"), Re(m.account, m.account_name, !0), Te(m), h.set(m.acknowledged), P();
    },
    // Over what stands there, which is kept.
    add(m) {
      o.value = kt(o.value, m.text ?? ""), m.kind && f.set(m.kind);
      for (let E of ["competitors", "products", "segments"]) (m[E] ?? []).forEach((L) => F(s, E, L));
      m.account && Re(m.account, m.account_name, !1), m.territory && l.set(m.territory, "person"), P(), t();
    },
    // The segments of the last note that were chosen by hand are the habit of the next one.
    lastUsed: () => ({ territory: l.value(), segments: [...s.chosen.segments].filter((m) => !s.account.has(m)).concat(s.habit) }),
    clear(m = a) {
      a = m, s = te(), s.habit = [...a.segments], o.value = "", f.set(null), b.set(null, !0), Te({}), h.set([]), g.close(), l.begin(a.territory), P();
    }
  };
}

// js/capture/notices.js
function re(e, t, ...n) {
  return p("div", { class: "capture-notice" }, v(e), p("p", {}, t), ...n);
}
function Pt() {
  let e = document.getElementById("capture-state"), t = document.getElementById("draft-notice"), n = document.getElementById("text-problem"), o = document.getElementById("field-text"), r = /* @__PURE__ */ new Map();
  function s() {
    e.replaceChildren(...r.values());
  }
  function i(c, l) {
    !l && !r.has(c) || (l ? r.set(c, l) : r.delete(c), s());
  }
  function a() {
    i("offline", navigator.onLine ? null : re("cloud-off", "No connection. Notes are kept on this phone and sent later."));
  }
  return window.addEventListener("online", a), window.addEventListener("offline", a), a(), {
    signedOut: (c) => i("signed-out", c ? re("circle-user", "You are signed out. Notes wait on this phone until you sign in.", p("a", { class: "button", href: "/sign-in?next=/n" }, "Sign in")) : null),
    trouble: (c) => i("trouble", c ? re("circle-alert", c) : null),
    draft(c, l) {
      let u = c && re("history", `Your draft from ${qe(c.captured_at)} is here.`, l);
      t.replaceChildren(...u ? [u] : []);
    },
    problem(c) {
      n.hidden = !c, n.replaceChildren(...c ? [v("circle-alert"), ` ${c}`] : []), o.toggleAttribute("aria-invalid", !!c), c ? o.setAttribute("aria-describedby", "text-problem") : o.removeAttribute("aria-describedby"), c && k(c);
    }
  };
}

// js/capture/photos.js
function qt() {
  let e = /* @__PURE__ */ new Map();
  return {
    list: async () => [...e].map(([t, n]) => ({ id: t, blob: n })),
    add: async (t) => {
      e.set(`page-${e.size}-${t.name}-${t.lastModified}`, t);
    },
    remove: async (t) => {
      e.delete(t);
    },
    files: () => [...e.values()]
  };
}
function Ft(e, t, { place: n, most: o, changed: r }) {
  let s = [], i = 0, a = p("p", { class: "field-error", role: "alert", hidden: !0 }), c = p("ul", { class: "picture-list", "aria-label": "Photos of this note" });
  e.replaceChildren(c, a);
  function l(d) {
    a.replaceChildren(v("circle-alert"), ` ${d}`), a.hidden = !d;
  }
  function u(d, g) {
    let b = URL.createObjectURL(d.blob instanceof Blob ? d.blob : new Blob([d.blob], { type: d.type ?? "image/jpeg" }));
    s.push(b);
    let S = p("img", { src: b, alt: `Photo ${g}`, width: 72, height: 72 }), I = p("span", { class: "picture-plain", hidden: !0 }, v("image"), "Photo");
    S.addEventListener("error", () => {
      S.hidden = !0, I.hidden = !1;
    });
    let U = A("", "x", () => f(d.id, g), "icon-only");
    return U.append(Pe(`Remove photo ${g}`)), p("li", { class: "picture" }, S, I, U);
  }
  async function f(d, g) {
    await n().remove(d), await h(), k(`Photo ${g} removed`), r(), (c.querySelector("button") ?? t[0]).focus();
  }
  async function h() {
    let d = await n().list();
    s.forEach((g) => URL.revokeObjectURL(g)), s = [], i = d.length, c.replaceChildren(...d.map((g, b) => u(g, b + 1))), c.hidden = !i;
  }
  async function w(d) {
    l("");
    for (let g of d) {
      if (i >= o()) {
        l(`A note takes at most ${o()} photos.`);
        break;
      }
      try {
        await n().add(g), await h();
      } catch (b) {
        l(b.message);
      }
    }
    i && k(i === 1 ? "1 photo is kept with this note" : `${i} photos are kept with this note`), r();
  }
  for (let d of t)
    d.addEventListener("change", async () => {
      let g = [...d.files];
      d.value = "", await w(g);
    });
  return { show: h, take: w, count: () => i };
}

// js/capture/place.js
function jt(e, { store: t, person: n, found: o }) {
  let r = e.querySelector("input"), s = e.querySelector("[role=status]"), i = `use-my-place:${n.id}`, a = !1, c = 0;
  if (!navigator.geolocation) return { captured() {
  }, forget() {
  } };
  function l() {
    c += 1;
    let f = c;
    navigator.geolocation.getCurrentPosition((h) => {
      f === c && (s.textContent = "", a && o({ latitude: h.coords.latitude, longitude: h.coords.longitude }));
    }, (h) => {
      if (f !== c) return;
      let w = h.code === h.PERMISSION_DENIED;
      s.textContent = w ? "This phone does not allow it, so notes go without a place. Allow it in the browser's settings." : "No place was found. The note goes without.";
    }, { timeout: 8e3, maximumAge: 6e4 });
  }
  r.addEventListener("change", () => {
    a = r.checked, s.textContent = "", t.keep(i, a), a ? l() : o(null);
  }), e.hidden = !1;
  let u = t.kept(i).then((f) => {
    a = !!f, r.checked = a;
  });
  return {
    // With the first letter: the place of capture, not of sending.
    async captured() {
      await u, a && (a = !!await t.kept(i)), r.checked = a, a && l();
    },
    forget() {
      c += 1;
    }
  };
}

// js/capture/similar.js
var qo = 20, Fo = 1500;
async function jo(e, t) {
  let n = { "HX-Request": "true" };
  if (encodeURIComponent(e).length < Fo) return fetch(`/n/similar?text=${encodeURIComponent(e)}`, { headers: n, signal: t });
  let { csrfToken: o } = await K();
  return fetch("/n/similar", { method: "POST", headers: { ...n, "X-CSRFToken": o }, body: new URLSearchParams({ text: e }), signal: t });
}
async function Uo(e, t) {
  await K(), await H(`/api/v1/notes/${e}/sighting`, { method: t ? "PUT" : "DELETE" });
}
function ie(e, { sighted: t = () => {
}, others: n = !1 } = {}) {
  let o = null, r = "";
  async function s(c, l, u) {
    let f = c.querySelectorAll("button");
    f.forEach((h) => {
      h.disabled = !0;
    });
    try {
      await Uo(l, u);
    } catch (h) {
      return f.forEach((w) => {
        w.disabled = !1;
      }), k(`Nothing was changed. ${h.message}`);
    }
    i(c, l, u), c.querySelector("button").focus(), k(u ? "You have seen it too" : "Taken back"), t(u);
  }
  function i(c, l, u) {
    u ? c.replaceChildren(p("span", { class: "fact small" }, v("check"), " Seen it too "), A("Undo", null, () => s(c, l, !1), "quiet")) : c.replaceChildren(A("Seen it too", "eye", () => s(c, l, !0)));
  }
  function a(c, l) {
    let u = new DOMParser().parseFromString(c, "text/html");
    for (let d of u.querySelectorAll("li[data-note]"))
      (d.dataset.note === l || n && !d.querySelector("[data-sight], [data-seen]")) && d.remove();
    let f = [...u.querySelectorAll("li[data-note]")];
    if (!f.length) return e.replaceChildren();
    let h = e.querySelector("details")?.open, w = u.querySelector("summary").lastChild;
    w.textContent = ` Similar: ${f.length} ${f.length === 1 ? "note" : "notes"}`, e.replaceChildren(u.querySelector("details")), h && (e.querySelector("details").open = !0);
    for (let d of e.querySelectorAll("li[data-note]")) {
      let g = d.querySelector("[data-sighting]");
      g.querySelector("[data-sight], [data-seen]") && i(g, d.dataset.note, !!g.querySelector("[data-seen]"));
    }
  }
  return {
    async show(c, l = "") {
      let u = c.trim();
      if (u !== r) {
        if (o?.abort(), u.length < qo || !navigator.onLine) return this.clear();
        o = new AbortController();
        try {
          let f = await jo(u, o.signal);
          if (!f.ok || f.redirected) return;
          a(await f.text(), l), r = u;
        } catch {
        }
      }
    },
    clear() {
      o?.abort(), r = "", e.replaceChildren();
    }
  };
}

// js/capture/receipt.js
var Ko = 10, Wo = { competitor: ["swords", "Competitor"], preference: ["heart", "Preference"], challenge: ["triangle-alert", "Challenge"], opportunity: ["sparkle", "Opportunity"] };
function Ho(e, t) {
  let [n, o] = Wo[e.kind] ?? ["minus", "No kind"], r = [...e.competitors, ...e.products, ...e.segments].map((s) => s.name);
  return p(
    "p",
    { class: "receipt-tags" },
    p("span", { class: `kind-badge kind-${e.kind}` }, v(n), ` ${o}`),
    t && p("span", { class: "soft small" }, " guessed"),
    p("span", {}, e.territory.name),
    e.account && p("span", {}, e.account.name),
    ...r.map((s) => p("span", {}, s)),
    p("a", { href: `/notes/${e.id}` }, "Open")
  );
}
function Ut(e, { undo: t, mend: n }) {
  let o = null;
  function r(c) {
    let { image: l, words: u } = Fe[c.state];
    o.card.dataset.state = c.state, o.head.firstChild?.replaceWith(p("p", { class: "receipt-state" }, v(l), p("strong", {}, u))), o.said.replaceChildren(), c.state === "needs-a-look" && (s(), o.said.append(p("p", {}, je(c)), A("Mend it", "pencil", () => n(c.id)))), c.state === "sent" && c.receipt && o.said.append(Ho(c.receipt, !c.fields.kind)), c.state !== "sending" && k(u);
  }
  function s() {
    clearInterval(o?.timer);
    let c = o?.head.querySelector("button");
    c === document.activeElement && document.getElementById("field-text").focus(), c?.remove();
  }
  function i(c) {
    let l = Ko, u = p("span", { class: "number undo-seconds", "aria-hidden": "true" }, String(l)), f = A("Undo", "undo-2", () => {
      f.disabled = !0, clearInterval(o.timer), t(c.id);
    });
    return f.append(u), o.timer = setInterval(() => {
      l -= 1, u.textContent = String(l), l <= 0 && s();
    }, 1e3), f;
  }
  function a() {
    clearInterval(o?.timer), o = null, e.replaceChildren();
  }
  return {
    clear: a,
    show(c, l) {
      a();
      let u = p("div"), f = p("section", { class: "capture-receipt", "aria-label": "The note you saved" }), h = p("div", { class: "receipt-head" }, p("p")), w = p("div", { class: "receipt-said" }), d = l > 0 && p("span", { class: "soft" }, ` \xB7 ${G(l, "photo", "photos")}`);
      o = { record: c, card: f, head: h, said: w, similar: ie(u, { others: !0 }), timer: null }, h.append(i(c)), f.append(h, p("p", { class: "receipt-words", dir: "auto" }, z(c.fields.text, 140), d), w, u), e.replaceChildren(f), r(c);
    },
    update(c) {
      if (!o || o.record.id !== c.id) return;
      let l = o.record;
      o.record = c, !(l.state === c.state && !!l.receipt == !!c.receipt) && (r(c), c.state === "sent" && o.similar.show(c.fields.text, c.id));
    },
    id: () => o?.record.id ?? null,
    // Once the next note is begun, one line of it is enough.
    fold: () => o?.card.classList.add("folded")
  };
}

// js/capture/served.js
function B(e, t) {
  return [...e.querySelectorAll(`input[name="${t}"]:checked`)].map((n) => n.value).filter(Boolean);
}
function Kt(e, t) {
  let n = e.querySelector(".error-summary") !== null;
  if (!n && !t) return null;
  let o = n || new URLSearchParams(t).has("territory"), r = {
    competitors: B(e, "competitors"),
    products: B(e, "products"),
    segments: [...B(e, "segments"), ...B(e, "segments_1"), ...B(e, "segments_2")]
  }, s = new Set(Object.entries(r).flatMap(([a, c]) => c.map((l) => `${a}:${l}`))), i = e.querySelector('input[name="account"]:checked');
  return {
    ...r,
    text: e.elements.text.value,
    kind: B(e, "kind")[0] ?? null,
    territory: o && e.elements.territory.value || null,
    account: i?.value ? Number(i.value) : null,
    account_name: i?.value ? i.closest("label").querySelector("span").firstChild.textContent.trim() : "",
    dismissed: [...e.querySelectorAll('input[name="proposed"]')].map((a) => a.value).filter((a) => !s.has(a)),
    known: e.elements.known.value,
    impact: e.elements.impact.value,
    sealed: e.elements.sealed.checked,
    acknowledged: B(e, "acknowledged")
  };
}

// js/capture/keyboard.js
function Wt(e) {
  let t = window.visualViewport;
  if (!t) return;
  let n = () => {
    let o = Math.max(0, window.innerHeight - t.height - t.offsetTop);
    e.style.setProperty("--covered", `${Math.round(o)}px`);
  };
  t.addEventListener("resize", n), t.addEventListener("scroll", n), n();
}

// js/capture/form.js
var zo = 600, Go = 2e4, Yo = 10, Vo = ["done", "signed-out"], N = document.querySelector("[data-capture]"), Ht = N.dataset.capture === "neutral", ce = Ht ? null : Kt(N, location.search), x = Pt(), y = Bt(N, { changed: Vt }), R = Ue(Jo), zt = qt(), $ = null, le = { captured() {
}, forget() {
} }, ae = null, T = !1, Ae = !1, Oe = Ft(document.getElementById("pictures"), [...N.querySelectorAll("[data-photos]")], {
  place: () => $?.photos ?? zt,
  most: () => y.kit()?.limits.photos ?? Yo,
  changed: Vt
}), j = Ut(document.getElementById("receipts"), { undo: (e) => $e("undo", e), mend: (e) => $e("mend", e) }), Gt = ie(document.getElementById("similar-notes"), { sighted: Xo }), Yt = q(zo, () => Gt.show(y.text.value));
function Vt() {
  if (x.problem(""), Yt(), !$) return;
  let e = !T && !y.isBlank();
  if (T = !y.isBlank(), !e) return R.changed();
  j.fold(), R.now(), le.captured();
}
async function Jo() {
  try {
    await $.keep(y.fields), x.trouble("");
  } catch (e) {
    x.trouble(e.message);
  }
}
function Xo(e) {
  let t = document.getElementById("similar-notes");
  if (t.querySelector(".sighted")?.remove(), !e || y.isBlank()) return;
  let n = document.createElement("p");
  n.className = "sighted", n.append("That counts as yours too. Nothing to add? ", A("Clear my text", null, Xt, "quiet")), t.append(n);
}
function Qo() {
  let e = y.kit()?.limits.text ?? Go, { length: t } = y.text.value;
  if (y.isBlank()) x.problem("Write what you heard first.");
  else if (t > e) x.problem(`Shorten the text to ${e.toLocaleString()} characters; it has ${t.toLocaleString()}.`);
  else return Zo();
  return y.text.focus(), !0;
}
function Zo() {
  let e = y.guard.obstacle();
  if (!e) return !1;
  let t = e.action === "block";
  return x.problem(t ? `Not sent, kept as your draft. ${e.title}: mask or change it first.` : `${e.title}: mask it, or say that it is sent as it is.`), y.guard.focus(e.key), !0;
}
async function Jt() {
  if (!Ae && (y.read(), !Qo())) {
    Ae = !0;
    try {
      !$ && !ae && await en.catch(() => {
      }), ae ? await ae() : $ ? await es() : x.trouble("This phone does not know yet who you are. Your text stays here: sign in once while there is a connection.");
    } finally {
      Ae = !1;
    }
  }
}
async function es() {
  await R.stop();
  let e = Oe.count(), t = y.lastUsed();
  try {
    let n = await $.save(y.fields());
    j.show(n, e), De();
  } catch (n) {
    if (!(n instanceof Me)) throw n;
    if (!await ts(n, e)) return;
  }
  await ns(t);
}
async function ts(e, t) {
  if (x.trouble(e.message), t > 0 || !e.record) return !1;
  try {
    let n = await Be(e.record);
    return await $.discard(), j.show({ ...e.record, state: "sent", receipt: n }, 0), x.trouble(""), !0;
  } catch {
    return !1;
  }
}
async function ns(e) {
  Ce(e), y.text.focus(), window.scrollTo(0, 0);
  let { store: t, person: n } = await me;
  t.keep(`last-used:${n.id}`, e).catch(() => {
  }), await ue(await $.open());
}
function Ce(e) {
  T = !1, le.forget(), Gt.clear(), Yt.cancel(), x.draft(null), x.problem(""), y.clear(e);
}
async function ue(e, { isNews: t = !0 } = {}) {
  e && (e.fields.text.trim() || e.photo_ids.length) && (T = !0, y.restore(e.fields), t && x.draft(e, A("Discard", "trash-2", (n) => Ie("Discard this draft?", n.currentTarget, Xt), "quiet"))), await Oe.show();
}
async function Xt() {
  await R.stop();
  let e = $ ? await $.discard() : null;
  Ce(), await ue(e), y.text.focus(), k("Discarded");
}
async function $e(e, t) {
  await R.flush(), await R.stop();
  let n = await $.bringBack(e, t);
  j.clear(), Ce(), await ue(n, { isNews: !1 }), y.text.focus(), k("Your note is back in the form");
}
async function Qt(e) {
  let t = ce ?? (Ht && y.kit() ? wt(location.search, y.kit()) : null);
  t && y.add(t);
  let n = new URLSearchParams(location.search);
  n.has("mend") && await $e("mend", n.get("mend")), n.has("shared") && await os(e), location.search && history.replaceState(null, "", location.pathname);
}
async function os(e) {
  let t = await e.kept("shared");
  t && (y.add({ text: bt(t) }), await R.flush(), await Oe.take(t.photos ?? []), await e.forget("shared"));
}
async function Zt({ store: e, person: t }, n) {
  let o = await e.kept(`last-used:${t.id}`);
  y.use(n, o), !T && o && y.isBlank() && y.clear(o);
}
async function ss() {
  let { store: e, person: t, queue: n, sender: o } = await me, r = await _e(e);
  r?.person.id === t.id && await Zt({ store: e, person: t }, r);
  let s = We({ queue: n, store: e }), i = await s.open(), a = y.text.value;
  $ = s, await ue(i);
  let c = T;
  return a && !ce && y.add({ text: a }), le = jt(N.querySelector("[data-place-field]"), { store: e, person: t, found: (l) => {
    (T || !l) && $.setPlace(l), l && y.place.fromPlace(l);
  } }), T && !c && le.captured(), n.subscribe(is(n)), o.watch((l) => {
    Vo.includes(l) && x.signedOut(l === "signed-out");
  }), { store: e, person: t };
}
async function rs({ store: e, person: t }) {
  y.kit() && await Qt(e), await as({ store: e, person: t });
}
function is(e) {
  return async ({ note: t }) => {
    if (t !== j.id()) return;
    let n = (await e.all()).find((o) => o.id === t);
    n && j.update(n);
  };
}
async function as({ store: e, person: t }) {
  let n = !y.kit();
  try {
    let o = await pe(e);
    if (x.signedOut(!1), o.person.id !== t.id) return location.reload();
    (n || o.as_of !== y.kit().as_of) && await Zt({ store: e, person: t }, o);
  } catch (o) {
    x.signedOut(o instanceof fe);
  }
  n && await Qt(e);
}
function cs(e) {
  if (e instanceof fe ? x.signedOut(!0) : x.trouble(e instanceof de ? e.message : "This phone does not know yet who you are. Open this page once while there is a connection."), window.addEventListener("online", () => {
    y.isBlank() && location.reload();
  }), !(e instanceof de)) return;
  ae = Ke(N, { fields: y.fields, photos: () => zt.files(), failed: (n) => x.trouble(n.message) }), pe({ kept: async () => {
  }, keep: async () => {
  } }).then((n) => {
    y.use(n), ce && y.add(ce);
  }).catch(() => {
  });
}
N.dataset.live = "yes";
N.addEventListener("submit", (e) => {
  e.preventDefault(), e.stopPropagation(), Jt();
}, !0);
N.addEventListener("keydown", (e) => {
  e.isComposing || (e.key === "Enter" && (e.ctrlKey || e.metaKey) ? (e.preventDefault(), Jt()) : e.altKey && /^Digit[1-4]$/.test(e.code) ? (e.preventDefault(), y.kind.pick(Number(e.code.at(-1)))) : e.key === "Enter" && e.target.matches("[role=combobox]") && e.preventDefault());
});
N.querySelector("[data-close]").addEventListener("click", async (e) => {
  if (!$) return;
  let { href: t } = e.currentTarget;
  e.preventDefault(), await R.flush(), location.href = t;
});
Wt(document.querySelector(".capture-end"));
var en = ss();
en.then(rs).catch(cs);
