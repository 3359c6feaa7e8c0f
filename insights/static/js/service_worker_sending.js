// The part of the service worker that needs modules: sending while the app is closed, and taking in what is shared
// with it. Browsers without module workers do without: they send when the app is opened, and share to it nowhere.
import { sendOnce } from "./device/sender.js";
import { openStore } from "./device/store.js";

const SHARED = "/n?shared=1";

// A bonus: the sender of an open page never relies on it.
self.addEventListener("sync", (event) => {
  if (event.tag === "send-notes") event.waitUntil(openStore().then(sendOnce));
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "POST" && new URL(url).pathname === "/n/share") event.respondWith(takeIn(event.request));
});

async function takeIn(request) {
  const form = await request.formData();
  const [title, text, url] = ["title", "text", "url"].map((name) => form.get(name) ?? "");
  const photos = form.getAll("photos").filter((file) => file.size && file.type.startsWith("image/"));
  try {
    const store = await openStore();
    await store.keep("shared", { title, text, url, photos });
    return Response.redirect(SHARED, 303);
  } catch {
    // The device has no room: at least the words come into the form.
    const words = [title, text, url].filter(Boolean).join("\n");
    return Response.redirect(`/n?${new URLSearchParams({ text: words })}`, 303);
  }
}
