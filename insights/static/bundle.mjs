// Packs the modules of js/ into few small files under built/, which pages load: `npm run bundle` after every change.
// The result is committed, so that running the product needs no node. With --check nothing is written; it ends with 1
// when what is committed was not made from these sources.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const statics = dirname(fileURLToPath(import.meta.url));
const target = join(statics, "built");

// What pages and the service worker name; the rest is found from there. js/theme.js and js/service_worker.js are no
// modules and are served as they are.
const entries = [
  "app.js", "app_shell.js", "app_shell_offline.js", "board.js", "capture.js", "capture/form.js", "charts.js", "device/start.js", "inbox.js", "print.js",
  "search.js", "service_worker_sending.js", "suggestions.js", "waiting.js",
];

const { outputFiles } = await build({
  absWorkingDir: statics,
  entryPoints: entries.map((name) => join("js", name)),
  outdir: "built",
  outbase: "js",
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  // Packed already (vendor.mjs), and fetched only when a chart comes into view.
  external: ["*/vendor/echarts.js"],
  format: "esm",
  target: "es2022",
  // Line breaks stay: they cost next to nothing when packed, and imports are found line by line.
  minifyIdentifiers: true,
  minifySyntax: true,
  legalComments: "none",
  write: false,
});

const made = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
const stored = new Map(existsSync(target) ? readdirSync(target).map((name) => [name, readFileSync(join(target, name), "utf8")]) : []);

if (process.argv.includes("--check")) {
  const isSame = made.size === stored.size && [...made].every(([name, text]) => stored.get(name) === text);
  if (!isSame) console.error("insights/static/built is not what the modules make: npm run bundle");
  process.exit(isSame ? 0 : 1);
}
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
for (const [name, text] of made) writeFileSync(join(target, name), text);
console.log(`${made.size} files written`);
