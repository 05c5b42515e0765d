// Comfort only: every page works without it.
"use strict";

// Forms that ask for it are saved as a draft a moment after the last change.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const note = form.querySelector("[data-draft-note]");
  let timer;
  const save = async () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(data) });
      if (note) note.textContent = answer.ok ? "Draft saved." : "The draft could not be saved.";
    } catch {
      if (note) note.textContent = "The draft could not be saved: no connection.";
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 800); });
}

// "/" goes to the search box, as people expect.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("[data-search]");
  if (box) { event.preventDefault(); box.focus(); }
});

// Hits appear while one types: the page of results is asked for, and its hits are put into this one.
const hits = document.querySelector("[data-hits]");
const typed = document.querySelector(".bigsearch [data-search]");
if (hits && typed) {
  const told = document.querySelector("[data-told]");
  let timer, asked;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(typed.form));
    query.set("page", "1");
    const place = typed.value.trim() ? `/?${query}` : "/";
    try {
      const answer = await fetch(place, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("[data-hits]");
      if (!found) return;
      hits.replaceChildren(...found.childNodes);
      document.querySelector("h1").replaceChildren(...page.querySelector("h1").childNodes);
      document.title = page.title;
      // One line is read out, not the whole table.
      told.textContent = hits.querySelector("[data-count]")?.textContent ?? "";
      history.replaceState(null, "", place);
    } catch { /* The button still works. */ }
  };
  typed.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 80); });
  // Whoever sends the form leaves: nothing that was asked for meanwhile may hold that up.
  typed.form.addEventListener("submit", () => { clearTimeout(timer); asked?.abort(); });
  // The arrows walk from the box through the hits and back; Escape goes back at once.
  document.addEventListener("keydown", (event) => {
    const links = [...hits.querySelectorAll("tbody td:first-child a")];
    const at = links.indexOf(event.target);
    if (event.target !== typed && at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowDown: links[at + 1], ArrowUp: at > 0 ? links[at - 1] : at === 0 && typed, Escape: at >= 0 && typed }[event.key];
    if (to) { event.preventDefault(); to.focus(); }
  });
}
