// Re-creates insights/static/vendor and icons.svg from the pinned npm packages: `npm ci && npm run vendor`.
// The results are committed, so that running the product needs neither npm nor a network.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const statics = dirname(fileURLToPath(import.meta.url));
const packages = join(statics, "..", "..", "node_modules");

// [file in the package, name under vendor/]
const files = [
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
  ["htmx.org/LICENSE", "htmx.LICENSE"],
  ["idb/build/index.js", "idb.js"],
  ["idb/LICENSE", "idb.LICENSE"],
  ["modern-normalize/modern-normalize.css", "modern-normalize.css"],
  ["modern-normalize/license", "modern-normalize.LICENSE"],
  ["lucide-static/LICENSE", "lucide.LICENSE"],
  ["echarts/LICENSE", "echarts.LICENSE"],
  ["echarts/NOTICE", "echarts.NOTICE"],
  ["echarts/licenses/LICENSE-d3", "echarts-d3.LICENSE"],
  ["zrender/LICENSE", "zrender.LICENSE"],
  ["tslib/LICENSE.txt", "tslib.LICENSE"],
];

// Lucide names. Add one here, run the script, then call icon("name") in a template.
const icons = [
  "arrow-left-right", "arrow-right", "arrow-right-left", "bell", "building-2", "calendar", "camera",
  "chart-column", "check", "chevron-down", "chevron-left", "chevron-right", "circle-alert", "circle-check",
  "circle-dashed", "circle-dot", "circle-help", "circle-pause", "circle-user", "clock-alert", "cloud-off",
  "cloud-upload", "columns-3", "copy", "download", "ellipsis", "eye", "file-json", "flag", "git-compare",
  "git-merge", "hand", "handshake", "hard-drive-download", "heart", "history", "hourglass", "house", "image",
  "image-plus", "inbox", "info", "key-round", "keyboard", "layers", "lightbulb", "list-checks", "locate-fixed",
  "lock", "log-out", "map", "map-pin", "menu", "message-circle", "messages-square", "minus", "notebook-pen",
  "package", "pencil", "pin", "plus", "printer", "qr-code", "radar", "refresh-cw", "scroll", "scroll-text",
  "search", "send", "settings", "share-2", "shield-alert", "sliders-horizontal", "smartphone", "sparkle",
  "split", "square", "square-check-big", "store", "swords", "thumbs-up", "timer", "trash-2", "trending-down",
  "trending-up", "triangle-alert", "undo-2", "upload", "user-round-search", "users", "wifi-off", "x",
];

function symbol(name) {
  const source = readFileSync(join(packages, "lucide-static/icons", `${name}.svg`), "utf8");
  const drawing = source.slice(source.indexOf(">", source.indexOf("<svg")) + 1, source.lastIndexOf("</svg>"));
  const shapes = drawing.replace(/\s*\n\s*/g, "").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}

rmSync(join(statics, "vendor"), { recursive: true, force: true });
mkdirSync(join(statics, "vendor"));
for (const [from, to] of files) cpSync(join(packages, from), join(statics, "vendor", to));
await build({
  entryPoints: [join(statics, "echarts.mjs")],
  outfile: join(statics, "vendor", "echarts.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
});

const sprite = [
  "<!-- Lucide icons, ISC licence: vendor/lucide.LICENSE. Made by vendor.mjs. -->",
  '<svg xmlns="http://www.w3.org/2000/svg">',
  ...icons.map(symbol),
  "</svg>",
];
writeFileSync(join(statics, "icons.svg"), sprite.join("\n") + "\n");
console.log(`${files.length + 1} files and ${icons.length} icons written`);
