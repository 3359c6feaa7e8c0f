// Making parts of a page: elements with their attributes, icons, and words for screen readers.

// Where the page itself takes its icons from.
const sprite = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
const SVG = "http://www.w3.org/2000/svg";

// element("button", { type: "button", onclick: f }, "Save", icon("x")); an attribute of false, null or undefined is left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  const image = document.createElementNS(SVG, "svg");
  for (const [key, value] of [["class", "icon"], ["width", "20"], ["height", "20"], ["aria-hidden", "true"]]) image.setAttribute(key, value);
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  image.append(use);
  return image;
}

export function hidden(words) {
  return element("span", { class: "visually-hidden" }, words);
}

export function button(words, image, onclick, look = "") {
  return element("button", { type: "button", class: `button ${look}`.trim(), onclick }, image && icon(image), words);
}

// One sentence for screen readers; the newest counts, so a quick sequence is not read out whole.
let waiting;
export function say(words) {
  const place = document.getElementById("spoken");
  clearTimeout(waiting);
  place.textContent = "";
  waiting = setTimeout(() => { place.textContent = words; }, 150);
}

const isToday = (date) => new Date().toDateString() === date.toDateString();

export function clock(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

// "14:05" today, "24 Nov, 14:05" before.
export function moment(time) {
  const date = new Date(time);
  return isToday(date) ? clock(date) : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${clock(date)}`;
}

export function shortened(text, length) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

export function counted(count, one, several) {
  return `${count} ${count === 1 ? one : several}`;
}

// Runs when nothing has been called for that long.
export function debounced(milliseconds, run) {
  let timer;
  const later = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}
