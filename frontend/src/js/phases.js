// Phases of a control chart: begun by a click on the drawing, moved by mouse, finger or arrow keys, set with Enter.
// Everything ends up in the number fields of the form, which do the same without a script.
export function setUpPhases() {
  for (const stage of document.querySelectorAll("[data-phases]")) {
    const form = document.getElementById(stage.dataset.form);
    if (form && stage.dataset.fixed === undefined) new Stage(stage, form);
  }
}

class Stage {
  constructor(stage, form) {
    this.stage = stage;
    this.form = form;
    for (const name of ["first", "last", "points", "left", "right"]) this[name] = Number(stage.dataset[name]);
    this.status = form.querySelector("[data-phase-status]");
    this.handles = [];
    for (const hint of document.querySelectorAll(".only-script")) hint.hidden = false;
    for (const row of this.rows()) this.watch(row);
    stage.classList.add("phase-live");
    stage.addEventListener("click", (event) => this.clicked(event));
  }

  rows() {
    return [...this.form.querySelectorAll("[data-phase-row]")];
  }

  // the field of a row and its handle say the same
  watch(row) {
    const input = row.querySelector("input[name=start]");
    input.addEventListener("input", () => this.draw());
    this.draw();
  }

  at(point) {
    const width = 100 - this.left - this.right;
    return this.left + (width * (point - this.first)) / (this.last - this.first + 1);
  }

  pointAt(x) {
    const box = this.stage.getBoundingClientRect();
    const share = (100 * (x - box.left)) / box.width;
    const width = 100 - this.left - this.right;
    const point = this.first + Math.round(((share - this.left) / width) * (this.last - this.first + 1));
    return { point, inside: share >= this.left && share <= 100 - this.right };
  }

  bounded(point) {
    return Math.max(2, Math.min(this.points - 1, point));
  }

  draw() {
    const rows = this.rows();
    rows.forEach((row, index) => {
      const point = Number(row.querySelector("input[name=start]").value);
      let handle = this.handles.find((one) => one.row === row);
      if (!handle) {
        handle = this.make(row);
        this.handles.push(handle);
      }
      const shown = Number.isInteger(point) && point > this.first && point <= this.last;
      handle.hidden = !shown;
      if (!shown) return;
      handle.style.left = `${this.at(point)}%`;
      handle.setAttribute("aria-valuenow", String(point));
      handle.setAttribute("aria-label", this.stage.dataset.wordHandle.replace("{n}", String(index + 2)).replace("{point}", String(point)));
    });
  }

  make(row) {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "phase-handle";
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-valuemin", "2");
    handle.setAttribute("aria-valuemax", String(this.points - 1));
    handle.row = row;
    handle.addEventListener("keydown", (event) => this.keyed(event, row));
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.dragged = false;
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      handle.dragged = true;
      this.move(row, this.pointAt(event.clientX).point);
    });
    handle.addEventListener("click", (event) => event.stopPropagation());
    this.stage.append(handle);
    return handle;
  }

  move(row, point) {
    row.querySelector("input[name=start]").value = String(this.bounded(point));
    this.say(this.bounded(point));
    this.draw();
  }

  say(point) {
    if (this.status) this.status.textContent = this.stage.dataset.wordMoved.replace("{point}", String(point));
  }

  keyed(event, row) {
    const now = Number(row.querySelector("input[name=start]").value);
    const leap = Math.max(1, Math.round((this.last - this.first) / 20));
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -leap, PageUp: leap };
    if (event.key in steps) this.move(row, now + steps[event.key]);
    else if (event.key === "Home") this.move(row, this.first + 1);
    else if (event.key === "End") this.move(row, this.last - 1);
    else if (event.key === "Enter") this.form.requestSubmit();
    else if (event.key === "Delete" || event.key === "Backspace") {
      row.querySelector("input[name=start]").value = "";
      this.draw();
      row.querySelector("input[name=start]").focus();
    } else return;
    event.preventDefault();
  }

  clicked(event) {
    if (event.target.closest("a, button")) return;
    const { point, inside } = this.pointAt(event.clientX);
    if (!inside) return;
    const row = this.emptyRow();
    this.move(row, point);
    this.handles.find((one) => one.row === row)?.focus();
  }

  emptyRow() {
    const free = this.rows().find((row) => !row.querySelector("input[name=start]").value);
    if (free) return free;
    const last = this.rows().at(-1);
    const made = last.cloneNode(true);
    const number = this.rows().length;
    for (const input of made.querySelectorAll("input")) {
      input.value = "";
      input.id = `${input.name}-${number}`;
    }
    made.querySelectorAll("label").forEach((label, k) => (label.htmlFor = made.querySelectorAll("input")[k].id));
    last.after(made);
    this.watch(made);
    return made;
  }
}
