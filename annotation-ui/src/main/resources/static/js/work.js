// What a task that is no comparison adds to the desk: its fields, its keys, and what its kind shows.

import { standsFor } from "./keys.js";

const own = new Set(["_csrf", "key", "activeMillis", "guidelineVersion"]);

/** The kind's part of the page, or null where the task is a comparison. */
export function workOf(desk, form, announce) {
  const kind = desk.dataset.kind;
  if (!kind) return null;
  const part = (role) => desk.querySelector(`[data-role=${role}]`);
  const rows = rowsOf(desk, form, announce);
  const spans = kind === "SPAN" ? spansOf(part) : null;
  const order = kind === "RANK" ? orderOf(part, desk) : null;
  if (order) form.addEventListener("change", order);
  order?.();

  function entry() {
    return { fields: Object.fromEntries([...new FormData(form)].filter(([name]) => !own.has(name))) };
  }
  function fill(saved) {
    for (const [name, value] of Object.entries(saved.fields ?? {})) {
      const element = form.elements[name];
      if (element && typeof value === "string") element.value = value;
    }
    spans?.read();
    order?.();
  }
  function key(name) {
    if (name === "t") {
      const field = form.elements.text ?? part("source");
      field?.focus();
      return Boolean(field);
    }
    return spans?.key(name) || rows.key(name);
  }
  return { entry, fill, key };
}

/** Rows of which one is marked: digits choose in it, and a row that got its first choice leads on. */
function rowsOf(desk, form, announce) {
  const rows = [...desk.querySelectorAll("[data-role=work-row]")];
  const chosen = (row) => row.querySelector("input:checked");
  let at = 0;
  function mark(next) {
    at = Math.max(0, Math.min(rows.length - 1, next));
    rows.forEach((row, i) => row.classList.toggle("current", i === at));
  }
  rows.forEach((row, i) => row.addEventListener("focusin", () => mark(i)));
  const open = rows.findIndex((row) => !chosen(row));
  mark(open < 0 ? 0 : open);

  function key(name) {
    if (rows.length === 0) return false;
    if (name === "j" || name === "k") {
      mark(at + (name === "j" ? 1 : -1));
      rows[at].scrollIntoView({ block: "nearest" });
      return true;
    }
    const radio = /^[1-9]$/.test(name) ? rows[at].querySelectorAll("input")[Number(name) - 1] : null;
    if (!radio) return false;
    const first = !chosen(rows[at]);
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    announce(rows[at].querySelector("legend").textContent, radio);
    if (first && at < rows.length - 1) {
      mark(at + 1);
      rows[at].scrollIntoView({ block: "nearest" });
    }
    return true;
  }
  return { key };
}

/** The order so far, in signs: B > A = C. */
function orderOf(part, desk) {
  const output = part("order");
  return () => {
    const places = new Map();
    for (const row of desk.querySelectorAll("[data-role=work-row]")) {
      const radio = row.querySelector("input:checked");
      if (!radio) continue;
      const name = row.querySelector("legend").textContent;
      places.set(Number(radio.value), [...(places.get(Number(radio.value)) ?? []), name]);
    }
    const groups = [...places].sort(([a], [b]) => a - b).map(([, names]) => names.join(" = "));
    output.textContent = groups.length ? groups.join(" > ") : output.dataset.none;
  };
}

/**
 * Passages of a text. It stands in a text field that takes no typing, so that caret and selection are
 * the browser's own, by mouse, keys and touch. Passages are kept in code points, not in UTF-16 units.
 */
function spansOf(part) {
  const source = part("source");
  const field = part("passages");
  const problem = part("span-problem");
  const marks = part("marks");
  const points = [...source.value];
  const reasons = [...document.querySelectorAll("[data-role=mark]")];
  let passages = [];

  source.addEventListener("beforeinput", (event) => event.preventDefault());
  const codePoints = (units) => [...source.value.slice(0, units)].length;

  function mark(reason) {
    const from = codePoints(source.selectionStart);
    const to = codePoints(source.selectionEnd);
    const twice = passages.some((p) => p.from === from && p.to === to && p.reason === reason);
    problem.textContent = from === to ? problem.dataset.wordEmpty : twice ? problem.dataset.wordTwice : "";
    if (problem.textContent) return;
    passages = [...passages, { from, to, reason }].sort((a, b) => a.from - b.from || a.to - b.to);
    keep();
  }
  function keep() {
    field.value = JSON.stringify(passages);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }
  function show() {
    part("no-marks").hidden = passages.length > 0;
    marks.replaceChildren(...passages.map(item));
    part("picture").replaceChildren(...picture());
  }
  function item(passage) {
    const one = part("mark-template").content.firstElementChild.cloneNode(true);
    const quote = points.slice(passage.from, passage.to).join("");
    one.querySelector("[data-role=quote]").textContent = quote;
    one.querySelector("[data-role=why]").textContent = passage.reason;
    const button = one.querySelector("[data-role=unmark]");
    button.textContent = button.dataset.word;
    button.setAttribute("aria-label", `${button.dataset.word}: ${quote}, ${passage.reason}`);
    button.addEventListener("click", () => {
      passages = passages.filter((p) => p !== passage);
      keep();
      source.focus();
    });
    return one;
  }
  /** The text with every passage marked; where several lie over each other the mark names them all. */
  function picture() {
    const edges = [...new Set([0, points.length, ...passages.flatMap((p) => [p.from, p.to])])].sort((a, b) => a - b);
    return edges.slice(1).map((to, i) => {
      const text = points.slice(edges[i], to).join("");
      const over = passages.filter((p) => p.from < to && p.to > edges[i]);
      if (over.length === 0) return document.createTextNode(text);
      const element = document.createElement("mark");
      element.textContent = text;
      element.title = over.map((p) => p.reason).join(", ");
      return element;
    });
  }
  function read() {
    try {
      passages = field.value ? JSON.parse(field.value) : [];
    } catch {
      passages = [];
    }
    show();
  }
  function key(name) {
    const button = /^[1-9]$/.test(name) ? reasons[Number(name) - 1] : null;
    if (button) mark(button.dataset.reason);
    return Boolean(button);
  }
  for (const button of reasons) button.addEventListener("click", () => mark(button.dataset.reason));
  source.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key(standsFor(event))) event.preventDefault();
  });
  read();
  return { key, read };
}
