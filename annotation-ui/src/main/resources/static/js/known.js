// A lead marks the passages that are known of a task, by the keys by which annotators mark them. Enter
// alone keeps nothing here, as what is known is one part of a page among others.

import { free, keyOf, setKeys, typing } from "./keys.js";
import { workOf } from "./work.js";

const page = document.getElementById("known");
const form = page?.querySelector("[data-role=known]");
if (form) start();

function start() {
  const on = page.dataset.shortcuts !== "off";
  setKeys(on);
  document.documentElement.classList.toggle("shortcuts-off", !on);
  const work = workOf(page, form, () => {});
  document.addEventListener("keydown", (event) => {
    if (!free(event)) return;
    const ends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (ends && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-role=keep]"));
    } else if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
    } else {
      const key = keyOf(event);
      if (key !== null && work.key(key)) event.preventDefault();
    }
  });
}
