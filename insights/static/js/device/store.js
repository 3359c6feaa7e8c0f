// What this device keeps, in IndexedDB: notes, their photos, and small things under a name. Every change is one
// transaction, written through to the disk before it counts as done.
import { wrap } from "../../vendor/idb.js";

const VERSION = 1;
const TABLES = ["notes", "photos", "bytes", "kept"];
const OPENING = 10_000; // milliseconds; some browsers never answer instead of refusing

// The browser keeps nothing (private mode, storage switched off): notes have to be sent at once.
export class NoStorage extends Error {
  constructor(cause) {
    super("This browser keeps nothing on this device, so a note has to be sent before the page is closed.", { cause });
    this.name = "NoStorage";
  }
}

// The device is full. Nothing of the change was written, and what was kept before is still there. `record` is the
// note that could not be kept, when it was one.
export class NoRoom extends Error {
  constructor(cause, record = null) {
    const words = "There is no room left on this device. Delete something on it, then try again; leave this page open until then.";
    super(words, { cause });
    this.name = "NoRoom";
    this.record = record;
  }
}

function makeTables(database) {
  database.createObjectStore("notes", { keyPath: "id" });
  database.createObjectStore("photos", { keyPath: "id" }).createIndex("note_id", "note_id");
  database.createObjectStore("bytes"); // of the photos, by their id: apart, so that a list of photos is light
  database.createObjectStore("kept");
}

function opened(name, indexedDB) {
  let timer;
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, VERSION);
    request.onupgradeneeded = () => makeTables(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
    timer = setTimeout(() => reject(new Error("no answer")), OPENING);
  }).finally(() => clearTimeout(timer));
}

// Some browsers say it of the write, some of the whole transaction.
function inWords(error, transaction) {
  const full = [error, transaction.error].find((one) => one?.name === "QuotaExceededError");
  return full ? new NoRoom(full) : error;
}

class Store {
  #open;
  #connection = null;

  constructor(open) {
    this.#open = open;
  }

  async connect() {
    this.#connection ??= this.#open();
    try {
      const database = await this.#connection;
      database.onversionchange = () => this.close(); // a newer release in another tab waits for it
      database.onclose = () => { this.#connection = null; };
      return database;
    } catch (error) {
      this.#connection = null;
      throw new NoStorage(error);
    }
  }

  async close() {
    const closing = this.#connection;
    this.#connection = null;
    (await closing)?.close();
  }

  async #begin(mode) {
    try {
      return (await this.connect()).transaction(TABLES, mode, { durability: "strict" });
    } catch (error) {
      if (error instanceof NoStorage) throw error;
      this.#connection = null; // lost without a word, as phones do with pages in the background
      return (await this.connect()).transaction(TABLES, mode, { durability: "strict" });
    }
  }

  // `work` gets the tables {notes, photos, bytes, kept} and may wait for nothing but their answers. What it returns comes
  // back once everything is written; when anything fails, nothing is.
  async #run(mode, work) {
    const transaction = wrap(await this.#begin(mode));
    const { done } = transaction;
    done.catch(() => {}); // told by what is awaited below
    try {
      const tables = Object.fromEntries(TABLES.map((name) => [name, transaction.objectStore(name)]));
      const result = await work(tables);
      await done;
      return result;
    } catch (error) {
      try { transaction.abort(); } catch { /* it has ended already */ }
      await done.catch(() => {});
      throw inWords(error, transaction);
    }
  }

  read(work) { return this.#run("readonly", work); }
  change(work) { return this.#run("readwrite", work); }

  get(table, key) { return this.read((tables) => tables[table].get(key)); }
  all(table) { return this.read((tables) => tables[table].getAll()); }
  put(table, value, key) { return this.change((tables) => tables[table].put(value, key)); }
  delete(table, key) { return this.change((tables) => tables[table].delete(key)); }
  photosOf(noteId) { return this.read(({ photos }) => photos.index("note_id").getAll(noteId)); }

  // Small things under a name, such as the kit.
  kept(name) { return this.get("kept", name); }
  keep(name, value) { return this.put("kept", value, name); }
  forget(name) { return this.delete("kept", name); }
}

// Throws NoStorage when the browser refuses. A store whose content the browser has thrown away opens empty.
export async function openStore({ name = "field-insights", indexedDB = globalThis.indexedDB } = {}) {
  const store = new Store(() => opened(name, indexedDB));
  await store.connect();
  return store;
}

const asked = new WeakMap();

// Whether the browser promises not to throw away what is kept (true, false, or null when it does not say). It is
// asked for that once a page.
export function persisted(storage = globalThis.navigator?.storage) {
  if (!storage?.persist) return Promise.resolve(null);
  if (!asked.has(storage)) asked.set(storage, ask(storage));
  return asked.get(storage);
}

async function ask(storage) {
  try {
    return await storage.persisted() || await storage.persist();
  } catch {
    return null;
  }
}
