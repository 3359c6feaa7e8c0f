// js/capture.js
for (let n of document.querySelectorAll("[data-note-form]")) {
  let t = n.elements.text, r = t.value, o = !1;
  t.addEventListener("keydown", (e) => {
    e.key === "Enter" && (e.ctrlKey || e.metaKey) && !e.isComposing && (e.preventDefault(), n.requestSubmit());
  }), n.addEventListener("submit", () => {
    o = !0;
  }), window.addEventListener("pageshow", () => {
    o = !1;
  }), window.addEventListener("beforeunload", (e) => {
    !o && t.value.trim() && t.value !== r && e.preventDefault();
  });
}
