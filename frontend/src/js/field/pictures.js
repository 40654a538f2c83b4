// Pictures are made smaller on the phone, so that a working day fits on it and travels over a weak line.
import { drop, photosOf, put } from "./store.js";

const LONGEST = 1600;

export async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
}

export async function keep(task, kind, blob) {
  await put("photos", { client_id: crypto.randomUUID(), task, kind, blob, taken_at: new Date().toISOString(), sent: false });
}

const address = (blob) =>
  new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });

// one tile for each kind: pictures taken, a button to take one away that was not sent, and the camera
export async function showTiles(box, task, removal, changed) {
  const photos = await photosOf(task.id);
  for (const tile of box.querySelectorAll("[data-kind]")) {
    const kind = tile.dataset.kind;
    const mine = photos.filter((one) => one.kind === kind);
    const before = task.taken.filter((one) => one.kind === kind && !mine.some((own) => own.client_id === one.id));
    tile.classList.toggle("is-needed", task.pictures.includes(kind));
    tile.classList.toggle("is-done", mine.length + before.length > 0);
    tile.querySelector("[data-count]").textContent = mine.length + before.length || "";
    const strip = tile.querySelector("[data-thumbs]");
    strip.replaceChildren(...(await Promise.all(mine.map((photo) => thumb(photo, removal, changed)))));
  }
}

async function thumb(photo, removal, changed) {
  const item = document.createElement("li");
  item.append(Object.assign(document.createElement("img"), { src: await address(photo.blob), alt: "" }));
  if (!photo.sent) {
    const away = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: "×", ariaLabel: removal });
    away.addEventListener("click", async () => {
      await drop("photos", photo.client_id);
      changed();
    });
    item.append(away);
  }
  return item;
}

export function setUpTiles(box, current, changed) {
  for (const input of box.querySelectorAll("[data-kind] input[type=file]")) {
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      await keep(current().id, input.closest("[data-kind]").dataset.kind, await smaller(file).catch(() => file)); // what cannot be drawn is kept as it is
      input.value = "";
      changed();
    });
  }
}

// The signature is drawn with a finger and kept as one picture; drawing again replaces it.
export function setUpPad(canvas, clear, current, changed) {
  const pen = canvas.getContext("2d");
  let drawing = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  const forget = async () => {
    for (const one of await photosOf(current().id)) if (one.kind === "signature") await drop("photos", one.client_id);
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 4;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => {
    if (!drawing) return;
    drawing = false;
    canvas.toBlob(async (blob) => {
      await forget();
      await keep(current().id, "signature", blob);
      changed();
    }, "image/png");
  });
  clear.addEventListener("click", async () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    await forget();
    changed();
  });
  return async (task) => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const kept = (await photosOf(task.id)).find((one) => one.kind === "signature");
    if (kept) pen.drawImage(await createImageBitmap(kept.blob), 0, 0, canvas.width, canvas.height);
  };
}
