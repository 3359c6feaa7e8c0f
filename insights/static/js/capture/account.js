// The account: found on the device without signal, everywhere else with it. Choosing one sets territory and segments.
import { button, element, icon, say } from "./elements.js";
import { combobox } from "./combobox.js";
import { fold } from "../device/text.js";
import { request } from "../device/session.js";

const MOST = 8;

// From the kit and from the API alike: {id, name, territory: slug or null, segments: [slugs]}.
function plain(account) {
  const slug = (one) => (one && typeof one === "object" ? one.slug : one ?? null);
  return { id: account.id, name: account.name, territory: slug(account.territory), segments: (account.segments ?? []).map(slug) };
}

// Those whose name begins with the words come first, then those of which a later word does.
export function matching(accounts, words) {
  const sought = fold(words);
  const ranked = accounts.map((one) => {
    const name = fold(one.name);
    return { one, rank: name.startsWith(sought) ? 0 : ` ${name}`.includes(` ${sought}`) ? 1 : 2 };
  });
  return ranked.filter(({ rank }) => rank < 2).sort((a, b) => a.rank - b.rank).slice(0, MOST).map(({ one }) => one);
}

async function online(words) {
  if (!navigator.onLine) return [];
  try {
    const { json } = await request(`/api/v1/accounts?limit=${MOST}&q=${encodeURIComponent(words)}`);
    return json.items.map(plain);
  } catch {
    return []; // what the device knows is offered all the same
  }
}

export function accountField(panel, opener, { kit, changed, chosen }) {
  const input = panel.querySelector("#field-account_name");
  const place = panel.querySelector("#account-choices");
  let account = null;
  input.setAttribute("name", "");
  place.replaceChildren();

  async function find(words) {
    const own = matching((kit()?.accounts ?? []).map(plain), words);
    const others = own.length < MOST ? await online(words) : [];
    const ids = new Set(own.map((one) => one.id));
    const all = [...own, ...others.filter((one) => !ids.has(one.id))].slice(0, MOST);
    return all.map((one) => ({ label: one.name, hint: hintOf(one), value: one }));
  }

  function hintOf(one) {
    const where = kit()?.territories.find((each) => each.slug === one.territory)?.name;
    const names = new Map((kit()?.dimensions ?? []).flatMap((each) => each.segments.map((segment) => [segment.slug, segment.name])));
    return [where, ...one.segments.map((slug) => names.get(slug))].filter(Boolean).join(" · ");
  }

  function show() {
    opener.classList.toggle("set", account !== null);
    opener.querySelector("span").textContent = account ? account.name : "Account";
    input.hidden = account !== null;
    if (!account) return place.replaceChildren();
    const remove = button("Remove", "x", () => { set(null); input.focus(); }, "quiet");
    place.replaceChildren(element("p", { class: "account-chosen" }, icon("building-2"), element("span", {}, element("strong", {}, account.name), element("span", { class: "hint" }, hintOf(account))), remove));
  }

  function set(one, quiet = false) {
    account = one && plain(one);
    input.value = "";
    show();
    if (quiet) return;
    chosen(account);
    changed();
    say(account ? `${account.name} is chosen` : "No account");
  }

  combobox(input, { label: "Accounts", find, nothing: "No account begins like this", chosen: (option) => {
    set(option.value);
    place.querySelector("button").focus();
  } });
  return { value: () => account, set, show };
}
