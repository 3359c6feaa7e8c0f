import {
  F as i
} from "./chunk-M2IIPADL.js";

// js/device/kit.js
var s = "/api/v1/capture/kit";
async function o(t) {
  return (await t.kept("kit"))?.kit;
}
async function c(t, n = {}) {
  let a = await t.kept("kit"), r = a?.etag ? { "If-None-Match": a.etag } : {}, e = await i(s, { ...n, headers: r });
  return e.status === 304 ? a.kit : (await t.keep("kit", { kit: e.json, etag: e.headers.get("ETag") }), e.json);
}

export {
  o as a,
  c as b
};
