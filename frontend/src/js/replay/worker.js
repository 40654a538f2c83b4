// The replay in a thread of its own: the page stays free. It gets files and gives checks; it asks no server.
import { firstDifference } from "./text.js";
import { replay } from "./replay.js";
import { shownTickets } from "./strata.js";
import { ticket, hex } from "./tickets.js";

let last = null;

const ways = {
  async replay({ files, commitment }) {
    let done = 0;
    const told = (news) => {
      if (news.kind === "progress") postMessage({ ...news, done: (done += news.done) });
      else postMessage(news);
    };
    last = await replay(files, commitment, told);
    const { parts, ...rest } = last;
    return { ...rest, strata: parts.map(summary), shown: parts.length ? await cut(parts[0]) : [] };
  },
  async find({ key }) {
    const wanted = key.trim();
    for (const part of last?.parts ?? []) {
      const i = part.stratum.keys.indexOf(wanted);
      if (i >= 0) return { key: wanted, ...summary(part), ...standing(part, i), ticket: hex(await ticket(last.seed, part.stratum.label, wanted)) };
    }
    return { key: wanted, how: "absent" };
  },
  async show({ stratum }) {
    const part = last?.parts.find((one) => one.stratum.label === stratum);
    return { rows: part ? await cut(part) : [] };
  },
  differ({ theirs, ours, file }) {
    const [a, b] = [theirs, ours].map((bytes) => new TextDecoder().decode(bytes));
    return { place: firstDifference(a, b, file) };
  },
};

const summary = ({ stratum, sample, reserve, certain }) => ({ label: stratum.label, units: stratum.keys.length, drawn: sample.length, reserve: reserve.length, certain });

function standing({ sample, reserve, certain, ranked }, i) {
  const at = sample.indexOf(i);
  const rank = ranked ? ranked.indexOf(i) + 1 : 0;
  if (at >= 0) return { how: at < certain ? "certain" : "drawn", order: at + 1, rank };
  const spare = reserve.indexOf(i);
  return spare >= 0 ? { how: "reserve", order: spare + 1, rank } : { how: "not", order: 0, rank };
}

// the first two, the last two of the sample, and the two that come next: where the line was drawn
async function cut({ stratum, sample, reserve, certain }) {
  const row = (how) => (i, order) => ({ key: stratum.keys[i], how: how === "sample" ? (order < certain ? "certain" : "drawn") : how, order: order + 1 });
  const all = sample.map(row("sample"));
  const near = all.length > 5 ? [...all.slice(0, 2), { skipped: all.length - 4, from: 3, to: all.length - 2 }, ...all.slice(-2)] : all;
  const rows = [...near, ...reserve.slice(0, 2).map(row("reserve"))];
  const shown = await shownTickets(last.seed, stratum.label, rows.map((one) => one.key ?? ""));
  return rows.map((one, i) => ({ ...one, ticket: shown[i].slice(0, 16) }));
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ kind: "answer", id: data.id, answer: await ways[data.way](data) });
  } catch (problem) {
    postMessage({ kind: "answer", id: data.id, error: String(problem?.message ?? problem) });
  }
});
