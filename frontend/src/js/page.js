import { word } from "./words.js";

// theme and type size: the server remembers them in a cookie; without JavaScript the form is sent
export function setUpAppearance() {
  for (const form of document.querySelectorAll("form[data-appearance]")) {
    form.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (!button?.name) return;
      event.preventDefault();
      document.documentElement.dataset[button.name] = button.value;
      for (const other of form.querySelectorAll(`button[name=${button.name}]`)) other.setAttribute("aria-pressed", String(other === button));
      const body = new FormData(form);
      body.set(button.name, button.value);
      await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" }).catch(() => form.submit());
    });
  }
}

export function setUpCopy(root = document) {
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.querySelector("[data-label-text]") ?? button;
      const before = label.textContent;
      label.textContent = word("Copied");
      setTimeout(() => (label.textContent = before), 2000);
    });
  }
}

// chart and table twin: links ?view=…; with JavaScript the panes are switched in place
export function setUpTwins() {
  for (const link of document.querySelectorAll("a[data-show-pane]")) {
    const twin = document.getElementById(link.dataset.twinId ?? "") ?? document.querySelector("[data-twin]");
    const panes = [...(twin?.querySelectorAll(":scope > [data-pane]") ?? [])];
    if (panes.length < 2) continue;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      for (const pane of panes) pane.hidden = pane.dataset.pane !== link.dataset.showPane;
      for (const other of link.closest(".segments")?.querySelectorAll("a") ?? []) {
        if (other === link) other.setAttribute("aria-current", "true");
        else other.removeAttribute("aria-current");
      }
      history.replaceState(null, "", link.href);
    });
  }
}

export function setUpPrint() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

export function setUpSteppers() {
  for (const stepper of document.querySelectorAll("[data-stepper]")) {
    const input = stepper.querySelector("input");
    for (const button of stepper.querySelectorAll("button[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        if (Number(button.dataset.step) > 0) input.stepUp();
        else input.stepDown();
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
}

export function focusErrors() {
  document.querySelector(".error-summary")?.focus();
}


