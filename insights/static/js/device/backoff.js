// How long to wait before the next attempt. Times are milliseconds.

export const SHORTEST = 1_000;
export const LONGEST = 5 * 60_000;
const LONGEST_ASKED = 60 * 60_000; // a server that asks for more is not believed

// Doubles with each attempt; a random half of it, so that many phones do not come back at the same moment.
export function pause(attempts, random = Math.random) {
  const whole = Math.min(LONGEST, SHORTEST * 2 ** Math.min(attempts - 1, 30));
  return Math.max(SHORTEST, Math.round(whole * (0.5 + random() / 2)));
}

// What the server asked for (seconds, as in Retry-After) counts if it is longer.
export function pauseAsked(attempts, retryAfter, random) {
  return Math.max(pause(attempts, random), Math.min(LONGEST_ASKED, (retryAfter ?? 0) * 1_000));
}

// A wait of `wait` was set to end at `notBefore`. When more than that is left, the clock was moved back meanwhile,
// and what it says about the end means nothing.
export function isOver({ not_before: notBefore, wait }, now) {
  return notBefore === null || now >= notBefore || notBefore - now > wait;
}
