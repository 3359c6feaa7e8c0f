// The form of a new note: takes over the server's page, or fills in the one that the device keeps. What is written is
// on the device within two seconds, a saved note at once; sending is the queue's business.
import { ask } from "../app.js";
import { kit as keptKit, refreshKit } from "../device/kit.js";
import { sendDirectly } from "../device/sender.js";
import { SignedOut } from "../device/session.js";
import { device } from "../device/start.js";
import { NoRoom, NoStorage, persisted } from "../device/store.js";
import { autosave } from "./autosave.js";
import { sendsDirectly } from "./direct.js";
import { button, debounced, say } from "./elements.js";
import { keptDraft } from "./kept.js";
import { noteInForm } from "./note.js";
import { notices } from "./notices.js";
import { photosOfPage, pictures } from "./photos.js";
import { placeSwitch } from "./place.js";
import { fromAddress, sharedText } from "./prefill.js";
import { receipts } from "./receipt.js";
import { servedFields } from "./served.js";
import { similarNotes } from "./similar.js";

import { aboveKeyboard } from "./keyboard.js";

const SIMILAR_AFTER = 600; // milliseconds after the last letter
const LONGEST_TEXT = 20_000;
const MOST_PHOTOS = 10;
const TELLING = ["done", "signed-out"]; // rounds of sending after which it is known whether somebody is signed in

const form = document.querySelector("[data-capture]");
const isNeutral = form.dataset.capture === "neutral";
const given = isNeutral ? null : servedFields(form, location.search);
const notice = notices();
const note = noteInForm(form, { changed });
const saver = autosave(keep);
const inPage = photosOfPage();
let kept = null; // the draft on the device, once it is open; null also where nothing can be kept
let place = { captured() {}, forget() {} };
let sendNow = null; // where nothing can be kept
let begun = false;
let saving = false;

const photos = pictures(document.getElementById("pictures"), [...form.querySelectorAll("[data-photos]")], {
  place: () => kept?.photos ?? inPage, most: () => note.kit()?.limits.photos ?? MOST_PHOTOS, changed,
});
const receipt = receipts(document.getElementById("receipts"), { undo: (id) => bringBack("undo", id), mend: (id) => bringBack("mend", id) });
const similar = similarNotes(document.getElementById("similar-notes"), { sighted });
const similarSoon = debounced(SIMILAR_AFTER, () => similar.show(note.text.value));

// ── Writing ─────────────────────────────────────────────────────────────────
function changed() {
  notice.problem("");
  similarSoon();
  if (!kept) return;
  const first = !begun && !note.isBlank();
  begun = !note.isBlank();
  if (!first) return saver.changed();
  receipt.fold();
  saver.now(); // the time of capture is that of the first letter
  place.captured();
}

async function keep() {
  try {
    await kept.keep(note.fields);
    notice.trouble("");
  } catch (error) {
    notice.trouble(error.message);
  }
}

// Seen too, so there may be nothing left to write.
function sighted(on) {
  const box = document.getElementById("similar-notes");
  box.querySelector(".sighted")?.remove();
  if (!on || note.isBlank()) return;
  const line = document.createElement("p");
  line.className = "sighted";
  line.append("That counts as yours too. Nothing to add? ", button("Clear my text", null, discard, "quiet"));
  box.append(line);
}

// ── Saving ──────────────────────────────────────────────────────────────────
// Whether something has to be mended first, which is then said and shown.
function isInTheWay() {
  const longest = note.kit()?.limits.text ?? LONGEST_TEXT;
  const { length } = note.text.value;
  if (note.isBlank()) notice.problem("Write what you heard first.");
  else if (length > longest) notice.problem(`Shorten the text to ${longest.toLocaleString()} characters; it has ${length.toLocaleString()}.`);
  else return hasFindings();
  note.text.focus();
  return true;
}

function hasFindings() {
  const found = note.guard.obstacle();
  if (!found) return false;
  const isBlocked = found.action === "block";
  notice.problem(isBlocked ? `Not sent, kept as your draft. ${found.title}: mask or change it first.` : `${found.title}: mask it, or say that it is sent as it is.`);
  note.guard.focus(found.key);
  return true;
}

async function save() {
  if (saving) return;
  note.read();
  if (isInTheWay()) return;
  saving = true;
  try {
    if (!kept && !sendNow) await beginning.catch(() => {}); // a quick thumb
    if (sendNow) await sendNow();
    else if (kept) await saveHere();
    else notice.trouble("This phone does not know yet who you are. Your text stays here: sign in once while there is a connection.");
  } finally {
    saving = false;
  }
}

async function saveHere() {
  await saver.stop();
  const count = photos.count();
  const last = note.lastUsed();
  try {
    const record = await kept.save(note.fields());
    receipt.show(record, count);
    persisted(); // asked for once there is something to keep
  } catch (error) {
    if (!(error instanceof NoRoom)) throw error;
    if (!(await sentWithoutKeeping(error, count))) return;
  }
  note.question.saved();
  await nextNote(last);
}

// The device is full: the server takes it at once, or the text stays in the form.
async function sentWithoutKeeping(error, count) {
  notice.trouble(error.message);
  if (count > 0 || !error.record) return false;
  try {
    const stored = await sendDirectly(error.record);
    await kept.discard();
    receipt.show({ ...error.record, state: "sent", receipt: stored }, 0);
    notice.trouble("");
    return true;
  } catch {
    return false;
  }
}

async function nextNote(last) {
  empty(last);
  note.text.focus();
  window.scrollTo(0, 0);
  const { store, person } = await device;
  store.keep(`last-used:${person.id}`, last).catch(() => {});
  await showDraft(await kept.open());
}

function empty(last) {
  begun = false;
  place.forget();
  similar.clear();
  similarSoon.cancel();
  notice.draft(null);
  notice.problem("");
  note.clear(last);
}

// ── Drafts that come back ───────────────────────────────────────────────────
async function showDraft(record, { isNews = true } = {}) {
  if (record && (record.fields.text.trim() || record.photo_ids.length)) {
    begun = true;
    note.restore(record.fields);
    if (isNews) notice.draft(record, button("Discard", "trash-2", (event) => ask("Discard this draft?", event.currentTarget, discard), "quiet"));
  }
  await photos.show();
}

async function discard() {
  await saver.stop();
  const next = kept ? await kept.discard() : null;
  empty();
  await showDraft(next);
  note.text.focus();
  say("Discarded");
}

async function bringBack(how, id) {
  await saver.flush();
  await saver.stop();
  const record = await kept.bringBack(how, id);
  receipt.clear();
  empty();
  await showDraft(record, { isNews: false });
  note.text.focus();
  say("Your note is back in the form");
}

// ── From elsewhere: an address, another app, the page of waiting notes ──────
async function takeGiven(store) {
  const asked = given ?? (isNeutral && note.kit() ? fromAddress(location.search, note.kit()) : null);
  if (asked) note.add(asked);
  const query = new URLSearchParams(location.search);
  if (query.has("mend")) await bringBack("mend", query.get("mend"));
  if (query.has("shared")) await takeShared(store);
  if (location.search) history.replaceState(null, "", location.pathname);
}

async function takeShared(store) {
  const shared = await store.kept("shared");
  if (!shared) return;
  note.add({ text: sharedText(shared) });
  await saver.flush();
  await photos.take(shared.photos ?? []);
  await store.forget("shared");
}

// ── Beginning ───────────────────────────────────────────────────────────────
async function hydrate({ store, person }, kit) {
  const last = await store.kept(`last-used:${person.id}`);
  note.use(kit, last);
  if (!begun && last && note.isBlank() && !note.question.value()) note.clear(last);
}

async function begin() {
  const { store, person, queue, sender } = await device;
  const own = await keptKit(store);
  if (own?.person.id === person.id) await hydrate({ store, person }, own);
  const here = keptDraft({ queue, store });
  const draft = await here.open();
  const typed = note.text.value; // while the page opened
  kept = here; // not before: the draft would be written over
  await showDraft(draft);
  const isDraft = begun;
  if (typed && !given) note.add({ text: typed });
  place = placeSwitch(form.querySelector("[data-place-field]"), { store, person, found: (position) => {
    if (begun || !position) kept.setPlace(position);
    if (position) note.place.fromPlace(position);
  } });
  if (begun && !isDraft) place.captured(); // a draft has the place where it was begun, or none
  queue.subscribe(followReceipt(queue));
  sender.watch((ended) => { if (TELLING.includes(ended)) notice.signedOut(ended === "signed-out"); });
  return { store, person };
}

async function goOn({ store, person }) {
  if (note.kit()) await takeGiven(store);
  await refresh({ store, person });
}

function followReceipt(queue) {
  return async ({ note: id }) => {
    if (id !== receipt.id()) return;
    const record = (await queue.all()).find((one) => one.id === id);
    if (record) receipt.update(record);
  };
}

async function refresh({ store, person }) {
  const isFirst = !note.kit();
  try {
    const fresh = await refreshKit(store);
    notice.signedOut(false);
    if (fresh.person.id !== person.id) return location.reload(); // somebody else is signed in by now
    if (isFirst || fresh.as_of !== note.kit().as_of) await hydrate({ store, person }, fresh);
  } catch (error) {
    notice.signedOut(error instanceof SignedOut);
  }
  if (isFirst) await takeGiven(store);
}

// Nothing can be kept, or nobody is known yet: what the browser has is used as far as it goes.
function beginWithout(error) {
  if (error instanceof SignedOut) notice.signedOut(true);
  else notice.trouble(error instanceof NoStorage ? error.message : "This phone does not know yet who you are. Open this page once while there is a connection.");
  window.addEventListener("online", () => { if (note.isBlank()) location.reload(); });
  if (!(error instanceof NoStorage)) return;
  sendNow = sendsDirectly(form, { fields: note.fields, photos: () => inPage.files(), failed: (one) => notice.trouble(one.message) });
  const nowhere = { kept: async () => undefined, keep: async () => {} };
  refreshKit(nowhere).then((kit) => { note.use(kit); if (given) note.add(given); }).catch(() => {});
}

form.dataset.live = "yes";
form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation(); // app.js would hold the button
  save();
}, true);
form.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    save();
  } else if (event.altKey && /^Digit[1-4]$/.test(event.code)) {
    event.preventDefault();
    note.kind.pick(Number(event.code.at(-1)));
  } else if (event.key === "Enter" && event.target.matches("[role=combobox]")) event.preventDefault();
});
form.querySelector("[data-close]").addEventListener("click", async (event) => {
  if (!kept) return;
  const { href } = event.currentTarget;
  event.preventDefault();
  await saver.flush();
  location.href = href;
});
aboveKeyboard(document.querySelector(".capture-end"));
const beginning = begin();
beginning.then(goOn).catch(beginWithout);
