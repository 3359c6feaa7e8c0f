// The draft and its photos in the queue of the device, one step after the other: two at once would look to the queue
// like two pages that write the same draft.

export function keptDraft({ queue, store }) {
  let turn = Promise.resolve();
  let draftId = null;
  let place = null; // where it was written, until there is a draft to say it of

  function inTurn(work) {
    turn = turn.then(work, work);
    return turn;
  }

  function see(record) {
    draftId = record?.id ?? null;
    return record;
  }

  // Also a draft for which there is no room, which lives in the queue alone.
  async function seeWritten(writing) {
    try {
      return see(await writing);
    } catch (error) {
      if (error.record) see(error.record);
      throw error;
    }
  }

  async function sayPlace() {
    if (!place || !draftId) return;
    await queue.setPlace(draftId, place);
    place = null;
  }

  return {
    open: () => inTurn(async () => {
      place = null;
      return see(await queue.draft());
    }),
    keep: (fields) => inTurn(async () => {
      await seeWritten(queue.keepDraft(fields()));
      await sayPlace();
    }),
    save: (fields) => inTurn(async () => {
      await sayPlace();
      const record = await seeWritten(queue.save(fields));
      draftId = null;
      place = null;
      return record;
    }),
    bringBack: (how, id) => inTurn(async () => see(await queue[how](id))),
    discard: () => inTurn(async () => {
      if (draftId) await queue.discard(draftId);
      return see(await queue.draft());
    }),
    // Taken back when the person no longer wants it to be known.
    setPlace: (position) => inTurn(async () => {
      place = position;
      if (position) return sayPlace();
      if (!draftId) return undefined;
      return store.change(async ({ notes }) => {
        const record = await notes.get(draftId);
        if (record?.state === "draft") await notes.put({ ...record, latitude: null, longitude: null });
      });
    }),
    photos: {
      list: () => inTurn(async () => (draftId ? queue.photos(draftId) : [])).then((photos) => photos.map((one) => ({
        id: one.id, blob: new Blob([one.bytes], { type: one.type }),
      }))),
      add: (file) => inTurn(async () => {
        const { note_id: noteId } = await queue.addPhoto(file);
        draftId = noteId;
      }),
      remove: (id) => inTurn(() => queue.removePhoto(id)),
    },
  };
}
