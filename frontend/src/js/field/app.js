// The inspector's phone: a list of the day and one visit, both from the store of the phone, with or without a line.
import { clock, word } from "../words.js";
import { all, drop, get, wipe } from "./store.js";
import { net, seen, sync, watch } from "./sync.js";
import { setUpVisit, show, showVisit, stateWords } from "./visit.js";

const part = (name) => document.querySelector(`[data-view=${name}]`);
const tokens = () => document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.split("=")[1];

function strip(waiting) {
  const line = document.querySelector("[data-strip]");
  const words = [];
  if (net.state === "offline" || !navigator.onLine) words.push(word("Offline"));
  if (net.state === "signin") words.push(word("Signin"));
  if (net.state === "other") words.push(word("Other"));
  if (waiting) words.push(word("Waiting", { n: waiting }));
  line.querySelector("[data-strip-words]").textContent = words.join(" ");
  line.hidden = !words.length;
  document.querySelector("[data-signin]").hidden = net.state !== "signin" && net.state !== "other";
}

function row(task, form) {
  const made = document.querySelector("#row").content.cloneNode(true);
  made.querySelector("a").href = `#/${task.id ?? form.task}`;
  const facts = { firm: task.firm ?? form.firm, number: task.number ?? form.number, address: [task.town, task.address].filter(Boolean).join(" "), product: task.product ?? "" };
  for (const place of made.querySelectorAll("[data-fact]")) place.textContent = facts[place.dataset.fact] ?? "";
  const chip = made.querySelector("[data-state]");
  chip.textContent = form ? stateWords(form) : (task.state ?? "");
  chip.className = `chip chip-${{ sent: "ok", conflict: "warn", refused: "bad", waiting: "wait" }[form?.state] ?? "idle"}`;
  return made;
}

async function showList() {
  const [tasks, forms, conflicts, asked] = await Promise.all([all("tasks"), all("forms"), get("facts", "conflicts"), get("facts", "asked")]);
  const own = net.state !== "other";
  const byTask = new Map(forms.map((one) => [one.task, one]));
  const open = tasks.filter((one) => ["assigned", "on_site"].includes(one.status) && !["sent", "conflict"].includes(byTask.get(one.id)?.state));
  const done = forms.filter((one) => ["sent", "conflict"].includes(one.state));
  part("list").querySelector("[data-open-tasks]").replaceChildren(...(own ? open.map((one) => row(one, byTask.get(one.id))) : []));
  part("list").querySelector("[data-done-tasks]").replaceChildren(...(own ? done.map((one) => row({}, one)) : []));
  // nothing was asked for yet on this phone: that is not the same as having nothing to do
  part("list").querySelector("[data-none]").hidden = open.length > 0 || !own || !asked;
  part("list").querySelector("[data-unasked]").hidden = open.length > 0 || !own || Boolean(asked);
  part("list").querySelector("[data-unasked] b").textContent = word(net.state === "unknown" && navigator.onLine ? "Asking" : "Unasked");
  part("list").querySelector("[data-done]").hidden = !done.length || !own;
  part("list").querySelector("[data-asked]").textContent = asked ? word("Asked", { time: clock(new Date(asked.value)) }) : "";
  showConflicts(own ? (conflicts?.value ?? []) : []);
  document.querySelector("[data-title]").textContent = word("Title");
  document.querySelector("[data-sub]").textContent = asked ? word("Count", { n: open.length }) : "";
  document.querySelector("[data-bar]").hidden = true;
  document.querySelector("[data-kept]").textContent = "";
  return forms.filter((one) => one.state === "waiting").length;
}

function showConflicts(conflicts) {
  const made = conflicts.map((one) => {
    const card = document.querySelector("#conflict").content.cloneNode(true);
    const values = { number: one.task, firm: one.firm, name: one.sent_by, stands: one.stands || "—", time: clock(new Date(one.sent_at)) };
    card.querySelector("[data-words]").textContent = word(one.mine ? "ConflictMine" : "ConflictTheirs", values);
    card.querySelector("button").addEventListener("click", async () => {
      await seen(one.id);
      await sync();
    });
    return card;
  });
  part("list").querySelector("[data-conflicts]").replaceChildren(...made);
}

async function render() {
  const id = Number(location.hash.slice(2)) || 0;
  const waiting = await showList();
  const visiting = id && net.state !== "other" ? await showVisit(id) : false;
  part("list").hidden = Boolean(visiting);
  part("visit").hidden = !visiting;
  document.querySelector("[data-back]").hidden = !visiting;
  strip(waiting);
}

// After a try to send: the visit that is open keeps the fields as they are, only its state is said anew.
async function told() {
  if (part("visit").hidden) return render();
  const waiting = (await all("forms")).filter((one) => one.state === "waiting").length;
  await show();
  strip(waiting);
}

async function leave(event) {
  const unsent = (await all("forms")).filter((one) => ["draft", "waiting", "refused"].includes(one.state)).length;
  if (unsent && !confirm(word("LoseUnsent", { n: unsent }))) return;
  await wipe();
  for (const one of await navigator.serviceWorker?.getRegistrations() ?? []) if (one.scope.endsWith("/field/")) await one.unregister();
  location.href = event.target.dataset.leave;
}

async function forget() {
  const midnight = new Date().setHours(0, 0, 0, 0);
  for (const one of await all("forms")) if (["sent", "conflict"].includes(one.state) && new Date(one.at) < midnight) await drop("forms", one.task);
}

for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = tokens() ?? field.value;
setUpVisit(() => sync());
watch(told);
addEventListener("hashchange", render);
document.querySelector("[data-leave]").addEventListener("click", leave);
document.querySelector("[data-print]").addEventListener("click", () => print());
navigator.storage?.persist?.();
await forget();
await render();
await sync();
if ("serviceWorker" in navigator) {
  await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
  await navigator.serviceWorker.ready;
  document.body.dataset.ready = "yes";
}
