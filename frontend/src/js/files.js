// Buttons that choose files say how many were chosen: [data-files-note] beside them, its sentence in data-word with {n}.
export function setUpFiles() {
  for (const note of document.querySelectorAll("[data-files-note]")) {
    const form = note.closest("form");
    const told = note.textContent;
    const inputs = [...form.querySelectorAll(".btn-file input[type=file]")];
    const say = () => {
      const n = inputs.reduce((sum, input) => sum + input.files.length, 0);
      note.textContent = n ? note.dataset.word.replace("{n}", n) : told;
    };
    note.setAttribute("role", "status");
    for (const input of inputs) input.addEventListener("change", say);
  }
}
