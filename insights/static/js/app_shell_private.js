// What a device keeps for one person to read, and how it is removed. The notes that are not sent yet are no part of
// it: they stay until they are sent, and the queue shows and sends them for the person who wrote them alone.
import { forgetNote } from "./device/shelf.js";
import { combined } from "./device/states.js";

const PATIENCE = 2000; // milliseconds for the worker

const UNSENT = ["waiting", "sending", "needs-a-look"];
const NUMBERING = "sequence"; // of the queue: what it has numbered stays in its order

// [note, state] of all notes on this device; a note whose photos are on their way waits with them.
async function notesWithState({ notes, photos }) {
  const [all, pictures] = [await notes.getAll(), await photos.getAll()];
  return all.map((note) => [note, combined(note, pictures.filter((one) => one.note_id === note.id))]);
}

// How many notes of the person this device has not sent yet.
export async function countUnsent(store, person) {
  const notes = await store.read(notesWithState);
  return notes.filter(([note, state]) => String(note.person_id) === person && UNSENT.includes(state)).length;
}

// Somebody else was signed in before: nothing of theirs may be read.
export async function forgetOthers(store, person) {
  const owner = (await store.kept("kit"))?.kit?.person?.id;
  if (owner !== undefined && String(owner) !== person) await forgetAll(store);
}

// Not by the header Clear-Site-Data, which would remove the unsent notes as well.
export async function forgetAll(store) {
  await store.change(async (tables) => {
    for (const [note, state] of await notesWithState(tables)) {
      if (state === "sent") await forgetNote(tables, note.id);
    }
    for (const name of await tables.kept.getAllKeys()) {
      if (name !== NUMBERING) await tables.kept.delete(name);
    }
  });
  await forgetPages(); // may take a while, and the worker finds by itself that they are somebody else's
}

// The worker may be keeping a page at this moment, so it is the one that removes them.
async function forgetPages() {
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!worker) return;
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    setTimeout(resolve, PATIENCE);
    worker.postMessage({ deed: "forget" }, [port2]);
  });
}
