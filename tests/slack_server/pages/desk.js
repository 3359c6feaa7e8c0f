// Shows what is new, and offers what a select's app suggests while somebody types.
const body = document.body;
let touched = false;
document.addEventListener("input", () => { touched = true; });

document.querySelector("[data-go]").addEventListener("change", (event) => event.target.form.submit());

async function lookForNews() {
  const answer = await fetch(`/desk/version?as=${body.dataset.as}`);
  const version = await answer.json();
  if (version !== body.dataset.version && !touched) location.reload();
}
setInterval(() => lookForNews().catch(() => {}), 1000);

for (const search of document.querySelectorAll("[data-suggest]")) {
  search.addEventListener("input", async () => {
    const answer = await fetch(`${search.dataset.suggest}&typed=${encodeURIComponent(search.value)}`);
    const select = document.getElementById(search.dataset.into);
    const kept = [...select.selectedOptions].filter((option) => select.multiple && option.value);
    const offered = (await answer.json()).map((text) => new Option(text, text));
    select.replaceChildren(...kept, ...offered);
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
