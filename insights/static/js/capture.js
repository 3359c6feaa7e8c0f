// Extras of the form of a note: the time of capture, sending by keyboard, and a question before a text is lost.

for (const form of document.querySelectorAll("[data-note-form]")) {
  const text = form.elements.text;
  const capturedAt = form.elements.captured_at;
  const before = text.value;
  let sending = false;

  // A form may stand open for hours: the note is captured when its first letter is typed. Counted on from the
  // server's time, so that a wrong clock of the device does not matter.
  if (capturedAt) {
    const opened = Date.now();
    const served = Date.parse(capturedAt.value);
    text.addEventListener("input", () => {
      capturedAt.value = new Date(served + Date.now() - opened).toISOString();
    }, { once: true });
  }

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
