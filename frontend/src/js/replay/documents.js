// JSON in its canonical form: keys by code point, no spaces, one line feed. Numbers stay the text they are.
import { compare, Unreadable } from "./text.js";
import { pyFloat } from "./numbers.js";

class Number_ {
  constructor(text) {
    this.text = text;
  }
}

const WORDS = new Map([["true", true], ["false", false], ["null", null]]);

export function parse(text, file) {
  let at = 0;
  const wrong = () => new Unreadable("not_json", { file, line: text.slice(0, at).split("\n").length, column: at - text.lastIndexOf("\n", at - 1) });
  const space = () => {
    while (" \t\n\r".includes(text[at] || "x")) at += 1;
  };
  const string = () => {
    const found = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    found.lastIndex = at;
    const hit = found.exec(text);
    if (!hit) throw wrong();
    at = found.lastIndex;
    return JSON.parse(hit[0]);
  };
  const entries = (end, take) => {
    at += 1;
    space();
    if (text[at] === end) return void (at += 1);
    for (;;) {
      take();
      space();
      if (text[at] === end) return void (at += 1);
      if (text[at] !== ",") throw wrong();
      at += 1;
      space();
    }
  };
  const value = () => {
    space();
    if (text[at] === '"') return string();
    if (text[at] === "{") {
      const table = new Map();
      entries("}", () => {
        const key = string();
        space();
        if (text[at] !== ":") throw wrong();
        at += 1;
        table.set(key, value());
      });
      return table;
    }
    if (text[at] === "[") {
      const list = [];
      entries("]", () => list.push(value()));
      return list;
    }
    const found = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null/y;
    found.lastIndex = at;
    const hit = found.exec(text);
    if (!hit) throw wrong();
    at = found.lastIndex;
    return WORDS.has(hit[0]) ? WORDS.get(hit[0]) : new Number_(hit[0]);
  };
  const whole = value();
  space();
  if (at < text.length) throw wrong();
  return whole;
}

export function canonical(value) {
  return `${written(value)}\n`;
}

function written(value) {
  if (value instanceof Map) {
    const keys = [...value.keys()].sort(compare);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${written(value.get(key))}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (value instanceof Number_) {
    if (/[.eE]/.test(value.text)) return pyFloat(Number(value.text));
    return value.text === "-0" ? "0" : value.text;
  }
  return JSON.stringify(value);
}

export function number(value) {
  if (value instanceof Number_) return Number(value.text);
  return typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : NaN;
}

// str(value) of a scalar of a document, as Python writes it
export function plain(value) {
  if (value instanceof Number_) return /[.eE]/.test(value.text) ? pyFloat(Number(value.text)) : written(value);
  if (value === null || value === undefined) return "";
  return value === true ? "True" : value === false ? "False" : String(value);
}

export function table(value) {
  return value instanceof Map ? value : new Map();
}
