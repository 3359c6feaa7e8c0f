// js/app_shell_offline.js
var r = "pages:", i = document.querySelector("[data-kept-pages]");
function m(t) {
  return new DOMParser().parseFromString(t, "text/html").body.textContent;
}
function u(t, o) {
  let a = new Date(o.get("Kept-At")), e = document.createElement("li"), n = document.createElement("a"), c = document.createElement("span");
  return n.href = t, n.textContent = m(decodeURIComponent(o.get("Kept-Title"))).split(" \xB7 ")[0] || t, c.className = "soft small", c.textContent = `as of ${a.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })}`, e.append(n, c), e;
}
async function l() {
  let t = (await caches.keys()).filter((e) => e.startsWith(r));
  if (t.length !== 1) return [];
  let o = await caches.open(t[0]), a = [];
  for (let e of await o.keys()) {
    let { headers: n } = await o.match(e);
    n.has("Kept-At") && a.push(u(new URL(e.url).pathname, n));
  }
  return a;
}
var s = await l();
i.replaceChildren(...s);
document.querySelector("[data-kept]").hidden = s.length === 0;
