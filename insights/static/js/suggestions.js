// Suggestions under a search box, as an ARIA combobox: what the words may become (from the server), and what the
// person searched for on this device. The box works without them.

const DELAY = 120; // milliseconds without a key before the server is asked
const MOST_RECENT = 10;

// ── Recent searches of one person on this device; app.js forgets them at sign-out ─────────────
function recentSearches(person) {
  const name = `recent-searches:${person}`;
  const read = () => {
    try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; }
  };
  const write = (texts) => {
    try { localStorage.setItem(name, JSON.stringify(texts.slice(0, MOST_RECENT))); } catch { /* forbidden: none are kept */ }
  };
  const without = (text) => read().filter((one) => one !== text);
  return {
    all: read,
    add: (text) => write([text, ...without(text)]),
    remove: (text) => write(without(text)),
    clear: () => write([]),
  };
}

function icon(name) {
  const sprite = document.querySelector(".search-field use").getAttribute("href").split("#")[0];
  const image = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  image.setAttribute("class", "icon");
  image.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  image.append(use);
  return image;
}

function optionOf(text, number) {
  const option = document.createElement("li");
  option.id = `recent-${number}`;
  option.role = "option";
  option.dataset.text = text;
  option.dataset.kind = "recent";
  const words = document.createElement("span");
  words.textContent = text;
  words.dir = "auto";
  // For the mouse; with the keyboard it is Shift and Delete, as in the browser's own lists.
  const forget = document.createElement("span");
  forget.className = "forget soft";
  forget.title = "Forget this search (Shift and Delete)";
  forget.append(icon("x"));
  option.append(icon("history"), words, forget);
  return option;
}

function suggest(form) {
  const box = form.elements.q;
  const recent = recentSearches(form.dataset.person);
  const popup = document.createElement("div");
  popup.className = "suggestions";
  popup.hidden = true;
  popup.innerHTML = '<ul id="suggestions" role="listbox" aria-label="Suggestions" class="suggestion-list"></ul>'
    + '<div class="suggestions-foot"><span></span><button class="button quiet" type="button">Forget all</button></div>';
  form.append(popup);
  const list = popup.querySelector("ul");
  const foot = popup.querySelector(".suggestions-foot");
  foot.querySelector("span").textContent = "Kept on this device only";
  let timer;
  let request;

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
  })) box.setAttribute(name, value);

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function show() {
    const some = options().length > 0;
    popup.hidden = !some;
    box.setAttribute("aria-expanded", String(some));
    choose(null);
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    popup.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(null);
  }

  function showRecent() {
    list.replaceChildren(...recent.all().map(optionOf));
    foot.hidden = false;
    show();
  }

  async function ask(text) {
    request = new AbortController();
    const address = `${form.dataset.suggestions}?${new URLSearchParams({ q: text })}`;
    try {
      const answer = await fetch(address, { signal: request.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || box.value !== text || document.activeElement !== box) return;
      list.innerHTML = await answer.text();
      foot.hidden = true;
      show();
    } catch { /* outdated, or no connection: the box works without */ }
  }

  function update() {
    clearTimeout(timer);
    request?.abort();
    choose(null); // what was chosen belongs to other words
    const text = box.value;
    if (!text.trim()) return showRecent();
    timer = setTimeout(() => ask(text), DELAY);
  }

  function take(option) {
    box.value = option.dataset.text;
    // A saved search is a whole one: filters that are chosen now are none of its.
    if (option.dataset.kind === "saved") document.getElementById("kept-fields").replaceChildren();
    close();
    form.requestSubmit();
  }

  function forget(option) {
    recent.remove(option.dataset.text);
    showRecent();
  }

  function move(step) {
    const all = options();
    // The place behind the last and before the first is the box itself.
    const places = [...all, null];
    const now = places.indexOf(active());
    choose(places[(now + step + places.length) % places.length]);
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => take(active()),
    Escape: close,
    Delete: () => forget(active()),
  };
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (popup.hidden) {
      if (event.key === "Enter") close();
      return;
    }
    const key = event.key;
    if (key === "Enter" && !active()) return close();
    if (key === "Delete" && !(event.shiftKey && active()?.dataset.kind === "recent")) return;
    if (!keys[key]) return;
    event.preventDefault();
    keys[key]();
  });
  box.addEventListener("input", update);
  box.addEventListener("focus", () => { if (!box.value.trim()) showRecent(); });
  box.addEventListener("click", () => { if (popup.hidden && !box.value.trim()) showRecent(); });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  // The cursor stays in the box while a suggestion is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (event.target.closest(".forget")) forget(option);
    else if (option) take(option);
  });
  foot.querySelector("button").addEventListener("click", () => {
    recent.clear();
    box.focus();
    close();
  });
  form.addEventListener("submit", () => {
    close();
    const text = box.value.trim();
    if (text) recent.add(text);
  });
}

document.querySelectorAll("form[data-suggestions]").forEach(suggest);
