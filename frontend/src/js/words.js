// Words come from the page (<body data-word-saved="…">), so translation stays on the server.


export function word(name, values = {}) {
  const text = document.body.dataset[`word${name}`] ?? "";
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

export function token() {
  return document.querySelector("meta[name=csrf-token]")?.content ?? "";
}

export async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    keepalive: true,
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.headers.get("Content-Type")?.includes("json") ? answer.json() : {};
}

export function clock(moment = new Date()) {
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}
