// Sends what waits, then asks for the tasks again. Whatever fails stays here and is tried later; nothing is dropped.
import { all, drop, get, photosOf, put, settle } from "./store.js";

const WAITS = [5, 15, 30, 60]; // seconds between tries
// state: online, offline, signin, other (another person's phone); sending: the task that is on its way just now
export const net = { state: "unknown", sending: 0 };
let told = async () => {};
let running = null;
let tries = 0;
let timer = 0;

export function watch(listener) {
  told = listener;
  for (const event of ["online", "offline"]) addEventListener(event, () => sync());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
}

export function sync() {
  clearTimeout(timer);
  running ??= alone(run).finally(() => {
    running = null;
    const wait = net.state === "online" ? 60 : WAITS[Math.min(tries++, WAITS.length - 1)];
    if (net.state === "online") tries = 0;
    timer = setTimeout(sync, wait * 1000);
    told();
  });
  return running;
}

// Two open pages of one phone do not send the same thing at once.
const alone = (act) => (navigator.locks ? navigator.locks.request("field-sync", act) : act());

async function run() {
  try {
    await refresh();
    for (const form of await all("forms")) if (form.state === "waiting") await sendForm(form.task);
    await refresh();
  } catch (problem) {
    net.state = problem.status === 401 ? "signin" : problem.other ? "other" : "offline";
  }
}

// While there is a line, what is typed is on the server as well: another phone of the same person can go on.
const draftKey = (task) => `supervise.field:${task}`;
export const keepDraft = (task, data) => ask("/drafts/", JSON.stringify({ key: draftKey(task), data })).catch(() => null);
export const draftOf = (task) =>
  ask(`/drafts/?key=${draftKey(task)}`, undefined, AbortSignal.timeout(2500)).then((found) => found.data ?? {}, () => ({}));

const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.split("=")[1] ?? "";

async function ask(address, body, signal) {
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") };
  if (typeof body === "string") headers["Content-Type"] = "application/json";
  const answer = await fetch(address, { method: body ? "POST" : "GET", headers, body, signal, credentials: "same-origin" });
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  if (answer.ok && json) return json;
  // a page instead of an answer: the guard against forged posts, a proxy, a server that is starting
  throw Object.assign(new Error(String(answer.status)), { status: answer.status, problems: json?.problems });
}

async function refresh() {
  const found = await ask("/api/field/tasks/");
  const owner = await get("facts", "person");
  const waiting = (await all("forms")).filter((one) => ["draft", "waiting", "refused"].includes(one.state));
  if (owner && owner.value !== found.person && waiting.length) throw Object.assign(new Error("other"), { other: true });
  await put("facts", { name: "person", value: found.person });
  await put("facts", { name: "conflicts", value: found.conflicts });
  await put("facts", { name: "asked", value: new Date().toISOString() });
  const numbers = new Set(found.tasks.map((one) => one.id));
  const kept = new Set(waiting.map((one) => one.task));
  for (const old of await all("tasks")) if (!numbers.has(old.id) && !kept.has(old.id)) await drop("tasks", old.id);
  for (const task of found.tasks) await put("tasks", task);
  net.state = "online";
}

async function sendForm(task) {
  net.sending = task;
  await told();
  const form = await get("forms", task);
  try {
    if (form?.state !== "waiting") return; // it was opened again in the meantime
    for (const photo of await photosOf(form.task)) if (!photo.sent) await sendPhoto(photo);
    const photos = (await photosOf(form.task)).map((one) => one.client_id);
    const body = { client_id: form.client_id, revision: form.revision, written_at: form.written_at, payload: payload(form, photos) };
    const answer = await ask(`/api/field/tasks/${form.task}/submit/`, JSON.stringify(body));
    await answered(form, answer);
  } catch (problem) {
    if (!problem.problems || problem.status === 401) throw problem;
    await put("forms", { ...form, state: "refused", problems: problem.problems });
  } finally {
    net.sending = 0;
  }
}

async function sendPhoto(photo) {
  const body = new FormData();
  body.append("client_id", photo.client_id);
  body.append("kind", photo.kind);
  body.append("taken_at", photo.taken_at);
  body.append("file", photo.blob, `${photo.kind}.${photo.blob.type === "image/png" ? "png" : "jpg"}`);
  await ask(`/api/field/tasks/${photo.task}/photos/`, body);
  await put("photos", { ...photo, sent: true });
}

function payload(form, photos) {
  const place = form.place ?? {};
  return {
    outcome: form.outcome,
    attempt: form.attempt,
    arrived_at: form.arrived_at,
    reason: form.values.reason ?? "",
    reason_code: form.values.reason_code ?? "",
    test_goes: form.values.test_goes ?? "",
    backup_keeper: form.values.backup_keeper ?? "",
    form: form.outcome === "sample" ? { ...fields(form.values), ...place } : undefined,
    photos,
  };
}

// the numbers of the seals are typed in two lines and travel by part
function fields(values) {
  const { seal_test, seal_backup, reason, reason_code, test_goes, backup_keeper, outcome, shown, ...rest } = values;
  const listed = (text) => (text ?? "").split(/[\s,，、;；]+/).filter(Boolean);
  return { ...rest, seal_numbers: { test: listed(seal_test), backup: listed(seal_backup) } };
}

async function answered(form, answer) {
  const at = new Date().toISOString();
  if (answer.outcome === "accepted") return settle(form, { state: "sent", at, outcome: form.outcome });
  if (answer.outcome === "conflict") return settle(form, { state: "conflict", at, stands: answer.stands, stands_at: answer.stands_at });
  return put("forms", { ...form, client_id: crypto.randomUUID(), state: "refused", problems: answer.problems });
}

export const seen = (conflict) => ask(`/api/field/conflicts/${conflict}/seen/`, "{}");
