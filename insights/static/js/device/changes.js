// Tells the other parts of a page, and the other tabs, what has changed in the queue.

export class Changes {
  #channel;
  #personId;
  #listeners = new Set();

  // `channel` is a BroadcastChannel of its own, or null. What concerns another person is not told.
  constructor(channel, personId) {
    this.#channel = channel;
    this.#personId = personId;
    channel?.addEventListener("message", (event) => this.#tell({ ...event.data, elsewhere: true }));
    channel?.unref?.(); // node would wait for it
  }

  // `what` has happened to the note: "edited", "saved", "undone", "discarded", "sending", "sent", "postponed" or
  // "refused". Listeners get {what, person, note}, of another tab with `elsewhere`.
  announce(what, note) {
    const change = { what, person: this.#personId, note };
    this.#tell(change);
    this.#channel?.postMessage(change);
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close() {
    this.#channel?.close();
    this.#listeners.clear();
  }

  #tell(change) {
    if (change.person !== this.#personId) return;
    for (const listener of this.#listeners) listener(change);
  }
}
