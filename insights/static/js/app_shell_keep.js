// Keeping a page on this device because its reader wants to: `data-keep` is the button, `data-keep="always"` a page that
// is kept by being opened. The worker does it (js/service_worker.js), for the person who is signed in and nobody else.
const PATIENCE = 10_000; // milliseconds for the worker
const PAUSE = 1_000; // after the last line that was ticked off
const path = location.pathname;

// What the worker answers, or undefined when it does not.
async function asked(message) {
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, PATIENCE);
    active.postMessage(message, [port2]);
  });
}

function show(button, isKept) {
  const words = button.querySelector("span");
  words.textContent = isKept ? "Remove from this device" : "Keep on this device";
  button.setAttribute("aria-pressed", String(isKept));
  button.hidden = false;
}

// Binds the button of the page, if it has one; keeps the page at once where that is wanted.
export async function offerKeeping(person) {
  const button = document.querySelector("[data-keep]");
  if (!button) return;
  let isKept;
  const turn = async (deed) => {
    const answer = await asked({ deed, person, address: path });
    if (typeof answer === "boolean") show(button, isKept = answer);
  };
  button.addEventListener("click", () => turn(isKept ? "unkeep" : "keep"));
  // A line that was ticked off since would look unread in the copy.
  let pause;
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful || !detail.requestConfig.path.endsWith("/read")) return;
    clearTimeout(pause);
    pause = setTimeout(() => { if (isKept) turn("keep"); }, PAUSE);
  });
  await turn(button.dataset.keep === "always" ? "keep" : "is-kept");
}
