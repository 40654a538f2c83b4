import { word } from "./words.js";

// data-undo-until="ISO": counts the minutes left, and folds the offer away when the time is over
export function setUpUndo() {
  const tick = () => {
    for (const offer of document.querySelectorAll("[data-undo-until]")) {
      const left = new Date(offer.dataset.undoUntil) - Date.now();
      if (left <= 0) {
        offer.hidden = true;
        continue;
      }
      const text = offer.querySelector("[data-left]");
      const minutes = Math.ceil(left / 60000);
      if (text) text.textContent = word("Left", { n: minutes });
    }
  };
  tick();
  setInterval(tick, 15000);
}

// data-job="/jobs/ID.json": {state, done, total, text, url}; the page says what runs and what is left
export function setUpJobs() {
  for (const box of document.querySelectorAll("[data-job]")) poll(box, 0);
}

async function poll(box, failures) {
  let wait = 1500;
  try {
    const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const job = await answer.json();
    show(box, job);
    failures = 0;
    if (["done", "succeeded", "successful"].includes(job.state)) {
      const next = job.url || job.result_url;
      if (next) location.assign(next);
      else if (box.dataset.jobReload !== undefined) location.reload();
      return;
    }
    if (job.state === "failed") return;
  } catch {
    failures += 1;
    wait = Math.min(30000, 1500 * 2 ** failures);
    say(box, word("Offline"));
  }
  setTimeout(() => poll(box, failures), wait);
}

function show(box, job) {
  const bar = box.querySelector("progress");
  if (bar && job.total) {
    bar.max = job.total;
    bar.value = job.done ?? 0;
  }
  say(box, job.text ?? job.message ?? "");
}

function say(box, text) {
  const line = box.querySelector("[data-job-text]");
  if (line && line.textContent !== text) line.textContent = text;
}

// data-countdown="ISO": hours, minutes and seconds until a moment; the page is read again when it has come
export function setUpCountdown() {
  for (const clock of document.querySelectorAll("[data-countdown]")) {
    const until = new Date(clock.dataset.countdown);
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left <= 0) {
        clearInterval(running);
        setTimeout(() => location.reload(), 1500);
      }
      const parts = [Math.max(0, Math.floor(left / 3600)), Math.max(0, Math.floor((left % 3600) / 60)), Math.max(0, left % 60)];
      clock.textContent = parts.map((n) => String(n).padStart(2, "0")).join(":");
    };
    const running = setInterval(tick, 1000);
    tick();
  }
}
