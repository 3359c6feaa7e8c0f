// Extras of the form in which a note is changed: sending by keyboard, and a question before a text is lost.

for (const form of document.querySelectorAll("[data-note-form]")) {
  const text = form.elements.text;
  const before = text.value;
  let sending = false;

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("pageshow", () => { sending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && text.value.trim() && text.value !== before) event.preventDefault();
  });
}
