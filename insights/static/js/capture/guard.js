// Guard-rails: what the text had better not say, shown while it is written. A warning is masked or sent as it is; what is
// blocked has to be mended before the note goes.
import { button, element, icon, say, shortened } from "./elements.js";

// [{key, action, title, advice, places: [finding, …]}], each key once, in the order of the text.
export function grouped(findings) {
  const groups = new Map();
  for (const one of findings) {
    const group = groups.get(one.key) ?? { key: one.key, action: one.action, title: one.title, advice: one.advice, places: [] };
    group.places.push(one);
    groups.set(one.key, group);
  }
  return [...groups.values()];
}

export function guard(box, { textOf, mask, changed }) {
  let before = "";
  let groups = [];
  let acknowledged = new Set();
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Before it is sent");

  function row(group) {
    const words = textOf();
    const found = shortened(group.places.map((place) => words.slice(place.start, place.end)).join(", "), 60);
    const isBlocked = group.action === "block";
    const shown = (look, ...parts) => element("div", { class: `finding ${look}`, "data-finding": group.key }, icon(isBlocked ? "circle-alert" : "shield-alert"), ...parts);
    const quoted = element("q", { dir: "auto" }, found);
    if (acknowledged.has(group.key)) {
      return shown("accepted", element("p", {}, quoted, " is sent as it is."), button("Ask again", null, () => answer(group.key, false), "quiet"));
    }
    const buttons = element("div", { class: "finding-buttons" }, button("Mask it", null, () => mask(group.places)));
    if (!isBlocked) buttons.append(button("Send as it is", null, () => answer(group.key, true)));
    return shown(isBlocked ? "block" : "", element("div", {}, element("p", {}, element("strong", {}, group.title), " ", quoted), element("p", { class: "small" }, group.advice), buttons));
  }

  function answer(key, sendAsItIs) {
    if (sendAsItIs) acknowledged.add(key);
    else acknowledged.delete(key);
    draw();
    changed();
    box.querySelector(`[data-finding="${CSS.escape(key)}"] button:last-of-type`)?.focus();
  }

  function draw() {
    box.replaceChildren(...groups.map(row));
  }

  return {
    show(findings) {
      groups = grouped(findings);
      const seen = JSON.stringify([findings, [...acknowledged]]);
      if (seen === before) return;
      const known = new Set(JSON.parse(before || "[[]]")[0].map((one) => one.key));
      before = seen;
      draw();
      const fresh = groups.find((group) => !known.has(group.key) && !acknowledged.has(group.key));
      if (fresh) say(`${fresh.title}. ${fresh.advice}`);
    },
    acknowledged: () => groups.map((group) => group.key).filter((key) => acknowledged.has(key)),
    set(keys) {
      acknowledged = new Set(keys);
      before = "";
    },
    // What stands in the way of sending: the first finding without an answer.
    obstacle: () => groups.find((group) => group.action === "block") ?? groups.find((group) => !acknowledged.has(group.key)) ?? null,
    focus(key) {
      const found = box.querySelector(`[data-finding="${CSS.escape(key)}"]`);
      found?.querySelector("button").focus();
      found?.scrollIntoView({ block: "center" });
    },
  };
}
