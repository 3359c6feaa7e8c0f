// The question that the note answers, or those to the person that it could answer. They come with the server's page and
// with the capture kit, so that a question is answered without a signal too. One that is newer than the kit has no words until
// the next kit has come; one that is not asked of the person, or is closed, is looked up.
import { request } from "../device/session.js";
import { counted, element, hidden, icon, say } from "./elements.js";

// What the server's page says: {id, text, asker}, or null.
function served(place) {
  const panel = place.querySelector("[data-question]");
  return panel && { id: Number(panel.dataset.question), text: panel.querySelector("[data-question-text]").textContent, asker: null };
}

// `kit()` gives the lists of the device; `chosen(question)` is called when the person takes one of them.
export function questionField(place, { kit, changed, chosen }) {
  let asked = served(place);
  let isNew = false; // what the kit says of it is still to come
  const answered = new Set(); // since the kit has come

  const known = () => kit()?.questions ?? [];
  const words = (one) => one.text || `Question ${one.id}`;
  const isAnswered = (one) => one.answered || answered.has(one.id);

  function answering() {
    const whose = asked.asker ? `${asked.asker} asks` : "You are asked";
    const away = element("button", { type: "button", class: "button quiet icon-only", onclick: () => take(null) }, icon("x"), hidden("It answers no question"));
    return element("div", { class: "answering" }, icon("circle-help"), element("p", {}, element("span", { class: "overline" }, whose), " ", element("strong", { dir: "auto" }, words(asked))), away);
  }

  function openQuestion(one) {
    const mark = isAnswered(one) && element("span", { class: "fact small" }, icon("check"), " answered");
    return element("li", {}, element("button", { type: "button", class: "open-question", onclick: () => take(one) }, element("span", { dir: "auto" }, one.text), mark));
  }

  function list() {
    const summary = element("summary", {}, icon("circle-help"), ` Questions to you: ${known().length}`);
    // A kit that comes while somebody reads the list does not shut it.
    const open = place.querySelector("details.open-questions")?.open;
    return element("details", { class: "open-questions", open }, summary, element("ul", { role: "list" }, ...known().map(openQuestion)));
  }

  function name() {
    const found = isNew && known().find((one) => one.id === asked.id);
    if (!found) return;
    isNew = false;
    asked = found;
    chosen(found);
  }

  // Without an answer its number goes on standing for it.
  async function lookUp(one) {
    const answer = await request(`/api/v1/questions/${one.id}`).catch(() => null);
    if (answer?.json && asked === one) {
      asked = { ...one, text: answer.json.text, asker: answer.json.asker?.name ?? null };
      show();
    }
  }

  function show() {
    name();
    if (asked) place.replaceChildren(answering());
    else place.replaceChildren(...(known().length ? [list()] : []));
  }

  function take(one) {
    asked = one;
    isNew = false;
    show();
    if (one) chosen(one);
    changed();
    say(one ? `Your note answers: ${one.text}` : `Your note answers no question. There are ${counted(known().length, "question", "questions")} to you.`);
  }

  return {
    value: () => asked,
    show,
    set(id, text) {
      asked = id ? known().find((one) => one.id === id) ?? { id, text: text || "", asker: null } : null;
      isNew = Boolean(asked) && !asked.text;
      show();
      if (isNew) lookUp(asked);
    },
    // Before the next kit says so.
    saved() { if (asked) answered.add(asked.id); },
  };
}
