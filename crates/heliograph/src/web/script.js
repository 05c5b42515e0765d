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
