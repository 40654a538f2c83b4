// Inclusion probabilities by size, certain units set aside, and the exact ones of order sampling in small strata.
import { leftSum, pairwiseSum } from "./numbers.js";

// places of certain units, sum of the other sizes, how many of the others are drawn
export function certainties(x, n) {
  let places = n;
  let total = leftSum(x);
  let rest = Array.from(x, (_, i) => i);
  const certain = [];
  while (places > 0) {
    const taken = rest.filter((i) => x[i] * places >= total);
    if (!taken.length) break;
    certain.push(...taken);
    rest = rest.filter((i) => !(x[i] * places >= total));
    total = leftSum(rest.map((i) => x[i]));
    places = n - certain.length;
  }
  return { certain: certain.sort((a, b) => a - b), total, places };
}

export function inclusion(x, n) {
  const { certain, total, places } = certainties(x, n);
  const pi = Array.from(x, (size) => (places ? (size * places) / total : 0));
  for (const i of certain) pi[i] = 1;
  return { pi, certain };
}

const LARGEST = { pps_pareto: 300, pps_sequential_poisson: 200 };
const PIECES = 1500;

// the target probabilities for which a plan has to publish working probabilities, or null
export function target(method, sizes, n) {
  if (!(method in LARGEST)) return null;
  const { pi, certain } = inclusion(sizes, n);
  const sure = new Set(certain);
  const open = pi.filter((_, i) => !sure.has(i) && sizes[i] > 0);
  const small = open.length <= LARGEST[method] && pairwiseSum(open.map((p) => p * (1 - p))) < 15;
  return n > certain.length && small ? open : null;
}

// The working probabilities that the program computes for a Pareto target, by the same steps
export function workingProbabilities(target) {
  const n = Math.round(pairwiseSum(target));
  let p = [...target];
  if (n === 0 || n === p.length) return p;
  for (let round = 0; round < 100; round += 1) {
    const reached = orderProbabilities(p, n, "pps_pareto");
    if (target.every((wanted, i) => Math.abs(reached[i] - wanted) < 1e-10)) break;
    const got = Array.from(reached, (x) => Math.min(Math.max(x, 1e-12), 1 - 1e-12));
    p = centred(p.map((q, i) => ((q / (1 - q)) * (target[i] / (1 - target[i]))) / (got[i] / (1 - got[i]))), n);
  }
  return p;
}

function centred(odds, n) {
  const scaled = (power) => odds.map((x) => (x * Math.exp(power)) / (1 + x * Math.exp(power)));
  let [low, high] = [-40, 40];
  for (let k = 0; k < 60; k += 1) {
    const middle = (low + high) / 2;
    if (pairwiseSum(scaled(middle)) < n) low = middle;
    else high = middle;
  }
  return scaled((low + high) / 2);
}

// Exact probabilities when the n smallest scores are drawn (Aires 1999), by Gauss-Legendre quadrature
export function orderProbabilities(p, n, method) {
  const found = new Float64Array(p.length);
  for (const [s, weight] of method === "pps_pareto" ? paretoNodes() : poissonNodes(p)) {
    const below = p.map((q) => distribution(q, s, method));
    const most = atMost(below.map((one) => one[0]), n - 1);
    for (let i = 0; i < p.length; i += 1) found[i] += most[i] * below[i][1] * weight;
  }
  return found;
}

function distribution(p, s, method) {
  if (method !== "pps_pareto") return p * s < 1 ? [p * s, p] : [1, 0];
  const odds = p / (1 - p);
  const scale = 1 + odds * s;
  return [(odds * s) / scale, odds / scale ** 2];
}

function paretoNodes() {
  return legendre(64).map(([x, w]) => {
    const at = (x + 1) / 2;
    return [at / (1 - at), w / 2 / (1 - at) ** 2];
  });
}

function poissonNodes(p) {
  const inner = legendre(Math.min(24, Math.max(4, Math.floor(PIECES / p.length))));
  const bends = [...new Set([0, 1, ...p.map((q) => 1 / q)])].sort((a, b) => a - b);
  return bends.slice(1).flatMap((end, k) => {
    const wide = end - bends[k];
    return inner.map(([x, w]) => [bends[k] + (wide * (x + 1)) / 2, (wide * w) / 2]);
  });
}

// nodes and weights of Gauss-Legendre quadrature on [-1, 1], by Newton's method
function legendre(n) {
  return Array.from({ length: n }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let round = 0; round < 50; round += 1) {
      let [before, now] = [1, x];
      for (let j = 2; j <= n; j += 1) [before, now] = [now, ((2 * j - 1) * x * now - (j - 1) * before) / j];
      slope = (n * (x * now - before)) / (x * x - 1);
      const step = now / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
}

// for each unit the probability that at most `most` of the others succeed
function atMost(p, most) {
  const counts = new Float64Array(p.length + 1);
  counts[0] = 1;
  p.forEach((q, k) => {
    for (let j = k + 1; j > 0; j -= 1) counts[j] = counts[j] * (1 - q) + counts[j - 1] * q;
    counts[0] *= 1 - q;
  });
  return p.map((q) => {
    let rest = 0;
    let total = 0;
    if (q <= 0.5) {
      for (let k = 0; k <= most; k += 1) total += rest = (counts[k] - q * rest) / (1 - q);
      return Math.min(Math.max(total, 0), 1);
    }
    for (let k = p.length; k > most + 1; k -= 1) total += rest = (counts[k] - (1 - q) * rest) / q;
    return Math.min(Math.max(1 - total, 0), 1);
  });
}
