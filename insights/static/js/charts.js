// Draws the charts of a page from the numbers that stand in it. ECharts is fetched only here, and only where there is a
// chart; without it, as on a page that is read offline, what the server has drawn and the tables stay.
import { heatMap } from "./charts/heat_map.js";
import { panels } from "./charts/panels.js";
import { stackedWeeks } from "./charts/stacked_weeks.js";

const PRINT_WIDTH = 680; // CSS pixels of the narrowest common paper between its margins

const drawings = { "stacked-weeks": stackedWeeks, panels, "heat-map": heatMap };

// The drawing takes exactly the room of what was there.
function draw(place, init) {
  const values = JSON.parse(place.dataset.values);
  place.style.blockSize = `${place.offsetHeight}px`;
  place.replaceChildren();
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", place.dataset.label);
  const chart = init(place, null, { renderer: "svg" });
  const fit = () => {
    chart.resize();
    chart.setOption(drawings[place.dataset.chart](values, place.clientWidth, place.clientHeight));
  };
  // Calls it once at the beginning, too.
  new ResizeObserver(fit).observe(place);
  window.addEventListener("beforeprint", () => chart.resize({ width: Math.min(PRINT_WIDTH, place.clientWidth) }));
  window.addEventListener("afterprint", fit);
}

const places = document.querySelectorAll("[data-chart]");
if (places.length) {
  import("../vendor/echarts.js").then(
    ({ init }) => places.forEach((place) => draw(place, init)),
    () => places.forEach((place) => place.classList.add("not-drawn")),
  );
}
