// The pairing over the field with w^12 = 2 w^6 - 2 (then w^6 = 1 + i); an element is 12 coefficients.
import { along, slope } from "./curve.js";
import { mod, ORDER, P, pow } from "./field.js";

const ONE = [1n, ...Array(11).fill(0n)];
const LOOP = 0xd201000000010000n;
const GAMMA = pow(2n, (P - 1n) / 6n); // (1 + i) ** ((P**2 - 1) / 6)

function product(x, y) {
  const c = Array(23).fill(0n);
  for (let i = 0; i < 12; i += 1) if (x[i]) for (let j = 0; j < 12; j += 1) c[i + j] += x[i] * y[j];
  for (let k = 22; k > 11; k -= 1) {
    c[k - 6] += 2n * c[k];
    c[k - 12] -= 2n * c[k];
  }
  return c.slice(0, 12).map(mod);
}

function power(x, exponent) {
  let found = ONE;
  for (const bit of exponent.toString(2)) {
    found = product(found, found);
    if (bit === "1") found = product(found, x);
  }
  return found;
}

// the line through t with a slope, at p, times w^3; a point (x, y) of the twist stands for (x / w^2, y / w^3)
function line(t, rise, p) {
  const found = Array(12).fill(0n);
  for (const [place, value] of [[0, rise.by(t.x).minus(t.y)], [2, rise.times(-p.x.a)]]) {
    found[place] = mod(value.a - value.b);
    found[place + 6] = value.b;
  }
  found[3] = p.y.a;
  return found;
}

function miller(p, q) {
  let [found, t] = [ONE, q];
  for (const bit of LOOP.toString(2).slice(1)) {
    found = product(found, found);
    for (const other of bit === "1" ? [t, q] : [t]) {
      const rise = slope(t, other === q && other !== t ? q : t);
      found = product(found, line(t, rise, p));
      t = along(t, other === q ? q : t, rise);
    }
  }
  return found;
}

// whether the pairings of points (G1, G2) multiply to one; see the program's own module for the last power
export function productIsOne(pairs) {
  const found = pairs.reduce((all, [p, q]) => product(all, miller(p, q)), ONE);
  const twice = found.map((c, k) => mod(c * pow(GAMMA, BigInt(k))));
  const raised = power(product(found, twice), (P ** 4n - P ** 2n + 1n) / ORDER);
  return raised.every((c, k) => k % 2 === 0 || c === 0n);
}
