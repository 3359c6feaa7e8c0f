// The four kinds. The guess from the text stands on one of them, dashed and with a question mark, until one is chosen.
import { say } from "./elements.js";

export function kinds(fieldset, { changed }) {
  const inputs = [...fieldset.querySelectorAll(".kind-button input")];
  const sentence = fieldset.querySelector("#kind-guess");
  let guess = null;
  fieldset.setAttribute("aria-describedby", "kind-guess");

  function chosen() {
    return inputs.find((input) => input.checked) ?? null;
  }

  function word(input) {
    return input.closest("label").querySelector("span").textContent;
  }

  function show() {
    const taken = chosen();
    for (const input of inputs) input.closest("label").classList.toggle("guessed", !taken && input.value === guess);
    const guessed = inputs.find((input) => input.value === guess);
    if (taken) sentence.textContent = `${word(taken)} is chosen.`;
    else sentence.textContent = guessed ? `Looks like: ${word(guessed)}. Choose another kind if it is not.` : "The kind is guessed from the text, unless you choose one.";
  }

  // A second tap on the chosen kind leaves it to the guess again: a radio button alone could not.
  function tap(input, wasChosen) {
    if (wasChosen) input.checked = false;
    show();
    say(sentence.textContent);
    changed();
  }

  for (const input of inputs) {
    let wasChosen = false;
    const label = input.closest("label");
    label.addEventListener("pointerdown", () => { wasChosen = input.checked; });
    input.addEventListener("keydown", (event) => { if (event.key === " ") wasChosen = input.checked; });
    input.addEventListener("click", () => {
      tap(input, wasChosen);
      wasChosen = false;
    });
  }

  return {
    value: () => chosen()?.value ?? null,
    set(kind) {
      for (const input of inputs) input.checked = input.value === kind;
      show();
    },
    guess(kind) {
      if (kind === guess) return;
      guess = kind;
      show();
    },
    pick(number) {
      const input = inputs[number - 1];
      const wasChosen = input.checked;
      input.checked = true;
      tap(input, wasChosen);
    },
  };
}
