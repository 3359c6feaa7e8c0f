// The app on a device: registers the service worker, keeps pages for reading, and offers a new version.
import "./app_shell_sign_out.js";
import { offerKeeping } from "./app_shell_keep.js";
import { forgetOthers } from "./app_shell_private.js";
import { kit, refreshKit } from "./device/kit.js";
import { openStore } from "./device/store.js";

const HOUR = 3600 * 1000;
const person = document.querySelector("meta[name=person]")?.content;

// Where a worker cannot be a module, a plain one does the same without sending in the background.
async function registered() {
  const { serviceWorker } = navigator;
  try {
    return await serviceWorker.register("/sw.js", { type: "module" });
  } catch {
    return serviceWorker.register("/sw.js?plain=1");
  }
}

// ── A new version ───────────────────────────────────────────────────────────
const prompt = document.createElement("div");
let next; // the worker of the new version, while it waits

function drawPrompt() {
  const words = document.createElement("p");
  const button = document.createElement("button");
  prompt.className = "message update-prompt";
  prompt.setAttribute("role", "status");
  prompt.hidden = true;
  words.textContent = "A new version is ready.";
  button.className = "button";
  button.type = "button";
  button.textContent = "Reload";
  button.addEventListener("click", takeOver);
  prompt.append(words, button);
  document.getElementById("messages").after(prompt);
}

function takeOver() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  next.postMessage({ deed: "go-on" });
}

// Nobody is disturbed while something stands in a field that is nowhere else yet.
function writing() {
  const fields = document.querySelectorAll("form[method=post] :is(textarea, input:not([type]), input[type=text])");
  return [...fields].some((field) => field.value.trim() && field.value !== field.defaultValue);
}

function offer(worker) {
  next = worker;
  drawPrompt();
  const show = () => { prompt.hidden = writing(); };
  show();
  setInterval(show, 2000);
  document.addEventListener("input", show);
}

function watch(registration) {
  const { serviceWorker } = navigator;
  if (registration.waiting && serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && serviceWorker.controller && !next) offer(worker);
    });
  });
  // An app on the home screen stays open for days, and asks by itself only when a page is opened.
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - asked < HOUR) return;
    asked = Date.now();
    registration.update().catch(() => {}); // no connection: later
  });
}

// ── Pages for reading ───────────────────────────────────────────────────────
async function keepReading() {
  const store = await openStore();
  const kept = await kit(store);
  const isNew = kept && Math.abs(Date.now() - Date.parse(kept.as_of)) < HOUR; // a clock may be wrong both ways
  const { reading } = isNew ? kept : await refreshKit(store);
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ deed: "reading", person, addresses: reading });
}

if (person) await openStore().then((store) => forgetOthers(store, person)).catch(() => {}); // a browser that keeps nothing
if (navigator.serviceWorker) {
  try {
    watch(await registered());
    if (person) {
      offerKeeping(person).catch(() => {}); // the page can be read all the same
      await keepReading();
    }
  } catch {
    // No connection, or a browser that keeps nothing: what is kept stays, and all else works without it.
  }
}
