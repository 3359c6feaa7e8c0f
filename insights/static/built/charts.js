// js/charts/parts.js
var c = "var(--ink)", p = "var(--ink-soft)", A = "var(--line)", m = "var(--paper)", y = "var(--accent)", u = { fontFamily: "system-ui, sans-serif", fontSize: 12, color: p }, N = 5, h = {
  animation: !1,
  textStyle: u,
  aria: { enabled: !0, label: { enabled: !1 } }
};
function x(t) {
  return {
    renderMode: "richText",
    confine: !0,
    backgroundColor: "var(--surface)",
    borderColor: "var(--line-strong)",
    borderWidth: 1,
    padding: 8,
    shadowBlur: 0,
    textStyle: { ...u, color: c, lineHeight: 18 },
    ...t
  };
}
function f(t, e = {}) {
  return {
    type: "category",
    data: t,
    axisTick: { show: !1 },
    axisLine: { lineStyle: { color: p } },
    axisLabel: { ...u, interval: Math.ceil(t.length / N) - 1 },
    ...e
  };
}
function b(t = {}) {
  return {
    type: "value",
    minInterval: 1,
    splitNumber: 4,
    axisLabel: u,
    splitLine: { lineStyle: { color: A } },
    ...t
  };
}

// js/charts/heat_map.js
var M = 150, k = 0.35;
function S({ labels: t, rows: e }, o) {
  let r = Math.min(M, o * k), i = e.flatMap(({ values: n }, a) => n.map((l, s) => [s, a, l]));
  return {
    ...h,
    grid: { left: r, right: 12, top: 0, bottom: 28 },
    tooltip: x({ formatter: ({ value: [n, a, l] }) => `${e[a].name}, week of ${t[n]}: ${l}` }),
    xAxis: f(t, { axisLine: { show: !1 } }),
    yAxis: {
      type: "category",
      data: e.map(({ name: n }) => n),
      inverse: !0,
      axisTick: { show: !1 },
      axisLine: { show: !1 },
      axisLabel: { color: c, width: r - 8, overflow: "truncate" }
    },
    // By opacity and not by a ramp of colours, which ECharts would have to mix.
    visualMap: { show: !1, min: 0, max: Math.max(...i.map(([, , n]) => n)), inRange: { opacity: [0.06, 1] } },
    series: [{
      type: "heatmap",
      data: i,
      itemStyle: { color: y, borderColor: m, borderWidth: 1 },
      emphasis: { disabled: !0 }
    }]
  };
}

// js/charts/panels.js
var T = 150, W = 0.35, P = 44, C = 24, w = 8, v = (t) => t == null ? "\u2013" : `${Math.round(t)}%`;
function R(t, e, o) {
  return [t, ...e.map(({ name: r, values: i }) => `${v(i[o])} ${r}`)].join(`
`);
}
function _({ name: t, values: e, own: o }, r) {
  let i = o ? y : p;
  return {
    type: "line",
    name: t,
    xAxisIndex: r,
    yAxisIndex: r,
    data: e,
    showSymbol: !1,
    color: i,
    lineStyle: { color: i, width: 1.5 },
    areaStyle: { color: i, opacity: o ? 0.35 : 0.2 },
    emphasis: { disabled: !0 },
    endLabel: { show: !0, color: c, fontWeight: o ? 600 : 400, formatter: ({ value: n }) => v(n) }
  };
}
function H(t, e, o) {
  return {
    type: "line",
    xAxisIndex: o,
    yAxisIndex: o,
    data: Array(e).fill(t),
    symbol: "none",
    lineStyle: { color: p, width: 1, type: [2, 3] },
    emphasis: { disabled: !0 }
  };
}
function E({ labels: t, lines: e, usual: o }, r, i) {
  let n = Math.min(T, r * W), a = (i - C) / e.length, l = Math.max(1, ...e.flatMap(({ values: s }) => s));
  return {
    ...h,
    tooltip: x({
      trigger: "axis",
      axisPointer: { lineStyle: { color: p } },
      formatter: ([{ dataIndex: s }]) => R(t[s], e, s)
    }),
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: e.map((s, d) => ({ left: n, right: P, top: d * a + w, height: a - w })),
    xAxis: e.map((s, d) => f(t, {
      gridIndex: d,
      boundaryGap: !1,
      axisLine: { lineStyle: { color: A } },
      ...d < e.length - 1 ? { axisLabel: { show: !1 } } : {}
    })),
    yAxis: e.map(({ name: s, own: d }, L) => ({
      type: "value",
      gridIndex: L,
      max: l,
      name: s,
      nameLocation: "middle",
      nameRotate: 0,
      nameGap: 8,
      nameTextStyle: { align: "right", color: c, fontWeight: d ? 600 : 400, width: n - 12, overflow: "truncate" },
      axisLabel: { show: !1 },
      splitLine: { show: !1 }
    })),
    series: [
      ...e.map(_),
      ...o === void 0 ? [] : e.map((s, d) => H(o, t.length, d))
    ]
  };
}

// js/charts/stacked_weeks.js
var O = {
  preference: { symbol: "circle", symbolSize: 0.6, color: m, dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [4, 0] },
  challenge: { symbol: "rect", color: m, dashArrayX: [1, 0], dashArrayY: [1.5, 4], rotation: Math.PI / 4 },
  opportunity: { symbol: "rect", color: m, dashArrayX: [1, 0], dashArrayY: [1.5, 4], rotation: 0 }
}, $ = 420;
function I({ labels: t, soFar: e, series: o }, r) {
  let i = t.length - 1, n = (a, l) => a ? e && l === i ? { value: a, itemStyle: { opacity: 0.55 } } : a : null;
  return {
    ...h,
    grid: { left: 4, right: 40, top: r < $ ? 68 : 44, bottom: 28 },
    legend: { top: 0, left: 0, padding: 4, selectedMode: !1, itemGap: 16, itemWidth: 18, itemHeight: 12, textStyle: { color: c } },
    tooltip: x({ trigger: "axis", valueFormatter: (a) => a ?? 0, axisPointer: { type: "shadow", shadowStyle: { color: c, opacity: 0.08 } } }),
    xAxis: f(t),
    yAxis: b({ position: "right" }),
    series: o.map(({ kind: a, name: l, values: s }) => ({
      type: "bar",
      stack: "notes",
      name: l,
      barCategoryGap: "24%",
      color: `var(--fill-${a})`,
      itemStyle: { borderColor: m, borderWidth: 1, decal: O[a] },
      emphasis: { disabled: !0 },
      data: s.map(n)
    }))
  };
}

// js/charts.js
var z = 680, K = { "stacked-weeks": I, panels: E, "heat-map": S };
function F(t, e) {
  let o = JSON.parse(t.dataset.values);
  t.style.blockSize = `${t.offsetHeight}px`, t.replaceChildren(), t.setAttribute("role", "img"), t.setAttribute("aria-label", t.dataset.label);
  let r = e(t, null, { renderer: "svg" }), i = () => {
    r.resize(), r.setOption(K[t.dataset.chart](o, t.clientWidth, t.clientHeight));
  };
  new ResizeObserver(i).observe(t), window.addEventListener("beforeprint", () => r.resize({ width: Math.min(z, t.clientWidth) })), window.addEventListener("afterprint", i);
}
var g = document.querySelectorAll("[data-chart]");
g.length && import("../vendor/echarts.js").then(
  ({ init: t }) => g.forEach((e) => F(e, t)),
  () => g.forEach((t) => t.classList.add("not-drawn"))
);
