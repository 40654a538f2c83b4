import { clock, send, word } from "./words.js";

// form[data-draft="key"]: what is typed is kept on the server two seconds later and put back on return.
// GET /drafts/?key=… → {data, saved_at}; POST /drafts/ {key, data}. Without a network the text waits here and is sent later.
export function setUpDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) draft(form);
  if (unsaved.length) document.addEventListener("submit", keepFirst);
}

// one entry a form: a function that saves what is typed, or null when nothing waits
const unsaved = [];

// Another form of the page (the language, the appearance) leads away: what is typed is on the server before it does.
async function keepFirst(event) {
  const form = event.target;
  const waiting = form.dataset.draft || form.dataset.kept ? [] : unsaved.map((waits) => waits()).filter(Boolean);
  if (!waiting.length) return;
  event.preventDefault();
  await Promise.race([Promise.all(waiting.map((save) => save())), new Promise((done) => setTimeout(done, 5000))]);
  form.dataset.kept = "yes";
  form.requestSubmit(event.submitter);
}

const skip = (field) => !field.name || field.disabled || ["password", "file", "hidden", "submit", "button"].includes(field.type) || field.name === "csrfmiddlewaretoken";

function collect(form) {
  const data = {};
  for (const field of form.elements) {
    if (skip(field)) continue;
    if (field.type === "checkbox") (data[field.name] ??= []).push(...(field.checked ? [field.value] : []));
    else if (field.type === "radio") {
      if (field.checked) data[field.name] = field.value;
    } else if (field.multiple) data[field.name] = [...field.selectedOptions].map((option) => option.value);
    else data[field.name] = field.value;
  }
  return data;
}

function restore(form, data) {
  for (const field of form.elements) {
    if (skip(field) || !(field.name in data)) continue;
    const value = data[field.name];
    if (field.type === "checkbox") field.checked = Array.isArray(value) && value.includes(field.value);
    else if (field.type === "radio") field.checked = field.value === value;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export async function draft(form) {
  const url = form.dataset.draftUrl ?? "/drafts/";
  const key = form.dataset.draft;
  const line = form.querySelector("[data-saved]") ?? form.appendChild(Object.assign(document.createElement("p"), { className: "saved" }));
  line.setAttribute("role", "status");
  const say = (text) => (line.textContent = text);
  let timer = 0;
  let last = JSON.stringify(collect(form));
  let touched = false;
  let running = null;

  const put = async () => {
    if (!form.isConnected) return; // the page has a newer form
    const data = collect(form);
    const now = JSON.stringify(data);
    if (now === last) return;
    try {
      const answer = await send(url, { key, data });
      last = now;
      say(word("Saved", { time: clock(answer.saved_at ? new Date(answer.saved_at) : new Date()) }));
    } catch {
      say(word("Unsaved"));
      timer = setTimeout(save, 10000);
    }
  };
  const save = () => (running ??= put().finally(() => (running = null)));
  unsaved.push(() => (form.isConnected && touched && JSON.stringify(collect(form)) !== last ? save : null));
  form.addEventListener("input", () => {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && touched && save());
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    touched = false; // what is handed in is no draft any more
  });

  if (form.dataset.draftRestore === "no") return;
  try {
    const answer = await fetch(`${url}?key=${encodeURIComponent(key)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok || touched) return;
    const kept = await answer.json();
    if (!kept.data || !Object.keys(kept.data).length) return;
    restore(form, kept.data);
    last = JSON.stringify(collect(form));
    say(word("Restored", { time: kept.saved_at ? clock(new Date(kept.saved_at)) : "" }));
  } catch {
    // no draft can be read now; what is typed will be kept as soon as the server answers
  }
}
