// Photos of the note: taken or chosen, shown small, kept on the device until they are sent.
import { button, element, hidden, icon, say } from "./elements.js";

// Where photos are kept when nothing can be kept on the device: in this page, for the form that is sent from it.
export function photosOfPage() {
  const kept = new Map();
  return {
    list: async () => [...kept].map(([id, blob]) => ({ id, blob })),
    add: async (file) => { kept.set(`page-${kept.size}-${file.name}-${file.lastModified}`, file); },
    remove: async (id) => { kept.delete(id); },
    files: () => [...kept.values()],
  };
}

// `place()` gives what keeps the photos: {list, add, remove}, the device's queue or the page.
export function pictures(box, inputs, { place, most, changed }) {
  let addresses = [];
  let count = 0;
  const problem = element("p", { class: "field-error", role: "alert", hidden: true });
  const list = element("ul", { class: "picture-list", "aria-label": "Photos of this note" });
  box.replaceChildren(list, problem);

  function complain(words) {
    problem.replaceChildren(icon("circle-alert"), ` ${words}`);
    problem.hidden = !words;
  }

  function item(photo, number) {
    const address = URL.createObjectURL(photo.blob instanceof Blob ? photo.blob : new Blob([photo.blob], { type: photo.type ?? "image/jpeg" }));
    addresses.push(address);
    const picture = element("img", { src: address, alt: `Photo ${number}`, width: 72, height: 72 });
    const plain = element("span", { class: "picture-plain", hidden: true }, icon("image"), "Photo");
    picture.addEventListener("error", () => { picture.hidden = true; plain.hidden = false; });
    const remove = button("", "x", () => drop(photo.id, number), "icon-only");
    remove.append(hidden(`Remove photo ${number}`));
    return element("li", { class: "picture" }, picture, plain, remove);
  }

  async function drop(id, number) {
    await place().remove(id);
    await show();
    say(`Photo ${number} removed`);
    changed();
    (list.querySelector("button") ?? inputs[0]).focus();
  }

  async function show() {
    const found = await place().list();
    addresses.forEach((one) => URL.revokeObjectURL(one));
    addresses = [];
    count = found.length;
    list.replaceChildren(...found.map((photo, index) => item(photo, index + 1)));
    list.hidden = !count;
  }

  async function take(files) {
    complain("");
    for (const file of files) {
      if (count >= most()) {
        complain(`A note takes at most ${most()} photos.`);
        break;
      }
      try {
        await place().add(file);
        await show();
      } catch (error) {
        complain(error.message);
      }
    }
    if (count) say(count === 1 ? "1 photo is kept with this note" : `${count} photos are kept with this note`);
    changed();
  }

  for (const input of inputs) {
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      await take(files);
    });
  }
  return { show, take, count: () => count };
}
