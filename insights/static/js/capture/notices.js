// What the form says about itself: the connection, the sign-in, a draft that came back, what stands in the way.
import { element, icon, moment, say } from "./elements.js";

function line(image, words, ...more) {
  return element("div", { class: "capture-notice" }, icon(image), element("p", {}, words), ...more);
}

export function notices() {
  const states = document.getElementById("capture-state");
  const drafts = document.getElementById("draft-notice");
  const problem = document.getElementById("text-problem");
  const text = document.getElementById("field-text");
  const shown = new Map();

  function draw() {
    states.replaceChildren(...shown.values());
  }

  function set(name, notice) {
    if (!notice && !shown.has(name)) return;
    if (notice) shown.set(name, notice);
    else shown.delete(name);
    draw();
  }

  function connection() {
    set("offline", navigator.onLine ? null : line("cloud-off", "No connection. Notes are kept on this phone and sent later."));
  }

  window.addEventListener("online", connection);
  window.addEventListener("offline", connection);
  connection();
  return {
    signedOut: (on) => set("signed-out", on ? line("circle-user", "You are signed out. Notes wait on this phone until you sign in.", element("a", { class: "button", href: "/sign-in?next=/n" }, "Sign in")) : null),
    trouble: (words) => set("trouble", words ? line("circle-alert", words) : null),
    draft(record, discard) {
      const notice = record && line("history", `Your draft from ${moment(record.captured_at)} is here.`, discard);
      drafts.replaceChildren(...(notice ? [notice] : []));
    },
    problem(words) {
      problem.hidden = !words;
      problem.replaceChildren(...(words ? [icon("circle-alert"), ` ${words}`] : []));
      text.toggleAttribute("aria-invalid", Boolean(words));
      if (words) text.setAttribute("aria-describedby", "text-problem");
      else text.removeAttribute("aria-describedby");
      if (words) say(words);
    },
  };
}
