// What was done last can be taken back for a while: its key, its word to those who listen, its end.

import { onKey, setKeys } from "./keys.js";

const form = document.querySelector("[data-role=undo]");
if (form) {
  const said = document.querySelector("[data-role=undo-said]");
  // The page of a task has a switch of its own.
  if (!document.querySelector("[data-role=task]")) setKeys(form.dataset.shortcuts !== "off");
  onKey("u", () => {
    if (!form.hidden) form.requestSubmit();
  });
  // What stands in a live region when a page comes is not read out: it has to change.
  setTimeout(() => (said.textContent = said.dataset.word), 400);
  setTimeout(() => {
    const inside = form.contains(document.activeElement);
    form.hidden = true;
    said.textContent = said.dataset.wordOver;
    if (inside) document.querySelector("main").focus();
  }, Number(form.dataset.leftMillis));
}
