// The draw of one stratum: certain units, the units chosen, the reserve in its order.
import { certainties } from "./probabilities.js";
import { byStream, STREAMED, systematic } from "./samplers.js";
import { compareTickets, hex, Stream, ticket, tickets, uniform } from "./tickets.js";

const SCORES = {
  srs: (u) => u,
  pps_pareto: (u, p) => (u / (1 - u)) * ((1 - p) / p),
  pps_sequential_poisson: (u, p) => u / p,
};
const BY_START = ["systematic", "pps_systematic"];

export const REPLAYED = [...Object.keys(SCORES), ...BY_START, ...STREAMED];

// stratum: {label, keys, sizes}; returns places in the stratum, probabilities of the sample, and the order of tickets
export async function drawn(stratum, method, n, more, seed, working, told) {
  const sizes = method.startsWith("pps") ? stratum.sizes : stratum.keys.map(() => 1);
  const { certain, total, places } = certainties(sizes, n);
  const sure = new Set(certain);
  const rest = stratum.keys.map((_, i) => i).filter((i) => !sure.has(i) && (sizes[i] > 0 || !method.startsWith("pps")));
  const share = total > 0 ? places / total : 0;
  const part = { stratum, sizes, seed, told };
  let chosen = [];
  let reserve = [];
  let ranked = null;
  if (method in SCORES) {
    const wanted = (i) => (sizes[rest[i]] * places) / total;
    ranked = await byTicket(part, method, rest, working ? (i) => working[i] : wanted, "unit");
    chosen = ranked.slice(0, places);
    reserve = ranked.slice(places, places + more);
  } else {
    if (BY_START.includes(method)) {
      const start = uniform(await ticket(seed, stratum.label, "", "start"));
      chosen = systematic(rest.map((i) => sizes[i]), places, start).map((k) => rest[k]);
    } else {
      const stream = new Stream(seed, stratum.label);
      chosen = (await byStream(method.slice(4), rest.map((i) => sizes[i] * share), stream)).map((k) => rest[k]);
    }
    reserve = await after(part, method, new Set([...certain, ...chosen]), more);
  }
  const pi = [...certain.map(() => 1), ...chosen.map((i) => (sizes[i] * places) / total)];
  return { sample: [...certain, ...chosen], reserve, pi, certain: certain.length, ranked };
}

// units in the order of their scores; equal scores in the order of their whole tickets
async function byTicket({ stratum, seed, told }, method, rest, target, purpose) {
  const all = await tickets(seed, stratum.label, rest.map((i) => stratum.keys[i]), purpose, told);
  const score = Float64Array.from(rest, (_, i) => SCORES[method](uniform(all, 32 * i), method === "srs" ? 1 : target(i)));
  const order = rest.map((_, i) => i).sort((i, j) => (score[i] === score[j] ? compareTickets(all, i, j) : score[i] - score[j]));
  return order.map((i) => rest[i]);
}

// the reserve of draws that are not in the order of tickets: units left, with probability by size
async function after(part, method, sample, more) {
  if (!more) return [];
  const { stratum, sizes } = part;
  const left = stratum.keys.map((_, i) => i).filter((i) => sizes[i] > 0 && !sample.has(i));
  const { certain, total, places } = certainties(left.map((i) => sizes[i]), Math.min(more, left.length));
  const sure = new Set(certain);
  const second = left.filter((_, k) => !sure.has(k));
  const first = certain.map((k) => left[k]);
  if (!places) return first;
  const way = method.startsWith("pps") ? "pps_pareto" : "srs";
  const ranked = await byTicket(part, way, second, (i) => (sizes[second[i]] * places) / total, "reserve");
  return [...first, ...ranked.slice(0, places)];
}

export async function shownTickets(seed, label, keys) {
  const all = await tickets(seed, label, keys, "unit");
  return keys.map((_, i) => hex(all.subarray(32 * i, 32 * i + 32)));
}
