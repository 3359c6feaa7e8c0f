// What the device makes of a text, with the lists of the kit: tags, kind, and what had better not be said.
import { Dictionary } from "../device/dictionary.js";
import { findings } from "../device/guard_rails.js";
import { guessKind } from "../device/kinds.js";
import { namesOf } from "./tags.js";

const NOTHING = { competitor: [], product: [], segment: [], territory: [] };

export function proposals() {
  let kit = null;
  let dictionary = null;
  let names = namesOf(null);
  return {
    use(newKit) {
      kit = newKit;
      dictionary = null;
      names = namesOf(kit);
    },
    kit: () => kit,
    names: () => names,
    // The dictionary is built with the first text, not while the page opens.
    found(text) {
      if (!kit || !text.trim()) return NOTHING;
      dictionary ??= new Dictionary(kit.dictionary.map(([kind, id, alias]) => ({ kind, id, alias })));
      return dictionary.tags(text);
    },
    kind(text, competitors) {
      return kit && text.trim() ? guessKind(text, kit.tell_tales, { namesCompetitor: competitors > 0 }) : null;
    },
    findings: (text) => (kit ? findings(text, kit.guard_rails) : []),
  };
}
