// One visit: seven steps with large fields; every change is on the phone before the finger is off the glass.
import { clock, word } from "../words.js";
import { get, photosOf, put } from "./store.js";
import { draftOf, keepDraft, net } from "./sync.js";
import { setUpPad, setUpTiles, showTiles } from "./pictures.js";

const STEPS = 7;
let task = null;
let form = null;
let saving = Promise.resolve();
let drawPad = null;
let copying = 0;

const page = () => document.querySelector("[data-view=visit]");
const sheet = () => page().querySelector("form");
const current = () => task;

export function setUpVisit(queue) {
  sheet().addEventListener("submit", (event) => event.preventDefault());
  sheet().addEventListener("input", () => change());
  sheet().addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.by) step(button);
    if (button?.hasAttribute("data-next")) go(beside(1));
    if (button?.hasAttribute("data-previous")) go(beside(-1));
    if (button?.hasAttribute("data-arrive")) arrive();
    if (button?.hasAttribute("data-locate")) locate();
    if (button?.hasAttribute("data-send")) send(queue);
    if (button?.hasAttribute("data-edit")) change({ state: "draft" });
    if (event.target.closest("[data-goto]")) go(Number(event.target.closest("[data-goto]").dataset.goto));
  });
  const redraw = async () => {
    await change();
    await showTiles(page(), task, word("RemovePhoto"), redraw);
    await showMissing();
  };
  setUpTiles(page(), current, redraw);
  drawPad = setUpPad(page().querySelector("canvas"), page().querySelector("[data-clear]"), current, redraw);
  page().redraw = redraw;
}

export async function showVisit(id) {
  task = await get("tasks", id);
  form = await get("forms", id);
  if (!task) return false;
  form ??= await fresh();
  page().dataset.stage = task.stage === "online" ? "online" : "site";
  fill();
  await showTiles(page(), task, word("RemovePhoto"), page().redraw);
  await drawPad(task);
  await show();
  return true;
}

async function fresh() {
  const { seal_numbers, ...known } = task.form;
  const { outcome = "sample", ...typed } = navigator.onLine ? await draftOf(task.id) : {};
  const values = { ...known, seal_test: (seal_numbers.test ?? []).join(" "), seal_backup: (seal_numbers.backup ?? []).join(" "), ...typed };
  return {
    task: task.id, number: task.number, firm: task.firm, client_id: crypto.randomUUID(), values, state: "draft", step: 1,
    outcome, arrived_at: "", place: null, revision: task.revision, attempt: task.attempt, problems: [],
  };
}

function fill() {
  const facts = { firm: task.firm, code: task.code, address: task.address, town: task.town, campaign: task.campaign, number: task.number,
    colleagues: task.colleagues.join(document.documentElement.lang === "en" ? ", " : "、"), product: task.product, rule: task.rule.name, unit: task.rule.unit, least: task.rule.least,
    test: task.rule.test, backup: task.rule.backup };
  for (const place of page().querySelectorAll("[data-fact]")) place.textContent = facts[place.dataset.fact] || "";
  for (const place of page().querySelectorAll("[data-say]")) place.textContent = word(place.dataset.say, facts);
  const values = { ...form.values, outcome: form.outcome };
  for (const field of sheet().elements) {
    if (!field.name || field.type === "file") continue;
    if (field.type === "radio") field.checked = field.value === values[field.name];
    else if (field.type === "checkbox") field.checked = Boolean(values[field.name]);
    else field.value = values[field.name] ?? "";
  }
}

function collect() {
  const values = {};
  for (const field of sheet().elements) {
    if (!field.name || field.type === "file") continue;
    if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else values[field.name] = field.type === "checkbox" ? field.checked : field.value;
  }
  return values;
}

// Changes are written one after the other, so that the last word is the one that stays.
export function change(more = {}) {
  if (!["draft", "refused"].includes(form.state) && (more.state !== "draft" || net.sending === task.id)) return saving;
  const { outcome, ...values } = collect();
  form = { ...form, values, outcome: outcome ?? "sample", state: "draft", changed_at: new Date().toISOString(), ...more };
  const kept = form;
  saving = saving.then(() => put("forms", kept)).then(show);
  clearTimeout(copying);
  if (net.state === "online" && form.state === "draft") copying = setTimeout(keepDraft, 2500, task.id, { ...values, outcome: form.outcome });
  return saving;
}

function step(button) {
  const field = button.parentElement.querySelector("input");
  field.value = Math.max(0, (Number(field.value) || 0) + Number(button.dataset.by));
  change();
}

// a visit without a sample has no product, quantity, seals or signature
const path = () => (form.outcome === "sample" ? [1, 2, 3, 4, 5, 6, STEPS] : [1, 4, STEPS]);
const beside = (way) => path()[Math.max(0, path().indexOf(form.step) + way)] ?? STEPS;

function go(to) {
  change({ step: Math.min(STEPS, Math.max(1, to)) });
  scrollTo(0, 0);
  document.querySelector("[data-title]").focus({ preventScroll: true });
}

function arrive() {
  change({ arrived_at: new Date().toISOString(), step: 2 });
  scrollTo(0, 0);
}

// The place is asked for only when the inspector taps, and said with its accuracy.
function locate() {
  const line = page().querySelector("[data-place]");
  line.textContent = word("Locating");
  navigator.geolocation?.getCurrentPosition(
    ({ coords, timestamp }) =>
      change({
        place: { longitude: Number(coords.longitude.toFixed(5)), latitude: Number(coords.latitude.toFixed(5)),
          accuracy: Math.round(coords.accuracy), taken_at: new Date(timestamp).toISOString() },
      }),
    () => (line.textContent = word("NoPlace")),
    { enableHighAccuracy: true, timeout: 20000 },
  );
}

const NAMES = { seal_test: "seal:test", seal_backup: "seal:backup" };

async function missing() {
  if (form.outcome !== "sample") {
    const needed = form.outcome === "not_sample" ? ["reason_code"] : ["reason"];
    return needed.filter((name) => !form.values[name]);
  }
  const { values } = form;
  const names = task.required.filter((name) => !String(values[name] ?? "").trim());
  if (!values.free_of_charge) names.push(...["price", "voucher_no"].filter((name) => !values[name]));
  if (values.signature === "refused" && !values.words) names.push("words");
  const photos = [...(await photosOf(task.id)), ...task.taken].map((one) => one.kind);
  names.push(...task.pictures.filter((kind) => !photos.includes(kind)).map((kind) => `photo:${kind}`));
  const parts = Number(values.backup_quantity) ? ["seal_test", "seal_backup"] : ["seal_test"];
  return [...names, ...parts.filter((name) => !values[name]?.trim())];
}

function nameOf(name) {
  const [start, kind] = name.split(":");
  const found = start === "photo" ? page().querySelector(`[data-kind=${kind}]`) : sheet().elements[name === "seal:test" ? "seal_test" : name];
  const field = found instanceof RadioNodeList ? found[0] : found;
  const section = field?.closest("[data-step]");
  const label = start === "photo" ? field?.querySelector("[data-label]") : field?.closest(".field")?.querySelector(".label");
  return { words: label?.textContent.trim() ?? name, step: Number(section?.dataset.step ?? 1) };
}

async function showMissing() {
  const names = await missing();
  const list = page().querySelector("[data-missing]");
  list.replaceChildren(
    ...names.map((name) => {
      const { words, step: at } = nameOf(NAMES[name] ? name : name);
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: words });
      button.dataset.goto = at;
      item.append(button);
      return item;
    }),
  );
  page().querySelector("[data-left]").hidden = !names.length;
  page().querySelector("[data-send]").disabled = names.length > 0 || form.state === "waiting";
}

async function send(queue) {
  if ((await missing()).length) return;
  await change({ state: "waiting", written_at: new Date().toISOString(), arrived_at: form.arrived_at || new Date().toISOString(), problems: [] });
  queue();
}

export async function show() {
  if (!task || !form) return;
  const kept = await get("forms", task.id);
  if (kept && kept.state !== form.state) form = { ...form, ...kept };
  const open = form.state === "draft" || form.state === "refused";
  page().dataset.outcome = form.outcome ?? "sample";
  const at = open ? form.step : STEPS;
  for (const section of sheet().querySelectorAll("[data-step]")) section.hidden = Number(section.dataset.step) !== at;
  for (const part of sheet().querySelectorAll("[data-only-outcome]")) part.hidden = !part.dataset.onlyOutcome.split(" ").includes(form.outcome);
  page().querySelector("[data-after]").hidden = open;
  page().querySelector("[data-open]").hidden = !open;
  page().querySelector("[data-state-words]").textContent = stateWords(form);
  page().querySelector("[data-state-words]").className = `banner banner-${{ sent: "ok", conflict: "warn", refused: "bad" }[form.state] ?? "wait"}`;
  showNext();
  page().querySelector("[data-edit]").hidden = form.state !== "waiting" || net.sending === task.id;
  page().querySelector("[data-refused]").hidden = form.state !== "refused" || !form.problems?.length;
  page().querySelector("[data-problems]").replaceChildren(...(form.problems ?? []).map((one) => Object.assign(document.createElement("li"), { textContent: one.words })));
  page().querySelector("[data-arrived]").textContent = form.arrived_at ? word("Arrived", { time: clock(new Date(form.arrived_at)) }) : "";
  const place = form.place;
  page().querySelector("[data-place]").textContent = place ? word("Place", { latitude: place.latitude, longitude: place.longitude, accuracy: place.accuracy }) : word("PlaceUnknown");
  bar(at);
  if (open) await showMissing();
}

// what has to be done at once when the server has the entry: the papers of a sample, the report of a refusal
function showNext() {
  const says = form.state === "sent" && form.outcome !== "not_sample" ? (form.outcome === "sample" ? "NextPapers" : "NextReport") : "";
  const next = page().querySelector("[data-next-page]");
  next.hidden = !says;
  if (!says) return;
  next.textContent = word(says);
  next.href = `${next.dataset.nextPage}${task.id}/`;
}

export function stateWords(one) {
  const time = one.at ? clock(new Date(one.at)) : "";
  if (one.state === "sent") return word("StateSent", { time });
  if (one.state === "conflict") return word("StateConflict", { name: one.stands || "—", time: one.stands_at ? clock(new Date(one.stands_at)) : "—" });
  return word({ waiting: "StateWaiting", refused: "StateRefused" }[one.state] ?? "StateDraft", { time: one.changed_at ? clock(new Date(one.changed_at)) : "" });
}

function bar(at) {
  const title = sheet().querySelector(`[data-step="${at}"]`)?.dataset.name ?? "";
  document.querySelector("[data-title]").textContent = task.firm;
  document.querySelector("[data-sub]").textContent = word("Step", { n: path().indexOf(at) + 1, of: path().length, name: title });
  const steps = document.querySelector("[data-bar]");
  steps.hidden = false;
  [...steps.children].forEach((one, place) => one.classList.toggle("is-done", place <= path().indexOf(at)));
  [...steps.children].forEach((one, place) => (one.hidden = place >= path().length));
  page().querySelector("[data-print]").hidden = at !== STEPS || form.state === "sent";
  document.querySelector("[data-kept]").textContent = form.changed_at ? word("Kept", { time: clock(new Date(form.changed_at)) }) : "";
}
