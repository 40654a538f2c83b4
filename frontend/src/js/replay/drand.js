// A round of drand, verified without a network: the number is SHA-256 of the signature, and the signature is that of the
// league's key over the round (and over the signature before, where the chain is linked).
import { decode, G1, G2, GENERATOR_G1, GENERATOR_G2, negative } from "./curve.js";
import { hashToPoint, SUITE_G1, SUITE_G2 } from "./hashing.js";
import { productIsOne } from "./pairing.js";
import { bytesOf, sha256 } from "./tickets.js";

const QUICKNET =
  "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
const DEFAULT = "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31";
export const CHAINS = { quicknet: { key: QUICKNET, onG1: true, chained: false }, default: { key: DEFAULT, onG1: false, chained: true } };

export async function signed({ key, onG1, chained }, number, signature, before) {
  const head = chained ? (before ?? new Uint8Array()) : new Uint8Array();
  const data = new Uint8Array(head.length + 8);
  data.set(head);
  new DataView(data.buffer).setBigUint64(head.length, BigInt(number));
  const group = onG1 ? "G1" : "G2";
  const point = await hashToPoint(await sha256(data), `BLS_SIG_BLS12381${group}_XMD:SHA-256_SSWU_RO_NUL_`, onG1 ? SUITE_G1 : SUITE_G2);
  const league = decode(bytesOf(key), onG1 ? G2 : G1);
  const mark = decode(signature, onG1 ? G1 : G2);
  if (!league || !mark || !point) return false;
  if (onG1) return productIsOne([[mark, negative(GENERATOR_G2)], [point, league]]);
  return productIsOne([[negative(GENERATOR_G1), mark], [league, point]]);
}
