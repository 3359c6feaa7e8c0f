// Re-creates insights/services/us_states.json, rough outlines of the US states in degrees, from the pinned npm packages:
// `npm ci && npm run vendor`. The result is committed: the product tells with it in which territory a phone is.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

const MOST_POINTS = 60; // of a ring
const MOST_RINGS = 6; // of a state, the largest
const SMALLEST_SHARE = 0.01; // of the largest ring of its state
const FIRST_TOLERANCE = 0.02; // degrees

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const atlas = join(root, "node_modules", "us-atlas");
const services = join(root, "insights", "services");

// The numbers by which the Census Bureau names them; its territories overseas are no states.
const CODES = {
  "01": "AL", "02": "AK", "04": "AZ", "05": "AR", "06": "CA", "08": "CO", "09": "CT", 10: "DE", 11: "DC", 12: "FL",
  13: "GA", 15: "HI", 16: "ID", 17: "IL", 18: "IN", 19: "IA", 20: "KS", 21: "KY", 22: "LA", 23: "ME", 24: "MD",
  25: "MA", 26: "MI", 27: "MN", 28: "MS", 29: "MO", 30: "MT", 31: "NE", 32: "NV", 33: "NH", 34: "NJ", 35: "NM",
  36: "NY", 37: "NC", 38: "ND", 39: "OH", 40: "OK", 41: "OR", 42: "PA", 44: "RI", 45: "SC", 46: "SD", 47: "TN",
  48: "TX", 49: "UT", 50: "VT", 51: "VA", 53: "WA", 54: "WV", 55: "WI", 56: "WY",
};

function decoded({ arcs, transform: { scale, translate } }) {
  return arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
}

function distance([x, y], [x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length)) : 0;
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}

// Douglas and Peucker's way: what lies further from the chord than the tolerance stays.
function simplified(line, tolerance) {
  if (line.length < 3) return line;
  const [first, last] = [line[0], line.at(-1)];
  const distances = line.map((point) => distance(point, first, last));
  const furthest = distances.indexOf(Math.max(...distances));
  if (distances[furthest] <= tolerance) return [first, last];
  const [before, behind] = [line.slice(0, furthest + 1), line.slice(furthest)];
  return [...simplified(before, tolerance).slice(0, -1), ...simplified(behind, tolerance)];
}

function areaOf(ring) {
  return Math.abs(ring.reduce((sum, [x, y], at) => sum + x * ring.at(at - 1)[1] - ring.at(at - 1)[0] * y, 0)) / 2;
}

function larger(polygons, areaOfOne) {
  const sorted = [...polygons].sort((one, other) => areaOfOne(other) - areaOfOne(one));
  return sorted.filter((one) => areaOfOne(one) >= SMALLEST_SHARE * areaOfOne(sorted[0])).slice(0, MOST_RINGS);
}

// Two states share the arc between them, so it is made simpler once for both and leaves no gap. Where a ring still has
// too many points all of its arcs are made simpler again.
function simplify(topology, states) {
  const lines = decoded(topology);
  const tolerances = lines.map(() => FIRST_TOLERANCE);
  const indexOf = (arc) => (arc < 0 ? ~arc : arc);
  for (;;) {
    topology.arcs = lines.map((line, at) => simplified(line, tolerances[at]));
    const rings = states.flatMap(({ arcs }) => arcs.map((polygon) => polygon[0].map(indexOf)));
    const pointsOf = (ring) => ring.reduce((sum, arc) => sum + topology.arcs[arc].length - 1, 1);
    const rough = new Set(rings.filter((ring) => pointsOf(ring) > MOST_POINTS).flat());
    if (rough.size === 0) return;
    for (const arc of rough) tolerances[arc] *= 1.25;
  }
}

const topology = JSON.parse(readFileSync(join(atlas, "states-10m.json"), "utf8"));
const states = topology.objects.states.geometries.filter(({ id }) => CODES[id]);
const exact = JSON.parse(JSON.stringify(topology));
for (const state of states) {
  if (state.type === "Polygon") Object.assign(state, { type: "MultiPolygon", arcs: [state.arcs] });
  // Islands are left out by their true size, before anything is made simpler.
  const whole = (polygon) => areaOf(feature(exact, { type: "Polygon", arcs: polygon }).geometry.coordinates[0]);
  state.arcs = larger(state.arcs, whole);
}
simplify(topology, states);
delete topology.transform;

const rounded = (ring) => ring.map((point) => point.map((degrees) => Math.round(degrees * 100) / 100));
const lines = states.map((state) => {
  const { coordinates } = feature(topology, state).geometry;
  const rings = coordinates.map(([outer]) => rounded(outer)).filter((ring) => ring.length > 3 && areaOf(ring) > 0);
  return `${JSON.stringify(CODES[state.id])}:${JSON.stringify(rings)}`;
});
writeFileSync(join(services, "us_states.json"), `{\n${lines.sort().join(",\n")}\n}\n`);
copyFileSync(join(atlas, "LICENSE"), join(services, "us_states.LICENSE"));
console.log(`${lines.length} states written`);
