import { setUpCopy } from "./page.js";

// form[data-live="id"]: what the form would show is fetched a moment after typing, and the part of that id takes its place.
// Without this module the form's own button does the same with a new page.
export function setUpLive() {
  for (const form of document.querySelectorAll("form[data-live]")) live(form);
}

function live(form) {
  let timer = 0;
  let asked = null;

  const changed = () => {
    const query = new URLSearchParams();
    for (const field of form.elements) {
      if (field.name && field.type !== "submit" && field.value !== field.dataset.official) query.set(field.name, field.value);
    }
    return query;
  };

  const ask = async (look) => {
    asked?.abort();
    asked = new AbortController();
    try {
      const query = changed();
      query.set("apply", "1");
      const answer = await fetch(`${form.action}?${query}`, { credentials: "same-origin", signal: asked.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [fresh, old] = [page, document].map((where) => where.getElementById(form.dataset.live));
      if (!fresh || !old) return;
      old.replaceChildren(...fresh.childNodes);
      setUpCopy(old);
      if (look) old.scrollIntoView({ block: "nearest" });
      if (!new URL(answer.url).searchParams.has("apply")) history.replaceState(null, "", answer.url);
    } catch (problem) {
      if (problem.name !== "AbortError") console.error(problem);
    }
  };

  const soon = (wait, look = false) => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait, look);
  };
  form.addEventListener("input", () => soon(700));
  form.addEventListener("change", () => soon(50));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0, true);
  });
}
