// Which key of a page a press means. A page's own modules speak of the keys that are there by
// default; a person who has chosen others presses those.

const own = new Map(Object.entries(JSON.parse(document.querySelector("[data-keys]")?.dataset.keys || "{}")));
const meant = new Map([...own].map(([key, chosen]) => [chosen, key]));
let on = true;

/** Whether a press goes into a field. */
export function typing(target) {
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target.tagName === "INPUT" && !["radio", "checkbox", "button", "submit"].includes(target.type);
}

/** Whether this press is one of a shortcut at all: not while typing, composing, holding or in a dialog. */
export function free(event) {
  // 229 is a key that an input method is still composing with.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.repeat) return false;
  return !document.querySelector("dialog[open]");
}

/** The default key that this press stands for; null when it stands for none or keys are off. */
export function keyOf(event) {
  if (!on || !free(event) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return null;
  return standsFor(event);
}

/** The default key of a press, whatever it is pressed in; null for one that was moved elsewhere. */
export function standsFor(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (meant.has(key)) return meant.get(key);
  return own.has(key) ? null : key;
}

/** Switches all keys on or off. */
export function setKeys(value) {
  on = value;
}

/** Calls back on each press of a key, named as it is by default. */
export function onKey(key, call) {
  document.addEventListener("keydown", (event) => {
    if (keyOf(event) !== key) return;
    event.preventDefault();
    call();
  });
}

for (const cap of document.querySelectorAll("kbd")) {
  const chosen = own.get(cap.textContent.trim());
  if (chosen !== undefined) cap.textContent = chosen;
}
