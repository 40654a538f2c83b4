// The replay of a draw from its published files alone. Every check says what stands there and what comes out here.
import { canonical, number, parse, plain, table } from "./documents.js";
import { frameProblem, readFrame, strataOf } from "./frame.js";
import { numbersOf } from "./allocation.js";
import { pyFloat } from "./numbers.js";
import { orderProbabilities, target, workingProbabilities } from "./probabilities.js";
import { compared, seedOf } from "./seed.js";
import { drawn, REPLAYED, shownTickets } from "./strata.js";
import { decode, firstDifference, readCsv, Unreadable, writeCsv } from "./text.js";
import { DOMAIN, hashOf } from "./tickets.js";

export const FILES = ["frame.csv", "plan.json", "working.csv", "promise.json", "sample.csv", "reserve.csv", "record.json"];
const CLOSE = 1e-6;
const DOCUMENTS = FILES.filter((name) => name.endsWith(".json"));

// files: {name: Uint8Array}; commitment: the hash that was published before, or "" where nobody noted it
export async function replay(files, commitment = "", told = () => {}) {
  const run = new Run(files, told);
  const steps = [
    ["record.json", () => run.present()],
    ["record.json", () => run.documents()],
    ["promise.json", () => run.committed(commitment)],
    ["promise.json", () => run.promised()],
    ["frame.csv", () => run.ordered()],
    ["plan.json", () => run.numbered()],
    ["working.csv", () => run.worked()],
    ["record.json", () => run.sealed()],
    ["record.json", () => run.seeded()],
    ["plan.json", () => run.repeated()],
  ];
  for (const [file, step] of steps) {
    try {
      if ((await step()) === false) break;
    } catch (problem) {
      // a document may hold anything: what cannot be followed does not hold
      const known = problem instanceof Unreadable ? problem : { code: "unreadable", place: { file } };
      run.check({ code: known.code, state: "fails", theirs: "", ours: known === problem ? "" : problem.message, place: known.place });
      break;
    }
  }
  return run.result();
}

class Run {
  constructor(files, told) {
    Object.assign(this, { files, told, checks: [], hashes: {}, text: {}, strata: [], parts: [] });
    this.begun = performance.now();
  }

  check(one) {
    this.checks.push(one);
    this.told({ kind: "check", check: one });
  }

  async present() {
    const absent = FILES.filter((name) => !this.files[name]);
    this.check({ code: "present", state: absent.length ? "fails" : "holds", theirs: String(FILES.length), ours: String(FILES.length - absent.length), place: { file: absent[0] } });
    if (absent.length) return false;
    for (const name of FILES) {
      this.hashes[name] = await hashOf(this.files[name]);
      this.text[name] = decode(this.files[name], name);
    }
    return true;
  }

  documents() {
    const read = Object.fromEntries(DOCUMENTS.map((name) => [name, table(parse(this.text[name], name))]));
    [this.published, this.promise, this.record] = ["plan.json", "promise.json", "record.json"].map((name) => read[name]);
    this.plan = table(this.published.get("plan"));
    this.method = plain(this.plan.get("method"));
    for (const name of DOCUMENTS) {
      const place = firstDifference(this.text[name], canonical(read[name]), name);
      if (place) this.check({ code: "canonical", state: "fails", theirs: place.theirs, ours: place.ours, place });
    }
    if (!this.checks.some((one) => one.code === "canonical")) this.check({ code: "canonical", state: "holds", theirs: "", ours: "" });
  }

  committed(commitment) {
    const ours = this.hashes["promise.json"];
    if (!commitment) this.check({ code: "commitment", state: "open", theirs: "", ours });
    else this.check(compared("commitment", commitment.trim().toLowerCase(), ours, { file: "promise.json" }));
  }

  promised() {
    for (const name of ["frame.csv", "plan.json", "working.csv"]) {
      const stem = name.split(".")[0];
      this.check(compared(stem, plain(this.promise.get(`${stem}_sha256`)), this.hashes[name], { file: name }));
    }
  }

  ordered() {
    this.rows = readFrame(this.text["frame.csv"]);
    const units = plain(this.promise.get("units"));
    const wrong = frameProblem(this.rows);
    const same = units === String(this.rows.length);
    this.check({ code: wrong?.code ?? "order", state: wrong || !same ? "fails" : "holds", theirs: units, ours: String(this.rows.length), place: wrong?.place ?? { file: "frame.csv" } });
    if (wrong) return false;
    this.strata = strataOf(this.rows);
    return true;
  }

  numbered() {
    const theirs = new Map([...table(this.published.get("strata"))].map(([label, pair]) => [label, Array.isArray(pair) ? pair.map(number) : []]));
    const ours = numbersOf(this.plan, this.strata);
    const labels = [...new Set([...ours.keys(), ...theirs.keys()])];
    const known = new Set(this.strata.map(({ label }) => label));
    const said = (pair) => (pair ? pair.join(" + ") : "");
    const other = labels.find((label) => said(theirs.get(label)) !== said(ours.get(label)) || !known.has(label));
    const total = (counts) => [0, 1].map((k) => [...counts.values()].reduce((sum, pair) => sum + (pair[k] ?? 0), 0)).join(" + ");
    if (other === undefined) this.check({ code: "numbers", state: "holds", theirs: total(theirs), ours: total(ours) });
    else this.check({ code: "numbers", state: "fails", theirs: said(theirs.get(other)), ours: said(ours.get(other)), place: { file: "plan.json", stratum: other } });
    this.counts = ours;
  }

  worked() {
    this.working = new Map();
    for (const [label, p] of readCsv(this.text["working.csv"], "working.csv").slice(1)) {
      this.working.set(label, [...(this.working.get(label) ?? []), Number(p)]);
    }
    let worst = [0, ""];
    for (const { label, sizes } of this.strata) {
      const wanted = target(this.method, sizes, this.counts.get(label)?.[0] ?? 0);
      const given = this.working.get(label);
      const place = { file: "working.csv", stratum: label };
      if (wanted?.length !== given?.length) return this.check({ code: "probabilities", state: "fails", theirs: String(given?.length ?? 0), ours: String(wanted?.length ?? 0), place });
      const off = wanted ? distance(wanted, given, this.method) : 0;
      // sequential Poisson does not always settle; then the size of the miss is told, and the command checks the rest
      const settled = this.method === "pps_pareto";
      if (!(off < CLOSE) && settled && !same(workingProbabilities(wanted), given)) return this.check({ code: "probabilities", state: "fails", theirs: "", ours: off.toExponential(1), place });
      if (off > worst[0]) worst = [off, label];
    }
    if (!this.working.size) return;
    const state = worst[0] < CLOSE ? "holds" : "note";
    this.check({ code: state === "note" ? "probabilities_off" : "probabilities", state, theirs: String(this.working.size), ours: worst[0].toExponential(1), place: { file: "working.csv", stratum: worst[1] } });
  }

  async sealed() {
    const rest = new Map([...this.record].filter(([name]) => name !== "seal"));
    this.check(compared("seal", plain(this.record.get("seal")), await hashOf(canonical(rest))));
    this.check(compared("belongs", plain(this.record.get("promise_sha256")), this.hashes["promise.json"]));
    const formats = [this.published, this.promise, this.record].map((one) => plain(one.get("format")));
    this.check(compared("format", formats.find((one) => one !== DOMAIN) ?? DOMAIN, DOMAIN));
  }

  async seeded() {
    const { checks, seed } = await seedOf(this.plan, this.record);
    checks.forEach((one) => this.check(one));
    this.seed = seed;
    const sound = seed !== "" && !/\n/.test(seed);
    if (!sound) this.check({ code: "bad_seed", state: "fails", theirs: seed, ours: "", place: { file: "record.json" } });
    return sound;
  }

  async repeated() {
    if (!REPLAYED.includes(this.method)) {
      this.check({ code: "draw", state: "elsewhere", theirs: this.method, ours: "" });
      return;
    }
    const lists = { sample: [], reserve: [] };
    for (const stratum of this.strata) await this.stratum(stratum, lists);
    for (const name of ["sample", "reserve"]) await this.list(name, lists[name]);
  }

  async stratum(stratum, lists) {
    const [n, more] = this.counts.get(stratum.label) ?? [0, 0];
    const told = (count) => this.told({ kind: "progress", done: count, total: this.rows.length });
    const found = n ? await drawn(stratum, this.method, n, more, this.seed, this.working.get(stratum.label), told) : { sample: [], reserve: [], pi: [], certain: 0, ranked: null };
    this.parts.push({ stratum, ...found });
    for (const [name, places] of [["sample", found.sample], ["reserve", found.reserve]]) {
      const keys = places.map((i) => stratum.keys[i]);
      const shown = await shownTickets(this.seed, stratum.label, keys);
      keys.forEach((key, i) => lists[name].push([stratum.label, String(i + 1), key, name === "sample" ? pyFloat(found.pi[i]) : "", shown[i]]));
    }
  }

  async list(name, rows) {
    const file = `${name}.csv`;
    const ours = writeCsv([["stratum", "order", "id", "probability", "ticket"], ...rows]);
    const place = firstDifference(this.text[file], ours, file);
    if (place) [place.stratum, , place.unit] = rowAt(this.text[file], place.line, file);
    this.check({ code: name, state: place ? "fails" : "holds", theirs: this.hashes[file], ours: await hashOf(ours), ...(place ? { place } : {}) });
    this.check(compared(`${name}_record`, plain(this.record.get(`${name}_sha256`)), this.hashes[file], { file }));
  }

  result() {
    const failed = this.checks.filter((one) => one.state === "fails");
    const elsewhere = this.checks.filter((one) => one.state === "elsewhere").map((one) => one.code);
    const verdict = failed.length ? "different" : elsewhere.includes("draw") ? "partly" : "same";
    const total = (name) => this.parts.reduce((sum, part) => sum + part[name].length, 0);
    const seconds = (performance.now() - this.begun) / 1000;
    const notes = this.checks.filter((one) => one.state === "note").map((one) => one.code);
    return { verdict, notes, checks: this.checks, first: failed[0] ?? null, elsewhere, method: this.method, seed: this.seed ?? "", units: this.rows?.length ?? 0, drawn: total("sample"), reserve: total("reserve"), seconds, parts: this.parts };
  }
}

function distance(wanted, working, method) {
  if (!wanted) return 0;
  const n = Math.round(wanted.reduce((sum, p) => sum + p, 0));
  const reached = n === wanted.length ? wanted : orderProbabilities(working, n, method);
  return wanted.reduce((worst, p, i) => Math.max(worst, Math.abs(p - reached[i])), 0);
}

const same = (a, b) => a.every((x, i) => Math.abs(x - b[i]) < CLOSE);

function rowAt(text, line, file) {
  const row = readCsv(text.split("\n")[line - 1] ?? "", file)[0] ?? [];
  return row.length >= 3 && line > 1 ? row : ["", "", ""];
}

