// The designer of an indicator set: live shares while weights are typed, dragging, and steps without a new page.
// The server takes every step from a plain form as well; without this module the page works in the same way.
import { draft } from "./drafts.js";

export function setUpDesigner() {
  if (document.querySelector("[data-designer]")) start();
}

const box = () => document.querySelector("[data-designer]");
const form = () => document.getElementById("design");

function start() {
  const here = form();
  if (!here) return;
  here.addEventListener("input", follow);
  here.addEventListener("change", follow);
  here.addEventListener("submit", step);
  for (const button of document.querySelectorAll("button[form=design]")) button.addEventListener("click", () => (box().dataset.scroll = "keep"));
  setUpDialog(here);
  setUpDragging(here);
  follow();
}

// ---------------------------------------------------------------- shares

const number = (text) => {
  const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
  const value = plain === "" ? NaN : Number(plain);
  return value >= 0 ? value : NaN;
};

const shown = (value, places) => (Number.isFinite(value) ? String(Number(value.toFixed(places))) : "—");

function follow() {
  const fields = [...form().querySelectorAll("[data-weight]")];
  const totals = {};
  const weights = {};
  const parents = {};
  for (const field of fields) {
    const { weight: code, parent } = field.dataset;
    parents[code] = parent;
    weights[code] = number(field.value);
    totals[parent] = (totals[parent] ?? 0) + weights[code];
  }
  const share = (code) => {
    const parent = parents[code];
    if (parent === undefined) return 1;
    return totals[parent] ? (weights[code] / totals[parent]) * share(parent) : 0;
  };
  const shares = Object.fromEntries(Object.keys(parents).map((code) => [code, share(code)]));
  for (const place of document.querySelectorAll("[data-share]")) {
    const value = shares[place.dataset.share];
    if (value === undefined) continue;
    const inKey = place.closest(".chart-key");
    place.textContent = inKey ? `${Number.isFinite(value) ? (100 * value).toFixed(1) : "—"} %` : shown(100 * value, 2);
  }
  for (const place of document.querySelectorAll("[data-sum]")) if (place.dataset.sum in totals) place.textContent = shown(totals[place.dataset.sum], 4);
  turn(parents, shares);
}

// the rings follow: an arc begins where its sisters before it end, inside its parent
function turn(parents, shares) {
  const begins = {};
  const next = {};
  for (const arc of document.querySelectorAll("[data-arc]")) {
    const code = arc.dataset.arc;
    const parent = parents[code];
    const begin = next[parent] ?? begins[parent] ?? 0;
    const part = Number.isFinite(shares[code]) ? shares[code] : 0;
    begins[code] = begin;
    next[parent] = begin + part;
    const [inner, outer] = [Number(arc.dataset.in), Number(arc.dataset.out)];
    arc.setAttribute("d", ring(begin, part, inner, outer));
    const hint = arc.querySelector("title");
    if (hint) hint.textContent = hint.textContent.replace(/[\d.]+ %$/, `${(100 * part).toFixed(1)} %`);
    const word = document.querySelector(`[data-arc-word="${CSS.escape(code)}"]`);
    if (word) place(word, begin + part / 2, part, (inner + outer) / 2);
  }
}

function ring(start, share, inner, outer) {
  if (share <= 0) return "M0 0";
  const part = Math.min(share, 0.99999);
  const angles = [start, start + part].map((s) => 2 * Math.PI * s - Math.PI / 2);
  const at = (r, a) => `${(r * Math.cos(a)).toFixed(2)} ${(r * Math.sin(a)).toFixed(2)}`;
  const large = part > 0.5 ? 1 : 0;
  return `M${at(outer, angles[0])}A${outer} ${outer} 0 ${large} 1 ${at(outer, angles[1])}L${at(inner, angles[1])}A${inner} ${inner} 0 ${large} 0 ${at(inner, angles[0])}Z`;
}

function place(word, middle, share, radius) {
  const angle = 360 * middle - 90;
  const side = ((angle % 360) + 360) % 360;
  const across = word.dataset.across !== undefined;
  const flip = across ? (side > 0 && side < 180 ? -90 : 90) : side > 90 && side < 270 ? 180 : 0;
  word.setAttribute("transform", `rotate(${angle.toFixed(2)}) translate(${radius.toFixed(2)} 0) rotate(${flip})`);
  const room = 2 * Math.PI * radius * share;
  const needed = across ? Number(word.dataset.across) : 12;
  if (room < needed) word.setAttribute("display", "none");
  else word.removeAttribute("display");
}

// ---------------------------------------------------------------- steps

async function step(event) {
  const button = event.submitter;
  if (!button || button.name !== "do") return;
  event.preventDefault();
  const here = event.target;
  const body = new FormData(here, button);
  const opened = button.closest("details")?.querySelector("summary")?.getAttribute("aria-label");
  here.closest("dialog")?.close();
  try {
    const answer = await fetch(here.action, { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-designer]");
    if (!fresh) throw new Error("no designer");
    box().replaceWith(document.adoptNode(fresh));
    document.querySelector("main .messages")?.parentElement.remove();
    const told = [...page.querySelectorAll(".messages p")].map((one) => one.textContent.trim()).join(" ");
    document.querySelector("[data-designer-said]").textContent = told || document.querySelector(".error-summary")?.textContent.trim() || "";
    draft(form());
    start();
    refocus(button.value, opened);
  } catch {
    here.removeEventListener("submit", step);
    here.requestSubmit(button.isConnected ? button : undefined);
  }
}

function refocus(value, opened) {
  const errors = document.querySelector(".error-summary");
  if (errors) return errors.focus();
  const again = document.querySelector(`button[name=do][value="${CSS.escape(value)}"]`);
  const menu = again?.closest("details");
  if (again && !again.disabled && menu && opened) {
    menu.open = true;
    return again.focus();
  }
  const code = value.split(":")[1];
  const node = code && document.getElementById(`n-${code}`);
  (node?.querySelector("summary") ?? again ?? document.querySelector("[data-designer] .btn-primary"))?.focus();
}

// a step that has no button of its own: what was dropped
function take(value) {
  const button = Object.assign(document.createElement("button"), { type: "submit", name: "do", value, hidden: true });
  form().append(button);
  form().requestSubmit(button);
}

// ---------------------------------------------------------------- moving

function setUpDialog(here) {
  const dialog = here.querySelector("[data-move-dialog]");
  if (!dialog) return;
  for (const link of here.querySelectorAll("[data-move]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      link.closest("details").open = false;
      dialog.querySelector("[data-move-name]").textContent = link.dataset.move;
      dialog.querySelector("select").value = link.closest("[data-under]").dataset.under;
      dialog.querySelector("[data-move-button]").value = `move:${link.dataset.move}`;
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-close-dialog]").addEventListener("click", () => dialog.close());
}

function setUpDragging(here) {
  let dragged = null;
  const clear = () => {
    for (const one of here.querySelectorAll(".drop-before, .drop-after, .drop-here")) one.classList.remove("drop-before", "drop-after", "drop-here");
  };
  for (const grip of here.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.draggable = true;
    grip.addEventListener("dragstart", (event) => {
      dragged = grip.closest("[data-node]");
      dragged.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", grip.dataset.grip);
      event.dataTransfer.setDragImage(dragged, 12, 12);
    });
    grip.addEventListener("dragend", () => {
      dragged?.classList.remove("is-dragged");
      dragged = null;
      clear();
    });
  }
  for (const list of here.querySelectorAll("[data-under]")) {
    list.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      clear();
      list.classList.add("drop-here");
      const over = event.target.closest("[data-node]");
      if (over && over !== dragged) over.classList.add(below(over, event) ? "drop-after" : "drop-before");
    });
    list.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const rest = [...list.querySelectorAll("[data-node]")].filter((one) => one !== dragged);
      const over = event.target.closest("[data-node]");
      let index = over && over !== dragged ? rest.indexOf(over) + (below(over, event) ? 1 : 0) : rest.length;
      if (over === dragged) index = [...list.querySelectorAll("[data-node]")].indexOf(dragged);
      take(`move:${dragged.dataset.node}:${list.dataset.under}:${index}`);
    });
  }
}

const below = (node, event) => {
  const { top, height } = node.getBoundingClientRect();
  return event.clientY > top + height / 2;
};
