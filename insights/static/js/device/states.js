// A note on the device and how it goes from one state to the next. Nothing here is stored or sent.
//
//   draft ⇄ parked            the one note that is being written; others that were put aside for it
//   draft → waiting           saved
//   waiting ⇄ sending         an attempt; `sending` that nobody attends to is an attempt whose end was not seen
//   sending → sent            the server's note is in `receipt`
//   sending → needs-a-look    the server has refused it; `problem` says why
//   needs-a-look → draft      mended
//
// A photo is waiting, sent or needs-a-look by itself. A note counts as sent once its text is; `combined` tells how
// it is with its photos.

import { isOver } from "./backoff.js";

export const BLANK = Object.freeze({
  text: "", kind: null, territory: null, segments: [], competitors: [], products: [], dismissed: [],
  account: null, account_name: "", known: "first-hand", impact: "normal", sealed: false, acknowledged: [],
  question: null, question_text: "",
});
export const iso = (milliseconds) => new Date(milliseconds).toISOString();
const AT_ONCE = { not_before: null, wait: 0, asked_to_wait: false };

export function newDraft({ id, personId, capturedAt }) {
  return {
    id, person_id: personId, state: "draft", fields: { ...BLANK }, captured_at: capturedAt, latitude: null, longitude: null,
    sequence: null, edits: 0, attempts: 0, ...AT_ONCE, problem: null, receipt: null, undone: false, photo_ids: [], sent_at: null,
  };
}

// `kept`: its bytes are still on this device.
export function newPhoto({ id, noteId, personId, type, name, size, sha256, width, height }) {
  return {
    id, note_id: noteId, person_id: personId, state: "waiting", type, name, size, sha256, width, height, kept: true,
    attempts: 0, ...AT_ONCE, problem: null, sent_at: null,
  };
}

// The same picture under another id, or for another note.
export const movedPhoto = (photo, id, noteId) => newPhoto({ ...photo, id, noteId, personId: photo.person_id });

export const isBlank = (record) => !record.fields.text.trim() && record.photo_ids.length === 0;

// ── What the person does ────────────────────────────────────────────────────
export function edited(record, fields) {
  return { ...record, fields: { ...record.fields, ...fields }, edits: record.edits + 1 };
}

// The place in the order is that of the first time, also when it comes back to be mended.
export function saved(record, sequence) {
  return { ...record, state: "waiting", sequence: record.sequence ?? sequence, attempts: 0, ...AT_ONCE, problem: null };
}

// Put aside; the one that was put aside last comes back first.
export const parked = (record, order) => ({ ...record, state: "parked", parked: order });
export const reopened = (record) => ({ ...record, state: "draft" });

// Text, time and place as a draft. The id stays only where the server has said that it has stored nothing under it.
export function asDraft(record, { id, photoIds }) {
  return {
    ...record, id, state: "draft", edits: record.edits + 1, attempts: 0, ...AT_ONCE, problem: null, receipt: null,
    undone: false, photo_ids: photoIds, sent_at: null,
  };
}

// It may have arrived: it will be sent, which does no harm, and then withdrawn.
export function undone(record) {
  return { ...record, state: "waiting", undone: true, photo_ids: [], attempts: 0, ...AT_ONCE, problem: null };
}

export const neverTried = (record) => record.state === "waiting" && record.attempts === 0 && !record.receipt;

// ── What the sender does ────────────────────────────────────────────────────
export const isOpen = (record) => record.state === "waiting" || record.state === "sending";
export const isDue = (record, now) => record.state === "sending" || (record.state === "waiting" && isOver(record, now));

export function claimed(record) {
  return { ...record, state: "sending", attempts: record.attempts + 1, ...AT_ONCE };
}

export function postponed(record, { wait, asked, now }) {
  return { ...record, state: "waiting", not_before: wait ? now + wait : null, wait, asked_to_wait: asked };
}

// A connection that is back ends every wait but those that the server has asked for.
export const hurried = (record) => (record.asked_to_wait ? record : { ...record, ...AT_ONCE });

export function arrived(record, receipt, now) {
  const withdrawing = record.undone && !receipt.withdrawn_at;
  const sent = { ...record, receipt, problem: null, ...AT_ONCE, sent_at: record.sent_at ?? iso(now) };
  return { ...sent, state: withdrawing ? "waiting" : "sent" };
}

export const photoArrived = (photo, now) => ({ ...photo, state: "sent", problem: null, ...AT_ONCE, sent_at: iso(now) });

// Only of a note without receipt, or of one that cannot be withdrawn.
export const refused = (record, problem) => ({ ...record, state: "needs-a-look", problem, ...AT_ONCE });

// ── A note with its photos ──────────────────────────────────────────────────
// The state of a note that is sent follows its photos: one that was refused makes it need a look, one that is on
// its way makes it wait.
export function combined(record, photos) {
  if (record.state !== "sent") return record.state;
  if (photos.some((photo) => photo.state === "needs-a-look")) return "needs-a-look";
  return photos.some(isOpen) ? "waiting" : "sent";
}
