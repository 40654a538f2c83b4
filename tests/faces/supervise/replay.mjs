// Replays folders with the browser's module: each line of the input is [folder, commitment], each of the output a result.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { FILES, replay } from "../../../frontend/src/js/replay/replay.js";
import { CHAINS, signed } from "../../../frontend/src/js/replay/drand.js";
import { bytesOf } from "../../../frontend/src/js/replay/tickets.js";
import { pyFloat } from "../../../frontend/src/js/replay/numbers.js";

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.floats) {
    console.log(JSON.stringify(asked.floats.map((hex) => pyFloat(new DataView(Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)).buffer).getFloat64(0)))));
    continue;
  }
  if (asked.round) {
    const { chain, key, number, signature, before } = asked.round;
    console.log(await signed({ ...CHAINS[chain], ...(key ? { key } : {}) }, number, bytesOf(signature) ?? new Uint8Array(), bytesOf(before ?? "")));
    continue;
  }
  const files = {};
  for (const name of FILES) {
    try {
      files[name] = new Uint8Array(readFileSync(`${asked.folder}/${name}`));
    } catch {
      // a file that is absent is for the replay to notice
    }
  }
  const { parts, ...found } = await replay(files, asked.commitment);
  console.log(JSON.stringify(found));
}
