// Which territory a place lies in: the smallest around it, else the nearest within 100 km.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { nearest } from "../../insights/static/js/device/places.js";

const states = JSON.parse(readFileSync(new URL("../../insights/services/us_states.json", import.meta.url), "utf8"));
const territories = Object.entries(states).map(([slug, outline]) => ({ slug, outline }));
const at = (latitude, longitude, among = territories) => nearest(among, { latitude, longitude });

const square = (west, south, east, north) => [[west, south], [east, south], [east, north], [west, north], [west, south]];
const drawn = (slug, ...outline) => ({ slug, outline });

test("cities lie in their states", () => {
  const cities = {
    GA: [33.749, -84.388], FL: [25.762, -80.192], TX: [30.267, -97.743], AK: [61.218, -149.9], HI: [21.307, -157.858],
    NY: [40.713, -74.006], CA: [34.052, -118.244], MI: [42.331, -83.046], DC: [38.898, -77.037], CO: [39.739, -104.99],
    RI: [41.824, -71.413], WA: [47.606, -122.332], MA: [42.36, -71.058], LA: [29.951, -90.072], ME: [43.661, -70.255],
  };
  for (const [state, [latitude, longitude]] of Object.entries(cities)) assert.equal(at(latitude, longitude), state);
});

test("a place off the coast belongs to the nearest, one far away to none", () => {
  assert.equal(at(33.9, -78.0), "NC");
  assert.equal(at(27.9, -79.6), "FL");
  assert.equal(at(35, -60), null);
  assert.equal(at(51.5, -0.1), null);
});

test("of two around a place the smaller counts", () => {
  const country = drawn("country", square(0, 40, 20, 60));
  const city = drawn("city", square(5, 50, 6, 51));
  for (const order of [[country, city], [city, country]]) {
    assert.equal(at(50.5, 5.5, order), "city");
    assert.equal(at(52, 5.5, order), "country");
  }
});

test("around comes before near", () => {
  const among = [drawn("near", square(1.001, 0, 1.1, 1)), drawn("around", square(-9, -9, 1, 9))];
  assert.equal(at(0.5, 0.999, among), "around");
});

test("a hole is outside", () => {
  const ring = drawn("ring", square(0, 0, 10, 10), square(2, 2, 8, 8));
  assert.equal(at(5, 5, [ring]), null);
  assert.equal(at(1, 5, [ring]), "ring");
});

test("an outline over the date line is one piece", () => {
  const islands = [drawn("islands", square(178, 10, -178, 12))];
  assert.equal(at(11, 179.5, islands), "islands");
  assert.equal(at(11, -179.5, islands), "islands");
  assert.equal(at(11, 0, islands), null);
  assert.equal(at(11, 177.5, islands), "islands");
});

test("territories without an outline are passed over", () => {
  assert.equal(at(0, 0, [{ slug: "plain", outline: null }, { slug: "empty", outline: [] }]), null);
  assert.equal(at(0, 0, []), null);
});
