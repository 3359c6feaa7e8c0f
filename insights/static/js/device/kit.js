// The capture kit: the lists that the form works with when there is no signal.
import { request } from "./session.js";

const KIT = "/api/v1/capture/kit";

// The kept copy; undefined before the first one has come.
export async function kit(store) {
  return (await store.kept("kit"))?.kit;
}

// The kit as it is now, which is kept; asks for nothing that is here already. Throws as `request` does.
export async function refreshKit(store, options = {}) {
  const kept = await store.kept("kit");
  const headers = kept?.etag ? { "If-None-Match": kept.etag } : {};
  const answer = await request(KIT, { ...options, headers });
  if (answer.status === 304) return kept.kit;
  await store.keep("kit", { kit: answer.json, etag: answer.headers.get("ETag") });
  return answer.json;
}
