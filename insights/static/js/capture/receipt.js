// What became of a saved note, above the empty form: kept, on its way, sent and how it was tagged; undo for ten seconds.
import { button, counted, element, icon, say, shortened } from "./elements.js";
import { similarNotes } from "./similar.js";
import { STATES, problemOf } from "./states.js";

const UNDO_SECONDS = 10;
const KINDS = { competitor: ["swords", "Competitor"], preference: ["heart", "Preference"], challenge: ["triangle-alert", "Challenge"], opportunity: ["sparkle", "Opportunity"] };

function tagsOf(note, guessed) {
  const [image, word] = KINDS[note.kind] ?? ["minus", "No kind"];
  const names = [...note.competitors, ...note.products, ...note.segments].map((one) => one.name);
  return element("p", { class: "receipt-tags" },
    element("span", { class: `kind-badge kind-${note.kind}` }, icon(image), ` ${word}`), guessed && element("span", { class: "soft small" }, " guessed"),
    element("span", {}, note.territory.name), note.account && element("span", {}, note.account.name), ...names.map((name) => element("span", {}, name)),
    element("a", { href: `/notes/${note.id}` }, "Open"));
}

// `undo(id)` and `mend(id)` bring the note back into the form.
export function receipts(box, { undo, mend }) {
  let current = null; // {record, card, head, said, similar, timer} of the note that was saved last

  function drawState(record) {
    const { image, words } = STATES[record.state];
    current.card.dataset.state = record.state;
    current.head.firstChild?.replaceWith(element("p", { class: "receipt-state" }, icon(image), element("strong", {}, words)));
    current.said.replaceChildren();
    if (record.state === "needs-a-look") {
      endUndo();
      current.said.append(element("p", {}, problemOf(record)), button("Mend it", "pencil", () => mend(record.id)));
    }
    if (record.state === "sent" && record.receipt) current.said.append(tagsOf(record.receipt, !record.fields.kind));
    if (record.state !== "sending") say(words);
  }

  function endUndo() {
    clearInterval(current?.timer);
    const press = current?.head.querySelector("button");
    if (press === document.activeElement) document.getElementById("field-text").focus();
    press?.remove();
  }

  function undoButton(record) {
    let left = UNDO_SECONDS;
    const seconds = element("span", { class: "number undo-seconds", "aria-hidden": "true" }, String(left));
    const press = button("Undo", "undo-2", () => {
      press.disabled = true;
      clearInterval(current.timer);
      undo(record.id);
    });
    press.append(seconds);
    current.timer = setInterval(() => {
      left -= 1;
      seconds.textContent = String(left);
      if (left <= 0) endUndo();
    }, 1000);
    return press;
  }

  function clear() {
    clearInterval(current?.timer);
    current = null;
    box.replaceChildren();
  }

  return {
    clear,
    show(record, photoCount) {
      clear();
      const similar = element("div");
      const card = element("section", { class: "capture-receipt", "aria-label": "The note you saved" });
      const head = element("div", { class: "receipt-head" }, element("p"));
      const said = element("div", { class: "receipt-said" });
      const photos = photoCount > 0 && element("span", { class: "soft" }, ` · ${counted(photoCount, "photo", "photos")}`);
      current = { record, card, head, said, similar: similarNotes(similar, { others: true }), timer: null };
      head.append(undoButton(record));
      card.append(head, element("p", { class: "receipt-words", dir: "auto" }, shortened(record.fields.text, 140), photos), said, similar);
      box.replaceChildren(card);
      drawState(record);
    },
    update(record) {
      if (!current || current.record.id !== record.id) return;
      const before = current.record;
      current.record = record;
      if (before.state === record.state && Boolean(before.receipt) === Boolean(record.receipt)) return;
      drawState(record);
      if (record.state === "sent") current.similar.show(record.fields.text, record.id);
    },
    id: () => current?.record.id ?? null,
    // Once the next note is begun, one line of it is enough.
    fold: () => current?.card.classList.add("folded"),
  };
}
