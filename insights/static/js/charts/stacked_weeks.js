// Notes by week and kind: columns that tell the kinds by hue and by pattern.
import { common, INK, numberAxis, PAPER, tip, weekAxis } from "./parts.js";

// The largest kind of most organisations is plain.
const PATTERNS = {
  preference: { symbol: "circle", symbolSize: 0.6, color: PAPER, dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [4, 0] },
  challenge: { symbol: "rect", color: PAPER, dashArrayX: [1, 0], dashArrayY: [1.5, 4], rotation: Math.PI / 4 },
  opportunity: { symbol: "rect", color: PAPER, dashArrayX: [1, 0], dashArrayY: [1.5, 4], rotation: 0 },
};

const NARROW = 420; // pixels, where the names of four kinds need a second line

export function stackedWeeks({ labels, soFar, series }, width) {
  const last = labels.length - 1;
  const column = (value, week) => {
    if (!value) return null; // nothing, rather than the edge of a column without height
    return soFar && week === last ? { value, itemStyle: { opacity: 0.55 } } : value; // paler: it is not over
  };
  return {
    ...common,
    grid: { left: 4, right: 40, top: width < NARROW ? 68 : 44, bottom: 28 },
    legend: { top: 0, left: 0, padding: 4, selectedMode: false, itemGap: 16, itemWidth: 18, itemHeight: 12, textStyle: { color: INK } },
    tooltip: tip({ trigger: "axis", valueFormatter: (value) => value ?? 0, axisPointer: { type: "shadow", shadowStyle: { color: INK, opacity: 0.08 } } }),
    xAxis: weekAxis(labels),
    yAxis: numberAxis({ position: "right" }),
    series: series.map(({ kind, name, values }) => ({
      type: "bar",
      stack: "notes",
      name,
      barCategoryGap: "24%",
      color: `var(--fill-${kind})`,
      itemStyle: { borderColor: PAPER, borderWidth: 1, decal: PATTERNS[kind] },
      emphasis: { disabled: true },
      data: values.map(column),
    })),
  };
}
