// The states of a note on the device: their icon, and their words on the receipt and, shorter, in a list.

export const STATES = {
  draft: { image: "notebook-pen", short: "Draft", words: "Draft" },
  parked: { image: "circle-pause", short: "Put aside", words: "Put aside" },
  waiting: { image: "smartphone", short: "Waiting", words: "Saved on this phone, will be sent" },
  sending: { image: "cloud-upload", short: "Sending…", words: "Sending…" },
  sent: { image: "circle-check", short: "Sent", words: "Sent" },
  "needs-a-look": { image: "circle-alert", short: "Needs a look", words: "Kept on this phone, but not taken" },
};

// Why the server did not take it, each sentence once.
export function problemOf({ problem }) {
  const sentences = Object.values(problem?.errors ?? {}).flat();
  return [...new Set(sentences.length ? sentences : [problem?.detail ?? "The server has refused it."])].join(" ");
}
