// Notes that say much the same, from the server: *Seen it too* instead of writing one again.
import { button, element, icon, say } from "./elements.js";
import { request, session } from "../device/session.js";

const ENOUGH = 20; // characters; what is shorter is like too many notes
const ADDRESS_LIMIT = 1500;

async function partFor(text, signal) {
  const headers = { "HX-Request": "true" };
  if (encodeURIComponent(text).length < ADDRESS_LIMIT) return fetch(`/n/similar?text=${encodeURIComponent(text)}`, { headers, signal });
  const { csrfToken } = await session();
  return fetch("/n/similar", { method: "POST", headers: { ...headers, "X-CSRFToken": csrfToken }, body: new URLSearchParams({ text }), signal });
}

async function setSighting(noteId, on) {
  await session(); // the requests after it carry the token of whoever is signed in now
  await request(`/api/v1/notes/${noteId}/sighting`, { method: on ? "PUT" : "DELETE" });
}

// `sighted(on)` is called after a sighting was added or taken back; `others` leaves out the person's own notes.
export function similarNotes(box, { sighted = () => {}, others = false } = {}) {
  let asked = null;
  let shownFor = "";

  async function toggle(place, noteId, on) {
    const buttons = place.querySelectorAll("button");
    buttons.forEach((one) => { one.disabled = true; });
    try {
      await setSighting(noteId, on);
    } catch (error) {
      buttons.forEach((one) => { one.disabled = false; });
      return say(`Nothing was changed. ${error.message}`);
    }
    draw(place, noteId, on);
    place.querySelector("button").focus();
    say(on ? "You have seen it too" : "Taken back");
    sighted(on);
  }

  function draw(place, noteId, on) {
    if (on) place.replaceChildren(element("span", { class: "fact small" }, icon("check"), " Seen it too "), button("Undo", null, () => toggle(place, noteId, false), "quiet"));
    else place.replaceChildren(button("Seen it too", "eye", () => toggle(place, noteId, true)));
  }

  function take(html, without) {
    const part = new DOMParser().parseFromString(html, "text/html");
    for (const row of part.querySelectorAll("li[data-note]")) {
      if (row.dataset.note === without || (others && !row.querySelector("[data-sight], [data-seen]"))) row.remove();
    }
    const rows = [...part.querySelectorAll("li[data-note]")];
    if (!rows.length) return box.replaceChildren();
    const wasOpen = box.querySelector("details")?.open;
    const words = part.querySelector("summary").lastChild;
    words.textContent = ` Similar: ${rows.length} ${rows.length === 1 ? "note" : "notes"}`;
    box.replaceChildren(part.querySelector("details"));
    if (wasOpen) box.querySelector("details").open = true;
    for (const row of box.querySelectorAll("li[data-note]")) {
      const sighting = row.querySelector("[data-sighting]");
      if (sighting.querySelector("[data-sight], [data-seen]")) draw(sighting, row.dataset.note, Boolean(sighting.querySelector("[data-seen]")));
    }
  }

  return {
    async show(text, without = "") {
      const words = text.trim();
      if (words === shownFor) return;
      asked?.abort();
      if (words.length < ENOUGH || !navigator.onLine) return this.clear();
      asked = new AbortController();
      try {
        const answer = await partFor(words, asked.signal);
        if (!answer.ok || answer.redirected) return;
        take(await answer.text(), without);
        shownFor = words;
      } catch { /* no signal, or another letter was typed: similar notes are an extra */ }
    },
    clear() {
      asked?.abort();
      shownFor = "";
      box.replaceChildren();
    },
  };
}
