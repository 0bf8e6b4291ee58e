// How texts are read: as Markdown or as they are, remembered for the person, and earlier turns
// folded by choice, and the words marked in which two answers differ.

import { onKey } from "./keys.js";

const meta = (name) => document.querySelector(`meta[name=${name}]`).content;

const raw = document.querySelector("[data-role=raw-toggle]");
if (raw) {
  const rawNow = () => raw.getAttribute("aria-pressed") === "true";
  function show(on) {
    raw.setAttribute("aria-pressed", String(on));
    for (const markdown of document.querySelectorAll("[data-role=markdown]")) {
      markdown.hidden = on;
      markdown.parentElement.querySelector(":scope > [data-role=raw]").hidden = !on;
    }
  }
  function toggle() {
    show(!rawNow());
    // A choice that could not be kept still holds for this page.
    fetch(raw.dataset.url, {
      method: "POST",
      headers: { Accept: "application/json", [meta("csrf-header")]: meta("csrf-token") },
      body: new URLSearchParams({ on: String(rawNow()) }),
      keepalive: true,
    }).catch(() => {});
  }
  const first = document.querySelector("[data-role=markdown]");
  raw.setAttribute("aria-pressed", String(first !== null && first.hidden));
  raw.addEventListener("click", toggle);
  onKey("m", toggle);
}

const differ = document.querySelector("[data-role=differ]");
if (differ) {
  const answers = document.querySelector("[data-role=answers]");
  let shown = false;
  /** Puts each answer's marked words beside it, the first time they are asked for. */
  async function fetched() {
    if (answers.querySelector("[data-role=difference-left]")) return;
    const answer = await fetch(differ.dataset.url, { headers: { "HX-Request": "true" }, redirect: "error" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const side of ["left", "right"])
      answers.querySelector(`[data-role=answer-${side}]`).after(page.querySelector(`[data-role=difference-${side}]`));
    answers.before(page.querySelector("[data-role=differences-legend]"));
  }
  async function compare() {
    try {
      await fetched();
    } catch {
      // The answers stay as they are; the button says that nothing changed.
      return;
    }
    shown = !shown;
    differ.setAttribute("aria-pressed", String(shown));
    answers.classList.toggle("differing", shown);
    document.querySelector("[data-role=differences-legend]").hidden = !shown;
  }
  differ.addEventListener("click", compare);
  onKey("d", compare);
}

const fold = document.querySelector("[data-role=fold]");
if (fold) {
  const turns = () => [...document.querySelectorAll("[data-role=said] > details")];
  function folded() {
    const earlier = turns().slice(0, -1);
    const open = earlier.some((turn) => turn.open);
    for (const turn of earlier) turn.open = !open;
    fold.setAttribute("aria-pressed", String(open));
  }
  fold.addEventListener("click", folded);
  onKey("c", folded);
}
