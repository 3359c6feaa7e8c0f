// The board of topics by mouse and by keys: a card is moved by the form that it carries, so that the server alone knows
// what a move means. Without JavaScript the form is opened and sent by hand.

const states = ["open", "in-progress", "answered", "closed"];
const said = document.getElementById("board-said");
let moved = null; // the number of the topic whose card takes the cursor once the board has come back
let dragged = null;

function keysAreOff() {
  try { return localStorage.getItem("keys") === "off"; } catch { return false; }
}

const cards = (column) => [...(column?.querySelectorAll(".topic-card") ?? [])];
const columnOf = (card) => card?.closest(".board-column");
const columns = () => [...document.querySelectorAll(".board-column")].filter((one) => one.offsetParent !== null);
const linkOf = (card) => card?.querySelector(":is(h2, h3) a");
const formOf = (card) => card?.querySelector(".topic-move form");

function move(card, state) {
  const form = formOf(card);
  if (!form || !state || columnOf(card).dataset.state === state) return;
  form.elements.state.value = state;
  form.requestSubmit();
}

function choose(card) {
  const menu = card.querySelector(".topic-move");
  if (!menu) return;
  menu.open = true;
  menu.querySelector("select").focus();
}

function stepWithin(card, by) {
  const all = cards(columnOf(card));
  linkOf(all[all.indexOf(card) + by])?.focus();
}

// To the neighbouring column that has a card, at the same height if there are so many.
function stepAcross(card, by) {
  const all = columns();
  const height = cards(columnOf(card)).indexOf(card);
  for (let place = all.indexOf(columnOf(card)) + by; all[place]; place += by) {
    const found = cards(all[place]);
    if (found.length) return linkOf(found[Math.min(height, found.length - 1)]).focus();
  }
}

const arrows = { ArrowLeft: -1, ArrowRight: 1 };

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".topic-card");
  if (!card || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target.closest(".topic-move[open]")) {
    card.querySelector(".topic-move").open = false;
    linkOf(card).focus();
  } else if (event.target.closest("select") || keysAreOff()) return;
  else if (event.key === "m") choose(card);
  else if (event.shiftKey && arrows[event.key]) move(card, states[states.indexOf(columnOf(card).dataset.state) + arrows[event.key]]);
  else if (event.shiftKey) return;
  else if (arrows[event.key]) stepAcross(card, arrows[event.key]);
  else if (event.key === "ArrowDown") stepWithin(card, 1);
  else if (event.key === "ArrowUp") stepWithin(card, -1);
  else return;
  event.preventDefault();
});

// ── By mouse ────────────────────────────────────────────────────────────────
const aim = (column) => document.querySelectorAll(".board-column").forEach((one) => one.classList.toggle("target", one === column));

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".topic-card[draggable]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", linkOf(dragged).href);
  dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.(".board-column");
  if (!column) return;
  event.preventDefault();
  aim(column);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  aim(null);
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.(".board-column");
  if (!column) return;
  event.preventDefault();
  move(dragged, column.dataset.state);
});

// ── The board as it is after a move ─────────────────────────────────────────
document.addEventListener("htmx:beforeRequest", (event) => {
  const card = event.detail.elt.closest?.(".topic-card");
  if (card) moved = card.id;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (!moved || event.detail.elt.id !== "board") return;
  const card = document.getElementById(moved);
  moved = null;
  if (!card) return;
  linkOf(card).focus();
  const column = columnOf(card);
  said.textContent = `“${linkOf(card).textContent.trim()}” is in “${column.querySelector("h2").textContent.trim()}” now, ${cards(column).indexOf(card) + 1} of ${cards(column).length}.`;
});
