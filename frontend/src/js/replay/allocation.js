// How many units of each stratum a plan comes to: the same doubles and the same ties as the program that drew.
import { number, table } from "./documents.js";
import { exactSum, pairwiseSum } from "./numbers.js";
import { Unreadable } from "./text.js";

// strata: [{label, sizes}] in the order of the frame; returns a Map of label to [n, reserve]
export function numbersOf(plan, strata) {
  const n = number(plan.get("n"));
  const given = table(plan.get("strata"));
  const shares = given.size
    ? [...given].map(([label, count]) => [label, number(count)])
    : allocated(plan, n, strata).map((count, i) => [strata[i].label, count]);
  const reserve = plan.has("reserve") ? number(plan.get("reserve")) : 0;
  return new Map(shares.map(([label, count]) => [label, [count, reserve < 1 ? Math.ceil(reserve * count - 1e-9) : Math.floor(reserve)]]));
}

function allocated(plan, n, strata) {
  const pps = plan.get("method").startsWith("pps");
  const units = strata.map(({ sizes }) => (pps ? sizes.filter((x) => x > 0).length : sizes.length));
  const totals = () => strata.map(({ sizes }) => (sizes.length > 100000 ? pairwiseSum(sizes) : exactSum(sizes)));
  const kind = plan.get("allocation") ?? "size";
  const weights = kind === "count" ? units : kind === "equal" ? units.map(() => 1) : totals();
  const cap = plan.has("max") ? number(plan.get("max")) : Infinity;
  const floor = plan.has("min") ? number(plan.get("min")) : 0;
  const most = units.map((count) => Math.min(count, cap));
  const least = units.map((count) => Math.min(floor, count));
  if (!Number.isInteger(n) || pairwiseSum(least) > n || pairwiseSum(most) < n) throw new Unreadable("does_not_fit", { file: "plan.json" });
  return whole(boxed(weights, n, least, most), n, least, most);
}

// clip(k * weight) with the k whose sum is n
function boxed(weight, n, low, high) {
  const free = weight.map(() => true);
  const found = weight.map(() => 0);
  for (;;) {
    const left = n - pairwiseSum(found.filter((_, i) => !free[i]));
    const total = pairwiseSum(weight.filter((_, i) => free[i]));
    const open = free.filter(Boolean).length;
    for (let i = 0; i < weight.length; i += 1) {
      if (free[i]) found[i] = total > 0 ? (weight[i] * left) / total : left / Math.max(open, 1);
    }
    const over = found.map((x, i) => free[i] && x > high[i]);
    const under = found.map((x, i) => free[i] && x < low[i]);
    if (![...over, ...under].some(Boolean)) return found;
    const above = pairwiseSum(found.map((x, i) => x - high[i]).filter((_, i) => over[i]));
    const below = pairwiseSum(found.map((x, i) => low[i] - x).filter((_, i) => under[i]));
    const excess = above - below;
    for (let i = 0; i < weight.length; i += 1) {
      const pinned = excess > 0 ? over[i] : excess < 0 ? under[i] : over[i] || under[i];
      if (!pinned) continue;
      found[i] = over[i] ? high[i] : low[i];
      free[i] = false;
    }
  }
}

// largest remainders, the first of equal ones
function whole(shares, n, low, high) {
  const found = shares.map((share, i) => Math.min(Math.max(Math.floor(share + 1e-9), low[i]), high[i]));
  let total = pairwiseSum(found);
  while (total !== n) {
    const step = total < n ? 1 : -1;
    let best = -1;
    let most = -Infinity;
    found.forEach((count, i) => {
      const rest = (shares[i] - count) * step;
      if ((step > 0 ? count < high[i] : count > low[i]) && rest > most) [best, most] = [i, rest];
    });
    found[best] += step;
    total += step;
  }
  return found;
}
