// Requests to the server from a device, with the ways in which they fail told apart.

const SESSION = "/api/v1/capture/session";
const WORDS = {
  403: "You may not do this.",
  404: "There is nothing here, or you may not see it.",
  409: "Somebody else was there first.",
  413: "That is too large. Send less at once.",
};

// Nobody is signed in, or somebody else than the one it is for.
export class SignedOut extends Error {
  constructor() {
    super("Sign in to send what is waiting.");
    this.name = "SignedOut";
  }
}

// No answer of the server has arrived; whether the request has is not known.
export class Offline extends Error {
  constructor(words = "There is no connection.", cause) {
    super(words, { cause });
    this.name = "Offline";
  }
}

// The server has answered that it cannot now; `retryAfter` are the seconds it asks for, or null.
export class Unavailable extends Error {
  constructor(status, retryAfter) {
    super("The server cannot answer just now.");
    this.name = "Unavailable";
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

// The server has answered no, and will again. `problem` is {status, detail, errors}: errors by field.
export class Refused extends Error {
  constructor(problem, headers) {
    super(problem.detail);
    this.name = "Refused";
    this.problem = problem;
    this.headers = headers;
  }
}

let latest = null; // whom the last answer named

// {person: {id, name}, csrfToken} of who is signed in now. Throws SignedOut, Offline, Unavailable.
export async function session({ fetch, timeout = 10_000 } = {}) {
  const { json } = await request(SESSION, { fetch, timeout, as: null });
  if (!json?.person?.id) throw new Offline(STRANGER);
  latest = { person: json.person, csrfToken: json.csrf_token };
  return latest;
}

const STRANGER = "Something else than the server has answered. Open a page in the browser: the network may ask you to sign in.";

// {status, json, headers} of a good answer; json is null when there is none (204, 304). `as` is the session whose
// person it is for: of anybody else the server refuses it. Throws SignedOut, Offline, Unavailable and Refused.
export async function request(path, options = {}) {
  const { timeout = 20_000, fetch = (...given) => globalThis.fetch(...given) } = options;
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeout);
  try {
    const answer = await fetch(path, { ...asked(options), signal: clock.signal });
    return judged(answer, await answer.text());
  } catch (error) {
    if (KNOWN.some((kind) => error instanceof kind)) throw error;
    throw new Offline(undefined, error);
  } finally {
    clearTimeout(timer);
  }
}

const KNOWN = [SignedOut, Offline, Unavailable, Refused];

function asked({ method = "GET", json, body, headers = {}, as = latest }) {
  const mine = as ? { "X-CSRFToken": as.csrfToken, "Insights-Person": String(as.person.id) } : {};
  const type = json === undefined ? {} : { "Content-Type": "application/json" };
  return {
    method,
    body: json === undefined ? body : JSON.stringify(json),
    headers: { Accept: "application/json", ...type, ...mine, ...headers },
    credentials: "same-origin",
    cache: "no-store",
    redirect: "manual", // the API never redirects, what stands between may
  };
}

function judged(answer, text) {
  const { status, headers } = answer;
  if (status === 401) throw new SignedOut();
  if (status === 408 || status === 429 || status >= 500) throw new Unavailable(status, secondsOf(headers.get("Retry-After")));
  const json = parsed(text);
  if (status >= 400) throw new Refused(problemOf(status, json), headers);
  if (status === 204 || status === 304) return { status, json: null, headers };
  if (status < 200 || status >= 300 || !json) throw new Offline(STRANGER);
  return { status, json, headers };
}

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}

function problemOf(status, json) {
  const detail = json?.detail ?? WORDS[status] ?? `The server has refused it (${status}).`;
  return { status, detail, errors: json?.errors ?? {} };
}

// Retry-After is seconds, or a date.
function secondsOf(header) {
  if (!header) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
