// What every page does in the browser. All of it is an extra: pages work without JavaScript.
// Behaviour is asked for by data attributes: data-key, data-opens, data-dismiss, data-confirm, data-copies, data-search-field.

const stored = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* forbidden: lasts for this page */ } },
};

// ── Messages ────────────────────────────────────────────────────────────────
export function say(text, look = "error") {
  const box = document.createElement("div");
  box.className = `message ${look}`;
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  document.getElementById("messages").replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}

// ── Keyboard ────────────────────────────────────────────────────────────────
const keysDialog = document.getElementById("keys-dialog");
let keysOn = stored.get("keys") !== "off";
let firstKey = ""; // "g" while the second key of "g t" is awaited
let firstKeyTimer;

function typing(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function goToSearch(event) {
  const field = document.querySelector("[data-search-field]");
  const link = document.querySelector("[data-key='/']");
  event.preventDefault();
  if (field) field.select();
  else link?.click();
}

function onEscape(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (typing(event.target)) event.target.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") return onEscape(event);
  if (!keysOn || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const keys = firstKey + event.key;
  firstKey = "";
  clearTimeout(firstKeyTimer);
  if (keys === "/") return goToSearch(event);
  if (keys === "?") return keysDialog.showModal();
  if (keys === "g") {
    firstKey = "g ";
    firstKeyTimer = setTimeout(() => { firstKey = ""; }, 1500);
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(keys)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

const keysSwitch = document.querySelector("[data-keys-enabled]");
keysSwitch.checked = keysOn;
keysSwitch.addEventListener("change", () => {
  keysOn = keysSwitch.checked;
  stored.set("keys", keysOn ? "on" : "off");
});

// ── Copying ─────────────────────────────────────────────────────────────────
// Where a browser gives no access to the clipboard (a page without https), the text is selected instead.
async function copy(place) {
  try {
    await navigator.clipboard.writeText(place.textContent);
    say("Copied.", "");
  } catch {
    const holder = place.closest("details");
    if (holder) holder.open = true;
    getSelection().selectAllChildren(place);
    say("The text is selected: copy it with Ctrl-C.", "");
  }
}

// ── Clicks: dialogs, messages, menus ────────────────────────────────────────
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  event.target.closest("[data-dismiss]")?.closest(".message").remove();
  const copier = event.target.closest("[data-copies]");
  if (copier) copy(document.getElementById(copier.dataset.copies));
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// ── A question before what cannot be undone ─────────────────────────────────
const confirmDialog = document.getElementById("confirm-dialog");

// The button that goes on says what it does: the words of the button that was pressed.
export function ask(question, pressed, then, otherwise = "Cancel") {
  confirmDialog.querySelector("h2").textContent = question;
  confirmDialog.querySelector("[value=no]").textContent = otherwise;
  confirmDialog.querySelector("[value=yes]").textContent = pressed?.textContent.trim() || "Go on";
  confirmDialog.returnValue = "no";
  confirmDialog.addEventListener("close", () => {
    if (confirmDialog.returnValue === "yes") then();
  }, { once: true });
  confirmDialog.showModal();
}

// While capturing, so that neither htmx nor the guard below sees a form before the answer.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm) return;
  if (form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form.dataset.confirm, event.submitter, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  });
}, true);

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, event.detail.elt.closest("button, a"), () => event.detail.issueRequest(true));
});

// ── One submit per form ─────────────────────────────────────────────────────
function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("button[data-held]")) {
    button.disabled = false;
    delete button.dataset.held;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "yes";
  // After this turn, so that the pressed button's own name and value are still sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:enabled:not([type=button])")) {
      button.disabled = true;
      button.dataset.held = "yes";
    }
  });
  setTimeout(() => release(form), 10_000); // an answer that was a download leaves the page standing
});

// What somebody searched for on this device is nobody else's business.
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/sign-out")) return;
  try {
    Object.keys(localStorage).filter((name) => name.startsWith("recent-searches:")).forEach((name) => localStorage.removeItem(name));
  } catch { /* forbidden: nothing was kept */ }
});

// The back button may bring the page as it was left.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

// ── htmx ────────────────────────────────────────────────────────────────────
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});
// A box that sends itself stands as it did before, since nothing was changed.
function untick({ target }) {
  if (target.matches?.("input[type=checkbox][hx-post]")) target.checked = !target.checked;
}
document.addEventListener("htmx:sendError", (event) => {
  untick(event);
  say("There is no connection, so nothing was changed. Try again when you are back online.");
});
document.addEventListener("htmx:responseError", (event) => {
  untick(event);
  const limited = event.detail.xhr.status === 429;
  say(limited ? "That was too quick. Wait a minute, then try again."
    : "This did not work, and nothing was changed. Reload the page and try again.");
});

// ── What a page, or a part that htmx has loaded, gets ───────────────────────
function prepare(root) {
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
  root.querySelector(".error-summary")?.focus();
}
prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

// Filters stand open where there is room for them.
const wide = window.matchMedia("(min-width: 900px)");
const placeFilters = () => document.querySelectorAll("details.facets").forEach((box) => { box.open = wide.matches; });
placeFilters();
wide.addEventListener("change", placeFilters);

// ── Theme ───────────────────────────────────────────────────────────────────
for (const field of document.querySelectorAll("[data-theme-field]")) {
  field.hidden = false;
  const chosen = stored.get("theme") ?? "";
  for (const input of field.querySelectorAll("input")) input.checked = input.value === chosen;
  field.addEventListener("change", (event) => {
    stored.set("theme", event.target.value);
    if (event.target.value) document.documentElement.dataset.theme = event.target.value;
    else delete document.documentElement.dataset.theme;
  });
}
