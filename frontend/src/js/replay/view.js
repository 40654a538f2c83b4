// What the visitor sees of a replay: verdict first, then each check with its two values and the place of a difference.

export class View {
  constructor(root) {
    this.root = root;
    this.words = JSON.parse(root.dataset.words);
    this.numbers = new Intl.NumberFormat(document.documentElement.lang || "en");
  }

  part(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  say(name, values = {}) {
    const shown = (value) => (typeof value === "number" ? this.numbers.format(value) : value);
    return (this.words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => shown(values[key] ?? ""));
  }

  banner(kind, title, text) {
    const box = this.part("verdict");
    box.className = `banner banner-${kind}`;
    for (const icon of box.querySelectorAll("[data-icon]")) icon.hidden = icon.dataset.icon !== kind;
    this.part("title").textContent = title;
    this.part("text").textContent = text;
  }

  progress(done, total) {
    const bar = this.part("progress");
    bar.hidden = false;
    bar.querySelector("progress").max = total;
    bar.querySelector("progress").value = done;
    bar.querySelector("span").textContent = this.say("progress", { done, total });
  }

  begin() {
    this.part("checks").replaceChildren();
    this.part("found").replaceChildren();
    for (const name of ["checks-box", "result-box", "cut-box"]) this.part(name).hidden = name !== "checks-box";
    this.banner("wait", this.say("running"), this.say("running_why"));
  }

  check(one) {
    const line = el("li", "check-line");
    const head = el("div", "check-head");
    head.append(el("b", "", this.say(`check_${one.code}`)), this.chip(one.state));
    line.append(head);
    if (one.theirs || one.ours) line.append(this.folded(one));
    if (one.state === "fails" && one.place) line.append(this.place(one.place));
    if (["elsewhere", "note", "open"].includes(one.state)) line.append(el("p", "help", this.say(`why_${one.code}`, { value: one.ours, method: one.theirs, stratum: this.stratum(one.place?.stratum ?? "") })));
    line.dataset.code = one.code;
    line.dataset.state = one.state;
    this.part("checks").append(line);
  }

  // what holds is folded on a small screen; what does not hold never is
  folded(one) {
    const values = this.values(one);
    if (one.state !== "holds") return values;
    const box = el("details");
    box.open = matchMedia("(min-width: 700px)").matches;
    box.append(el("summary", "", this.say("values")), values);
    return box;
  }

  values(one) {
    const list = el("dl", "check-values");
    for (const [name, value] of [["theirs", one.theirs], ["ours", one.ours]]) {
      if (value === "" && one.state !== "fails") continue;
      list.append(el("dt", "", this.say(name)), this.code(value || this.say("nothing")));
    }
    return list;
  }

  code(value) {
    const box = el("dd");
    const grouped = /^[0-9a-f]{64}$/.test(value) ? value.match(/.{8}/g).join(" ") : value;
    box.append(el("code", "", grouped.length > 400 ? `${grouped.slice(0, 400)}…` : grouped));
    return box;
  }

  place(place) {
    const box = el("div", "check-place");
    const name = place.line ? "place_line" : place.stratum !== undefined ? "place_stratum" : "place_file";
    box.append(el("p", "", this.say(place.column ? "place_column" : name, { ...place, stratum: this.stratum(place.stratum ?? "") })));
    if (place.theirs !== undefined) {
      for (const [label, text] of [["theirs", place.theirs], ["ours", place.ours]]) {
        const line = el("p", "check-text");
        const at = Math.max(place.column - 1, 0);
        line.append(el("span", "muted", `${this.say(label)} `), el("code", "", text.slice(0, at)), el("mark", "", text.slice(at, at + 1) || "∅"), el("code", "", text.slice(at + 1)));
        box.append(line);
      }
    }
    return box;
  }

  chip(state) {
    const kind = { holds: "ok", fails: "bad", open: "idle", elsewhere: "wait", note: "warn" }[state];
    const chip = this.root.querySelector(`template[data-chip=${kind}]`).content.firstElementChild.cloneNode(true);
    chip.append(this.say(`state_${state}`));
    return chip;
  }

  stratum(label) {
    return label || this.say("whole_frame");
  }

  result(found) {
    this.part("progress").hidden = true;
    const seconds = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumSignificantDigits: 2 }).format(found.seconds);
    const values = { n: found.drawn, units: found.units, reserve: found.reserve, seconds, method: found.method };
    if (found.verdict === "same") {
      const doubt = [...found.notes, ...found.checks.filter((one) => one.state === "open").map((one) => one.code), ...found.elsewhere].map((code) => this.say(`short_${code}`)).join("");
      this.banner("ok", this.say("same", values), this.say("same_why", values) + doubt);
    } else if (found.verdict === "partly") this.banner("warn", this.say("partly"), this.say("partly_why", values));
    else this.banner("bad", this.say("different"), this.firstWords(found));
    this.strata(found);
    this.cut(found.shown);
    this.root.dataset.verdict = found.verdict;
  }

  firstWords(found) {
    const { code, place = {} } = found.first;
    const where = place.column ? "place_column" : place.line ? "place_line" : place.stratum !== undefined ? "place_stratum" : "place_file";
    return this.say("first_fault", { check: this.say(`check_${code}`), where: this.say(where, { ...place, stratum: this.stratum(place.stratum ?? "") }) });
  }

  strata(found) {
    if (!found.strata.length) return;
    this.part("result-box").hidden = false;
    const body = this.part("strata");
    const rate = (one) => (one.units ? `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format((100 * one.drawn) / one.units)} %` : "—");
    const labels = [...body.closest("table").querySelectorAll("thead th")].map((cell) => cell.textContent);
    const total = found.strata.reduce((sum, one) => ({ units: sum.units + one.units, drawn: sum.drawn + one.drawn, reserve: sum.reserve + one.reserve }), { units: 0, drawn: 0, reserve: 0 });
    const rows = [...found.strata, ...(found.strata.length > 1 ? [{ label: null, ...total }] : [])];
    body.replaceChildren(...rows.map((one) => {
      const line = el("tr", one.label === null ? "total" : "");
      const head = el("th", "", one.label === null ? this.say("total") : this.stratum(one.label));
      head.scope = "row";
      line.append(head);
      [one.units, one.drawn, one.reserve].forEach((n, k) => line.append(cell(this.numbers.format(n), labels[k + 1])));
      line.append(cell(rate(one), labels[4]));
      return line;
    }));
    const choice = this.part("stratum");
    choice.replaceChildren(...found.strata.map((one) => new Option(this.stratum(one.label), one.label)));
    choice.closest("label").hidden = found.strata.length < 2;
  }

  cut(rows) {
    this.part("cut-box").hidden = !rows.length;
    const table = this.part("cut");
    const labels = [...table.closest("table").querySelectorAll("thead th")].map((one) => one.textContent);
    table.replaceChildren(...rows.map((one, k) => {
      const line = el("tr", one.how === "reserve" && rows[k - 1]?.how !== "reserve" ? "cut-line" : "");
      if (one.skipped) {
        const wide = el("td", "muted", this.say("skipped", one));
        wide.colSpan = 4;
        line.append(wide);
        return line;
      }
      const head = el("th", "mono", one.key);
      head.scope = "row";
      const ticket = cell(`${one.ticket}…`, labels[2]);
      ticket.className = "mono";
      const state = cell("", labels[3]);
      state.className = "";
      state.append(this.say(`how_${one.how}`));
      line.append(head, cell(String(one.order), labels[1]), ticket, state);
      return line;
    }));
  }

  found(one) {
    const box = this.part("found");
    const said = el("p", one.how === "absent" || one.how === "not" ? "lookup" : "lookup lookup-yes");
    said.append(el("b", "", this.say(`find_${one.how}`, { ...one, stratum: this.stratum(one.label ?? "") })));
    box.replaceChildren(said);
    if (one.ticket) {
      if (one.rank) box.append(el("p", "help", this.say("find_rank", one)));
      const ticket = el("p", "help", `${this.say("ticket")} `);
      ticket.append(el("code", "", one.ticket));
      box.append(ticket);
    }
  }
}

function el(tag, cls = "", text = "") {
  const made = document.createElement(tag);
  if (cls) made.className = cls;
  if (text) made.textContent = text;
  return made;
}

function cell(text, label) {
  const made = el("td", "num", text);
  made.dataset.label = label ?? "";
  return made;
}
