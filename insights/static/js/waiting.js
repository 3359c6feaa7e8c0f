// The page of the notes on this device: what waits and why, what needs a look, what was sent.
import { ask } from "./app.js";
import { button, clock, counted, element, icon, moment, say, shortened } from "./capture/elements.js";
import { STATES, problemOf } from "./capture/states.js";
import { refreshKit } from "./device/kit.js";
import { SignedOut } from "./device/session.js";
import { device } from "./device/start.js";
import { persisted } from "./device/store.js";

const page = document.querySelector("[data-waiting-page]");
const part = (name) => page.querySelector(`[data-${name}]`);
const GROUPS = [
  ["Needs a look", ["needs-a-look"]],
  ["Waiting to be sent", ["waiting", "sending"]],
  ["Being written", ["draft", "parked"]],
  ["Sent lately", ["sent"]],
];
let parts; // {store, person, queue, sender}

function photosOf(note) {
  if (!note.photos.length) return null;
  const sent = note.photos.filter((one) => one.state === "sent").length;
  const amiss = note.photos.filter((one) => one.state === "needs-a-look").length;
  const words = [counted(note.photos.length, "photo", "photos")];
  if (note.state === "sent" || sent) words.push(sent === note.photos.length ? "sent" : `${sent} sent`);
  if (amiss) words.push(`${amiss} not taken`);
  return element("span", { class: "fact" }, icon("image"), words.join(", "));
}

// When the next attempt is, if it is not now.
function nextAttempt(note) {
  if (note.shown !== "waiting" || !note.not_before || note.not_before <= Date.now()) return null;
  const words = note.not_before - Date.now() < 60_000 ? "next attempt within a minute" : `next attempt at ${clock(note.not_before)}`;
  return element("span", { class: "fact" }, icon("hourglass"), words);
}

function actionsOf(note) {
  const row = element("div", { class: "finding-buttons" });
  if (note.shown === "parked") row.append(element("p", { class: "soft small" }, "Comes back into the form once the draft there is saved or discarded."));
  if (note.shown === "draft") row.append(element("a", { class: "button", href: "/n" }, icon("pencil"), "Go on writing"));
  if (note.state === "needs-a-look") row.append(element("a", { class: "button", href: `/n?mend=${note.id}` }, icon("pencil"), "Mend it"));
  for (const photo of note.photos.filter((one) => one.state === "needs-a-look")) {
    row.append(element("p", { class: "small" }, problemOf(photo)), button("Try the photo again", "refresh-cw", () => parts.queue.retryPhoto(photo.id)));
    row.append(button("Remove the photo", "trash-2", () => parts.queue.removePhoto(photo.id), "quiet"));
  }
  row.append(button("Discard", "trash-2", (event) => discard(note, event.currentTarget), "quiet"));
  return row;
}

// The text of a note that is at the server leads there.
function wordsOf(note) {
  const text = shortened(note.fields.text, 220);
  if (!text) return element("p", { class: "waiting-words soft" }, "No text yet");
  return element("p", { class: "waiting-words", dir: "auto" }, note.state === "sent" ? element("a", { href: `/notes/${note.id}` }, text) : text);
}

function discard(note, pressed) {
  const atServer = note.state === "sent";
  ask(atServer ? "Discard its photos? The text is sent and stays." : "Discard this note? It is nowhere else.", pressed, async () => {
    await parts.queue.discard(note.id);
    say("Discarded");
  });
}

function row(note) {
  const { image, short } = STATES[note.shown];
  return element("li", { class: "waiting-note", "data-state": note.shown, "data-note": note.id },
    element("p", { class: "waiting-state" }, icon(image), element("strong", {}, short), element("span", { class: "soft" }, moment(note.captured_at)), photosOf(note), nextAttempt(note)),
    wordsOf(note),
    note.shown === "needs-a-look" && note.problem && element("p", { class: "waiting-problem" }, problemOf(note)),
    note.shown !== "sent" && actionsOf(note));
}

function group([title, states], notes) {
  const own = notes.filter((note) => states.includes(note.shown));
  if (!own.length) return null;
  const ordered = states.includes("sent") ? own.reverse() : own;
  return element("section", { class: "section" }, element("h2", {}, title), element("ul", { class: "waiting-list", role: "list" }, ...ordered.map(row)));
}

function nothing() {
  return element("div", { class: "empty-state" }, icon("circle-check"), element("h2", {}, "Nothing waits here"),
    element("p", {}, "Notes that you save without a connection appear here, until they are sent."), element("a", { class: "button", href: "/n" }, icon("plus"), "New note"));
}

async function show() {
  const notes = (await parts.queue.all()).filter((note) => !note.undone && (note.fields.text.trim() || note.photos.length));
  const groups = GROUPS.map((one) => group(one, notes)).filter(Boolean);
  const focused = document.activeElement?.closest("[data-note]")?.dataset.note;
  part("notes").replaceChildren(...(groups.length ? groups : [nothing()]));
  part("actions").hidden = !notes.some((note) => note.shown !== "sent");
  if (focused) part("notes").querySelector(`[data-note="${CSS.escape(focused)}"] :is(a, button)`)?.focus();
}

function trouble(words, ...more) {
  part("trouble").replaceChildren(...(words ? [element("div", { class: "capture-notice" }, icon("info"), element("p", {}, words), ...more)] : []));
}

const signIn = () => element("a", { class: "button", href: "/sign-in?next=/waiting" }, "Sign in");

// In words, how a round of sending has ended.
function told(ended) {
  if (ended === "signed-out") trouble("You are signed out. Notes stay here until you sign in.", signIn());
  else if (!navigator.onLine) trouble("No connection. Notes are sent as soon as there is one.");
  else if (ended instanceof Error) trouble(ended.message);
  else trouble("");
}

async function send(pressed) {
  pressed.disabled = true;
  say("Sending");
  await parts.sender.wake();
  pressed.disabled = false;
  const { unsent } = await parts.queue.counts();
  say(unsent ? `${counted(unsent, "note waits", "notes wait")} still` : "All notes are sent");
}

async function exportNotes() {
  const file = new Blob([JSON.stringify(await parts.queue.exported(), null, 1)], { type: "application/json" });
  const link = element("a", { href: URL.createObjectURL(file), download: `waiting-notes-${new Date().toISOString().slice(0, 10)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say("The file is saved");
}

// Somebody else may have signed in by now.
async function leaveToOthers({ store, person }) {
  const fresh = await refreshKit(store).catch(() => null); // no connection, nobody signed in: nobody else
  if (fresh && fresh.person.id !== person.id) location.reload();
}

async function begin() {
  parts = await device;
  const { person, queue, sender } = parts;
  leaveToOthers(parts);
  if (person.name) part("whose").textContent = `Notes of ${person.name}. Nobody else sees or sends them.`;
  part("send").addEventListener("click", (event) => send(event.currentTarget));
  part("export").addEventListener("click", exportNotes);
  queue.subscribe(show);
  await show();
  window.addEventListener("offline", () => told("done"));
  window.addEventListener("online", () => told("done"));
  sender.watch(told);
  if ((await persisted()) === false) {
    part("storage").textContent = "This browser may remove what it keeps when the phone runs out of room. Send notes soon, or export them.";
    part("storage").hidden = false;
  }
}

begin().catch((error) => {
  if (error instanceof SignedOut) trouble("Nobody has signed in on this device yet.", signIn());
  else trouble(error.message);
  part("notes").replaceChildren(nothing());
});
