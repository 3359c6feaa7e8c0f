// Where the note is written, only for those who switched it on. Whatever goes wrong, the note goes without.

const TIMEOUT = 8000;

export function placeSwitch(field, { store, person, found }) {
  const input = field.querySelector("input");
  const problem = field.querySelector("[role=status]");
  const name = `use-my-place:${person.id}`;
  let on = false;
  let turn = 0; // what is told too late was asked for an earlier note
  if (!navigator.geolocation) return { captured() {}, forget() {} };

  function ask() {
    turn += 1;
    const mine = turn;
    navigator.geolocation.getCurrentPosition((position) => {
      if (mine !== turn) return;
      problem.textContent = "";
      if (on) found({ latitude: position.coords.latitude, longitude: position.coords.longitude });
    }, (error) => {
      if (mine !== turn) return;
      const refused = error.code === error.PERMISSION_DENIED;
      problem.textContent = refused ? "This phone does not allow it, so notes go without a place. Allow it in the browser's settings." : "No place was found. The note goes without.";
    }, { timeout: TIMEOUT, maximumAge: 60_000 });
  }

  input.addEventListener("change", () => {
    on = input.checked;
    problem.textContent = "";
    store.keep(name, on);
    if (on) ask();
    else found(null);
  });
  field.hidden = false;
  const ready = store.kept(name).then((kept) => {
    on = Boolean(kept);
    input.checked = on;
  });

  return {
    // With the first letter: the place of capture, not of sending.
    async captured() {
      await ready;
      if (on) on = Boolean(await store.kept(name)); // another tab may have switched it off
      input.checked = on;
      if (on) ask();
    },
    forget() { turn += 1; },
  };
}
