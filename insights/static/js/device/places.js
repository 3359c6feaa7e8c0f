// In which territory of the kit a place lies. Outlines are rings of [longitude, latitude] in degrees; they are rough,
// so a place just outside of all of them belongs to the nearest.

const FURTHEST = 100; // kilometres from an outline
const DEGREE = 111.2; // kilometres of a degree of latitude

// The ring in kilometres around the place, which lies at [0, 0]. Longitudes go on from one point to the next, so that
// an outline over the date line stays in one piece. Flat, which is good enough for the nearest hundred kilometres.
function around(ring, { latitude, longitude }) {
  const shrunk = Math.cos((latitude * Math.PI) / 180);
  const turn = (degrees) => degrees - 360 * Math.round(degrees / 360);
  let previous = longitude;
  let east = 0;
  return ring.map(([pointLongitude, pointLatitude]) => {
    east += turn(pointLongitude - previous);
    previous = pointLongitude;
    return [east * shrunk * DEGREE, (pointLatitude - latitude) * DEGREE];
  });
}

function edgesOf(rings) {
  return rings.flatMap((ring) => ring.map((point, number) => [ring.at(number - 1), point]));
}

// How often a ray to the east meets the outline: an odd number of times from inside, holes and islands included.
function isInside(edges) {
  const meets = ([[x1, y1], [x2, y2]]) => y1 > 0 !== y2 > 0 && (-y1 * (x2 - x1)) / (y2 - y1) + x1 > 0;
  return edges.filter(meets).length % 2 === 1;
}

function distanceTo([[x1, y1], [x2, y2]]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length ? Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length)) : 0;
  return Math.hypot(x1 + share * dx, y1 + share * dy);
}

function areaOf(edges) {
  return Math.abs(edges.reduce((sum, [[x1, y1], [x2, y2]]) => sum + x1 * y2 - x2 * y1, 0));
}

function smallest(items, sizeOf) {
  return items.reduce((best, one) => (best === null || sizeOf(one) < sizeOf(best) ? one : best), null);
}

// The slug of the smallest territory around the place, else of the nearest within 100 km, else null.
export function nearest(territories, place) {
  const drawn = territories.filter(({ outline }) => outline?.length).map(({ slug, outline }) => {
    const edges = edgesOf(outline.map((ring) => around(ring, place)));
    return { slug, edges, area: areaOf(edges), distance: Math.min(...edges.map(distanceTo)) };
  });
  const inside = smallest(drawn.filter(({ edges }) => isInside(edges)), ({ area }) => area);
  const near = smallest(drawn.filter(({ distance }) => distance <= FURTHEST), ({ distance }) => distance);
  return (inside ?? near)?.slug ?? null;
}
