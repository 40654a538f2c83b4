// The frozen frame: units in the order of their bytes, cut into strata.
import { compare, readCsv, Unreadable } from "./text.js";

const FILE = "frame.csv";
const SIZE = /^[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;

export function readFrame(text) {
  const [head, ...rows] = readCsv(text, FILE);
  const at = ["id", "stratum", "size"].map((name) => (head ?? []).indexOf(name));
  if (at[0] < 0) throw new Unreadable("no_id", { file: FILE, line: 1 });
  return rows.map((row, i) => {
    if (row.length !== head.length) throw new Unreadable("ragged", { file: FILE, line: i + 2 });
    return [row[at[0]], at[1] < 0 ? "" : row[at[1]], at[2] < 0 ? "1" : row[at[2]]];
  });
}

// the first thing that is wrong with the rows, or null
export function frameProblem(rows) {
  const seen = new Set();
  for (let i = 0; i < rows.length; i += 1) {
    const [key, stratum, size] = rows[i];
    const place = { file: FILE, line: i + 2, unit: key, stratum };
    if (!key || unseemly(key)) return { code: "bad_key", place };
    if (seen.has(key)) return { code: "key_twice", place };
    if (stratum && unseemly(stratum)) return { code: "bad_stratum", place };
    if (!SIZE.test(size) || !Number.isFinite(Number(size))) return { code: "bad_size", place };
    if (i && (compare(rows[i - 1][1], stratum) || compare(rows[i - 1][0], key)) >= 0) return { code: "out_of_order", place };
    seen.add(key);
  }
  return rows.length ? null : { code: "no_rows", place: { file: FILE } };
}

const unseemly = (text) => text !== text.trim() || text.normalize("NFC") !== text || /[\p{Cc}\p{Cf}]/u.test(text);

export function strataOf(rows) {
  const strata = [];
  for (const [key, label, size] of rows) {
    if (strata.at(-1)?.label !== label) strata.push({ label, keys: [], sizes: [] });
    strata.at(-1).keys.push(key);
    strata.at(-1).sizes.push(Number(size));
  }
  return strata;
}
