// The verification page of a draw: [data-draw-verify]. Files come from the links of the page or from the visitor's disk;
// a worker replays the draw. Nothing is sent anywhere.
import { View } from "./replay/view.js";

const NAMES = ["frame.csv", "plan.json", "working.csv", "promise.json", "sample.csv", "reserve.csv", "record.json"];

class Page {
  constructor(root) {
    this.root = root;
    this.view = new View(root);
    this.links = JSON.parse(root.dataset.files || "{}");
    this.dropped = {};
    this.waiting = new Map();
    this.counter = 0;
    this.worker = new Worker(root.dataset.worker, { type: "module" });
    this.worker.addEventListener("message", ({ data }) => this.heard(data));
    this.worker.addEventListener("error", () => this.view.banner("bad", this.view.say("broken"), this.view.say("broken_why")));
  }

  ask(way, values = {}) {
    this.counter += 1;
    this.worker.postMessage({ id: this.counter, way, ...values });
    return new Promise((resolve, reject) => this.waiting.set(this.counter, { resolve, reject }));
  }

  heard(news) {
    if (news.kind === "check") this.view.check(news.check);
    else if (news.kind === "progress") this.view.progress(news.done, news.total);
    else if (news.error) this.waiting.get(news.id)?.reject(new Error(news.error));
    else this.waiting.get(news.id)?.resolve(news.answer);
  }

  start() {
    this.view.part("again").hidden = !this.linked();
    this.view.part("again").addEventListener("click", () => this.run());
    this.view.part("files").addEventListener("change", (event) => this.take(event.target.files));
    this.view.part("commitment").form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    const zone = this.view.part("drop");
    zone.addEventListener("dragover", (event) => event.preventDefault());
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take(event.dataTransfer.files);
    });
    this.view.part("find").addEventListener("submit", async (event) => {
      event.preventDefault();
      const key = new FormData(event.target).get("key");
      if (key) this.view.found(await this.ask("find", { key }));
    });
    this.view.part("stratum").addEventListener("change", async (event) => this.view.cut((await this.ask("show", { stratum: event.target.value })).rows));
    for (const part of this.root.querySelectorAll("[data-scripted]")) part.hidden = false;
    if (!globalThis.crypto?.subtle) this.view.banner("warn", this.view.say("no_crypto"), this.view.say("no_crypto_why"));
    else if (this.linked()) this.run();
  }

  linked() {
    return NAMES.every((name) => this.links[name]);
  }

  async take(list) {
    for (const file of list) if (NAMES.includes(file.name)) this.dropped[file.name] = new Uint8Array(await file.arrayBuffer());
    const there = Object.keys(this.dropped);
    const absent = NAMES.filter((name) => !there.includes(name));
    this.view.part("taken").textContent = this.view.say("taken", { names: there.join(this.view.say("comma")), n: there.length });
    if (there.length && (!absent.length || this.linked())) this.run();
  }

  // what the visitor handed over comes first; the rest is fetched as it was published
  async files() {
    const files = { ...this.dropped };
    for (const name of NAMES) if (!files[name] && this.links[name]) files[name] = await this.fetched(name);
    return files;
  }

  async fetched(name) {
    const answer = await fetch(this.links[name], { credentials: "omit", cache: "no-store" });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async run() {
    this.root.dataset.verdict = "";
    this.view.begin();
    try {
      const files = await this.files();
      const found = await this.ask("replay", { files, commitment: this.view.part("commitment").value });
      if (found.first && !found.first.place?.line) await this.locate(found, files);
      this.view.result(found);
    } catch (problem) {
      this.view.banner("bad", this.view.say("broken"), `${this.view.say("broken_why")} ${problem.message}`);
      this.root.dataset.verdict = "broken";
    }
  }

  // A hash says that a file was changed, not where: with the visitor's own copy beside the published one that is known too.
  async locate(found, files) {
    for (const name of Object.keys(this.dropped)) {
      if (!this.links[name]) continue;
      const { place } = await this.ask("differ", { theirs: await this.fetched(name), ours: files[name], file: name });
      if (!place) continue;
      found.first = { code: "copies", place };
      this.view.check({ code: "copies", state: "fails", theirs: "", ours: "", place });
      return;
    }
  }
}

for (const root of document.querySelectorAll("[data-draw-verify]")) new Page(root).start();
