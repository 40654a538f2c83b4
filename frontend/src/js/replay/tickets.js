// Tickets with the browser's own SHA-256 (Web Crypto): secret = SHA-256(domain LF purpose LF seed LF stratum),
// ticket = SHA-256(secret || key), u = (first 52 bits + 1/2) / 2**52.

export const DOMAIN = "qualipolis draw 1";
const CHUNK = 4096;
const utf8 = new TextEncoder();

export async function sha256(data) {
  const bytes = typeof data === "string" ? utf8.encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

export async function hashOf(data) {
  return hex(await sha256(data));
}

export function bytesOf(text) {
  const clean = text.trim();
  if (!/^([0-9a-f]{2})*$/i.test(clean)) return null;
  return Uint8Array.from(clean.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function secret(seed, stratum, purpose) {
  return sha256([DOMAIN, purpose, seed, stratum].join("\n"));
}

export async function ticket(seed, stratum, key, purpose = "unit") {
  return sha256(joined(await secret(seed, stratum, purpose), key));
}

function joined(head, key) {
  const tail = utf8.encode(key);
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

// All tickets of a stratum, 32 bytes each in one array; told(n) after every chunk, so that a page can show how far it is.
export async function tickets(seed, stratum, keys, purpose, told = () => {}) {
  const head = await secret(seed, stratum, purpose);
  const all = new Uint8Array(32 * keys.length);
  for (let start = 0; start < keys.length; start += CHUNK) {
    const part = keys.slice(start, start + CHUNK);
    const found = await Promise.all(part.map((key) => crypto.subtle.digest("SHA-256", joined(head, key))));
    found.forEach((digest, i) => all.set(new Uint8Array(digest), 32 * (start + i)));
    told(part.length);
  }
  return all;
}

export function uniform(bytes, at = 0) {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return (view.getUint32(0) * 2 ** 20 + (view.getUint32(4) >>> 12) + 0.5) / 2 ** 52;
}

export function compareTickets(all, i, j) {
  for (let k = 0; k < 32; k += 1) {
    const step = all[32 * i + k] - all[32 * j + k];
    if (step) return step;
  }
  return 0;
}

// Uniforms without end: four from each SHA-256(secret || counter as 8 bytes)
export class Stream {
  constructor(seed, stratum) {
    this.head = secret(seed, stratum, "stream");
    this.counter = 0;
    this.ready = [];
  }

  async next() {
    if (!this.ready.length) await this.fill();
    return this.ready.pop();
  }

  async fill(blocks = 64) {
    const head = await this.head;
    const inputs = Array.from({ length: blocks }, (_, k) => {
      const bytes = new Uint8Array(40);
      bytes.set(head);
      new DataView(bytes.buffer).setBigUint64(32, BigInt(this.counter + k));
      return bytes;
    });
    this.counter += blocks;
    const digests = await Promise.all(inputs.map(sha256));
    this.ready = digests.flatMap((digest) => [0, 8, 16, 24].map((at) => uniform(digest, at))).reverse();
  }
}
