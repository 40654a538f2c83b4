// Text as it was published: strict UTF-8, the order of bytes, rows of CSV, and the place where two texts part.

export class Unreadable extends Error {
  constructor(code, place = {}) {
    super(code);
    this.code = code;
    this.place = place;
  }
}

export function decode(bytes, file) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable("not_utf8", { file });
  }
}

// The order of UTF-8 bytes is that of code points; JavaScript compares halves of pairs, which lie below U+E000.
export function compare(a, b) {
  if (a === b) return 0;
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (unit) => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit);

export function readCsv(text, file) {
  if (!text.includes('"')) {
    const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line) => line.split(","));
  }
  const rows = [];
  let row = [];
  let at = 0;
  while (at < text.length) {
    let value = "";
    if (text[at] === '"') {
      const from = at;
      at += 1;
      for (;;) {
        const end = text.indexOf('"', at);
        if (end < 0) throw new Unreadable("open_quote", { file, line: lineOf(text, from) });
        value += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        value += '"';
        at += 1;
      }
    }
    const from = at;
    while (at < text.length && text[at] !== "," && text[at] !== "\n") at += 1;
    value += text.slice(from, at);
    if (text[at] !== "," && value.endsWith("\r")) value = value.slice(0, -1);
    row.push(value);
    if (text[at] === ",") {
      at += 1;
      if (at < text.length) continue;
      row.push("");
    }
    rows.push(row);
    row = [];
    at += 1;
  }
  return rows;
}

// csv.writer with line feeds: quotes only where they are needed
export function writeCsv(rows) {
  return rows.map((row) => row.map(field).join(",") + "\n").join("");
}

const field = (value) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

const lineOf = (text, at) => text.slice(0, at).split("\n").length;

// The first difference of two texts: line and column count from 1, and what stands there in each.
export function firstDifference(theirs, ours, file) {
  if (theirs === ours) return null;
  const shared = Math.min(theirs.length, ours.length);
  let at = 0;
  while (at < shared && theirs[at] === ours[at]) at += 1;
  const start = theirs.lastIndexOf("\n", at - 1) + 1;
  return {
    file,
    line: lineOf(theirs, start),
    column: at - start + 1,
    theirs: lineAt(theirs, start),
    ours: lineAt(ours, start),
  };
}

function lineAt(text, start) {
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end).slice(0, 400);
}
