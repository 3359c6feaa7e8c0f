import {
  a as f,
  b as v,
  c as G,
  d as A,
  e as S,
  g as Ue,
  h as Y,
  i as F,
  j as U,
  k as Ke,
  l as We
} from "./chunk-HGXOZDKW.js";
import {
  b as De
} from "./chunk-FPM7DHOW.js";
import {
  a as ge
} from "./chunk-AHDQU3OC.js";
import {
  d as Fe
} from "./chunk-2UVOZIAI.js";
import {
  a as je,
  b as he
} from "./chunk-GNC76OGV.js";
import {
  A as Pe,
  B as me,
  E as H,
  F as j,
  x as pe,
  y as Be
} from "./chunk-M2IIPADL.js";

// js/capture/autosave.js
function He(e) {
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
var dn = ["segments", "segments_1", "segments_2", "competitors", "products", "more_competitors", "more_products", "proposed", "account", "account_name", "photos", "acknowledged", "question"];
function ze(e, { fields: t, photos: n, failed: o }) {
  let r = !1;
  return e.addEventListener("formdata", ({ formData: s }) => {
    let i = t();
    for (let a of dn) s.delete(a);
    for (let a of ["segments", "competitors", "products", "acknowledged"]) i[a].forEach((c) => s.append(a, c));
    i.dismissed.forEach((a) => s.append("proposed", a)), i.account && s.set("account", i.account), i.question && s.set("question", i.question);
    for (let a of n()) s.append("photos", a, a.name || "photo.jpg");
  }), window.addEventListener("beforeunload", (s) => {
    !r && e.elements.text.value.trim() && s.preventDefault();
  }), async function() {
    try {
      let { csrfToken: i } = await H();
      e.elements.csrf_token || e.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token" })), e.elements.csrf_token.value = i, r = !0, e.submit();
    } catch (i) {
      o(i);
    }
  };
}

// js/capture/kept.js
function Ge({ queue: e, store: t }) {
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
          let p = await u.get(o);
          p?.state === "draft" && await u.put({ ...p, latitude: null, longitude: null });
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
var C = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000", fn = new RegExp(`[${C}]+`, "gu"), bs = new RegExp(`^[${C}]+`, "u"), Ss = new RegExp(`[${C}]$`, "u"), Ve = /^[\x00-\x7f]*$/, pn = new Map(Object.entries({
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
})), mn = /[\p{Cf}\u034f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u, hn = /[\u13a0-\u13fd\uab70-\uabbf]/u;
var vs = new RegExp(
  "(\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{1,6}\\u{e007f})|[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f\\u00ad\\u180e\\u200b\\u2060-\\u2064\\ufeff\\u202a-\\u202e\\u2066-\\u2069\\u206a-\\u206f\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]",
  // deprecated formats, annotations, tags
  "gu"
), xs = new RegExp(
  `[^${C}\\u034f\\u061c\\u115f\\u1160\\u200c-\\u200f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0]`,
  "u"
);
var z = { 1: "\u0334", 6: "\u{16FF0}", 8: "\u3099", 9: "\u094D", 84: "\u0C55", 132: "\u0F74", 240: "\u0345" }, gn = /[\u0f73\u0f75\u0f81]/, Je = (e, t) => e.normalize("NFD").startsWith(t), V = (e, t) => e !== z[t] && Je(e + z[t], z[t]), J = (e, t) => !Je(z[t] + e, z[t]);
function yn(e) {
  return !gn.test(e) && (V(e, 1) || J(e, 240));
}
function wn(e) {
  return yn(e) ? J(e, 6) || V(e, 6) && J(e, 8) || V(e, 9) && J(e, 84) || V(e, 132) : !1;
}
function kn(e) {
  return !mn.test(e) && !wn(e);
}
function bn(e) {
  let t = e.toUpperCase();
  return hn.test(e) ? t : t.toLowerCase();
}
function Sn(e) {
  let t = "", n = e;
  for (; n !== t; ) {
    t = n;
    let o = Array.from(t, (r) => pn.get(r) ?? r).join("").normalize("NFKD");
    n = Array.from(Array.from(o, bn).join("")).filter(kn).join("");
  }
  return n;
}
var Ye = /* @__PURE__ */ new Map();
function Qe(e) {
  let t = Ye.get(e);
  return t === void 0 && (t = Sn(e), Ye.set(e, t)), t;
}
function L(e) {
  return (Ve.test(e) ? e.toLowerCase() : Array.from(e, Qe).join("")).replace(fn, " ").replace(/^ | $/g, "");
}
function Q(e) {
  if (Ve.test(e)) return { form: e.toLowerCase(), starts: Array.from(e, (r, s) => s) };
  let t = [], n = [], o = 0;
  for (let r of e) {
    let s = Qe(r);
    t.push(s);
    for (let i = 0; i < s.length; i += 1) n.push(o);
    o += r.length;
  }
  return { form: t.join(""), starts: n };
}

// js/device/guard_rails.js
var vn = { "e-mail": "[e-mail]", phone: "[phone]", "national-id": "[id number]" }, xn = "[\u2026]", st = "\0", ke = /[\p{L}\p{N}]/u, Xe = /[\p{L}\p{N}\p{M}]/u, I = "(?![\\p{L}\\p{N}]|[\\-.][0-9])", Ze = /[\p{L}\p{N}]|[\-.][0-9]/uy, En = /[0-9](?:[ ()./-]{0,3}[0-9]){6}/, $n = /https?:\/\/[^ \t\n]+/g, An = /@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\p{L}\p{N}])/gu, rt = "._%+-'", On = /[0-9]+(?:[ .-][0-9]+)*/g, Cn = new RegExp("^(?:" + [
  "4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})",
  "5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}",
  "3[47][0-9]{13}",
  "3(?:0[0-5][0-9]|095|[689][0-9]{2})[0-9]{10}",
  "(?:6011|64[4-9][0-9]|65[0-9]{2}|35(?:2[89]|[3-8][0-9])|62[0-9]{2})[0-9]{12,15}",
  "(?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{9,15}"
].join("|") + ")$"), Ln = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9], et = "(?: ?(?:no|nr|number))?(?: is)?[ .:#]{0,3}", ye = "[ \\(\\)./\\-]{0,3}", Nn = "trwagmyfpdxbnjzsqvhlcke", qn = new RegExp(
  "(?:order|invoice|ticket|case|ref|reference|quote|contract|po|part|sku|serial|account|policy)(?: ?(?:no|nr|number|id))?[ .:]{0,3}$|[#$\u20AC\xA3]$"
), Tn = 24, Rn = /^(?:(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}(?![0-9])|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}(?![0-9]))/, _ = (e) => new RegExp(e, "gu"), Z = (e) => e.replace(/[^0-9]/g, ""), In = [
  ["national-id", _(`(?:ssn|social security)${et}([0-9]{3}[ \\-]?[0-9]{2}[ \\-]?[0-9]{4})${I}`), nt],
  ["national-id", _(`[0-9]{3}-[0-9]{2}-[0-9]{4}${I}`), nt],
  ["national-id", /(?:[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3}|[xyz]-?[0-9]{7})-?[a-z](?![\p{L}\p{N}])/gu, zn],
  ["national-id", _(`[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}-[0-9]{2}${I}`), Gn],
  ["national-id", _(`(?:bsn|burgerservicenummer)${et}([0-9](?:[ .]?[0-9]){8})${I}`), Yn],
  ["phone", _(`\\+ ?(?:1(?:${ye}[0-9]){10}|[2-9](?:${ye}[0-9]){8,14})${I}`), () => !0],
  ["phone", _(
    `(?:1[ .\\-]?)?(?:\\([2-9][0-8][0-9]\\)[ \\-]?|[2-9][0-8][0-9][ .\\-])[2-9][0-9]{2}[ .\\-][0-9]{4}(?: ?(?:x|ext\\.?) ?[0-9]{1,6})?${I}`
  ), Vn],
  ["phone", _(
    `(?:phone|telephone|tel|mobile|cell|fax|whatsapp|(?:call|reach)(?: (?:me|him|her|them|us))?)(?: ?(?:no|nr|number))?(?: (?:is|at|on))?[ .:#]{0,3}(\\(?[0-9](?:${ye}[0-9]){6,13})${I}`
  ), Jn]
];
function it(e, t) {
  if (!t) return [];
  let { form: n, starts: o } = Q(e), r = new Map([...Object.entries(t.personal), ...t.words.map((s) => [s.key, s])]);
  return [...Bn(n), ...Qn(n, t.words)].filter(({ key: s }) => r.has(s)).map((s) => ({ ...Mn(r.get(s.key)), key: s.key, ...Dn(s, o, e) })).sort((s, i) => s.start - i.start || i.end - s.end);
}
function at(e, t) {
  let n = "", o = 0;
  for (let r of [...t].sort((s, i) => s.start - i.start || i.end - s.end))
    r.start >= o && (n += e.slice(o, r.start) + _n(e, r)), o = Math.max(o, r.end);
  return n + e.slice(o);
}
function _n(e, { key: t, start: n, end: o }) {
  return t === "card" ? `[card \u2026${Z(L(e.slice(n, o))).slice(-4)}]` : vn[t] ?? xn;
}
var Mn = ({ action: e, title: t, advice: n }) => ({ action: e, title: t, advice: n });
function Dn({ start: e, end: t }, n, o) {
  let r = n[t - 1], s = r + (o.codePointAt(r) > 65535 ? 2 : 1);
  return { start: n[e], end: Math.max(s, t < n.length ? n[t] : o.length) };
}
function Bn(e) {
  let t = [], n = e.replace($n, (o) => st.repeat(o.length));
  if (n.includes("@") && (n = we(n, "e-mail", Pn(n), t)), !En.test(n)) return t;
  n = we(n, "card", Fn(n), t);
  for (let [o, r, s] of In) n = we(n, o, Wn(r, n, s), t);
  return t;
}
function we(e, t, n, o) {
  let r = "", s = 0;
  for (let [i, a] of n)
    o.push({ key: t, start: i, end: a }), r += e.slice(s, i) + st.repeat(a - i), s = a;
  return r + e.slice(s);
}
function* Pn(e) {
  let t = 0;
  for (let n of e.matchAll(An)) {
    let o = n.index;
    for (; o > t && jn(X(e, o)); ) o -= X(e, o).length;
    for (; rt.includes(e[o]); ) o += 1;
    o >= n.index || (t = n.index + n[0].length, yield [o, t]);
  }
}
var jn = (e) => rt.includes(e) || ke.test(e);
function X(e, t) {
  let n = /[\udc00-\udfff]/.test(e[t - 1] ?? "") && /[\ud800-\udbff]/.test(e[t - 2] ?? "");
  return e.slice(Math.max(0, t - (n ? 2 : 1)), t);
}
function* Fn(e) {
  for (let t of e.matchAll(On)) {
    let n = [...t[0].matchAll(/[0-9]+/g)].map((o) => [t.index + o.index, t.index + o.index + o[0].length]);
    for (let o = 0; o < n.length; o += 1) {
      let r = Un(e, n, o);
      r !== null && (yield [n[o][0], n[r][1]], o = r);
    }
  }
}
function Un(e, t, n) {
  if (ct(e, t[n][0])) return null;
  let o = "", r = null;
  for (let s = n; s < t.length; s += 1) {
    let [i, a] = t[s];
    if (a - i < 3 || o.length + a - i > 19) break;
    o += e.slice(i, a), Kn(o) && !Hn(e, a) && (r = s);
  }
  return r;
}
function Kn(e) {
  return e.length < 13 || !Cn.test(e) ? !1 : [...e].reverse().map(Number).reduce((n, o, r) => n + (r % 2 ? Ln[o] : o), 0) % 10 === 0;
}
function* Wn(e, t, n) {
  e.lastIndex = 0;
  for (let o = e.exec(t); o; o = e.exec(t)) {
    let r = o.index, s = r + o[0].length;
    ct(t, r) || !n(o, t) ? e.lastIndex = r + 1 : (yield [s - (o[1] ?? o[0]).length, s], e.lastIndex = s);
  }
}
function ct(e, t) {
  return !t || !ke.test(e[t]) ? !1 : ke.test(X(e, t)) ? !0 : "-.".includes(e[t - 1]) && tt(e[t]) && tt(e[t - 2]);
}
function Hn(e, t) {
  return Ze.lastIndex = t, Ze.test(e);
}
var tt = (e) => e >= "0" && e <= "9";
function nt(e) {
  let t = Z(e[1] ?? e[0]), n = t.slice(0, 3);
  return n !== "000" && n !== "666" && n < "900" && t.slice(3, 5) !== "00" && t.slice(5) !== "0000";
}
function zn(e) {
  let t = e[0].replace(/[-.]/g, ""), n = Number(t.slice(0, -1).replace(/[xyz]/, (o) => "xyz".indexOf(o)));
  return Nn[n % 23] === t.at(-1);
}
function Gn(e) {
  let t = [...Z(e[0])].map(Number), n = (o) => t.slice(0, o).reverse().reduce((r, s, i) => r + s * (i + 2), 0);
  return new Set(t).size > 1 && [9, 10].every((o) => n(o) * 10 % 11 % 10 === t[o]);
}
function Yn(e) {
  let t = [...Z(e[1])].map(Number), n = t.reduce((o, r, s) => o + r * (s < 8 ? 9 - s : -1), 0);
  return t.some(Boolean) && n % 11 === 0;
}
function Vn(e, t) {
  return !qn.test(t.slice(Math.max(0, e.index - Tn), e.index));
}
function Jn(e) {
  return !Rn.test(e[1]) && !e[1].endsWith("000");
}
function Qn(e, t) {
  let { text: n, places: o } = Xn(e), r = [];
  for (let { key: s, word: i, match: a } of t) {
    let c = null;
    for (let l = n.indexOf(i); i && l >= 0; l = n.indexOf(i, l + 1)) {
      let u = l + i.length;
      a === "exact" && (ot(n, l) || ot(n, u)) || (c && l < c.to ? c.to = u : r.push(c = { key: s, from: l, to: u }));
    }
  }
  return r.map(({ key: s, from: i, to: a }) => ({ key: s, start: o?.[i] ?? i, end: o ? o[a - 1] + 1 : a }));
}
function ot(e, t) {
  let n = t < e.length ? String.fromCodePoint(e.codePointAt(t)) : "";
  return Xe.test(X(e, t)) && Xe.test(n);
}
function Xn(e) {
  let t = e.replace(/[ \t\n-]/g, " ");
  if (!t.includes("  ")) return { text: t };
  let n = (r) => t[r] !== " " || t[r - 1] !== " ", o = [...Array(t.length).keys()].filter(n);
  return { text: t.replace(/ +/g, " "), places: o };
}

// js/capture/combobox.js
function ee(e, { label: t, find: n, chosen: o, nothing: r }) {
  let s = f("ul", { class: "options", role: "listbox", id: `${e.id}-options`, "aria-label": t, hidden: !0 }), i = [], a = -1, c = 0;
  e.after(s);
  for (let [d, y] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", s.id]]) e.setAttribute(d, y);
  function l(d) {
    s.hidden = !d, e.setAttribute("aria-expanded", String(d)), d || u(-1);
  }
  function u(d) {
    a = d, [...s.children].forEach((y, b) => y.setAttribute("aria-selected", String(b === d))), d < 0 ? e.removeAttribute("aria-activedescendant") : (e.setAttribute("aria-activedescendant", s.children[d].id), s.children[d].scrollIntoView({ block: "nearest" }));
  }
  function p(d) {
    l(!1), o(i[d]);
  }
  function h(d, y) {
    let b = f(
      "li",
      { role: "option", id: `${s.id}-${y}`, "aria-selected": "false", class: "option" },
      f("span", {}, d.label),
      d.hint && f("span", { class: "hint" }, d.hint)
    );
    return b.addEventListener("pointerdown", (g) => g.preventDefault()), b.addEventListener("click", () => p(y)), b;
  }
  async function k() {
    let d = e.value.trim(), y = ++c;
    if (!d) return l(!1);
    let b = await n(d);
    y !== c || document.activeElement !== e || (i = b, s.replaceChildren(...i.map(h)), l(i.length > 0), S(i.length ? F(i.length, "suggestion", "suggestions") : r));
  }
  e.addEventListener("input", k), e.addEventListener("focus", k), e.addEventListener("blur", () => l(!1)), e.addEventListener("keydown", (d) => {
    if (d.isComposing || s.hidden) return;
    let y = i.length;
    if (d.key === "ArrowDown") u((a + 1) % y);
    else if (d.key === "ArrowUp") u((a + y - 1 + (a < 0 ? 1 : 0)) % y);
    else if (d.key === "Enter" && !d.ctrlKey && !d.metaKey) p(Math.max(a, 0));
    else if (d.key === "Escape") l(!1);
    else return;
    d.preventDefault(), d.stopPropagation();
  });
}

// js/capture/account.js
var te = 8;
function be(e) {
  let t = (n) => n && typeof n == "object" ? n.slug : n ?? null;
  return { id: e.id, name: e.name, territory: t(e.territory), segments: (e.segments ?? []).map(t) };
}
function Se(e, t) {
  let n = L(t);
  return e.map((r) => {
    let s = L(r.name);
    return { one: r, rank: s.startsWith(n) ? 0 : ` ${s}`.includes(` ${n}`) ? 1 : 2 };
  }).filter(({ rank: r }) => r < 2).sort((r, s) => r.rank - s.rank).slice(0, te).map(({ one: r }) => r);
}
async function Zn(e) {
  if (!navigator.onLine) return [];
  try {
    let { json: t } = await j(`/api/v1/accounts?limit=${te}&q=${encodeURIComponent(e)}`);
    return t.items.map(be);
  } catch {
    return [];
  }
}
function lt(e, t, { kit: n, changed: o, chosen: r }) {
  let s = e.querySelector("#field-account_name"), i = e.querySelector("#account-choices"), a = null;
  s.setAttribute("name", ""), i.replaceChildren();
  async function c(h) {
    let k = Se((n()?.accounts ?? []).map(be), h), d = k.length < te ? await Zn(h) : [], y = new Set(k.map((g) => g.id));
    return [...k, ...d.filter((g) => !y.has(g.id))].slice(0, te).map((g) => ({ label: g.name, hint: l(g), value: g }));
  }
  function l(h) {
    let k = n()?.territories.find((y) => y.slug === h.territory)?.name, d = new Map((n()?.dimensions ?? []).flatMap((y) => y.segments.map((b) => [b.slug, b.name])));
    return [k, ...h.segments.map((y) => d.get(y))].filter(Boolean).join(" \xB7 ");
  }
  function u() {
    if (t.classList.toggle("set", a !== null), t.querySelector("span").textContent = a ? a.name : "Account", s.hidden = a !== null, !a) return i.replaceChildren();
    let h = A("Remove", "x", () => {
      p(null), s.focus();
    }, "quiet");
    i.replaceChildren(f("p", { class: "account-chosen" }, v("building-2"), f("span", {}, f("strong", {}, a.name), f("span", { class: "hint" }, l(a))), h));
  }
  function p(h, k = !1) {
    a = h && be(h), s.value = "", u(), !k && (r(a), o(), S(a ? `${a.name} is chosen` : "No account"));
  }
  return ee(s, { label: "Accounts", find: c, nothing: "No account begins like this", chosen: (h) => {
    p(h.value), i.querySelector("button").focus();
  } }), { value: () => a, set: p, show: u };
}

// js/capture/tags.js
var ut = ["competitors", "products", "segments"], dt = { competitors: "competitor", products: "product", segments: "segment" };
function ne() {
  return { chosen: { competitors: /* @__PURE__ */ new Set(), products: /* @__PURE__ */ new Set(), segments: /* @__PURE__ */ new Set() }, dismissed: /* @__PURE__ */ new Set(), habit: [], account: /* @__PURE__ */ new Set() };
}
function ve(e) {
  let t = { competitors: /* @__PURE__ */ new Map(), products: /* @__PURE__ */ new Map(), segments: /* @__PURE__ */ new Map() }, n = /* @__PURE__ */ new Map();
  for (let o of e?.competitors ?? []) t.competitors.set(o.slug, o.name);
  for (let o of e?.products ?? []) t.products.set(o.slug, o.name);
  for (let o of e?.dimensions ?? [])
    for (let r of o.segments)
      t.segments.set(r.slug, r.name), n.set(r.slug, o.number);
  return { names: t, dimension: n };
}
function ft(e, t, n) {
  let o = new Set([...e.chosen.segments, ...t.segment.filter((r) => !e.dismissed.has(`segments:${r}`))].map((r) => n.get(r)));
  return e.habit.filter((r) => n.has(r) && !o.has(n.get(r)));
}
function M(e, t, { names: n, dimension: o }) {
  let r = [];
  for (let a of ut)
    for (let c of t[dt[a]])
      n[a].has(c) && r.push({ field: a, slug: c, name: n[a].get(c), chosen: !e.dismissed.has(`${a}:${c}`), why: "text" });
  let s = new Set(r.map((a) => `${a.field}:${a.slug}`)), i = (a, c, l) => {
    s.has(`${a}:${c}`) || r.push({ field: a, slug: c, name: n[a].get(c) ?? c, chosen: !0, why: l });
  };
  for (let a of ut)
    for (let c of e.chosen[a]) i(a, c, a === "segments" && e.account.has(c) ? "account" : "chosen");
  for (let a of ft(e, t, o)) i("segments", a, "habit");
  return r;
}
function oe(e, t) {
  let n = `${t.field}:${t.slug}`;
  t.why === "text" ? (e.dismissed.delete(n) || e.dismissed.add(n), e.chosen[t.field].delete(t.slug)) : t.why === "habit" ? e.habit = e.habit.filter((o) => o !== t.slug) : e.chosen[t.field].delete(t.slug);
}
function K(e, t, n) {
  e.dismissed.delete(`${t}:${n}`), e.chosen[t].add(n);
}
function pt(e, t, n) {
  let o = (s) => new Set(t[dt[s]]), r = (s) => [...e.chosen[s]].filter((i) => !o(s).has(i));
  return {
    competitors: r("competitors"),
    products: r("products"),
    segments: [...r("segments"), ...ft(e, t, n)],
    dismissed: [...e.dismissed].filter((s) => {
      let [i, a] = s.split(":");
      return o(i).has(a);
    })
  };
}

// js/capture/chips.js
var eo = { competitors: "swords", products: "package", segments: "layers" }, to = { competitors: "competitor", products: "product", segments: "segment" }, mt = { text: "found in the text", chosen: "chosen", account: "from the account", habit: "as in your last note" };
function no(e, t) {
  let n = f("button", {
    type: "button",
    class: `chip ${e.field}`,
    "aria-pressed": String(e.chosen),
    "data-chip": `${e.field}:${e.slug}`,
    "aria-label": `${e.name}, ${to[e.field]}, ${mt[e.why]}`,
    title: mt[e.why],
    onclick: t
  });
  return n.append(v(e.why === "habit" ? "history" : eo[e.field]), f("span", {}, e.name), v(e.chosen ? "x" : "undo-2")), n;
}
function oo(e, t) {
  return f(
    "button",
    { type: "button", class: "chip proposed", "data-propose": e.slug, "aria-label": `Set the territory to ${e.name}, named in the text`, onclick: t },
    v("map-pin"),
    f("span", {}, `${e.name}?`)
  );
}
function ht(e, { changed: t, propose: n }) {
  let o = "", r = f("p", { class: "soft small" }, "Names in your text become tags here."), s = f("div", { class: "chip-row", role: "group", "aria-label": "Tags of this note" }, r);
  e.replaceChildren(s);
  function i(a, c) {
    oe(a, c), t(), S(c.chosen ? `${c.name} left out` : `${c.name} is back`), s.querySelector(`[data-chip="${CSS.escape(`${c.field}:${c.slug}`)}"]`)?.focus();
  }
  return {
    show(a, c, l, u) {
      let p = M(a, c, l), h = JSON.stringify([p, u.map((d) => d.slug)]);
      if (h === o) return;
      o = h;
      let k = p.map((d) => no(d, () => i(a, d)));
      k.push(...u.map((d) => oo(d, () => n(d)))), s.replaceChildren(...k.length ? k : [r]);
    },
    announce(a, c, l) {
      let u = M(a, c, l).filter((p) => p.chosen && p.why === "text").map((p) => p.name);
      u.length && S(`Tagged: ${u.join(", ")}`);
    }
  };
}

// js/capture/guard.js
function so(e) {
  let t = /* @__PURE__ */ new Map();
  for (let n of e) {
    let o = t.get(n.key) ?? { key: n.key, action: n.action, title: n.title, advice: n.advice, places: [] };
    o.places.push(n), t.set(n.key, o);
  }
  return [...t.values()];
}
function gt(e, { textOf: t, mask: n, changed: o }) {
  let r = "", s = [], i = /* @__PURE__ */ new Set();
  e.setAttribute("role", "group"), e.setAttribute("aria-label", "Before it is sent");
  function a(u) {
    let p = t(), h = Y(u.places.map((g) => p.slice(g.start, g.end)).join(", "), 60), k = u.action === "block", d = (g, ...x) => f("div", { class: `finding ${g}`, "data-finding": u.key }, v(k ? "circle-alert" : "shield-alert"), ...x), y = f("q", { dir: "auto" }, h);
    if (i.has(u.key))
      return d("accepted", f("p", {}, y, " is sent as it is."), A("Ask again", null, () => c(u.key, !1), "quiet"));
    let b = f("div", { class: "finding-buttons" }, A("Mask it", null, () => n(u.places)));
    return k || b.append(A("Send as it is", null, () => c(u.key, !0))), d(k ? "block" : "", f("div", {}, f("p", {}, f("strong", {}, u.title), " ", y), f("p", { class: "small" }, u.advice), b));
  }
  function c(u, p) {
    p ? i.add(u) : i.delete(u), l(), o(), e.querySelector(`[data-finding="${CSS.escape(u)}"] button:last-of-type`)?.focus();
  }
  function l() {
    e.replaceChildren(...s.map(a));
  }
  return {
    show(u) {
      s = so(u);
      let p = JSON.stringify([u, [...i]]);
      if (p === r) return;
      let h = new Set(JSON.parse(r || "[[]]")[0].map((d) => d.key));
      r = p, l();
      let k = s.find((d) => !h.has(d.key) && !i.has(d.key));
      k && S(`${k.title}. ${k.advice}`);
    },
    acknowledged: () => s.map((u) => u.key).filter((u) => i.has(u)),
    set(u) {
      i = new Set(u), r = "";
    },
    // What stands in the way of sending: the first finding without an answer.
    obstacle: () => s.find((u) => u.action === "block") ?? s.find((u) => !i.has(u.key)) ?? null,
    focus(u) {
      let p = e.querySelector(`[data-finding="${CSS.escape(u)}"]`);
      p?.querySelector("button").focus(), p?.scrollIntoView({ block: "center" });
    }
  };
}

// js/capture/kind.js
function yt(e, { changed: t }) {
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
    for (let p of n) p.closest("label").classList.toggle("guessed", !l && p.value === r);
    let u = n.find((p) => p.value === r);
    l ? o.textContent = `${i(l)} is chosen.` : o.textContent = u ? `Looks like: ${i(u)}. Choose another kind if it is not.` : "The kind is guessed from the text, unless you choose one.";
  }
  function c(l, u) {
    u && (l.checked = !1), a(), S(o.textContent), t();
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
      let u = n[l - 1], p = u.checked;
      u.checked = !0, c(u, p);
    }
  };
}

// js/capture/more.js
function wt(e, { opened: t }) {
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
function kt(e, { changed: t }) {
  let n = [], o = "";
  function r(s, i, a) {
    let c = f("input", { type: "checkbox", value: a.slug });
    return c.addEventListener("change", () => {
      let l = M(s(), i().found, i().names).find((u) => u.field === "segments" && u.slug === a.slug);
      l ? oe(s(), l) : K(s(), "segments", a.slug), t();
    }), c;
  }
  return {
    // `tags()` and `known()` give what counts at the moment of a tap.
    use(s, i, a) {
      let c = JSON.stringify(s.dimensions);
      c !== o && (o = c, n = [], e.replaceChildren(...s.dimensions.filter((l) => l.segments.length).map((l) => {
        let u = l.segments.map((p) => {
          let h = r(i, a, p);
          return n.push(h), f("label", { class: "choice" }, h, f("span", {}, p.name));
        });
        return f("fieldset", { class: "field" }, f("legend", {}, l.name), f("div", { class: "choices chips" }, ...u));
      })));
    },
    show(s) {
      let i = new Set(s.filter((a) => a.field === "segments" && a.chosen).map((a) => a.slug));
      for (let a of n) a.checked = i.has(a.value);
    }
  };
}
function bt(e, { kit: t, choose: n }) {
  let o = e.querySelector("input");
  e.hidden = !1;
  let r = () => [
    ...(t()?.competitors ?? []).map((s) => ({ ...s, field: "competitors" })),
    ...(t()?.products ?? []).map((s) => ({ ...s, field: "products" }))
  ];
  ee(o, {
    label: "Competitors and products",
    nothing: "Nothing begins like this",
    find: (s) => Se(r(), s).map((i) => ({ label: i.name, hint: i.maker ?? (i.field === "competitors" ? "competitor" : "product"), value: i })),
    chosen: ({ value: s }) => {
      o.value = "", n(s.field, s.slug);
    }
  });
}

// js/capture/prefill.js
var ro = ["competitor", "preference", "challenge", "opportunity"], io = { competitors: ["competitor", "competitors", "tag"], products: ["product", "products", "tag"], segments: ["segment", "segments", "segments_1", "segments_2", "tag"] }, ao = { competitor: "competitors", product: "products", segment: "segments" };
function co(e) {
  let t = { competitors: /* @__PURE__ */ new Map(), products: /* @__PURE__ */ new Map(), segments: /* @__PURE__ */ new Map(), territories: /* @__PURE__ */ new Map() }, n = (r, s, i) => {
    t[r].has(L(s)) || t[r].set(L(s), i);
  }, o = { competitors: e.competitors, products: e.products, segments: e.dimensions.flatMap((r) => r.segments), territories: e.territories };
  for (let [r, s] of Object.entries(o))
    for (let i of s)
      n(r, i.slug, i.slug), n(r, i.name, i.slug);
  for (let [r, s, i] of e.dictionary) n(ao[r] ?? "territories", i, s);
  return (r, s) => t[r].get(L(s)) ?? null;
}
function vt(e, t) {
  let n = new URLSearchParams(e), o = co(t), r = {};
  for (let [u, p] of Object.entries(io))
    r[u] = [...new Set(p.flatMap((h) => n.getAll(h)).map((h) => o(u, h)).filter(Boolean))];
  let s = n.get("kind"), i = St(n.get("question")), a = {
    text: n.get("text") ?? "",
    kind: ro.includes(s) ? s : null,
    territory: o("territories", n.get("territory") ?? ""),
    account: St(n.get("account")),
    account_name: n.get("account_name") ?? "",
    question: i,
    ...r
  }, c = (t.questions ?? []).find((u) => u.id === i);
  return c && lo(a, xe(c)), a.text || a.kind || a.territory || a.account || a.question || Object.values(r).some((u) => u.length) ? a : null;
}
var St = (e) => /^\d{1,11}$/.test(e ?? "") ? Number(e) : null;
function lo(e, t) {
  for (let [n, o] of Object.entries(t)) (!e[n] || e[n].length === 0) && (e[n] = o);
}
function xe(e) {
  let t = e.kinds.length === 1 ? e.kinds[0] : null;
  return { question: e.id, question_text: e.text, kind: t, segments: e.segments, territory: e.territory };
}
function xt({ title: e, text: t, url: n }) {
  let o = [];
  for (let r of [e, t, n]) {
    let s = (r ?? "").trim();
    s && !o.some((i) => i.includes(s)) && o.push(s);
  }
  return o.join(`
`);
}
function Et(e, t) {
  return !t || e.includes(t) ? e : e.trim() ? `${e.trimEnd()}
${t}` : t;
}

// js/device/surroundings.js
var $t = 40, se = "\\p{L}\\p{N}_", uo = new RegExp(`(?:[-&+@_'\u2019]|[${se}]\\.|(?:^|[^${se}])[Aa][Nn][Dd]/)\\n?$`, "u"), fo = new RegExp(`^(?:[-&+#@_]|\\.[${se}]|['\u2019](?!s)[${se}])`, "u"), po = /\p{Lowercase}/u, mo = /(?:(?!\p{Nd})[\p{L}\p{N}]){3,}/gu, ho = /\p{Uppercase}/u, go = /\p{Lt}/u, yo = new RegExp(`^[${C}]+|[${C}]+$`, "gu"), At = (e, t, n) => Array.from(e.slice(Math.max(0, t - 2 * n), t)).slice(-n).join(""), wo = (e, t, n) => Array.from(e.slice(t, t + 2 * n)).slice(0, n).join("");
function Ot(e, t, n, o) {
  if (t.slice(n, o).normalize("NFC") !== e.replace(yo, "").normalize("NFC") || uo.test(At(t, n, 5)) || fo.test(t.slice(o, o + 3))) return !1;
  let s = `${At(t, n, $t)} ${wo(t, o, $t)}`;
  return po.test(s) || !(s.match(mo) ?? []).some(ko);
}
function ko(e) {
  return ho.test(e) && !go.test(e);
}

// js/device/dictionary.js
var Ct = ["competitor", "product", "segment", "territory"], Lt = 2, bo = 4, Nt = `
`, So = new RegExp(`[${C}-]+`, "gu"), vo = new RegExp(`^[${C}]+|[${C}]+$`, "gu"), xo = /^\p{M}/u, Eo = /^\p{L}/u, $o = /^[\p{L}\p{N}\p{M}]/u, Ao = new RegExp(
  "^[\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fff\\u3005-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\ud7b0-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]",
  "u"
);
function qt(e) {
  let t = Q(e), n = [], o = [], r = 0, s = (i) => {
    for (let a = r; a < i; a += 1) o.push(t.starts[a]);
  };
  for (let i of t.form.matchAll(So))
    i[0] !== " " && (n.push(t.form.slice(r, i.index), Oo(i[0])), s(i.index + 1), r = i.index + i[0].length);
  return n.push(t.form.slice(r)), s(t.starts.length), o.push(e.length), { form: n.join(""), starts: o };
}
function Oo(e) {
  let t = e.split("-").length - 1, n = e.split(`
`).length - 1;
  if (t === 0) return n <= 1 ? " " : Nt;
  let o = t === 1 && n === 1 && e.startsWith("-");
  return e === "-" || o ? " " : Nt;
}
var Ee = (e, t) => String.fromCodePoint(e.codePointAt(t));
function Rt(e, t) {
  return t > 1 && e.codePointAt(t - 2) > 65535 ? e.slice(t - 2, t) : e[t - 1];
}
function Tt(e) {
  return $o.test(e) && !Ao.test(e);
}
function $e(e, t) {
  return !xo.test(t) && !(Tt(e) && Tt(t));
}
function Co(e, t, n) {
  if (t === e.length) return !0;
  let o = Rt(e, t), r = Ee(e, t);
  return $e(o, r) ? !0 : n < bo || r !== "s" || o === "s" || !Eo.test(o) ? !1 : t + 1 === e.length || $e("s", Ee(e, t + 1));
}
function Lo(e, t, n) {
  return (t === 0 || e[t - 1] !== e[t]) && e[n - 1] !== e[n];
}
var re = class {
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
    let n = qt(t.alias).form.replace(vo, "");
    if (!n) return;
    let o = 0;
    for (let i = 0; i < n.length; i += 1) o = this.#s(o, n.charCodeAt(i));
    let r = this.#t.get(o);
    r || (r = { length: Array.from(n).length, entries: /* @__PURE__ */ new Map() }, this.#t.set(o, r));
    let s = JSON.stringify([t.kind, t.id, r.length <= Lt ? t.alias : ""]);
    r.entries.has(s) || r.entries.set(s, t);
  }
  #s(t, n) {
    let o = t * 65536 + n, r = this.#e.get(o);
    return r === void 0 && (r = this.#n, this.#n += 1, this.#e.set(o, r)), r;
  }
  // Every occurrence {kind, id, alias, start, end} in order of its position, none overlapping another.
  find(t) {
    let { form: n, starts: o } = qt(t), r = [], s = 0;
    for (; s < n.length; ) {
      let i = this.#r(t, n, o, s);
      i && r.push(...i.matches), s = i ? i.end : s + 1;
    }
    return r;
  }
  // The slugs named by kind, each once, the one named first coming first.
  tags(t) {
    let n = Object.fromEntries(Ct.map((o) => [o, /* @__PURE__ */ new Set()]));
    for (let { kind: o, id: r } of this.find(t)) n[o].add(r);
    return Object.fromEntries(Ct.map((o) => [o, [...n[o]]]));
  }
  #r(t, n, o, r) {
    let s = this.#i(n, r);
    if (!s.length || r > 0 && !$e(Rt(n, r), Ee(n, r))) return null;
    for (let { end: i, meaning: a } of s.reverse()) {
      if (!Co(n, i, a.length) || !Lo(o, r, i)) continue;
      let c = { start: o[r], end: o[i] }, l = [...a.entries.values()].filter(({ alias: u }) => a.length > Lt || Ot(u, t, c.start, c.end)).map(({ kind: u, id: p, alias: h }) => ({ kind: u, id: p, alias: h, ...c }));
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
var Ae = "\\p{L}\\p{N}_", No = /[.*+?^${}()|[\]\\/]/g, Oe = /* @__PURE__ */ new WeakMap();
function qo(e) {
  let n = [...e].sort((o, r) => r.length - o.length).map((o) => o.replace(No, "\\$&").replaceAll("\\*", `[${Ae}]*`));
  return new RegExp(`(?:^|[^${Ae}])(${n.join("|")})(?![${Ae}])`, "gu");
}
function To(e) {
  return Oe.has(e) || Oe.set(e, Object.entries(e).map(([t, n]) => [t, qo(n)])), Oe.get(e);
}
var Ro = (e, t) => new Set(Array.from(e.matchAll(t), (n) => n[1])).size;
function It(e, t, { namesCompetitor: n = !1 } = {}) {
  let o = L(e), r = new Map(To(t).map(([a, c]) => [a, Ro(o, c)])), s = n ? "competitor" : "preference";
  r.set("competitor", r.get("competitor") + Number(n));
  let i = Math.max(...r.values());
  return r.get(s) === i && (n || i === 0) ? s : [...r.keys()].find((a) => r.get(a) === i);
}

// js/capture/proposals.js
var Io = { competitor: [], product: [], segment: [], territory: [] };
function _t() {
  let e = null, t = null, n = ve(null);
  return {
    use(o) {
      e = o, t = null, n = ve(e);
    },
    kit: () => e,
    names: () => n,
    // The dictionary is built with the first text, not while the page opens.
    found(o) {
      return !e || !o.trim() ? Io : (t ??= new re(e.dictionary.map(([r, s, i]) => ({ kind: r, id: s, alias: i }))), t.tags(o));
    },
    kind(o, r) {
      return e && o.trim() ? It(o, e.tell_tales, { namesCompetitor: r > 0 }) : null;
    },
    findings: (o) => e ? it(o, e.guard_rails) : []
  };
}

// js/capture/question.js
function _o(e) {
  let t = e.querySelector("[data-question]");
  return t && { id: Number(t.dataset.question), text: t.querySelector("[data-question-text]").textContent, asker: null };
}
function Mt(e, { kit: t, changed: n, chosen: o }) {
  let r = _o(e), s = !1, i = /* @__PURE__ */ new Set(), a = () => t()?.questions ?? [], c = (g) => g.text || `Question ${g.id}`, l = (g) => g.answered || i.has(g.id);
  function u() {
    let g = r.asker ? `${r.asker} asks` : "You are asked", x = f("button", { type: "button", class: "button quiet icon-only", onclick: () => b(null) }, v("x"), G("It answers no question"));
    return f("div", { class: "answering" }, v("circle-help"), f("p", {}, f("span", { class: "overline" }, g), " ", f("strong", { dir: "auto" }, c(r))), x);
  }
  function p(g) {
    let x = l(g) && f("span", { class: "fact small" }, v("check"), " answered");
    return f("li", {}, f("button", { type: "button", class: "open-question", onclick: () => b(g) }, f("span", { dir: "auto" }, g.text), x));
  }
  function h() {
    let g = f("summary", {}, v("circle-help"), ` Questions to you: ${a().length}`), x = e.querySelector("details.open-questions")?.open;
    return f("details", { class: "open-questions", open: x }, g, f("ul", { role: "list" }, ...a().map(p)));
  }
  function k() {
    let g = s && a().find((x) => x.id === r.id);
    g && (s = !1, r = g, o(g));
  }
  async function d(g) {
    let x = await j(`/api/v1/questions/${g.id}`).catch(() => null);
    x?.json && r === g && (r = { ...g, text: x.json.text, asker: x.json.asker?.name ?? null }, y());
  }
  function y() {
    k(), r ? e.replaceChildren(u()) : e.replaceChildren(...a().length ? [h()] : []);
  }
  function b(g) {
    r = g, s = !1, y(), g && o(g), n(), S(g ? `Your note answers: ${g.text}` : `Your note answers no question. There are ${F(a().length, "question", "questions")} to you.`);
  }
  return {
    value: () => r,
    show: y,
    set(g, x) {
      r = g ? a().find((B) => B.id === g) ?? { id: g, text: x || "", asker: null } : null, s = !!r && !r.text, y(), s && d(r);
    },
    // Before the next kit says so.
    saved() {
      r && i.add(r.id);
    }
  };
}

// js/device/places.js
function Mo(e, { latitude: t, longitude: n }) {
  let o = Math.cos(t * Math.PI / 180), r = (a) => a - 360 * Math.round(a / 360), s = n, i = 0;
  return e.map(([a, c]) => (i += r(a - s), s = a, [i * o * 111.2, (c - t) * 111.2]));
}
function Do(e) {
  return e.flatMap((t) => t.map((n, o) => [t.at(o - 1), n]));
}
function Bo(e) {
  let t = ([[n, o], [r, s]]) => o > 0 != s > 0 && -o * (r - n) / (s - o) + n > 0;
  return e.filter(t).length % 2 === 1;
}
function Po([[e, t], [n, o]]) {
  let [r, s] = [n - e, o - t], i = r * r + s * s, a = i ? Math.max(0, Math.min(1, -(e * r + t * s) / i)) : 0;
  return Math.hypot(e + a * r, t + a * s);
}
function jo(e) {
  return Math.abs(e.reduce((t, [[n, o], [r, s]]) => t + n * s - r * o, 0));
}
function Dt(e, t) {
  return e.reduce((n, o) => n === null || t(o) < t(n) ? o : n, null);
}
function Bt(e, t) {
  let n = e.filter(({ outline: s }) => s?.length).map(({ slug: s, outline: i }) => {
    let a = Do(i.map((c) => Mo(c, t)));
    return { slug: s, edges: a, area: jo(a), distance: Math.min(...a.map(Po)) };
  }), o = Dt(n.filter(({ edges: s }) => Bo(s)), ({ area: s }) => s), r = Dt(n.filter(({ distance: s }) => s <= 100), ({ distance: s }) => s);
  return (o ?? r)?.slug ?? null;
}

// js/capture/territory.js
var Fo = "\u2003";
function Pt(e) {
  return Array.isArray(e.path) ? e.path.length - 1 : 0;
}
var jt = (e) => JSON.stringify([e.held, e.territories.map(({ slug: t, name: n }) => [t, n])]);
function Uo(e) {
  let t = new Set(e.held), n = (s, i) => f("option", { value: s.slug }, Fo.repeat(i) + s.name), o = e.territories.filter((s) => t.has(s.slug)).map((s) => n(s, 0)), r = e.territories.filter((s) => !t.has(s.slug));
  return o.length ? [
    f("optgroup", { label: "My territories" }, ...o),
    f("optgroup", { label: "All others" }, ...r.map((s) => n(s, Pt(s))))
  ] : r.map((s) => n(s, Pt(s)));
}
function Ft(e, t, { changed: n }) {
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
      let l = s ?? e.value, u = o && jt(o) === jt(a);
      o = a, !u && (e.replaceChildren(f("option", { value: "" }, "Territory"), ...Uo(o)), i(l, r, t.textContent), e.value || this.begin(c));
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
      let c = Bt(o.territories, a);
      c && i(c, "place", "Territory of the place where you are");
    },
    // Territories that the text names, but for the one that is chosen.
    proposals: (a) => (o?.territories ?? []).filter((c) => a.includes(c.slug) && c.slug !== e.value)
  };
}

// js/capture/note.js
var Ko = 150, Wo = 500, Ho = 1500;
function Ut(e, { changed: t }) {
  let n = (m) => document.getElementById(m), { text: o } = e.elements, r = _t(), s = ne(), i = r.found(""), a = { territory: null, segments: [] }, c = () => {
    fe(), t();
  }, l = Ft(e.elements.territory, n("place-why"), { changed: c }), u = ht(n("found-tags"), { changed: c, propose: (m) => {
    l.set(m.slug, "person", `${m.name}, as in your text`), c();
  } }), p = yt(n("kinds"), { changed: c }), h = gt(n("findings"), { textOf: () => o.value, changed: t, mask: (m) => {
    cn(at(o.value, m)), o.focus();
  } }), k = kt(n("segment-choices"), { changed: c }), d = e.querySelector("[data-tools]"), y = wt(d, { opened: (m) => (m.querySelector("input:not([hidden])") ?? m.querySelector("button"))?.focus() }), b = lt(n("account-panel"), d.querySelector('[data-panel="account-panel"]'), {
    kit: r.kit,
    changed: c,
    chosen: B
  }), g = Mt(n("questions"), { kit: r.kit, changed: t, chosen: (m) => x(xe(m)) });
  bt(e.querySelector("[data-tag-field]"), { kit: r.kit, choose: (m, E) => {
    K(s, m, E), c();
  } });
  function x(m) {
    m.kind && p.set(m.kind);
    for (let E of ["competitors", "products", "segments"]) (m[E] ?? []).forEach((N) => K(s, E, N));
    m.territory && l.set(m.territory, "person"), fe();
  }
  function B(m) {
    for (let E of s.account) s.chosen.segments.delete(E);
    s.account = new Set(m?.segments ?? []);
    for (let E of s.account) K(s, "segments", E);
    m ? l.fromAccount(m) : l.chosenBy() === "account" && l.begin(a.territory);
  }
  function fe() {
    let m = r.names(), E = M(s, i, m);
    u.show(s, i, m, l.proposals(i.territory)), k.show(E), p.guess(r.kind(o.value, E.filter((N) => N.field === "competitors" && N.chosen).length));
  }
  function Te() {
    i = r.found(o.value), fe();
  }
  let Re = U(Ko, Te), Ie = U(Wo, () => h.show(r.findings(o.value))), an = U(Ho, () => u.announce(s, i, r.names()));
  function P() {
    Re.cancel(), Ie.cancel(), Te(), h.show(r.findings(o.value));
  }
  o.addEventListener("input", () => {
    Re(), Ie(), an(), t();
  });
  function cn(m) {
    o.value = m, P(), t();
  }
  function _e({ known: m, impact: E, sealed: N }) {
    e.elements.known.value = m ?? "first-hand", e.elements.impact.value = E ?? "normal", e.elements.sealed.checked = !!N;
  }
  function Me(m, E, N) {
    let ln = m ? r.kit()?.accounts.find((un) => un.id === m) : null;
    b.set(m ? ln ?? { id: m, name: E || `Account ${m}`, territory: null, segments: [] } : null, N);
  }
  return {
    text: o,
    read: P,
    kind: p,
    guard: h,
    place: l,
    question: g,
    kit: r.kit,
    isBlank: () => !o.value.trim(),
    use(m, E) {
      a = E ?? a, r.use(m), l.use(m, a.territory), k.use(m, () => s, () => ({ found: i, names: r.names() })), b.show(), g.show(), P(), e.dataset.kit = m.as_of;
    },
    fields: () => ({
      text: o.value,
      kind: p.value(),
      territory: l.value(),
      ...pt(s, i, r.names().dimension),
      account: b.value()?.id ?? null,
      account_name: b.value()?.name ?? "",
      question: g.value()?.id ?? null,
      question_text: g.value()?.text ?? "",
      known: e.elements.known.value,
      impact: e.elements.impact.value,
      sealed: e.elements.sealed.checked,
      acknowledged: h.acknowledged()
    }),
    // As it was written before.
    restore(m) {
      s = ne();
      for (let E of ["competitors", "products", "segments"]) m[E].forEach((N) => s.chosen[E].add(N));
      s.dismissed = new Set(m.dismissed), o.value = m.text, p.set(m.kind), m.territory && l.set(m.territory, "person"), Me(m.account, m.account_name, !0), g.set(m.question, m.question_text), _e(m), h.set(m.acknowledged), P();
    },
    // Over what stands there, which is kept.
    add(m) {
      o.value = Et(o.value, m.text ?? ""), m.question && g.set(m.question, m.question_text), m.account && Me(m.account, m.account_name, !1), x(m), P(), t();
    },
    // The segments of the last note that were chosen by hand are the habit of the next one.
    lastUsed: () => ({ territory: l.value(), segments: [...s.chosen.segments].filter((m) => !s.account.has(m)).concat(s.habit) }),
    clear(m = a) {
      a = m, s = ne(), s.habit = [...a.segments], o.value = "", p.set(null), b.set(null, !0), g.set(null), _e({}), h.set([]), y.close(), l.begin(a.territory), P();
    }
  };
}

// js/capture/notices.js
function ie(e, t, ...n) {
  return f("div", { class: "capture-notice" }, v(e), f("p", {}, t), ...n);
}
function Kt() {
  let e = document.getElementById("capture-state"), t = document.getElementById("draft-notice"), n = document.getElementById("text-problem"), o = document.getElementById("field-text"), r = /* @__PURE__ */ new Map();
  function s() {
    e.replaceChildren(...r.values());
  }
  function i(c, l) {
    !l && !r.has(c) || (l ? r.set(c, l) : r.delete(c), s());
  }
  function a() {
    i("offline", navigator.onLine ? null : ie("cloud-off", "No connection. Notes are kept on this phone and sent later."));
  }
  return window.addEventListener("online", a), window.addEventListener("offline", a), a(), {
    signedOut: (c) => i("signed-out", c ? ie("circle-user", "You are signed out. Notes wait on this phone until you sign in.", f("a", { class: "button", href: "/sign-in?next=/n" }, "Sign in")) : null),
    trouble: (c) => i("trouble", c ? ie("circle-alert", c) : null),
    draft(c, l) {
      let u = c && ie("history", `Your draft from ${Ue(c.captured_at)} is here.`, l);
      t.replaceChildren(...u ? [u] : []);
    },
    problem(c) {
      n.hidden = !c, n.replaceChildren(...c ? [v("circle-alert"), ` ${c}`] : []), o.toggleAttribute("aria-invalid", !!c), c ? o.setAttribute("aria-describedby", "text-problem") : o.removeAttribute("aria-describedby"), c && S(c);
    }
  };
}

// js/capture/photos.js
function Wt() {
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
function Ht(e, t, { place: n, most: o, changed: r }) {
  let s = [], i = 0, a = f("p", { class: "field-error", role: "alert", hidden: !0 }), c = f("ul", { class: "picture-list", "aria-label": "Photos of this note" });
  e.replaceChildren(c, a);
  function l(d) {
    a.replaceChildren(v("circle-alert"), ` ${d}`), a.hidden = !d;
  }
  function u(d, y) {
    let b = URL.createObjectURL(d.blob instanceof Blob ? d.blob : new Blob([d.blob], { type: d.type ?? "image/jpeg" }));
    s.push(b);
    let g = f("img", { src: b, alt: `Photo ${y}`, width: 72, height: 72 }), x = f("span", { class: "picture-plain", hidden: !0 }, v("image"), "Photo");
    g.addEventListener("error", () => {
      g.hidden = !0, x.hidden = !1;
    });
    let B = A("", "x", () => p(d.id, y), "icon-only");
    return B.append(G(`Remove photo ${y}`)), f("li", { class: "picture" }, g, x, B);
  }
  async function p(d, y) {
    await n().remove(d), await h(), S(`Photo ${y} removed`), r(), (c.querySelector("button") ?? t[0]).focus();
  }
  async function h() {
    let d = await n().list();
    s.forEach((y) => URL.revokeObjectURL(y)), s = [], i = d.length, c.replaceChildren(...d.map((y, b) => u(y, b + 1))), c.hidden = !i;
  }
  async function k(d) {
    l("");
    for (let y of d) {
      if (i >= o()) {
        l(`A note takes at most ${o()} photos.`);
        break;
      }
      try {
        await n().add(y), await h();
      } catch (b) {
        l(b.message);
      }
    }
    i && S(i === 1 ? "1 photo is kept with this note" : `${i} photos are kept with this note`), r();
  }
  for (let d of t)
    d.addEventListener("change", async () => {
      let y = [...d.files];
      d.value = "", await k(y);
    });
  return { show: h, take: k, count: () => i };
}

// js/capture/place.js
function zt(e, { store: t, person: n, found: o }) {
  let r = e.querySelector("input"), s = e.querySelector("[role=status]"), i = `use-my-place:${n.id}`, a = !1, c = 0;
  if (!navigator.geolocation) return { captured() {
  }, forget() {
  } };
  function l() {
    c += 1;
    let p = c;
    navigator.geolocation.getCurrentPosition((h) => {
      p === c && (s.textContent = "", a && o({ latitude: h.coords.latitude, longitude: h.coords.longitude }));
    }, (h) => {
      if (p !== c) return;
      let k = h.code === h.PERMISSION_DENIED;
      s.textContent = k ? "This phone does not allow it, so notes go without a place. Allow it in the browser's settings." : "No place was found. The note goes without.";
    }, { timeout: 8e3, maximumAge: 6e4 });
  }
  r.addEventListener("change", () => {
    a = r.checked, s.textContent = "", t.keep(i, a), a ? l() : o(null);
  }), e.hidden = !1;
  let u = t.kept(i).then((p) => {
    a = !!p, r.checked = a;
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
var zo = 20, Go = 1500;
async function Yo(e, t) {
  let n = { "HX-Request": "true" };
  if (encodeURIComponent(e).length < Go) return fetch(`/n/similar?text=${encodeURIComponent(e)}`, { headers: n, signal: t });
  let { csrfToken: o } = await H();
  return fetch("/n/similar", { method: "POST", headers: { ...n, "X-CSRFToken": o }, body: new URLSearchParams({ text: e }), signal: t });
}
async function Vo(e, t) {
  await H(), await j(`/api/v1/notes/${e}/sighting`, { method: t ? "PUT" : "DELETE" });
}
function ae(e, { sighted: t = () => {
}, others: n = !1 } = {}) {
  let o = null, r = "";
  async function s(c, l, u) {
    let p = c.querySelectorAll("button");
    p.forEach((h) => {
      h.disabled = !0;
    });
    try {
      await Vo(l, u);
    } catch (h) {
      return p.forEach((k) => {
        k.disabled = !1;
      }), S(`Nothing was changed. ${h.message}`);
    }
    i(c, l, u), c.querySelector("button").focus(), S(u ? "You have seen it too" : "Taken back"), t(u);
  }
  function i(c, l, u) {
    u ? c.replaceChildren(f("span", { class: "fact small" }, v("check"), " Seen it too "), A("Undo", null, () => s(c, l, !1), "quiet")) : c.replaceChildren(A("Seen it too", "eye", () => s(c, l, !0)));
  }
  function a(c, l) {
    let u = new DOMParser().parseFromString(c, "text/html");
    for (let d of u.querySelectorAll("li[data-note]"))
      (d.dataset.note === l || n && !d.querySelector("[data-sight], [data-seen]")) && d.remove();
    let p = [...u.querySelectorAll("li[data-note]")];
    if (!p.length) return e.replaceChildren();
    let h = e.querySelector("details")?.open, k = u.querySelector("summary").lastChild;
    k.textContent = ` Similar: ${p.length} ${p.length === 1 ? "note" : "notes"}`, e.replaceChildren(u.querySelector("details")), h && (e.querySelector("details").open = !0);
    for (let d of e.querySelectorAll("li[data-note]")) {
      let y = d.querySelector("[data-sighting]");
      y.querySelector("[data-sight], [data-seen]") && i(y, d.dataset.note, !!y.querySelector("[data-seen]"));
    }
  }
  return {
    async show(c, l = "") {
      let u = c.trim();
      if (u !== r) {
        if (o?.abort(), u.length < zo || !navigator.onLine) return this.clear();
        o = new AbortController();
        try {
          let p = await Yo(u, o.signal);
          if (!p.ok || p.redirected) return;
          a(await p.text(), l), r = u;
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
var Jo = 10, Qo = { competitor: ["swords", "Competitor"], preference: ["heart", "Preference"], challenge: ["triangle-alert", "Challenge"], opportunity: ["sparkle", "Opportunity"] };
function Xo(e, t) {
  let [n, o] = Qo[e.kind] ?? ["minus", "No kind"], r = [...e.competitors, ...e.products, ...e.segments].map((s) => s.name);
  return f(
    "p",
    { class: "receipt-tags" },
    f("span", { class: `kind-badge kind-${e.kind}` }, v(n), ` ${o}`),
    t && f("span", { class: "soft small" }, " guessed"),
    f("span", {}, e.territory.name),
    e.account && f("span", {}, e.account.name),
    ...r.map((s) => f("span", {}, s)),
    f("a", { href: `/notes/${e.id}` }, "Open")
  );
}
function Gt(e, { undo: t, mend: n }) {
  let o = null;
  function r(c) {
    let { image: l, words: u } = Ke[c.state];
    o.card.dataset.state = c.state, o.head.firstChild?.replaceWith(f("p", { class: "receipt-state" }, v(l), f("strong", {}, u))), o.said.replaceChildren(), c.state === "needs-a-look" && (s(), o.said.append(f("p", {}, We(c)), A("Mend it", "pencil", () => n(c.id)))), c.state === "sent" && c.receipt && o.said.append(Xo(c.receipt, !c.fields.kind)), c.state !== "sending" && S(u);
  }
  function s() {
    clearInterval(o?.timer);
    let c = o?.head.querySelector("button");
    c === document.activeElement && document.getElementById("field-text").focus(), c?.remove();
  }
  function i(c) {
    let l = Jo, u = f("span", { class: "number undo-seconds", "aria-hidden": "true" }, String(l)), p = A("Undo", "undo-2", () => {
      p.disabled = !0, clearInterval(o.timer), t(c.id);
    });
    return p.append(u), o.timer = setInterval(() => {
      l -= 1, u.textContent = String(l), l <= 0 && s();
    }, 1e3), p;
  }
  function a() {
    clearInterval(o?.timer), o = null, e.replaceChildren();
  }
  return {
    clear: a,
    show(c, l) {
      a();
      let u = f("div"), p = f("section", { class: "capture-receipt", "aria-label": "The note you saved" }), h = f("div", { class: "receipt-head" }, f("p")), k = f("div", { class: "receipt-said" }), d = l > 0 && f("span", { class: "soft" }, ` \xB7 ${F(l, "photo", "photos")}`);
      o = { record: c, card: p, head: h, said: k, similar: ae(u, { others: !0 }), timer: null }, h.append(i(c)), p.append(h, f("p", { class: "receipt-words", dir: "auto" }, Y(c.fields.text, 140), d), k, u), e.replaceChildren(p), r(c);
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
function D(e, t) {
  return [...e.querySelectorAll(`input[name="${t}"]:checked`)].map((n) => n.value).filter(Boolean);
}
function Yt(e, t) {
  let n = e.querySelector(".error-summary") !== null;
  if (!n && !t) return null;
  let o = new URLSearchParams(t), r = n || o.has("territory") || o.has("question"), s = {
    competitors: D(e, "competitors"),
    products: D(e, "products"),
    segments: [...D(e, "segments"), ...D(e, "segments_1"), ...D(e, "segments_2")]
  }, i = new Set(Object.entries(s).flatMap(([c, l]) => l.map((u) => `${c}:${u}`))), a = e.querySelector('input[name="account"]:checked');
  return {
    ...s,
    text: e.elements.text.value,
    kind: D(e, "kind")[0] ?? null,
    territory: r && e.elements.territory.value || null,
    account: a?.value ? Number(a.value) : null,
    question: Number(e.elements.question?.value) || null,
    question_text: e.querySelector("[data-question-text]")?.textContent ?? "",
    account_name: a?.value ? a.closest("label").querySelector("span").firstChild.textContent.trim() : "",
    dismissed: [...e.querySelectorAll('input[name="proposed"]')].map((c) => c.value).filter((c) => !i.has(c)),
    known: e.elements.known.value,
    impact: e.elements.impact.value,
    sealed: e.elements.sealed.checked,
    acknowledged: D(e, "acknowledged")
  };
}

// js/capture/keyboard.js
function Vt(e) {
  let t = window.visualViewport;
  if (!t) return;
  let n = () => {
    let o = Math.max(0, window.innerHeight - t.height - t.offsetTop);
    e.style.setProperty("--covered", `${Math.round(o)}px`);
  };
  t.addEventListener("resize", n), t.addEventListener("scroll", n), n();
}

// js/capture/form.js
var Zo = 600, es = 2e4, ts = 10, ns = ["done", "signed-out"], q = document.querySelector("[data-capture]"), Jt = q.dataset.capture === "neutral", le = Jt ? null : Yt(q, location.search), $ = Kt(), w = Ut(q, { changed: en }), R = He(os), Qt = Wt(), O = null, ue = { captured() {
}, forget() {
} }, ce = null, T = !1, Ce = !1, Ne = Ht(document.getElementById("pictures"), [...q.querySelectorAll("[data-photos]")], {
  place: () => O?.photos ?? Qt,
  most: () => w.kit()?.limits.photos ?? ts,
  changed: en
}), W = Gt(document.getElementById("receipts"), { undo: (e) => Le("undo", e), mend: (e) => Le("mend", e) }), Xt = ae(document.getElementById("similar-notes"), { sighted: ss }), Zt = U(Zo, () => Xt.show(w.text.value));
function en() {
  if ($.problem(""), Zt(), !O) return;
  let e = !T && !w.isBlank();
  if (T = !w.isBlank(), !e) return R.changed();
  W.fold(), R.now(), ue.captured();
}
async function os() {
  try {
    await O.keep(w.fields), $.trouble("");
  } catch (e) {
    $.trouble(e.message);
  }
}
function ss(e) {
  let t = document.getElementById("similar-notes");
  if (t.querySelector(".sighted")?.remove(), !e || w.isBlank()) return;
  let n = document.createElement("p");
  n.className = "sighted", n.append("That counts as yours too. Nothing to add? ", A("Clear my text", null, nn, "quiet")), t.append(n);
}
function rs() {
  let e = w.kit()?.limits.text ?? es, { length: t } = w.text.value;
  if (w.isBlank()) $.problem("Write what you heard first.");
  else if (t > e) $.problem(`Shorten the text to ${e.toLocaleString()} characters; it has ${t.toLocaleString()}.`);
  else return is();
  return w.text.focus(), !0;
}
function is() {
  let e = w.guard.obstacle();
  if (!e) return !1;
  let t = e.action === "block";
  return $.problem(t ? `Not sent, kept as your draft. ${e.title}: mask or change it first.` : `${e.title}: mask it, or say that it is sent as it is.`), w.guard.focus(e.key), !0;
}
async function tn() {
  if (!Ce && (w.read(), !rs())) {
    Ce = !0;
    try {
      !O && !ce && await rn.catch(() => {
      }), ce ? await ce() : O ? await as() : $.trouble("This phone does not know yet who you are. Your text stays here: sign in once while there is a connection.");
    } finally {
      Ce = !1;
    }
  }
}
async function as() {
  await R.stop();
  let e = Ne.count(), t = w.lastUsed();
  try {
    let n = await O.save(w.fields());
    W.show(n, e), Pe();
  } catch (n) {
    if (!(n instanceof Be)) throw n;
    if (!await cs(n, e)) return;
  }
  w.question.saved(), await ls(t);
}
async function cs(e, t) {
  if ($.trouble(e.message), t > 0 || !e.record) return !1;
  try {
    let n = await Fe(e.record);
    return await O.discard(), W.show({ ...e.record, state: "sent", receipt: n }, 0), $.trouble(""), !0;
  } catch {
    return !1;
  }
}
async function ls(e) {
  qe(e), w.text.focus(), window.scrollTo(0, 0);
  let { store: t, person: n } = await ge;
  t.keep(`last-used:${n.id}`, e).catch(() => {
  }), await de(await O.open());
}
function qe(e) {
  T = !1, ue.forget(), Xt.clear(), Zt.cancel(), $.draft(null), $.problem(""), w.clear(e);
}
async function de(e, { isNews: t = !0 } = {}) {
  e && (e.fields.text.trim() || e.photo_ids.length) && (T = !0, w.restore(e.fields), t && $.draft(e, A("Discard", "trash-2", (n) => De("Discard this draft?", n.currentTarget, nn), "quiet"))), await Ne.show();
}
async function nn() {
  await R.stop();
  let e = O ? await O.discard() : null;
  qe(), await de(e), w.text.focus(), S("Discarded");
}
async function Le(e, t) {
  await R.flush(), await R.stop();
  let n = await O.bringBack(e, t);
  W.clear(), qe(), await de(n, { isNews: !1 }), w.text.focus(), S("Your note is back in the form");
}
async function on(e) {
  let t = le ?? (Jt && w.kit() ? vt(location.search, w.kit()) : null);
  t && w.add(t);
  let n = new URLSearchParams(location.search);
  n.has("mend") && await Le("mend", n.get("mend")), n.has("shared") && await us(e), location.search && history.replaceState(null, "", location.pathname);
}
async function us(e) {
  let t = await e.kept("shared");
  t && (w.add({ text: xt(t) }), await R.flush(), await Ne.take(t.photos ?? []), await e.forget("shared"));
}
async function sn({ store: e, person: t }, n) {
  let o = await e.kept(`last-used:${t.id}`);
  w.use(n, o), !T && o && w.isBlank() && !w.question.value() && w.clear(o);
}
async function ds() {
  let { store: e, person: t, queue: n, sender: o } = await ge, r = await je(e);
  r?.person.id === t.id && await sn({ store: e, person: t }, r);
  let s = Ge({ queue: n, store: e }), i = await s.open(), a = w.text.value;
  O = s, await de(i);
  let c = T;
  return a && !le && w.add({ text: a }), ue = zt(q.querySelector("[data-place-field]"), { store: e, person: t, found: (l) => {
    (T || !l) && O.setPlace(l), l && w.place.fromPlace(l);
  } }), T && !c && ue.captured(), n.subscribe(ps(n)), o.watch((l) => {
    ns.includes(l) && $.signedOut(l === "signed-out");
  }), { store: e, person: t };
}
async function fs({ store: e, person: t }) {
  w.kit() && await on(e), await ms({ store: e, person: t });
}
function ps(e) {
  return async ({ note: t }) => {
    if (t !== W.id()) return;
    let n = (await e.all()).find((o) => o.id === t);
    n && W.update(n);
  };
}
async function ms({ store: e, person: t }) {
  let n = !w.kit();
  try {
    let o = await he(e);
    if ($.signedOut(!1), o.person.id !== t.id) return location.reload();
    (n || o.as_of !== w.kit().as_of) && await sn({ store: e, person: t }, o);
  } catch (o) {
    $.signedOut(o instanceof me);
  }
  n && await on(e);
}
function hs(e) {
  if (e instanceof me ? $.signedOut(!0) : $.trouble(e instanceof pe ? e.message : "This phone does not know yet who you are. Open this page once while there is a connection."), window.addEventListener("online", () => {
    w.isBlank() && location.reload();
  }), !(e instanceof pe)) return;
  ce = ze(q, { fields: w.fields, photos: () => Qt.files(), failed: (n) => $.trouble(n.message) }), he({ kept: async () => {
  }, keep: async () => {
  } }).then((n) => {
    w.use(n), le && w.add(le);
  }).catch(() => {
  });
}
q.dataset.live = "yes";
q.addEventListener("submit", (e) => {
  e.preventDefault(), e.stopPropagation(), tn();
}, !0);
q.addEventListener("keydown", (e) => {
  e.isComposing || (e.key === "Enter" && (e.ctrlKey || e.metaKey) ? (e.preventDefault(), tn()) : e.altKey && /^Digit[1-4]$/.test(e.code) ? (e.preventDefault(), w.kind.pick(Number(e.code.at(-1)))) : e.key === "Enter" && e.target.matches("[role=combobox]") && e.preventDefault());
});
q.querySelector("[data-close]").addEventListener("click", async (e) => {
  if (!O) return;
  let { href: t } = e.currentTarget;
  e.preventDefault(), await R.flush(), location.href = t;
});
Vt(document.querySelector(".capture-end"));
var rn = ds();
rn.then(fs).catch(hs);
