// Steps of the queue inside a transaction of the store: each takes the tables, and waits for nothing else.
import * as states from "./states.js";

const TAKEN = 409; // the id belongs to another note: what is mended needs a new one

const byNumber = (one, other) => (one.sequence ?? Infinity) - (other.sequence ?? Infinity) || (one.id < other.id ? -1 : 1);

export async function forgetPhoto({ photos, bytes }, id) {
  await photos.delete(id);
  await bytes.delete(id);
}

// A note with its photos.
export async function forgetNote(tables, id) {
  await tables.notes.delete(id);
  for (const photo of await tables.photos.index("note_id").getAllKeys(id)) await forgetPhoto(tables, photo);
}

// The notes of one person.
export class Shelf {
  constructor(personId, uuid) {
    this.personId = personId;
    this.uuid = uuid;
  }

  // In the order in which they were saved; what was not saved comes last.
  async all({ notes }) {
    return (await notes.getAll()).filter((one) => one.person_id === this.personId).sort(byNumber);
  }

  async note({ notes }, id) {
    const record = await notes.get(id);
    return record?.person_id === this.personId ? record : null;
  }

  async draft(tables) {
    return (await this.all(tables)).find((one) => one.state === "draft") ?? null;
  }

  photosOf({ photos }, noteId) { return photos.index("note_id").getAll(noteId); }

  async nextNumber({ kept }) {
    const number = (await kept.get("sequence") ?? 0) + 1;
    await kept.put(number, "sequence");
    return number;
  }

  // Makes room for another draft: what is there is put aside, or forgotten when there is nothing in it.
  async clearTable(tables) {
    const record = await this.draft(tables);
    if (!record) return;
    if (states.isBlank(record) && record.sequence === null) await tables.notes.delete(record.id);
    else await tables.notes.put(states.parked(record, await this.nextNumber(tables)));
  }

  // What was put aside last comes back, when nothing else is being written.
  async reopenParked(tables) {
    const records = await this.all(tables);
    if (records.some((one) => one.state === "draft")) return;
    const [last] = records.filter((one) => one.state === "parked").sort((one, other) => other.parked - one.parked);
    if (last) await tables.notes.put(states.reopened(last));
  }

  // Brings a saved note back as the draft, under a new id. Where the old one may have arrived, it stays to be
  // withdrawn.
  async undo(tables, record) {
    const draft = await this.#underNewId(tables, record);
    if (!states.neverTried(record)) await tables.notes.put(states.undone(record));
    return draft;
  }

  // Brings a refused note back as the draft. Its id stays when the server has surely stored nothing under it: after
  // several attempts an earlier one may have arrived, and under a taken id there is another note.
  async mend(tables, record) {
    if (record.problem?.status === TAKEN) return this.#underNewId(tables, record);
    if (record.attempts > 1) return this.undo(tables, record);
    return this.#putDraft(tables, states.asDraft(record, { id: record.id, photoIds: record.photo_ids }));
  }

  async #underNewId(tables, record) {
    const id = this.uuid();
    const photoIds = await this.movePhotos(tables, await this.photosOf(tables, record.id), id);
    await tables.notes.delete(record.id);
    return this.#putDraft(tables, states.asDraft(record, { id, photoIds }));
  }

  async #putDraft(tables, draft) {
    await this.clearTable(tables);
    await tables.notes.put(draft);
    return draft;
  }

  // Under new ids, because the server may know the old ones. Those whose bytes are gone stay where they are.
  async movePhotos(tables, photos, noteId) {
    const moved = [];
    for (const photo of photos.filter((one) => one.kept)) {
      const id = this.uuid();
      await tables.bytes.put(await tables.bytes.get(photo.id), id);
      await tables.photos.put(states.movedPhoto(photo, id, noteId));
      await forgetPhoto(tables, photo.id);
      moved.push(id);
    }
    return moved;
  }
}
