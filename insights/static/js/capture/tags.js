// What a note is tagged with: found in its text, chosen besides, left out. No page in here; chips.js shows it.

const FIELDS = ["competitors", "products", "segments"];
const KINDS = { competitors: "competitor", products: "product", segments: "segment" };

// `chosen` are sets of slugs chosen besides the text; `dismissed` holds "competitors:SLUG" of what was found but left out;
// `habit` are segments of the last note, which give way to any other segment of their dimension.
export function noTags() {
  return { chosen: { competitors: new Set(), products: new Set(), segments: new Set() }, dismissed: new Set(), habit: [], account: new Set() };
}

export function namesOf(kit) {
  const names = { competitors: new Map(), products: new Map(), segments: new Map() };
  const dimension = new Map();
  for (const one of kit?.competitors ?? []) names.competitors.set(one.slug, one.name);
  for (const one of kit?.products ?? []) names.products.set(one.slug, one.name);
  for (const each of kit?.dimensions ?? []) {
    for (const one of each.segments) {
      names.segments.set(one.slug, one.name);
      dimension.set(one.slug, each.number);
    }
  }
  return { names, dimension };
}

// The habits that hold now, after what the text names and what was chosen.
export function habits(tags, found, dimension) {
  const taken = new Set([...tags.chosen.segments, ...found.segment.filter((slug) => !tags.dismissed.has(`segments:${slug}`))]
    .map((slug) => dimension.get(slug)));
  return tags.habit.filter((slug) => dimension.has(slug) && !taken.has(dimension.get(slug)));
}

// The chips in order: found in the text, then chosen besides. `why`: "text", "account", "habit" or "chosen".
export function chipsOf(tags, found, { names, dimension }) {
  const chips = [];
  for (const field of FIELDS) {
    for (const slug of found[KINDS[field]]) {
      if (names[field].has(slug)) chips.push({ field, slug, name: names[field].get(slug), chosen: !tags.dismissed.has(`${field}:${slug}`), why: "text" });
    }
  }
  const there = new Set(chips.map((chip) => `${chip.field}:${chip.slug}`));
  const add = (field, slug, why) => {
    if (there.has(`${field}:${slug}`)) return;
    chips.push({ field, slug, name: names[field].get(slug) ?? slug, chosen: true, why });
  };
  for (const field of FIELDS) {
    for (const slug of tags.chosen[field]) add(field, slug, field === "segments" && tags.account.has(slug) ? "account" : "chosen");
  }
  for (const slug of habits(tags, found, dimension)) add("segments", slug, "habit");
  return chips;
}

// One tap: what was found is left out or comes back; what was chosen besides goes.
export function toggled(tags, chip) {
  const key = `${chip.field}:${chip.slug}`;
  if (chip.why === "text") {
    if (!tags.dismissed.delete(key)) tags.dismissed.add(key);
    tags.chosen[chip.field].delete(chip.slug);
  } else if (chip.why === "habit") tags.habit = tags.habit.filter((slug) => slug !== chip.slug);
  else tags.chosen[chip.field].delete(chip.slug);
}

export function choose(tags, field, slug) {
  tags.dismissed.delete(`${field}:${slug}`);
  tags.chosen[field].add(slug);
}

// The fields of the note: the server finds what the text names, so only what stands besides it is sent.
export function tagFields(tags, found, dimension) {
  const there = (field) => new Set(found[KINDS[field]]);
  const besides = (field) => [...tags.chosen[field]].filter((slug) => !there(field).has(slug));
  return {
    competitors: besides("competitors"),
    products: besides("products"),
    segments: [...besides("segments"), ...habits(tags, found, dimension)],
    dismissed: [...tags.dismissed].filter((key) => {
      const [field, slug] = key.split(":");
      return there(field).has(slug);
    }),
  };
}
