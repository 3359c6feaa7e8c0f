// The file that takes what a device has not sent yet to the server by another way.
import { notePost } from "./note_post.js";

const SLICE = 0x8000; // bytes at a time: a call takes only so many arguments

function base64(bytes) {
  const all = new Uint8Array(bytes);
  let text = "";
  for (let start = 0; start < all.length; start += SLICE) text += String.fromCharCode(...all.subarray(start, start + SLICE));
  return btoa(text);
}

// Whether anything of it is on this device alone. A note that was undone is not: its text is in another one.
function isWaiting({ record, photos }) {
  if (record.undone) return false;
  return record.state === "sent" ? photos.some((photo) => photo.state !== "sent") : Boolean(record.fields.text.trim());
}

function entry({ record, photos }) {
  const unsent = photos.filter((photo) => photo.bytes && photo.state !== "sent");
  return {
    note: notePost(record),
    state: record.state,
    photos: unsent.map(({ id, sha256, size, bytes }) => ({ id, sha256, size, data: base64(bytes) })),
  };
}

// `notes` are {record, photos}, the photos with their bytes.
export function waitingFile({ person, notes, now }) {
  return {
    format: "field-insights/waiting-notes",
    version: 1,
    exported_at: new Date(now).toISOString(),
    person,
    notes: notes.filter(isWaiting).map(entry),
  };
}
