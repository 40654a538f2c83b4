// The seed from what was revealed: public words (dice, lottery), a round of drand, the secret of the agency.
import { CHAINS, signed } from "./drand.js";
import { number, plain, table } from "./documents.js";
import { bytesOf, hashOf } from "./tickets.js";

// returns checks with their two values, and the seed they lead to
export async function seedOf(plan, record) {
  const named = table(plan.get("randomness"));
  const proof = table(record.get("proof"));
  const held = plain(record.get("seed"));
  const words = proof.size ? plain(proof.get("public")) : held;
  const parts = words ? [words] : [];
  const checks = [];
  if (proof.has("drand")) parts.push(await round(named, table(proof.get("drand")), checks));
  else if (named.has("round")) checks.push(failed("round", plain(named.get("round")), ""));
  const secret = table(proof.get("secret"));
  const [salt, hidden] = [plain(secret.get("salt")), plain(secret.get("secret"))];
  if (named.has("commitment") || hidden) {
    const found = await hashOf(`${salt}|${hidden}`);
    checks.push(compared("secret", plain(named.get("commitment")), found));
  }
  if (hidden) parts.push(`secret ${salt} ${hidden}`);
  checks.push(compared("seed", held, parts.join("|")));
  return { checks, seed: held };
}

async function round(named, beacon, checks) {
  const chain = plain(named.get("chain")) || "quicknet";
  const given = number(beacon.get("round"));
  const wanted = named.has("round") ? number(named.get("round")) : given;
  const known = chain in CHAINS;
  checks.push({ ...compared("round", `${chain} ${wanted}`, `${plain(beacon.get("chain")) || chain} ${given}`), ...(known ? {} : { state: "fails" }) });
  const text = plain(beacon.get("signature"));
  const [signature, before] = [bytesOf(text), bytesOf(plain(beacon.get("previous_signature")))];
  const randomness = signature ? await hashOf(signature) : "";
  const sound = known && signature && given >= 1 && (await signed(CHAINS[chain], given, signature, before));
  checks.push({ code: "signature", state: sound ? "holds" : "fails", theirs: text, ours: "", place: { file: "record.json" } });
  return `drand ${chain} ${given} ${randomness}`;
}

export function compared(code, theirs, ours, place) {
  return theirs === ours ? { code, state: "holds", theirs, ours } : { ...failed(code, theirs, ours), place: place ?? { file: "record.json" } };
}

function failed(code, theirs, ours) {
  return { code, state: "fails", theirs, ours, place: { file: "record.json" } };
}
