// The parts of ECharts that our pages use; vendor.mjs packs them, and nothing else of it, into vendor/echarts.js.
import { BarChart, HeatmapChart, LineChart, MapChart } from "echarts/charts";
import {
  AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, HeatmapChart, LineChart, MapChart,
  AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent,
  LabelLayout, SVGRenderer,
]);

export { init, registerMap } from "echarts/core";
