import {
  c as i
} from "./chunk-2UVOZIAI.js";
import {
  z as n
} from "./chunk-M2IIPADL.js";

// js/service_worker_sending.js
var d = "/n?shared=1";
self.addEventListener("sync", (t) => {
  t.tag === "send-notes" && t.waitUntil(n().then(i));
});
self.addEventListener("fetch", (t) => {
  let { method: r, url: s } = t.request;
  r === "POST" && new URL(s).pathname === "/n/share" && t.respondWith(h(t.request));
});
async function h(t) {
  let r = await t.formData(), [s, o, a] = ["title", "text", "url"].map((e) => r.get(e) ?? ""), c = r.getAll("photos").filter((e) => e.size && e.type.startsWith("image/"));
  try {
    return await (await n()).keep("shared", { title: s, text: o, url: a, photos: c }), Response.redirect(d, 303);
  } catch {
    let e = [s, o, a].filter(Boolean).join(`
`);
    return Response.redirect(`/n?${new URLSearchParams({ text: e })}`, 303);
  }
}
