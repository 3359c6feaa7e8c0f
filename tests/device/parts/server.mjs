// A server with notes and photos that is idempotent like the real one, and misbehaves when told to.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const ADA = { id: 7, name: "Ada" };
const JSON_TYPE = { "Content-Type": "application/json" };
const problem = (status, detail, errors = {}) => ({ status, body: { status, detail, errors } });

export const isPost = ({ method, path }) => method === "POST" && path === "/api/v1/notes";

export class Server {
  person = ADA; // who is signed in; null: nobody
  csrfToken = "token-1";
  notes = new Map();
  photos = new Map();
  requests = []; // {method, path, headers, note}
  inside = 0; // requests for notes and photos that are being answered
  mostInside = 0;
  // Gets {method, path, note, number} and returns what goes wrong: {status, headers, body}; "drop" (not read at all),
  // "cut" (done, then cut in the middle of the answer), "hang" (done, never answered), "html"; or nothing.
  trouble = () => null;
  refusePhoto = () => null; // gets the photo, returns the reason

  async start() {
    this.http = createServer((request, response) => this.#serve(request, response).catch((error) => response.destroy(error)));
    this.http.keepAliveTimeout = 100;
    await new Promise((resolve) => { this.http.listen(0, "127.0.0.1", resolve); });
    this.address = `http://127.0.0.1:${this.http.address().port}`;
    return this;
  }

  stop() {
    this.http.closeAllConnections();
    return new Promise((resolve) => { this.http.close(resolve); });
  }

  fetch = (path, options) => fetch(this.address + path, options);

  // This trouble once only, for the post of a note.
  onFirstPost(trouble) {
    let done = false;
    this.trouble = (request) => {
      if (done || !isPost(request)) return null;
      done = true;
      return trouble;
    };
  }

  // Notes with this text that were not withdrawn.
  standing(text) {
    return [...this.notes.values()].filter((note) => note.text === text && !note.withdrawn_at);
  }

  photosOf(noteId) {
    return [...this.photos.values()].filter((photo) => photo.note === noteId && photo.state === "ready");
  }

  postsOf(id) {
    return this.requests.filter((one) => one.method === "POST" && one.path === "/api/v1/notes" && one.note?.id === id).length;
  }

  async #serve(request, response) {
    const body = Buffer.concat(await request.toArray());
    const { method, url: path, headers } = request;
    const note = headers["content-type"] === "application/json" && body.length ? JSON.parse(body) : null;
    this.requests.push({ method, path, headers, note });
    const trouble = this.trouble({ method, path, note, number: this.requests.length });
    if (trouble === "drop") return request.socket.destroy();
    if (trouble === "html") return response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Welcome to our hotel</h1>");
    if (trouble?.status) return this.#answer(response, trouble);
    this.inside += 1;
    this.mostInside = Math.max(this.mostInside, path.includes("session") ? 0 : this.inside);
    await new Promise((resolve) => { setImmediate(resolve); });
    const answer = this.#answerTo(method, path, headers, note, body);
    this.inside -= 1;
    if (trouble === "hang") return undefined;
    return trouble === "cut" ? this.#cut(response, answer) : this.#answer(response, answer);
  }

  #answer(response, { status = 200, headers = {}, body }) {
    const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(text);
  }

  #cut(response, { status = 200, body }) {
    const text = JSON.stringify(body);
    response.writeHead(status, { ...JSON_TYPE, "Content-Length": text.length });
    response.write(text.slice(0, text.length / 2), () => response.socket.destroy());
  }

  #answerTo(method, path, headers, json, bytes) {
    if (!this.person || (headers["insights-person"] && headers["insights-person"] !== String(this.person.id))) {
      return problem(401, "Sign in.");
    }
    if (path === "/api/v1/capture/session") return { body: { person: this.person, csrf_token: this.csrfToken } };
    if (path === "/api/v1/capture/kit") return this.#kit(headers);
    if (method !== "GET" && headers["x-csrftoken"] !== this.csrfToken) return problem(400, "Send the form token.");
    const [, kind, id, what] = path.match(/^\/api\/v1\/(notes|photos)(?:\/([^/]+))?(?:\/([^/]+))?$/);
    if (kind === "notes" && !id) return this.#post(json);
    if (what === "withdraw") return this.#withdraw(id);
    if (what === "photos") return this.#announce(id, json);
    return this.#photo(method, this.photos.get(id), Number(headers["upload-offset"]), bytes);
  }

  #kit(headers) {
    const etag = '"kit-1"';
    if (headers["if-none-match"] === etag) return { status: 304, body: "", headers: { ETag: etag } };
    return { body: { as_of: "2026-05-01T00:00:00Z", person: this.person }, headers: { ETag: etag } };
  }

  #post(note) {
    const earlier = this.notes.get(note.id);
    if (earlier && earlier.author !== this.person.id) return problem(409, "This id belongs to another person's note.");
    if (earlier) return { body: earlier };
    if (note.text.includes("poison")) return problem(422, "text: Take the poison out.", { text: ["Take the poison out."] });
    const stored = { ...note, author: this.person.id, withdrawn_at: null };
    this.notes.set(note.id, stored);
    return { status: 201, body: stored };
  }

  #withdraw(id) {
    const note = this.notes.get(id);
    if (!note) return problem(404, "There is nothing here.");
    note.withdrawn_at ??= "2026-05-01T00:00:00Z";
    return { body: note };
  }

  #announce(noteId, { id, size, sha256 }) {
    if (!this.notes.has(noteId)) return problem(404, "There is no such note.");
    const known = this.photos.get(id);
    const empty = { state: "uploading", received: 0, bytes: Buffer.alloc(0), refusal: null };
    if (!known) this.photos.set(id, { id, note: noteId, size, sha256, ...empty });
    return { status: known ? 200 : 201, body: this.#photoOut(id) };
  }

  #photo(method, photo, offset, piece) {
    if (!photo) return problem(404, "There is no such photo.");
    if (method === "GET" || photo.state !== "uploading") return { body: this.#photoOut(photo.id) };
    if (offset !== photo.received) return this.#elsewhere(photo, "The photo is elsewhere.");
    photo.bytes = Buffer.concat([photo.bytes, piece]);
    photo.received = photo.bytes.length;
    return photo.received < photo.size ? { body: this.#photoOut(photo.id) } : this.#finish(photo);
  }

  #elsewhere(photo, words) {
    return { ...problem(409, words), headers: { "Upload-Offset": String(photo.received) } };
  }

  #finish(photo) {
    if (createHash("sha256").update(photo.bytes).digest("hex") !== photo.sha256) {
      Object.assign(photo, { bytes: Buffer.alloc(0), received: 0 });
      return this.#elsewhere(photo, "It has changed on the way.");
    }
    photo.refusal = this.refusePhoto(photo);
    photo.state = photo.refusal ? "refused" : "ready";
    return photo.refusal ? problem(422, photo.refusal) : { body: this.#photoOut(photo.id) };
  }

  #photoOut(id) {
    const { bytes, ...out } = this.photos.get(id);
    return out;
  }
}
