// details menus close on Escape and on a click outside; `?` opens the list of shortcuts
export function setUpMenus() {
  const open = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.open || !event.target.matches?.("details[data-menu]")) return;
    for (const menu of open()) if (menu !== event.target && !menu.contains(event.target)) menu.open = false;
    event.target.querySelector("[autofocus]")?.focus();
  }, true);
}

const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]");

export function setUpShortcuts() {
  const dialog = document.getElementById("shortcuts");
  for (const button of document.querySelectorAll("[data-shortcuts]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog?.showModal());
  }
  let first = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      dialog?.showModal();
      event.preventDefault();
      return;
    }
    const pair = first + event.key;
    const target = document.querySelector(`[data-key="${CSS.escape(pair)}"]`) ?? document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    first = event.key === "g" ? "g" : "";
    if (!target) return;
    event.preventDefault();
    if (target.matches("details")) {
      target.open = true;
      target.querySelector("input, a")?.focus();
    } else if (target.matches("input")) target.focus();
    else target.click();
  });
}
