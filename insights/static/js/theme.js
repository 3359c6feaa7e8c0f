// Runs before the first paint, so that a chosen theme never flashes. The choice is made in app.js.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the device's own setting then holds.
}
