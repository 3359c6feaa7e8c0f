// How one note and one photo get to the server. Each can be repeated at any point: the server knows them by their id.
import { notePost } from "./note_post.js";
import { Offline, Refused } from "./session.js";

const NOTES = "/api/v1/notes";
const PHOTOS = "/api/v1/photos";
const REASON = "Undone by its author";
const PIECE = 128 * 1024; // bytes: what a bad connection takes within the time below
const TIME_FOR_A_PIECE = 60_000; // milliseconds
const MOST_CORRECTIONS = 3; // of the place in a photo, before it is left for the next attempt

// The server's note. One that was undone is stored first and withdrawn next, which are two deliveries.
export async function deliverNote(record, send) {
  const { json } = record.undone && record.receipt
    ? await send(`${NOTES}/${record.id}/withdraw`, { method: "POST", json: { reason: REASON } })
    : await send(NOTES, { method: "POST", json: notePost(record) });
  if (json.id !== record.id) throw new Offline("The answer was about something else.");
  return json;
}

// Announces the photo and sends what the server does not have yet. Throws Refused when it does not take it.
export async function deliverPhoto(photo, send) {
  const { id, size, sha256 } = photo;
  if (!photo.bytes) throw new Refused({ status: 410, detail: "The photo is no longer on this device.", errors: {} });
  let { json: known } = await send(`${NOTES}/${photo.note_id}/photos`, { method: "POST", json: { id, size, sha256 } });
  let corrections = 0;
  while (known.state === "uploading") {
    const from = known.received;
    if (from >= size || corrections > MOST_CORRECTIONS) throw new Offline("The photo does not get on.");
    known = await sendPiece(photo, from, send);
    if (known.received <= from) corrections += 1;
  }
  if (known.state === "refused") throw new Refused({ status: 422, detail: known.refusal, errors: {} });
}

async function sendPiece(photo, from, send) {
  try {
    const { json } = await send(`${PHOTOS}/${photo.id}`, {
      method: "PATCH",
      body: photo.bytes.slice(from, from + PIECE),
      headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) },
      timeout: TIME_FOR_A_PIECE,
    });
    return json;
  } catch (error) {
    // An answer was lost on the way: the server is elsewhere than we think, and says where.
    if (error instanceof Refused && error.problem.status === 409 && error.headers.has("Upload-Offset")) {
      return (await send(`${PHOTOS}/${photo.id}`)).json;
    }
    throw error;
  }
}
