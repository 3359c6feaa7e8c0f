// Rows by week: the more notes, the deeper the colour.
import { ACCENT, common, INK, PAPER, tip, weekAxis } from "./parts.js";

const WIDEST_NAME = 150; // pixels
const NAME_SHARE = 0.35; // of the drawing

export function heatMap({ labels, rows }, width) {
  const room = Math.min(WIDEST_NAME, width * NAME_SHARE);
  const cells = rows.flatMap(({ values }, row) => values.map((count, week) => [week, row, count]));
  return {
    ...common,
    grid: { left: room, right: 12, top: 0, bottom: 28 },
    tooltip: tip({ formatter: ({ value: [week, row, count] }) => `${rows[row].name}, week of ${labels[week]}: ${count}` }),
    xAxis: weekAxis(labels, { axisLine: { show: false } }),
    yAxis: {
      type: "category",
      data: rows.map(({ name }) => name),
      inverse: true,
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { color: INK, width: room - 8, overflow: "truncate" },
    },
    // By opacity and not by a ramp of colours, which ECharts would have to mix.
    visualMap: { show: false, min: 0, max: Math.max(...cells.map(([, , count]) => count)), inRange: { opacity: [0.06, 1] } },
    series: [{
      type: "heatmap",
      data: cells,
      itemStyle: { color: ACCENT, borderColor: PAPER, borderWidth: 1 },
      emphasis: { disabled: true },
    }],
  };
}
