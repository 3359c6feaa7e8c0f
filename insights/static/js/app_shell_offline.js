// The page for what the device does not have: lists what it has.
const PAGES = "pages:";
const list = document.querySelector("[data-kept-pages]");

function words(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent;
}

function row(path, headers) {
  const moment = new Date(headers.get("Kept-At"));
  const item = document.createElement("li");
  const link = document.createElement("a");
  const age = document.createElement("span");
  link.href = path;
  link.textContent = words(decodeURIComponent(headers.get("Kept-Title"))).split(" · ")[0] || path;
  age.className = "soft small";
  age.textContent = `as of ${moment.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })}`;
  item.append(link, age);
  return item;
}

async function rows() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
  if (names.length !== 1) return []; // between two people nothing is shown
  const cache = await caches.open(names[0]);
  const found = [];
  for (const request of await cache.keys()) {
    const { headers } = await cache.match(request);
    if (headers.has("Kept-At")) found.push(row(new URL(request.url).pathname, headers));
  }
  return found;
}

const found = await rows();
list.replaceChildren(...found);
document.querySelector("[data-kept]").hidden = found.length === 0;
