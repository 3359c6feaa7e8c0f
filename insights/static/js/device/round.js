// One round over everything that is due: one thing at a time, the oldest first, texts before photos. What fails by
// itself waits by itself and keeps nothing else from being sent.
import { deliverNote, deliverPhoto } from "./delivery.js";
import { Outbox } from "./outbox.js";
import { Refused, SignedOut, request, session } from "./session.js";

const OUTDATED = 400; // among other things: the form token belongs to an earlier sign-in
const TOO_MANY = 429;

// `run` returns how it ended: "done"; "signed-out" when nobody or somebody else is signed in; or the error that concerns
// the whole connection (Offline, Unavailable).
export class Round {
  constructor(queue, { fetch, random, timeout }) {
    this.outbox = new Outbox(queue, random);
    this.person = queue.person;
    this.reach = { fetch, timeout };
    this.as = null;
  }

  async run() {
    const ended = await this.#signIn();
    if (ended) return ended;
    try {
      return await this.#sendAll();
    } finally {
      await this.outbox.tidy();
    }
  }

  async #sendAll() {
    for (let next = await this.outbox.next(); next; next = await this.outbox.next()) {
      const ended = await this.#sendOne(next);
      if (ended) return ended;
    }
    return "done";
  }

  async #signIn() {
    try {
      this.as = await session(this.reach);
      return this.as.person.id === this.person.id ? null : "signed-out";
    } catch (error) {
      return error instanceof SignedOut ? "signed-out" : error;
    }
  }

  async #sendOne({ table, id }) {
    const record = await this.outbox.claim(table, id);
    if (!record) return null;
    try {
      await (table === "notes" ? this.#sendNote(record) : this.#sendPhoto(record));
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) return this.#afterFailure(table, id, error);
      await this.outbox.refused(table, id, error.problem);
      return null;
    }
  }

  async #sendNote(record) {
    await this.outbox.noteArrived(record.id, await this.#deliver(deliverNote, record));
  }

  async #sendPhoto(photo) {
    await this.#deliver(deliverPhoto, photo);
    await this.outbox.photoArrived(photo.id);
  }

  #send = (path, options) => request(path, { ...this.reach, ...options, as: this.as });

  // After a new sign-in it is asked once more with the new form token.
  async #deliver(deliver, record) {
    try {
      return await deliver(record, this.#send);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status !== OUTDATED) throw error;
      const before = this.as.csrfToken;
      this.as = await session(this.reach);
      if (this.as.csrfToken === before || this.as.person.id !== this.person.id) throw error;
      return deliver(record, this.#send);
    }
  }

  // Tells what concerns this one from what concerns the whole connection, by asking for the session again.
  async #afterFailure(table, id, error) {
    if (error instanceof SignedOut) {
      await this.outbox.postponed(table, id, { atOnce: true });
      return "signed-out";
    }
    await this.outbox.postponed(table, id, { retryAfter: error.retryAfter ?? null });
    return error.status === TOO_MANY ? error : this.#signIn();
  }
}
