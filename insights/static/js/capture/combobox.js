// A field that offers what its letters find: keys, pointer and screen readers as in the ARIA pattern of a combobox.
import { element, say, counted } from "./elements.js";

// `find(words) -> options or a promise of them`, each {label, hint, value}; `chosen(option)`.
export function combobox(input, { label, find, chosen, nothing }) {
  const list = element("ul", { class: "options", role: "listbox", id: `${input.id}-options`, "aria-label": label, hidden: true });
  let options = [];
  let active = -1;
  let asked = 0;
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);

  function open(on) {
    list.hidden = !on;
    input.setAttribute("aria-expanded", String(on));
    if (!on) mark(-1);
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  function take(index) {
    open(false);
    chosen(options[index]);
  }

  function item(option, index) {
    const made = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false", class: "option" }, element("span", {}, option.label),
      option.hint && element("span", { class: "hint" }, option.hint));
    // Not on click: by then the field has lost the focus and the keyboard of a phone has gone.
    made.addEventListener("pointerdown", (event) => event.preventDefault());
    made.addEventListener("click", () => take(index));
    return made;
  }

  async function show() {
    const words = input.value.trim();
    const number = ++asked;
    if (!words) return open(false);
    const found = await find(words);
    if (number !== asked || document.activeElement !== input) return;
    options = found;
    list.replaceChildren(...options.map(item));
    open(options.length > 0);
    say(options.length ? counted(options.length, "suggestion", "suggestions") : nothing);
  }

  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const count = options.length;
    if (event.key === "ArrowDown") mark((active + 1) % count);
    else if (event.key === "ArrowUp") mark((active + count - 1 + (active < 0 ? 1 : 0)) % count);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) take(Math.max(active, 0));
    else if (event.key === "Escape") open(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
