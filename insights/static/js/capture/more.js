// What the optional row opens, and the choices of segments and further tags in it.
import { element } from "./elements.js";
import { combobox } from "./combobox.js";
import { matching } from "./account.js";
import { choose, chipsOf, toggled } from "./tags.js";

// One panel at a time; Escape closes it and goes back to its button.
export function panels(tools, { opened }) {
  const buttons = [...tools.querySelectorAll("[data-panel]")];
  const panelOf = (button) => document.getElementById(button.dataset.panel);

  function set(button, on) {
    const panel = panelOf(button);
    panel.hidden = !on;
    if (panel instanceof HTMLDetailsElement) panel.open = true;
    button.setAttribute("aria-expanded", String(on));
  }

  function show(button) {
    for (const one of buttons) set(one, one === button);
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-expanded") !== "true";
      show(on ? button : null);
      if (on) opened(panelOf(button));
    });
  }
  document.addEventListener("keydown", (event) => {
    const open = buttons.find((button) => button.getAttribute("aria-expanded") === "true");
    if (event.key !== "Escape" || event.defaultPrevented || !open || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    show(null);
    open.focus();
  });
  tools.hidden = false;
  show(null);
  return { close: () => show(null) };
}

export function segmentChoices(box, { changed }) {
  let inputs = [];
  let before = "";

  function input(tags, known, segment) {
    const made = element("input", { type: "checkbox", value: segment.slug });
    made.addEventListener("change", () => {
      const chip = chipsOf(tags(), known().found, known().names).find((one) => one.field === "segments" && one.slug === segment.slug);
      if (!chip) choose(tags(), "segments", segment.slug);
      else toggled(tags(), chip);
      changed();
    });
    return made;
  }

  return {
    // `tags()` and `known()` give what counts at the moment of a tap.
    use(kit, tags, known) {
      // Drawn anew only when it says something else: somebody may be choosing.
      const drawn = JSON.stringify(kit.dimensions);
      if (drawn === before) return;
      before = drawn;
      inputs = [];
      box.replaceChildren(...kit.dimensions.filter((one) => one.segments.length).map((dimension) => {
        const choices = dimension.segments.map((segment) => {
          const made = input(tags, known, segment);
          inputs.push(made);
          return element("label", { class: "choice" }, made, element("span", {}, segment.name));
        });
        return element("fieldset", { class: "field" }, element("legend", {}, dimension.name), element("div", { class: "choices chips" }, ...choices));
      }));
    },
    show(chips) {
      const chosen = new Set(chips.filter((chip) => chip.field === "segments" && chip.chosen).map((chip) => chip.slug));
      for (const one of inputs) one.checked = chosen.has(one.value);
    },
  };
}

// Competitors and products that the text does not name.
export function tagField(field, { kit, choose: take }) {
  const input = field.querySelector("input");
  field.hidden = false;
  const all = () => [
    ...(kit()?.competitors ?? []).map((one) => ({ ...one, field: "competitors" })),
    ...(kit()?.products ?? []).map((one) => ({ ...one, field: "products" })),
  ];
  combobox(input, {
    label: "Competitors and products",
    nothing: "Nothing begins like this",
    find: (words) => matching(all(), words).map((one) => ({ label: one.name, hint: one.maker ?? (one.field === "competitors" ? "competitor" : "product"), value: one })),
    chosen: ({ value }) => {
      input.value = "";
      take(value.field, value.slug);
    },
  });
}
