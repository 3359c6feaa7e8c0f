// The chips below the text: what the note is tagged with. One tap leaves one out, another brings it back.
import { element, icon, say } from "./elements.js";
import { chipsOf, toggled } from "./tags.js";

const IMAGES = { competitors: "swords", products: "package", segments: "layers" };
const SORTS = { competitors: "competitor", products: "product", segments: "segment" };
const WHY = { text: "found in the text", chosen: "chosen", account: "from the account", habit: "as in your last note" };

function chipButton(chip, onclick) {
  const made = element("button", { type: "button", class: `chip ${chip.field}`, "aria-pressed": String(chip.chosen), "data-chip": `${chip.field}:${chip.slug}`,
    "aria-label": `${chip.name}, ${SORTS[chip.field]}, ${WHY[chip.why]}`, title: WHY[chip.why], onclick });
  made.append(icon(chip.why === "habit" ? "history" : IMAGES[chip.field]), element("span", {}, chip.name), icon(chip.chosen ? "x" : "undo-2"));
  return made;
}

function proposedPlace(place, onclick) {
  return element("button", { type: "button", class: "chip proposed", "data-propose": place.slug, "aria-label": `Set the territory to ${place.name}, named in the text`, onclick },
    icon("map-pin"), element("span", {}, `${place.name}?`));
}

// `changed()` is called after a tap; `propose(place)` when a territory named in the text is taken.
export function chipRow(box, { changed, propose }) {
  let before = "";
  const hint = element("p", { class: "soft small" }, "Names in your text become tags here.");
  const row = element("div", { class: "chip-row", role: "group", "aria-label": "Tags of this note" }, hint);
  box.replaceChildren(row);

  function tap(tags, chip) {
    toggled(tags, chip);
    changed();
    say(chip.chosen ? `${chip.name} left out` : `${chip.name} is back`);
    row.querySelector(`[data-chip="${CSS.escape(`${chip.field}:${chip.slug}`)}"]`)?.focus();
  }

  return {
    show(tags, found, known, places) {
      const chips = chipsOf(tags, found, known);
      const seen = JSON.stringify([chips, places.map((one) => one.slug)]);
      if (seen === before) return;
      before = seen;
      const made = chips.map((chip) => chipButton(chip, () => tap(tags, chip)));
      made.push(...places.map((place) => proposedPlace(place, () => propose(place))));
      row.replaceChildren(...(made.length ? made : [hint]));
    },
    announce(tags, found, known) {
      const names = chipsOf(tags, found, known).filter((chip) => chip.chosen && chip.why === "text").map((chip) => chip.name);
      if (names.length) say(`Tagged: ${names.join(", ")}`);
    },
  };
}
