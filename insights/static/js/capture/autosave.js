// The draft on the device: with the first letter, then every two seconds, and whenever the page may go away.

const EVERY = 2000;

// `keep()` writes the form as it stands and gives a promise. Writes come one after another, never two at once.
export function autosave(keep) {
  let timer = null;
  let dirty = false;
  let last = Promise.resolve();

  function write() {
    clearTimeout(timer);
    timer = null;
    if (!dirty) return last;
    dirty = false;
    last = last.then(keep, keep);
    return last;
  }

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") write(); });
  window.addEventListener("pagehide", write);
  return {
    changed() {
      dirty = true;
      timer ??= setTimeout(write, EVERY);
    },
    now() {
      dirty = true;
      return write();
    },
    flush: write,
    // What is under way has ended, and nothing more is written until the next change.
    stop() {
      clearTimeout(timer);
      timer = null;
      dirty = false;
      return last.catch(() => {});
    },
  };
}
