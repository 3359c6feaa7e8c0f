// What all drawings share. Colours are named, not read: the browser resolves the names of tokens.css in the drawing, so
// a change of theme and printing need no new drawing. Nothing moves.
export const INK = "var(--ink)";
export const INK_SOFT = "var(--ink-soft)";
export const LINE = "var(--line)";
export const PAPER = "var(--paper)";
export const ACCENT = "var(--accent)";

const FONT = { fontFamily: "system-ui, sans-serif", fontSize: 12, color: INK_SOFT };
const MOST_LABELS = 5;

export const common = {
  animation: false,
  textStyle: FONT,
  aria: { enabled: true, label: { enabled: false } },
};

// Rich text, because a tip of HTML would bring styles of its own, which the content policy refuses.
export function tip(more) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: "var(--surface)",
    borderColor: "var(--line-strong)",
    borderWidth: 1,
    padding: 8,
    shadowBlur: 0,
    textStyle: { ...FONT, color: INK, lineHeight: 18 },
    ...more,
  };
}

export function weekAxis(labels, more = {}) {
  return {
    type: "category",
    data: labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: INK_SOFT } },
    axisLabel: { ...FONT, interval: Math.ceil(labels.length / MOST_LABELS) - 1 },
    ...more,
  };
}

export function numberAxis(more = {}) {
  return {
    type: "value",
    minInterval: 1,
    splitNumber: 4,
    axisLabel: FONT,
    splitLine: { lineStyle: { color: LINE } },
    ...more,
  };
}
