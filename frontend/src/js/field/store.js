// What this phone keeps: tasks, forms, pictures and a few facts, in one IndexedDB; nothing else is stored anywhere.
const STORES = { facts: "name", tasks: "id", forms: "task", photos: "client_id" };
let opened;

function database() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open("qualipolis-field", 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

async function within(name, mode, act) {
  const open = await database();
  return new Promise((done, failed) => {
    const move = open.transaction(name, mode);
    const asked = act(move.objectStore(name));
    move.oncomplete = () => done(asked.result);
    move.onabort = move.onerror = () => failed(move.error);
  });
}

export const get = (name, key) => within(name, "readonly", (rows) => rows.get(key));
export const all = (name) => within(name, "readonly", (rows) => rows.getAll());
export const put = (name, row) => within(name, "readwrite", (rows) => rows.put(row));
export const drop = (name, key) => within(name, "readwrite", (rows) => rows.delete(key));

export async function photosOf(task) {
  return (await all("photos")).filter((one) => one.task === task);
}

// A form that the server has taken in leaves only its receipt here.
export async function settle(form, receipt) {
  for (const photo of await photosOf(form.task)) await drop("photos", photo.client_id);
  await put("forms", { task: form.task, client_id: form.client_id, number: form.number, firm: form.firm, ...receipt });
}

export async function wipe() {
  for (const name of Object.keys(STORES)) await within(name, "readwrite", (rows) => rows.clear());
  for (const name of await caches.keys()) if (name.startsWith("field-")) await caches.delete(name);
}
