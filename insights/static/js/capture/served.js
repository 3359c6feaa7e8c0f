// What the server has filled into the form: from an address, or because it refused the note.

function checked(form, name) {
  return [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((input) => input.value).filter(Boolean);
}

// null when it has filled in nothing but the territory of everybody's first choice.
export function servedFields(form, search) {
  const isRefused = form.querySelector(".error-summary") !== null;
  if (!isRefused && !search) return null;
  const asked = new URLSearchParams(search);
  const saysTerritory = isRefused || asked.has("territory") || asked.has("question");
  const tags = {
    competitors: checked(form, "competitors"),
    products: checked(form, "products"),
    segments: [...checked(form, "segments"), ...checked(form, "segments_1"), ...checked(form, "segments_2")],
  };
  const chosen = new Set(Object.entries(tags).flatMap(([field, slugs]) => slugs.map((slug) => `${field}:${slug}`)));
  const account = form.querySelector('input[name="account"]:checked');
  return {
    ...tags,
    text: form.elements.text.value,
    kind: checked(form, "kind")[0] ?? null,
    territory: (saysTerritory && form.elements.territory.value) || null,
    account: account?.value ? Number(account.value) : null,
    question: Number(form.elements.question?.value) || null,
    question_text: form.querySelector("[data-question-text]")?.textContent ?? "",
    account_name: account?.value ? account.closest("label").querySelector("span").firstChild.textContent.trim() : "",
    dismissed: [...form.querySelectorAll('input[name="proposed"]')].map((input) => input.value).filter((key) => !chosen.has(key)),
    known: form.elements.known.value,
    impact: form.elements.impact.value,
    sealed: form.elements.sealed.checked,
    acknowledged: checked(form, "acknowledged"),
  };
}
