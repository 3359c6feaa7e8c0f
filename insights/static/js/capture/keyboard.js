// Keeps the button in sight above the keyboard of a phone, which most browsers lay over the page.
export function aboveKeyboard(bar) {
  const seen = window.visualViewport;
  if (!seen) return;
  const move = () => {
    const covered = Math.max(0, window.innerHeight - seen.height - seen.offsetTop);
    bar.style.setProperty("--covered", `${Math.round(covered)}px`);
  };
  seen.addEventListener("resize", move);
  seen.addEventListener("scroll", move);
  move();
}
