// Extras of the search page: the note beside the results, keys, months chosen by dragging, and a search box that
// follows the links. Suggestions are in suggestions.js.

const box = document.querySelector("[data-search-field]");
const said = document.getElementById("search-said");
const beside = document.getElementById("beside"); // absent while there is no index
const note = document.getElementById("beside-note");
const wide = window.matchMedia("(min-width: 1100px)");

function keysAreOff() {
  try { return localStorage.getItem("keys") === "off"; } catch { return false; }
}

const here = () => new URL(location.href);
const openNote = () => here().searchParams.get("note");
// The search that is shown, whichever note is open beside it.
function searchOf(url) {
  const parameters = new URLSearchParams(url.search);
  parameters.delete("note");
  return parameters.toString();
}
let shownSearch = searchOf(here());
let shownNote = openNote();

// ── The note beside the results ─────────────────────────────────────────────
const resultOf = (id) => document.querySelector(`#results a[data-note="${CSS.escape(id)}"]`);

function mark(id) {
  document.querySelectorAll("#results a[data-note][aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  if (id) resultOf(id)?.setAttribute("aria-current", "true");
}

// Entries of our own carry a state that htmx leaves to us; going back to them needs no request for the results.
function goTo(id) {
  const url = here();
  if (id) url.searchParams.set("note", id);
  else url.searchParams.delete("note");
  if (url.href === location.href) return;
  history.replaceState({ beside: true }, "");
  history.pushState({ beside: true }, "", url);
}

async function show(id) {
  shownNote = id;
  mark(id);
  beside.hidden = false;
  note.setAttribute("aria-busy", "true");
  try {
    await htmx.ajax("GET", note.dataset.address + id, { source: note, target: note, swap: "innerHTML" });
  } catch { /* there is no connection, which app.js says, or another note was asked for */ }
  if (shownNote !== id) return;
  note.removeAttribute("aria-busy");
  beside.scrollTop = 0;
  beside.focus({ preventScroll: wide.matches });
}

function hide() {
  const left = shownNote;
  shownNote = null;
  mark(null);
  beside.hidden = true;
  note.replaceChildren();
  if (left) resultOf(left)?.focus();
}

// Brings what is open in line with the address.
function follow() {
  if (!beside || openNote() === shownNote) return;
  if (openNote()) show(openNote());
  else hide();
}

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!beside || !plain || event.defaultPrevented) return;
  const closer = event.target.closest("[data-close-note]");
  const link = event.target.closest(".search-layout a[data-note]");
  if (!closer && !(link && wide.matches)) return;
  event.preventDefault();
  goTo(link?.dataset.note);
  follow();
});

window.addEventListener("popstate", (event) => {
  if (event.state?.htmx) return; // htmx loads the page
  if (searchOf(here()) !== shownSearch) location.reload();
  else follow();
});
if (shownNote) mark(shownNote);

// ── After htmx has brought other results ────────────────────────────────────
let asking; // the form or link that asked
document.addEventListener("htmx:beforeRequest", (event) => { asking = event.detail.elt; });
document.addEventListener("htmx:pushedIntoHistory", () => {
  shownSearch = searchOf(here());
  // A link leads to a search in other words; what is being typed stays.
  if (!asking?.matches(".search-field")) box.value = here().searchParams.get("q") ?? "";
  follow();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "results") return;
  said.textContent = document.getElementById("result-count")?.textContent ?? "No note matches";
  if (shownNote) mark(shownNote);
});

// ── Keys ────────────────────────────────────────────────────────────────────
const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
let place = -1; // of the result that had the cursor last

function mayStep(event) {
  const target = event.target;
  if (event.key.startsWith("Arrow")) {
    return target === document.body || target.closest("#results") || (target === box && event.key === "ArrowDown");
  }
  return !target.closest("input, textarea, select") && !keysAreOff();
}

function step(by) {
  const stops = [...document.querySelectorAll("#results .note-card-text a, #results .note-list-more a")];
  const item = document.activeElement.closest("#results li");
  const now = stops.findIndex((link) => item?.contains(link));
  const current = stops.findIndex((link) => link.getAttribute("aria-current"));
  place = [now, current, place].find((one) => one >= 0) ?? -1;
  place = Math.max(0, Math.min(place + by, stops.length - 1));
  stops[place]?.focus();
}

// Help and saving stand over the page, as a menu does.
function closeTools(except) {
  for (const tool of document.querySelectorAll(".search-tool[open]")) if (tool !== except) tool.open = false;
}
document.addEventListener("click", (event) => closeTools(event.target.closest?.(".search-tool")));

function onEscape(event) {
  const tool = document.querySelector(".search-tool[open]");
  if (tool) {
    tool.open = false;
    tool.querySelector("summary").focus();
  } else if (shownNote && !event.target.closest("input, textarea, select")) {
    goTo(null);
    follow();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") onEscape(event);
  else if (steps[event.key] && !event.shiftKey && mayStep(event)) {
    event.preventDefault();
    step(steps[event.key]);
  }
});
document.addEventListener("htmx:pushedIntoHistory", () => { place = -1; });

// ── Months: dragging over them sets the period ──────────────────────────────
let brush; // {links, from, to} while the mouse is down

function monthAt(links, x) {
  const chart = links[0].ownerSVGElement.getBoundingClientRect();
  const number = Math.floor(((x - chart.left) / chart.width) * links.length);
  return Math.max(0, Math.min(number, links.length - 1));
}

function ends() {
  return [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)];
}

function paint() {
  const [first, last] = brush ? ends() : [];
  document.querySelectorAll("[data-brush] svg a").forEach((link, number) => {
    link.classList.toggle("brushed", number >= first && number <= last);
  });
}

document.addEventListener("pointerdown", (event) => {
  const chart = event.target.closest?.("[data-brush] svg");
  if (!chart || event.pointerType !== "mouse" || event.button !== 0) return;
  const links = [...chart.querySelectorAll("a")];
  const from = monthAt(links, event.clientX);
  brush = { links, from, to: from };
});
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-brush] svg")) event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!brush) return;
  brush.to = monthAt(brush.links, event.clientX);
  if (brush.to !== brush.from) paint();
});
document.addEventListener("pointerup", () => {
  if (!brush) return;
  const [first, last] = ends();
  const period = document.querySelector("form.period");
  if (first !== last) {
    period.elements.since.value = brush.links[first].dataset.since;
    period.elements.until.value = brush.links[last].dataset.until;
    // The click that ends a drag is none on a month.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
    period.requestSubmit();
  }
  brush = null;
  paint();
});
