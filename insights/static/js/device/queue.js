// The notes of one person on this device: the one that is being written, and those on their way to the server.
// What the sender does with them is in outbox.js.
import { Changes } from "./changes.js";
import { prepared, sha256 } from "./photos.js";
import { Shelf, forgetNote, forgetPhoto } from "./shelf.js";
import * as states from "./states.js";
import { NoRoom } from "./store.js";
import { uuid7 } from "./uuid.js";
import { waitingFile } from "./waiting_file.js";

const CHANNEL = "field-insights-queue";

const channelOfTabs = () => (globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null);

class Queue {
  #now;
  #uuid;
  #prepare;
  #shelf;
  #unkept = null; // the draft for which there was no room; it lives as long as this page
  #seen = null; // which version of the draft this page shows: {id, edits}
  #elsewhere = new Set(); // ids of the notes that other tabs have been writing since this page was opened

  constructor(store, person, { now, uuid, channel, prepare }) {
    this.store = store;
    this.person = person;
    this.changes = new Changes(channel, person.id);
    this.#now = now;
    this.#uuid = uuid;
    this.#prepare = prepare;
    this.#shelf = new Shelf(person.id, uuid);
    this.changes.subscribe(({ what, note, elsewhere }) => { if (elsewhere && what === "edited") this.#elsewhere.add(note); });
  }

  now() { return this.#now(); }
  subscribe(listener) { return this.changes.subscribe(listener); }
  close() { this.changes.close(); }

  // ── Writing ───────────────────────────────────────────────────────────────
  // The note that is being written, or null; what another tab is writing belongs to that tab.
  async draft() {
    const found = this.#unkept ?? await this.store.read((tables) => this.#shelf.draft(tables));
    const record = found && !this.#elsewhere.has(found.id) ? found : null;
    this.#see(record);
    return record;
  }

  // Keeps what is written. Time of capture and id are those of the first letter. A draft that this page has not asked
  // for, or that another tab has changed meanwhile, is put aside, not written over. Throws NoRoom, with the note as
  // `record`: it is kept in memory then, and the next call tries again.
  keepDraft(fields) {
    return this.#write("edited", async (tables) => {
      const record = await this.#draftOfThisPage(tables);
      if (!record && !fields.text?.trim()) return null;
      return states.edited(this.#begun(record ?? this.#newDraft(), fields), fields);
    });
  }

  // The draft begins to wait for its turn; one that was put aside becomes the draft. Throws NoRoom as keepDraft
  // does; the record can then be sent without being kept (sendDirectly in sender.js).
  async save(fields = {}) {
    const record = await this.#write("saved", async (tables) => {
      const draft = this.#begun(await this.#draftOfThisPage(tables) ?? this.#newDraft(), fields);
      return states.saved(states.edited(draft, fields), await this.#shelf.nextNumber(tables));
    }, (tables) => this.#shelf.reopenParked(tables));
    this.#see(null);
    return record;
  }

  // Where it was captured; said once, and only while it is written.
  async setPlace(noteId, { latitude, longitude }) {
    const isFirst = (record) => record.state === "draft" && record.latitude === null;
    const placed = (record) => (isFirst(record) ? { ...record, latitude, longitude } : record);
    if (this.#unkept?.id === noteId) this.#unkept = placed(this.#unkept);
    const record = await this.store.change(async (tables) => {
      const current = await this.#shelf.note(tables, noteId);
      if (current) await tables.notes.put(placed(current));
      return current;
    });
    if (record) this.changes.announce("edited", noteId);
  }

  // Makes the photo small and keeps it with the draft; returns it as `photos` does. Throws NoPhoto and NoRoom: the
  // note is then as it was before.
  async addPhoto(file) {
    const { blob, width, height } = await this.#prepare(file);
    const bytes = await blob.arrayBuffer();
    const about = { id: this.#uuid(), personId: this.person.id, type: blob.type, name: file.name ?? "", width, height };
    const content = { size: bytes.byteLength, sha256: await sha256(bytes) };
    const before = this.#unkept;
    let photo;
    await this.#write("edited", async (tables) => {
      const record = await this.#draftOfThisPage(tables) ?? this.#newDraft();
      photo = states.newPhoto({ ...about, ...content, noteId: record.id });
      await tables.photos.put(photo);
      await tables.bytes.put(bytes, photo.id);
      return states.edited({ ...record, photo_ids: [...record.photo_ids, photo.id] }, {});
    }).catch((error) => {
      this.#unkept = before;
      throw error;
    });
    return { ...photo, bytes };
  }

  // Of a draft, or one that the server has refused.
  removePhoto(photoId) {
    return this.#withPhoto(photoId, "edited", async (tables, record, photo) => {
      if (record.state !== "draft" && photo.state !== "needs-a-look") return record.photo_ids;
      await forgetPhoto(tables, photoId);
      return record.photo_ids.filter((one) => one !== photoId);
    });
  }

  // A refused photo once more, under a new id: the server has done with the old one.
  retryPhoto(photoId) {
    return this.#withPhoto(photoId, "saved", async (tables, record, photo) => {
      if (photo.state !== "needs-a-look") return record.photo_ids;
      const [id] = await this.#shelf.movePhotos(tables, [photo], record.id);
      return record.photo_ids.map((one) => (one === photoId ? id : one));
    });
  }

  // The photos of a note with their `bytes` (ArrayBuffer; undefined once they are gone), in the order of adding.
  photos(noteId) {
    return this.store.read(async (tables) => {
      const record = await this.#shelf.note(tables, noteId);
      return record ? this.#photosWithBytes(tables, record) : [];
    });
  }

  // ── Having it back ────────────────────────────────────────────────────────
  // Brings a saved note back as the draft, with its time and place. What may have reached the server is withdrawn
  // there by the sender. A draft with something in it is put aside until this one is saved. Returns the draft.
  undo(noteId) {
    return this.#bringBack(noteId, "undone", async (tables, record) => {
      if (record.undone && record.state === "needs-a-look") await tables.notes.put(states.undone(record));
      if (record.undone) return;
      if (record.state === "needs-a-look") await this.#shelf.mend(tables, record);
      if (states.isOpen(record) || record.state === "sent") await this.#shelf.undo(tables, record);
    });
  }

  // Brings a note that the server has refused back as the draft, as undo does.
  mend(noteId) {
    return this.#bringBack(noteId, "edited", async (tables, record) => {
      if (record.state === "needs-a-look" && !record.undone) await this.#shelf.mend(tables, record);
    });
  }

  // Deletes a note and its photos from this device, whatever its state.
  async discard(noteId) {
    await this.store.change(async (tables) => {
      if (!await this.#shelf.note(tables, noteId)) return;
      await forgetNote(tables, noteId);
      await this.#shelf.reopenParked(tables);
    });
    if (this.#unkept?.id === noteId) this.#unkept = null;
    if (this.#seen?.id === noteId) this.#see(null);
    this.changes.announce("discarded", noteId);
  }

  // ── Looking ───────────────────────────────────────────────────────────────
  // Every note of the person in the order in which they were saved, each with `photos` (without their bytes) and
  // `shown`, its state together with theirs.
  async all() {
    const { records, photos } = await this.store.read(async (tables) => ({
      records: await this.#shelf.all(tables), photos: await tables.photos.getAll(),
    }));
    return records.map((record) => {
      const own = photos.filter((photo) => record.photo_ids.includes(photo.id));
      return { ...record, photos: own, shown: states.combined(record, own) };
    });
  }

  // How many are in each state, without those that were undone; `unsent` are those that were saved and are not, or
  // not wholly, at the server.
  async counts() {
    const counts = { draft: 0, parked: 0, waiting: 0, sending: 0, sent: 0, "needs-a-look": 0 };
    for (const record of await this.all()) if (!record.undone) counts[record.shown] += 1;
    return { ...counts, unsent: counts.waiting + counts.sending + counts["needs-a-look"] };
  }

  // All that is on this device alone, as a file that the server can import.
  async exported() {
    const notes = await this.store.read(async (tables) => {
      const found = [];
      for (const record of await this.#shelf.all(tables)) {
        found.push({ record, photos: await this.#photosWithBytes(tables, record) });
      }
      return found;
    });
    return waitingFile({ person: this.person, notes, now: this.#now() });
  }

  // ── Inside ────────────────────────────────────────────────────────────────
  #newDraft() {
    return states.newDraft({ id: this.#uuid(), personId: this.person.id, capturedAt: states.iso(this.#now()) });
  }

  // A box that was emptied and never saved begins anew with its next first letter.
  #begun(record, fields) {
    const anew = record.sequence === null && record.edits > 0 && states.isBlank(record) && fields.text?.trim();
    return anew ? { ...record, captured_at: states.iso(this.#now()), latitude: null, longitude: null } : record;
  }

  // The draft that this page may write on. One that it has not seen belongs to another tab, and is put aside; its own,
  // which the other tab has put aside, comes back for it.
  async #draftOfThisPage(tables) {
    if (this.#unkept) return this.#unkept;
    const record = await this.#shelf.draft(tables);
    if (record && this.#isSeen(record)) return record;
    await this.#shelf.clearTable(tables);
    const own = this.#seen && await this.#shelf.note(tables, this.#seen.id);
    return own?.state === "parked" && this.#isSeen(own) ? states.reopened(own) : null;
  }

  async #write(what, make, afterwards = () => {}) {
    let record = null;
    try {
      await this.store.change(async (tables) => {
        record = await make(tables);
        if (record) await tables.notes.put(record);
        await afterwards(tables);
      });
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      this.#unkept = record && { ...record, state: "draft" };
      throw new NoRoom(error.cause, record);
    }
    this.#unkept = null;
    this.#see(record);
    if (record) this.changes.announce(what, record.id);
    return record;
  }

  async #withPhoto(photoId, what, work) {
    const record = await this.store.change(async (tables) => {
      const photo = await tables.photos.get(photoId);
      const current = photo && await this.#shelf.note(tables, photo.note_id);
      if (!current) return null;
      const next = { ...current, photo_ids: await work(tables, current, photo), edits: current.edits + 1 };
      await tables.notes.put(next);
      return next;
    });
    if (record?.state === "draft") this.#see(record);
    if (record) this.changes.announce(what, record.id);
  }

  async #bringBack(noteId, what, work) {
    const draft = await this.store.change(async (tables) => {
      const record = await this.#shelf.note(tables, noteId);
      if (record) await work(tables, record);
      return this.#shelf.draft(tables);
    });
    this.#see(draft);
    this.changes.announce(what, noteId);
    return draft;
  }

  async #photosWithBytes(tables, record) {
    const found = [];
    for (const id of record.photo_ids) {
      const photo = await tables.photos.get(id);
      if (photo) found.push({ ...photo, bytes: await tables.bytes.get(id) });
    }
    return found;
  }

  #isSeen({ id, edits }) { return id === this.#seen?.id && edits === this.#seen.edits; }
  #see(record) { this.#seen = record ? { id: record.id, edits: record.edits } : null; }
}

// `person` is {id, name}; `now` gives milliseconds. `channel` null: other tabs are not told.
export function openQueue(store, person, options = {}) {
  const { now = Date.now, uuid = uuid7, channel = channelOfTabs(), prepare = prepared } = options;
  return new Queue(store, { ...person, id: Number(person.id) }, { now, uuid, channel, prepare });
}
