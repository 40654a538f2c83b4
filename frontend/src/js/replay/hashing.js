// A message becomes a point of G1 or G2 (RFC 9380): two field elements, each a point of an isogenous curve; their images
// are added and brought into the subgroup. The isogenies come from their kernel polynomial (Vélu; Bostan et al. 2008).
import { add, multiply, number } from "./curve.js";
import { Fp2, inverse, P, squareRoot } from "./field.js";
import { sha256 } from "./tickets.js";

const ONE = new Fp2(1n);

export const SUITE_G1 = {
  a: new Fp2(0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1dn),
  b: new Fp2(0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0n),
  z: new Fp2(11n),
  kernel: [
    new Fp2(0x133341fb0962a34cb0504a9c4fada0a5090d38679b4c040d5d1c3afb023a3409fcc0815fea66d8b02bbef9c8b5a66e07n),
    new Fp2(0x0264908af037bcede00d054cf5d4775e83eb6cf63c76b969f8ed174fb59fcff78d201f46f6cfc4ed6552e59ce75177b0n),
    new Fp2(0x1335c502c1f54c49aceea65e87fd7203ba0f626f305fc0cfd606a5dae9f3c8e81a4b3b69600129fabd307c69bf319d39n),
    new Fp2(0x094440f65f408a6e930e16e3e92dd17bf60d6e9679a8d3d58593de55ac23703042d609537eb3549aac234d896ca82944n),
    new Fp2(0x04afe09d5cf4956a23b6b71f59d2b3407b415a774b7be81bbb6fa99cbc798e0ac98ba725a5bc328016b1c268b4766e85n),
    ONE,
  ],
  scale: 11n,
  cofactor: 0xd201000000010001n,
  extended: false,
};
export const SUITE_G2 = {
  a: new Fp2(0n, 240n),
  b: new Fp2(1012n, 1012n),
  z: new Fp2(-2n, -1n),
  kernel: [new Fp2(6n, -6n), ONE],
  scale: -3n,
  cofactor: 0xbc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956d82bf015d1212b02ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551n,
  extended: true,
};

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// expand_message_xmd with SHA-256
async function expand(message, tag, length) {
  const ending = joined(tag, Uint8Array.of(tag.length));
  const first = await sha256(joined(new Uint8Array(64), message, Uint8Array.of(length >> 8, length & 255, 0), ending));
  let block = new Uint8Array(32);
  const out = [];
  for (let i = 1; i <= Math.ceil(length / 32); i += 1) {
    block = await sha256(joined(first.map((byte, k) => byte ^ block[k]), Uint8Array.of(i), ending));
    out.push(block);
  }
  return joined(...out).subarray(0, length);
}

async function elements(message, tag, extended) {
  const parts = extended ? 4 : 2;
  const data = await expand(message, tag, 64 * parts);
  const numbers = Array.from({ length: parts }, (_, i) => number(data.subarray(64 * i, 64 * i + 64)) % P);
  return extended ? [new Fp2(numbers[0], numbers[1]), new Fp2(numbers[2], numbers[3])] : numbers.map((n) => new Fp2(n));
}

// simplified Shallue, van de Woestijne and Ulas
function toCurve(u, { a, b, z, extended }) {
  const square = z.by(u).by(u);
  const lower = square.by(square).plus(square);
  const height = (x) => squareRoot(x.by(x).by(x).plus(a.by(x)).plus(b), extended);
  let x = lower.zero ? b.by(z.by(a).inverse()) : b.negative().by(a.inverse()).by(ONE.plus(lower.inverse()));
  let y = height(x);
  if (!y) {
    x = square.by(x);
    y = height(x);
  }
  return { x, y: y.sign === u.sign ? y : y.negative() };
}

// a polynomial and its first three derivatives at x
function derivatives(x, coefficients) {
  const found = [];
  let now = coefficients;
  for (let k = 0; k < 4; k += 1) {
    found.push(now.reduceRight((value, c) => value.by(x).plus(c), new Fp2(0n)));
    now = now.map((c, i) => c.times(BigInt(i))).slice(1);
  }
  return found;
}

function isogeny({ x, y }, suite) {
  const degree = suite.kernel.length - 1;
  const order = BigInt(2 * degree + 1);
  const [h, h1, h2, h3] = derivatives(x, suite.kernel);
  if (h.zero) return null;
  const [r1, r2, r3] = [h1, h2, h3].map((one) => one.by(h.inverse()));
  const first = r1.times(2n);
  const second = r2.minus(r1.by(r1)).times(2n);
  const third = r3.minus(r1.by(r2).times(3n)).plus(r1.by(r1).by(r1).times(2n)).times(2n);
  const f = x.by(x).by(x).plus(suite.a.by(x)).plus(suite.b);
  const f1 = x.by(x).times(3n).plus(suite.a);
  const f2 = x.times(6n);
  const sums = suite.kernel[degree - 1].times(-2n);
  const image = x.times(order).minus(sums).minus(f1.by(first)).minus(f.by(second).times(2n));
  const rate = new Fp2(order).minus(f2.by(first)).minus(f1.by(second).times(3n)).minus(f.by(third).times(2n));
  const unit = inverse(suite.scale);
  return { x: image.times(unit * unit), y: y.by(rate).times(unit * unit * unit) };
}

export async function hashToPoint(message, tag, suite) {
  const found = await elements(message, new TextEncoder().encode(tag), suite.extended);
  const [first, second] = found.map((u) => isogeny(toCurve(u, suite), suite));
  return multiply(add(first, second), suite.cofactor);
}
