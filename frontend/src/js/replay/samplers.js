// Draws with unequal probabilities from a stream of uniforms. Each takes the probabilities and the stream and returns
// the places drawn, ascending; the operations and their order are those of the program that drew.
import { cumulated, pairwiseSum, placeOf } from "./numbers.js";
import { inclusion } from "./probabilities.js";

const CLOSE = 1e-9;
const ascending = (a, b) => a - b;

export async function byStream(name, pi, stream) {
  const open = [];
  const certain = [];
  pi.forEach((p, i) => {
    if (p >= 1 - CLOSE) certain.push(i);
    else if (p > CLOSE) open.push(i);
  });
  const found = open.length ? await METHODS[name](open.map((i) => pi[i]), stream) : [];
  return [...certain, ...found.map((k) => open[k])].sort(ascending);
}

// systematic draw by size: marks (start + k) * (T / n) on the sizes laid end to end
export function systematic(sizes, n, start) {
  if (n <= 0) return [];
  const ends = cumulated(sizes);
  const step = ends[ends.length - 1] / n;
  return Array.from({ length: n }, (_, k) => Math.min(placeOf(ends, (start + k) * step), ends.length - 1));
}

const whole = (pi) => Math.round(pairwiseSum(pi));

function pick(weights, u) {
  const ends = cumulated(weights);
  const place = placeOf(ends, u * ends[ends.length - 1]);
  let last = weights.length - 1;
  while (last > 0 && !weights[last]) last -= 1;
  return Math.min(place, last);
}

async function shuffled(n, stream) {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last -= 1) {
    const other = Math.floor((await stream.next()) * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

async function brewer(pi, stream) {
  const n = whole(pi);
  const free = pi.map(() => 1);
  let taken = 0;
  for (let step = 0; step < n; step += 1) {
    const left = n - taken;
    const weight = pi.map((p, i) => Math.max((free[i] * p * (left - p)) / (left - p * (n - step)), 0));
    const place = pick(weight, await stream.next());
    free[place] = 0;
    taken += pi[place];
  }
  return pi.map((_, i) => i).filter((i) => free[i] === 0);
}

async function duels(p, order, stream) {
  const won = [];
  let champion = order[0];
  let a = p[champion];
  for (const rival of order.slice(1)) {
    const b = p[rival];
    const u = await stream.next();
    if (a + b < 1 - CLOSE) {
      champion = u * (a + b) < a ? champion : rival;
      a += b;
      continue;
    }
    const rest = Math.max(a + b - 1, 0);
    if (2 - a - b > CLOSE ? u * (2 - a - b) < 1 - b : u < 0.5) {
      won.push(champion);
      champion = rival;
    } else won.push(rival);
    a = rest;
  }
  if (a > 0.5) won.push(champion);
  return won.sort(ascending);
}

const pivotal = (pi, stream) => duels(pi, pi.map((_, i) => i), stream);

async function randomPivotal(pi, stream) {
  return duels(pi, await shuffled(pi.length, stream), stream);
}

async function sampford(pi, stream) {
  const n = whole(pi);
  const first = cumulated(pi);
  const others = cumulated(pi.map((p) => p / (1 - p)));
  const one = async (ends) => placeOf(ends, (await stream.next()) * ends[ends.length - 1]);
  for (;;) {
    const found = new Set([await one(first)]);
    for (let k = 1; k < n; k += 1) {
      const place = await one(others);
      if (found.has(place)) break;
      found.add(place);
    }
    if (found.size === n) return [...found].sort(ascending);
  }
}

async function tille(pi, stream) {
  const kept = pi.map(() => 1);
  let before = pi.map(() => 1);
  for (let left = pi.length - 1; left >= whole(pi); left -= 1) {
    const now = inclusion(pi, left).pi;
    const drop = now.map((p, i) => Math.max(kept[i] * (1 - p / before[i]), 0));
    kept[pick(drop, await stream.next())] = 0;
    before = now;
  }
  return pi.map((_, i) => i).filter((i) => kept[i]);
}

async function midzuno(pi, stream) {
  const dropped = new Set(await tille(pi.map((p) => 1 - p), stream));
  return pi.map((_, i) => i).filter((i) => !dropped.has(i));
}

async function minimalSupport(pi, stream) {
  const n = whole(pi);
  let p = [...pi];
  const all = p.map((_, i) => i);
  for (;;) {
    const open = all.filter((i) => p[i] > CLOSE && p[i] < 1 - CLOSE);
    if (!open.length) return all.filter((i) => p[i] > 0.5);
    const inside = p.map((x) => x > 1 - CLOSE);
    const order = (await shuffled(open.length, stream)).map((k) => open[k]);
    const places = n - inside.filter(Boolean).length;
    for (const i of order.slice(0, places)) inside[i] = true;
    const most = order.slice(places).reduce((high, i) => Math.max(high, p[i]), -Infinity);
    const least = order.slice(0, places).reduce((low, i) => Math.min(low, p[i]), Infinity);
    const alpha = Math.min(1 - most, least);
    if ((await stream.next()) < alpha) return all.filter((i) => inside[i]);
    p = p.map((x, i) => (x - (inside[i] ? alpha : 0)) / (1 - alpha));
  }
}

async function randomSystematic(pi, stream) {
  const order = await shuffled(pi.length, stream);
  const found = systematic(order.map((i) => pi[i]), whole(pi), await stream.next());
  return found.map((k) => order[k]).sort(ascending);
}

const METHODS = { brewer, pivotal, random_pivotal: randomPivotal, sampford, tille, midzuno, minimal_support: minimalSupport, random_systematic: randomSystematic };

export const STREAMED = Object.keys(METHODS).map((name) => `pps_${name}`);
