// The service worker: opens the app without a signal, and pages that were kept for reading when the network fails.
// A plain script on purpose: /sw.js imports it as a module, and browsers in which a worker cannot be one run it by
// importScripts. What it keeps is in `self.shell`, which /sw.js sets (insights/web/app_shell.py):
//   shell:<version>    the form, the waiting notes, the offline page and all their files; whole or not at all
//   pages:<person id>  pages for reading; each says by <meta name="person"> whose it is, and is kept for nobody else
// Nothing else is ever kept: no answer of the API, no redirect, no error, no page that is not on the person's list.
(() => {
  const PATIENCE = 4000; // milliseconds for the network while there is a kept copy
  const FRESH_FOR = 4 * 3600 * 1000; // milliseconds until a kept page is read again
  const MOST_PAGES = 40;
  const PAGES = "pages:";
  const SHELL = "shell:";
  const MOST_CHOSEN = 40; // beside those
  // Two entries among the pages that are none: which pages to keep, and those that the person chose to.
  const LIST = "/kept-list";
  const CHOSEN = "/kept-by-choice";
  const MESSAGES = '<div id="messages" role="status">'; // of templates/base.html

  // ── The shell ─────────────────────────────────────────────────────────────
  const shellName = () => SHELL + self.shell.version;

  async function keepShell() {
    const { files, offline, pages, statics } = self.shell;
    const cache = await caches.open(shellName());
    const neutral = [...Object.values(pages), offline];
    await cache.addAll([
      ...files.map((name) => statics + name),
      // Without cookies: nothing of a person can come into what everybody is shown.
      ...neutral.map((path) => new Request(path, { cache: "reload", credentials: "omit" })),
    ]);
  }

  async function forgetOldShells() {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(SHELL) && name !== shellName()).map((name) => caches.delete(name)));
    await self.clients.claim();
  }

  const fromShell = (path) => caches.match(path, { cacheName: shellName() });

  // A page may be older than this worker: a file that is no longer served is answered by the present one of its name.
  async function staticFile(request, path) {
    const own = await fromShell(path);
    if (own) return own;
    const successor = () => fromShell(self.shell.statics + path.split("/").slice(3).join("/"));
    try {
      const answer = await fetch(request);
      return answer.ok ? answer : (await successor()) ?? answer;
    } catch (failure) {
      const found = await successor();
      if (found) return found;
      throw failure;
    }
  }

  // ── Pages ─────────────────────────────────────────────────────────────────
  async function page(event, url) {
    const own = self.shell.pages[url.pathname];
    return (own && (await fromShell(own))) ?? fromNetwork(event, url);
  }

  async function fromNetwork(event, url) {
    const answer = fetch(event.request).then((response) => {
      event.waitUntil(consider(url, response.clone()));
      return response;
    });
    event.waitUntil(answer.catch(() => {})); // a late answer is kept all the same
    const kept = await keptPage(url);
    try {
      return await (kept ? Promise.race([answer, afterPatience()]) : answer);
    } catch (failure) {
      const shown = kept ? await withItsAge(kept) : await fromShell(self.shell.offline);
      if (shown) return shown;
      throw failure;
    }
  }

  const afterPatience = () => new Promise((_, reject) => { setTimeout(() => reject(new Error("too slow")), PATIENCE); });

  // Between two people at one device no page is shown at all: see `forgetPages`.
  async function keptPage(url) {
    const names = (await caches.keys()).filter((name) => name.startsWith(PAGES));
    if (names.length !== 1 || url.search || [LIST, CHOSEN].includes(url.pathname)) return undefined;
    return caches.match(url.pathname, { cacheName: names[0] });
  }

  async function withItsAge(kept) {
    const { headers } = kept;
    const html = await kept.text();
    return new Response(html.replace(MESSAGES, MESSAGES + ageMessage(new Date(headers.get("Kept-At")))), { headers });
  }

  function ageMessage(moment) {
    const exact = moment.toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    const today = moment.toDateString() === new Date().toDateString();
    const shown = today ? moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }) : exact;
    return `<div class="message kept-copy"><svg class="icon" width="20" height="20" aria-hidden="true">`
      + `<use href="${self.shell.statics}icons.svg#wifi-off"></use></svg><p>Saved copy, as of `
      + `<time datetime="${moment.toISOString()}" title="${exact}">${shown}</time> (${ago(moment)})</p></div>`;
  }

  function ago(moment) {
    const minutes = Math.round((Date.now() - moment) / 60_000);
    const words = new Intl.RelativeTimeFormat("en");
    if (minutes < 1) return "just now";
    if (minutes < 60) return words.format(-minutes, "minute");
    if (minutes < 48 * 60) return words.format(-Math.round(minutes / 60), "hour");
    return words.format(-Math.round(minutes / 1440), "day");
  }

  // ── Keeping pages for reading ─────────────────────────────────────────────
  const pagesOf = (person) => PAGES + person;
  const personOf = (html) => html.match(/<meta name="person" content="(\d+)">/)?.[1];
  const titleOf = (html) => html.match(/<title>([^<]*)<\/title>/)?.[1] ?? "";

  const isPage = (response) => response.status === 200 && !response.redirected
    && (response.headers.get("Content-Type") ?? "").startsWith("text/html");

  // Each page that is opened shows who is signed in by now; if it is on their list, it replaces its kept copy.
  async function consider(url, response) {
    if (!isPage(response)) return;
    const html = await response.text();
    const person = personOf(html);
    if (!person) return;
    await forgetPages(pagesOf(person));
    if (!url.search && (await allOf(person)).includes(url.pathname)) {
      await keepPage(await caches.open(pagesOf(person)), url.pathname, html, response.headers);
    }
  }

  async function listOf(person, name) {
    const list = await caches.match(name, { cacheName: pagesOf(person) });
    return list ? list.json() : [];
  }

  const allOf = async (person) => [...await listOf(person, LIST), ...await listOf(person, CHOSEN)];
  const putList = (cache, name, list) => cache.put(name, new Response(JSON.stringify(list)));

  async function keepPage(cache, path, html, given) {
    const headers = new Headers(given);
    headers.set("Kept-At", new Date().toISOString());
    headers.set("Kept-Title", encodeURIComponent(titleOf(html)));
    for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
    await cache.put(path, new Response(html, { headers }));
  }

  let reading = Promise.resolve(); // one round after the other

  async function keepReading(person, addresses) {
    await forgetPages(pagesOf(person));
    const cache = await caches.open(pagesOf(person));
    await putList(cache, LIST, addresses.slice(0, MOST_PAGES));
    const list = await allOf(person);
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url);
      if (![LIST, CHOSEN, ...list].includes(pathname)) await cache.delete(pathname);
    }
    // One after the other, so that reading never takes the line from sending.
    for (const path of list) {
      if ((await isOld(cache, path)) && !(await renew(cache, path, person))) return;
    }
  }

  // Whether the page is kept by choice afterwards; of very many the one chosen first goes.
  async function choose(person, address, isWanted) {
    const cache = await caches.open(pagesOf(person));
    const others = (await listOf(person, CHOSEN)).filter((path) => path !== address);
    const list = isWanted ? [...others, address].slice(-MOST_CHOSEN) : others;
    await putList(cache, CHOSEN, list);
    if (isWanted) await renew(cache, address, person);
    else if (!(await listOf(person, LIST)).includes(address)) await cache.delete(address);
    return isWanted && Boolean(await cache.match(address));
  }

  async function isOld(cache, path) {
    const kept = await cache.match(path);
    return !kept || Date.now() - Date.parse(kept.headers.get("Kept-At")) > FRESH_FOR;
  }

  // False when it is of no use to go on: signed out meanwhile, another person, no network, a server in trouble.
  async function renew(cache, path, person) {
    const answer = await fetch(path, { redirect: "manual" }).catch(() => undefined);
    if (answer?.status === 404) return cache.delete(path).then(() => true);
    if (!answer || !isPage(answer)) return false;
    const html = await answer.text();
    if (personOf(html) !== person) return false;
    await keepPage(cache, path, html, answer.headers);
    return true;
  }

  // A round that is still going on writes into a store that no longer has a name, which is lost with it.
  async function forgetPages(except) {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PAGES) && name !== except).map((name) => caches.delete(name)));
  }

  // ── What happens ──────────────────────────────────────────────────────────
  self.addEventListener("install", (event) => event.waitUntil(keepShell()));
  self.addEventListener("activate", (event) => event.waitUntil(forgetOldShells()));

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(event, url));
    else if (url.pathname.startsWith("/static/")) event.respondWith(staticFile(request, url.pathname));
  });

  // From js/app_shell.js. A new version takes over only when the person has agreed.
  const deeds = {
    "go-on": () => self.skipWaiting(),
    reading: ({ person, addresses }) => {
      reading = reading.then(() => keepReading(person, addresses)).catch(() => {}); // no room: what is kept stays
      return reading;
    },
    keep: ({ person, address }) => choose(person, address, true),
    unkeep: ({ person, address }) => choose(person, address, false),
    "is-kept": async ({ person, address }) => (await listOf(person, CHOSEN)).includes(address),
    forget: () => forgetPages(),
  };

  self.addEventListener("message", (event) => {
    const done = Promise.resolve(deeds[event.data?.deed]?.(event.data));
    event.waitUntil(done.then((answer) => event.ports[0]?.postMessage(answer ?? "done")));
  });
})();
