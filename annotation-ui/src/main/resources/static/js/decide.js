// A lead decides of a task that is no comparison, by the keys by which annotators answer it. The page
// works without any of it, but for passages, as the desk's does.

import { free, keyOf, setKeys, typing } from "./keys.js";
import { workOf } from "./work.js";

const page = document.querySelector("[data-role=decide]");
const form = page?.querySelector("[data-role=decision]");
if (form) start();

function start() {
  const part = (role) => page.querySelector(`[data-role=${role}]`);
  const said = part("said-now");
  const submit = part("submit");
  const on = page.dataset.shortcuts !== "off";
  setKeys(on);
  document.documentElement.classList.toggle("shortcuts-off", !on);

  function announce(name, radio) {
    const value = radio.parentElement.textContent.replace(/\s+/g, " ").trim();
    said.textContent = said.dataset.word.replace("{0}", name).replace("{1}", value);
  }
  const texts = [...form.querySelectorAll("[name=counts]")];
  const work = workOf(page, form, announce);

  function text(key) {
    const radio = /^[1-9]$/.test(key) ? texts[Number(key) - 1] : null;
    if (!radio) return false;
    radio.checked = true;
    radio.focus();
    return true;
  }

  /** Somebody's answer in the form, in place of what it held; the reason stays. */
  function startFrom(button) {
    work.fill({ fields: JSON.parse(button.dataset.fields) });
    form.elements.from.value = button.value;
    const started = part("started");
    started.textContent = started.dataset.word.replace("{0}", () => button.dataset.name);
    (form.querySelector("[data-role=work-row] input:checked") ?? part("source")).focus();
  }
  for (const button of page.querySelectorAll("[data-role=start]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      startFrom(button);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (!free(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit(submit);
      return;
    }
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = keyOf(event);
    if (key === "Enter") {
      // A button, a link or another form does its own thing with Enter.
      if (event.target.closest("button, a, summary") || (event.target.form && event.target.form !== form)) return;
      event.preventDefault();
      form.requestSubmit(submit);
    } else if (key === "r") {
      event.preventDefault();
      form.elements.reason.focus();
    } else if (key !== null && (text(key) || work.key(key))) {
      event.preventDefault();
    }
  });
}
