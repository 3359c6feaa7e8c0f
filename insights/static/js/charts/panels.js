// Percentages over time: a row for each, all on the same scale, with its name at the left and its last value at the right.
// Lines that cross in one picture could be told apart by nothing but colour.
import { ACCENT, common, INK, INK_SOFT, LINE, tip, weekAxis } from "./parts.js";

const WIDEST_NAME = 150; // pixels
const NAME_SHARE = 0.35; // of the drawing
const VALUE = 44; // pixels
const AXIS = 24; // pixels
const GAP = 8; // pixels

const percent = (value) => (value == null ? "–" : `${Math.round(value)}%`);

// One tip for all rows; ECharts itself would repeat the week for each.
function said(label, lines, week) {
  return [label, ...lines.map(({ name, values }) => `${percent(values[week])} ${name}`)].join("\n");
}

function series({ name, values, own }, row) {
  const color = own ? ACCENT : INK_SOFT;
  return {
    type: "line",
    name,
    xAxisIndex: row,
    yAxisIndex: row,
    data: values,
    showSymbol: false,
    color,
    lineStyle: { color, width: 1.5 },
    areaStyle: { color, opacity: own ? 0.35 : 0.2 },
    emphasis: { disabled: true },
    endLabel: { show: true, color: INK, fontWeight: own ? 600 : 400, formatter: ({ value }) => percent(value) },
  };
}

// What is usual, as a line to compare with.
function level(value, count, row) {
  return {
    type: "line",
    xAxisIndex: row,
    yAxisIndex: row,
    data: Array(count).fill(value),
    symbol: "none",
    lineStyle: { color: INK_SOFT, width: 1, type: [2, 3] },
    emphasis: { disabled: true },
  };
}

export function panels({ labels, lines, usual }, width, height) {
  const room = Math.min(WIDEST_NAME, width * NAME_SHARE);
  const rowHeight = (height - AXIS) / lines.length;
  const most = Math.max(1, ...lines.flatMap(({ values }) => values));
  return {
    ...common,
    tooltip: tip({
      trigger: "axis",
      axisPointer: { lineStyle: { color: INK_SOFT } },
      formatter: ([{ dataIndex }]) => said(labels[dataIndex], lines, dataIndex),
    }),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: lines.map((_, row) => ({ left: room, right: VALUE, top: row * rowHeight + GAP, height: rowHeight - GAP })),
    xAxis: lines.map((_, row) => weekAxis(labels, {
      gridIndex: row,
      boundaryGap: false,
      axisLine: { lineStyle: { color: LINE } },
      ...(row < lines.length - 1 ? { axisLabel: { show: false } } : {}),
    })),
    yAxis: lines.map(({ name, own }, row) => ({
      type: "value",
      gridIndex: row,
      max: most,
      name,
      nameLocation: "middle",
      nameRotate: 0,
      nameGap: 8,
      nameTextStyle: { align: "right", color: INK, fontWeight: own ? 600 : 400, width: room - 12, overflow: "truncate" },
      axisLabel: { show: false },
      splitLine: { show: false },
    })),
    series: [
      ...lines.map(series),
      ...(usual === undefined ? [] : lines.map((_, row) => level(usual, labels.length, row))),
    ],
  };
}
