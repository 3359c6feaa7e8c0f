// The territory of the note: options from the device, who or what chose it, and the place as a proposal.
import { element } from "./elements.js";
import { nearest } from "../device/places.js";

const INDENT = "\u2003";

function depthOf(place) {
  return Array.isArray(place.path) ? place.path.length - 1 : 0;
}

const optionsIn = (kit) => JSON.stringify([kit.held, kit.territories.map(({ slug, name }) => [slug, name])]);

function optionsOf(kit) {
  const held = new Set(kit.held);
  const option = (place, indent) => element("option", { value: place.slug }, INDENT.repeat(indent) + place.name);
  const own = kit.territories.filter((place) => held.has(place.slug)).map((place) => option(place, 0));
  const rest = kit.territories.filter((place) => !held.has(place.slug));
  if (!own.length) return rest.map((place) => option(place, depthOf(place)));
  return [
    element("optgroup", { label: "My territories" }, ...own),
    element("optgroup", { label: "All others" }, ...rest.map((place) => option(place, depthOf(place)))),
  ];
}

// `chosenBy`: "default", "place" and "account" may be replaced by what follows them; "person" only by the person.
export function territories(select, why, { changed }) {
  let kit = null;
  let chosenBy = "default";
  let wanted = null; // also before its option is there

  function set(slug, by, words = "") {
    chosenBy = by;
    wanted = slug;
    select.value = slug ?? "";
    if (select.selectedIndex < 0) select.value = "";
    why.textContent = words;
  }

  select.addEventListener("change", () => {
    chosenBy = "person";
    wanted = select.value;
    why.textContent = "";
    changed();
  });

  return {
    value: () => select.value || null,
    chosenBy: () => chosenBy,
    set,
    use(newKit, lastUsed) {
      const kept = wanted ?? select.value;
      const isSame = kit && optionsIn(kit) === optionsIn(newKit);
      kit = newKit;
      if (isSame) return;
      select.replaceChildren(element("option", { value: "" }, "Territory"), ...optionsOf(kit));
      set(kept, chosenBy, why.textContent);
      if (!select.value) this.begin(lastUsed);
    },
    // The assignment's; the last one used if there are several.
    begin(lastUsed) {
      const several = kit && kit.held.length !== 1;
      const known = kit?.territories.some((place) => place.slug === lastUsed);
      set(several && known ? lastUsed : kit?.held[0], "default");
    },
    fromAccount(account) {
      if (account.territory) set(account.territory, "account", `Territory of ${account.name}`);
    },
    fromPlace(position) {
      if (chosenBy !== "default" || !kit || kit.held.length === 1) return;
      const slug = nearest(kit.territories, position);
      if (slug) set(slug, "place", "Territory of the place where you are");
    },
    // Territories that the text names, but for the one that is chosen.
    proposals: (slugs) => (kit?.territories ?? []).filter((place) => slugs.includes(place.slug) && place.slug !== select.value),
  };
}
