// Points of G1 (y^2 = x^3 + 4) and G2 (y^2 = x^3 + 4 (1 + i)); the point at infinity is null.
import { Fp2, ORDER, P, squareRoot } from "./field.js";

export const G1 = { constant: new Fp2(4n), extended: false, size: 48 };
export const G2 = { constant: new Fp2(4n, 4n), extended: true, size: 96 };
export const GENERATOR_G1 = {
  x: new Fp2(0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn),
  y: new Fp2(0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n),
};
export const GENERATOR_G2 = {
  x: new Fp2(
    0x024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
    0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  ),
  y: new Fp2(
    0x0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
    0x0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
  ),
};

// the slope of the line through two points (the tangent where they are equal); null if it is upright
export function slope(p, q) {
  if (!p.x.equals(q.x)) return q.y.minus(p.y).by(q.x.minus(p.x).inverse());
  if (!p.y.equals(q.y) || p.y.zero) return null;
  return p.x.by(p.x).times(3n).by(p.y.times(2n).inverse());
}

export function along(p, q, rise) {
  const x = rise.by(rise).minus(p.x).minus(q.x);
  return { x, y: rise.by(p.x.minus(x)).minus(p.y) };
}

export function add(p, q) {
  if (!p || !q) return p ?? q;
  const rise = slope(p, q);
  return rise ? along(p, q, rise) : null;
}

export function multiply(p, times) {
  let found = null;
  for (const bit of times.toString(2)) {
    found = add(found, found);
    if (bit === "1") found = add(found, p);
  }
  return found;
}

export const negative = (p) => ({ x: p.x, y: p.y.negative() });

export function number(bytes) {
  let found = 0n;
  for (const byte of bytes) found = (found << 8n) | BigInt(byte);
  return found;
}

// the point of a compressed encoding, or null if it is none of the group, or the point at infinity
export function decode(encoded, group) {
  if (encoded.length !== group.size || encoded[0] >> 6 !== 0b10) return null;
  const parts = [];
  for (let i = 0; i < group.size; i += 48) parts.push(number(encoded.subarray(i, i + 48)));
  parts[0] &= (1n << 381n) - 1n;
  if (parts.some((part) => part >= P)) return null;
  const x = group.extended ? new Fp2(parts[1], parts[0]) : new Fp2(parts[0]);
  const y = squareRoot(x.by(x).by(x).plus(group.constant), group.extended);
  if (!y) return null;
  const other = y.negative();
  const larger = y.b !== other.b ? y.b > other.b : y.a > other.a;
  const point = { x, y: larger === Boolean(encoded[0] & 0x20) ? y : other };
  return multiply(point, ORDER) === null ? point : null;
}
