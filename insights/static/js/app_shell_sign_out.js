// Signing out removes what the device keeps for reading, and asks first when notes are not sent yet. Without
// JavaScript nothing is kept, and the form alone is enough.
import { ask, say } from "./app.js";
import { countUnsent, forgetAll } from "./app_shell_private.js";
import { openStore } from "./device/store.js";

const person = document.querySelector("meta[name=person]")?.content;

// While capturing, so that no other listener takes the form for sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.action.endsWith("/sign-out") || form.dataset.cleared) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  signOut(form, event.submitter);
}, true);

async function signOut(form, pressed) {
  if (!navigator.onLine) {
    say("There is no connection, so you are still signed in. Sign out when you are back online.");
    return;
  }
  const store = await openStore().catch(() => null); // a browser that keeps nothing
  const unsent = store ? await countUnsent(store, person) : 0;
  const goOn = () => finish(store, form, pressed);
  if (unsent) ask(question(unsent), pressed, goOn, "Stay");
  else await goOn();
}

function question(unsent) {
  if (unsent === 1) return "1 note is not sent yet. It stays on this phone and is sent when you sign in again.";
  return `${unsent} notes are not sent yet. They stay on this phone and are sent when you sign in again.`;
}

async function finish(store, form, pressed) {
  if (store) await forgetAll(store);
  form.dataset.cleared = "yes";
  form.requestSubmit(pressed);
}
