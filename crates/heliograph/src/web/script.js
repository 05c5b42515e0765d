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
  let timer, asked;
  typed.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const query = new URLSearchParams(new FormData(typed.form));
      query.set("page", "1");
      if (!typed.value.trim()) return;
      try {
        const answer = await fetch(`/?${query}`, { signal: asked.signal });
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-hits]");
        if (found) { hits.replaceChildren(...found.childNodes); history.replaceState(null, "", `/?${query}`); }
      } catch { /* The button still works. */ }
    }, 250);
  });
  // Whoever sends the form leaves: nothing that was asked for meanwhile may hold that up.
  typed.form.addEventListener("submit", () => { clearTimeout(timer); asked?.abort(); });
}
