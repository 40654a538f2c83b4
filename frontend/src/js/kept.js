import { clock, word } from "./words.js";

// form[data-kept-here="key"]: what is typed without an account stays on this device for a day, and is put back on return.
// Fields inside [data-private] (who one is) and files are never kept. [data-kept-forget="key"] on a page forgets it: it was sent.
const DAY = 24 * 3600 * 1000;
const KEYS = (key) => `kept:${key}`;

export function setUpKept() {
  for (const sent of document.querySelectorAll("[data-kept-forget]")) forget(sent.dataset.keptForget);
  for (const form of document.querySelectorAll("form[data-kept-here]")) keep(form, form.dataset.keptHere);
}

function forget(key) {
  localStorage.removeItem(KEYS(key));
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEYS(key)) ?? "null");
    if (kept && Date.now() - kept.at < DAY) return kept;
  } catch {
    // what cannot be read is no draft
  }
  forget(key);
  return { at: 0, data: {} };
}

const fields = (form) => [...form.elements].filter((field) => field.name && !["hidden", "file", "password", "submit", "button"].includes(field.type) && !field.closest("[data-private]"));

function keep(form, key) {
  const line = form.querySelector("[data-saved]");
  const kept = read(key);
  if (form.dataset.draftRestore !== "no") putBack(form, kept, line);
  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const data = { ...read(key).data };
      for (const field of fields(form)) {
        if (field.type === "radio") {
          if (field.checked) data[field.name] = field.value;
        } else data[field.name] = field.value;
      }
      localStorage.setItem(KEYS(key), JSON.stringify({ at: Date.now(), data }));
      if (line) line.textContent = word("Saved", { time: clock() });
    }, 600);
  });
}

function putBack(form, kept, line) {
  let back = false;
  for (const field of fields(form)) {
    const value = kept.data[field.name];
    if (!value) continue;
    if (field.type === "radio") {
      const chosen = fields(form).some((one) => one.name === field.name && one.checked);
      if (!chosen && field.value === value) back = field.checked = true;
    } else if (!field.value) {
      field.value = value;
      back = true;
    }
  }
  if (back && line) line.textContent = word("Restored", { time: clock(new Date(kept.at)) });
}
