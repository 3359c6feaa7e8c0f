// What the sender does with the queue: takes what is due, and writes down what became of it. Each step is one
// transaction, so that an app that is closed between two of them finds its way.
import { pauseAsked } from "./backoff.js";
import { forgetNote } from "./shelf.js";
import * as states from "./states.js";

const RECEIPTS = 20; // sent notes that stay to be looked at
const UNDO_TIME = 60_000; // how long the bytes of a sent photo stay, for a note that is undone

export class Outbox {
  constructor(queue, random = Math.random) {
    this.queue = queue;
    this.store = queue.store;
    this.random = random;
  }

  // What is due next, as {table, id}: the texts of all notes, the oldest first, then their photos. Null when nothing is.
  async next() {
    const { notes, photos } = await this.#open();
    const due = (one) => states.isDue(one, this.queue.now());
    const note = notes.find(due);
    if (note) return { table: "notes", id: note.id };
    const photo = photos.find(due);
    return photo ? { table: "photos", id: photo.id } : null;
  }

  // Milliseconds until something will be due; null when nothing waits.
  async untilNext() {
    const { notes, photos } = await this.#open();
    const now = this.queue.now();
    const waits = [...notes, ...photos].map((one) => (states.isDue(one, now) ? 0 : one.not_before - now));
    return waits.length ? Math.min(...waits) : null;
  }

  // Ends the waits that the server has not asked for: the connection is back, or the person looks.
  hurry() {
    return this.store.change(async (tables) => {
      for (const name of ["notes", "photos"]) {
        const waiting = (await tables[name].getAll()).filter((one) => this.#isMine(one) && one.not_before !== null);
        for (const one of waiting) await tables[name].put(states.hurried(one));
      }
    });
  }

  // The record as it is now, marked as being sent; a photo with its bytes. Null when it is not to be sent any more.
  async claim(table, id) {
    const record = await this.#step(table, id, "sending", states.claimed);
    if (!record || table === "notes") return record;
    return { ...record, bytes: await this.store.get("bytes", id) };
  }

  noteArrived(id, receipt) {
    return this.#step("notes", id, "sent", (one) => states.arrived(one, receipt, this.queue.now()));
  }

  photoArrived(id) {
    return this.#step("photos", id, "sent", (one) => states.photoArrived(one, this.queue.now()));
  }

  // It is tried again, after a while that grows; at once when nothing was wrong with it.
  postponed(table, id, { retryAfter = null, atOnce = false } = {}) {
    return this.#step(table, id, "postponed", (one) => {
      const wait = atOnce ? 0 : pauseAsked(one.attempts, retryAfter, this.random);
      return states.postponed(one, { wait, asked: retryAfter !== null, now: this.queue.now() });
    });
  }

  // A note that was undone and never stored is done with: its text is in the draft.
  refused(table, id, problem) {
    return this.#step(table, id, "refused", (one) => (one.undone && !one.receipt ? null : states.refused(one, problem)));
  }

  // Lets the bytes of sent photos go, those that belong to no photo, and all but the last receipts.
  tidy() {
    return this.store.change(async (tables) => {
      const photos = (await tables.photos.getAll()).filter((one) => this.#isMine(one));
      for (const photo of photos.filter((one) => one.kept && this.#isDoneWith(one))) {
        await tables.bytes.delete(photo.id);
        await tables.photos.put({ ...photo, kept: false });
      }
      const known = await tables.photos.getAllKeys();
      for (const id of await tables.bytes.getAllKeys()) if (!known.includes(id)) await tables.bytes.delete(id);
      const ofNote = (id) => photos.filter((photo) => photo.note_id === id);
      const sent = (await this.#inOrder(tables)).filter((one) => states.combined(one, ofNote(one.id)) === "sent");
      for (const note of sent.slice(0, -RECEIPTS)) {
        await forgetNote(tables, note.id);
      }
    });
  }

  // A clock that was moved must not keep them for ever.
  #isDoneWith(photo) {
    return photo.state === "sent" && Math.abs(this.queue.now() - Date.parse(photo.sent_at)) >= UNDO_TIME;
  }

  // Changes what is still to be sent; null takes it away. The person may have done something with it meanwhile.
  async #step(table, id, what, change) {
    const current = await this.store.change(async (tables) => {
      const one = await tables[table].get(id);
      if (!one || !states.isOpen(one)) return null;
      const next = change(one);
      if (next) await tables[table].put(next);
      else await tables[table].delete(id);
      return next ?? one;
    });
    if (current) this.#announce(what, current.note_id ?? id);
    return current;
  }

  // What is to be sent: photos only of notes that are at the server.
  #open() {
    return this.store.read(async (tables) => {
      const notes = await this.#inOrder(tables);
      const ids = notes.filter((one) => one.state === "sent" && !one.undone).flatMap((one) => one.photo_ids);
      const photos = await Promise.all(ids.map((id) => tables.photos.get(id)));
      return { notes: notes.filter(states.isOpen), photos: photos.filter((one) => one && states.isOpen(one)) };
    });
  }

  async #inOrder({ notes }) {
    const records = (await notes.getAll()).filter((one) => this.#isMine(one) && one.sequence !== null);
    return records.sort((one, other) => one.sequence - other.sequence);
  }

  #isMine(one) { return one.person_id === this.queue.person.id; }
  #announce(what, noteId) { this.queue.changes.announce(what, noteId); }
}
