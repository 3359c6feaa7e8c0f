// Keys of the inbox. The note with the cursor is the one that they mean; without JavaScript the buttons do the same.

const list = document.querySelector(".inbox-list");
const said = document.getElementById("inbox-said");
const count = document.querySelector("[data-selected-count]");
const states = { t: "taken", a: "already-known", d: "done", r: "new" };
let place = 0; // of the row that had the cursor last
let decided = []; // the ids of the rows about which was decided here, the last one at the end
let next = null; // where the cursor goes once the row that was decided has been answered

function keysAreOff() {
  try { return localStorage.getItem("keys") === "off"; } catch { return false; }
}

const rows = () => [...list.querySelectorAll(".inbox-item")];
const linkOf = (row) => row?.querySelector(".note-card-text a");
const current = () => document.activeElement.closest(".inbox-item") ?? rows()[place];

function step(by) {
  const stops = [...list.querySelectorAll(".inbox-item .note-card-text a, .note-list-more a")];
  const row = document.activeElement.closest(".inbox-list > li");
  const now = stops.findIndex((stop) => row?.contains(stop));
  const last = now >= 0 ? now : place - (by > 0 && !row ? 1 : 0);
  stops[Math.max(0, Math.min(last + by, stops.length - 1))]?.focus();
}

function press(row, button) {
  if (!button) return;
  next = rows()[rows().indexOf(row) + 1]?.id ?? row.id;
  button.click();
}

function undo() {
  const row = document.getElementById(decided.pop() ?? "");
  const button = row?.querySelector(".inbox-undo button");
  if (!button) return;
  next = row.id;
  button.click();
}

function tell() {
  const selected = list.querySelectorAll(".inbox-select :checked").length;
  count.textContent = selected === 1 ? "1 note selected" : `${selected} notes selected`;
}

list?.addEventListener("focusin", (event) => {
  const row = event.target.closest(".inbox-item");
  if (row) place = rows().indexOf(row);
});
list?.addEventListener("change", tell);

// The row comes back as another element: the cursor would be lost with the button that was pressed.
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.detail.elt.closest?.(".inbox-item");
  if (!row) return;
  decided = decided.filter((id) => id !== row.id);
  if (!event.detail.elt.matches(".inbox-undo")) decided.push(row.id);
});
document.addEventListener("htmx:afterSwap", (event) => {
  const row = event.target;
  if (!row.matches(".inbox-item") || event.detail.target.id !== row.id) return;
  said.textContent = row.querySelector(".field-error, .inbox-facts .fact").textContent.trim();
  linkOf(document.getElementById(next) ?? row).focus({ preventScroll: !next });
  next = null;
});
document.addEventListener("htmx:afterRequest", () => { if (count) tell(); });

document.addEventListener("keydown", (event) => {
  if (!list || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]") || keysAreOff()) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const row = current();
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "u") undo();
  else if (row && event.key === "x") row.querySelector(".inbox-select input").click();
  else if (row && event.key === "o") linkOf(row).click();
  else if (row && states[event.key]) press(row, row.querySelector(`.inbox-buttons [value=${states[event.key]}]`));
  else return;
  event.preventDefault();
});
