// The task in hand, a comparison or what work.js knows: keys, drafts, the lease's signs of life, active
// time, and a submit that never loses what was entered. The page works without any of it.

import { free, keyOf, setKeys, typing } from "./keys.js";
import { workOf } from "./work.js";

const desk = document.querySelector("[data-role=task]");
if (desk) start(desk);

function start(desk) {
  const part = (role) => desk.querySelector(`[data-role=${role}]`);
  const form = part("judgement");
  const url = desk.dataset.url;
  const storageKey = `workbench.draft.${document.body.dataset.person}.${desk.dataset.slot}`;
  const rows = [...desk.querySelectorAll("[data-role=grade-row]")];
  const say = (element, word, ...values) =>
    (element.textContent = values.reduce((text, value, i) => text.replace(`{${i}}`, value), word));
  const status = part("status");
  const failure = part("failure");

  // ---- Storage of this browser: a second copy until the server has the first ----
  const store = {
    read(key) {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      } catch {
        // Storage is switched off or full: the server's copy is the only one.
      }
    },
  };

  const keepLocal = () => store.write(storageKey, JSON.stringify({ at: Date.now(), entry: entry() }));
  const dropLocal = () => store.write(storageKey, null);
  /** Copies of pairs nobody came back to are not kept for ever. */
  function dropOldCopies() {
    const oldest = Date.now() - 14 * 24 * 3_600_000;
    for (const key of Object.keys(localStorage).filter((k) => k.startsWith("workbench.draft."))) {
      let at = 0;
      try {
        at = JSON.parse(localStorage.getItem(key)).at ?? 0;
      } catch {
        // Not one of ours, or broken: it goes.
      }
      if (at < oldest) localStorage.removeItem(key);
    }
  }

  // ---- What has been entered ----
  const criteria = rows.map((row) => row.dataset.criterion);
  const chosen = (name) => {
    const value = form.elements[name]?.value;
    return value === undefined || value === "" ? null : Number(value);
  };
  const side = (name) => Object.fromEntries(criteria.map((c) => [c, chosen(`${name}.${c}`)]));
  const work = workOf(desk, form, announce);
  const entry = () => work?.entry() ?? ({ strength: chosen("strength"), left: side("left"), right: side("right"), reason: form.elements.reason.value });
  const choose = (name, value) => {
    if (value === null || value === undefined) return;
    const radio = form.querySelector(`input[name="${name}"][value="${value}"]`);
    if (radio) radio.checked = true;
  };
  function fill(saved) {
    if (work) return work.fill(saved);
    choose("strength", saved.strength);
    for (const c of criteria) {
      choose(`left.${c}`, saved.left?.[c]);
      choose(`right.${c}`, saved.right?.[c]);
    }
    if (typeof saved.reason === "string") form.elements.reason.value = saved.reason;
  }

  // ---- Active time: only while the page is visible and somebody is at it ----
  const idleAfter = 60_000;
  const activeField = part("active-millis");
  let active = Number(activeField.value) || 0;
  let lastTouch = performance.now();
  let lastTick = performance.now();
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"])
    addEventListener(kind, () => (lastTouch = performance.now()), { passive: true, capture: true });
  const inUse = (within) => document.visibilityState === "visible" && performance.now() - lastTouch < within;
  const rightToLeft = document.documentElement.dir === "rtl";
  const minutes = (millis) => {
    const seconds = Math.floor(millis / 1000);
    const text = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
    // Set apart, or its parts would change places in a line that runs the other way.
    return rightToLeft ? `\u2066${text}\u2069` : text;
  };
  function countActive() {
    const now = performance.now();
    // A tab that slept wakes up with one long tick, which is not time spent here.
    if (inUse(idleAfter)) active += Math.min(now - lastTick, 2_000);
    lastTick = now;
    activeField.value = String(Math.round(active));
    say(part("active"), part("active").dataset.word, minutes(active));
  }

  // ---- Talking to the server ----
  class Refused extends Error {
    constructor(status) {
      super(`status ${status}`);
      this.status = status;
    }
  }
  const meta = (name) => document.querySelector(`meta[name=${name}]`);

  /** Browsers let requests outlive their page up to 64 KiB of all of them together, and refuse larger ones. */
  const mayOutlive = (body) => body === undefined || new TextEncoder().encode(String(body)).length < 30_000;

  async function send(path, method, body, type) {
    const headers = { Accept: "application/json", [meta("csrf-header").content]: meta("csrf-token").content };
    if (type) headers["Content-Type"] = type;
    const answer = await fetch(path, { method, headers, body, redirect: "error", credentials: "same-origin", keepalive: mayOutlive(body) });
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    // A page with status 200 is a sign-in page or a proxy's, never an answer to this.
    if (!isJson) throw new Refused(answer.ok ? 401 : answer.status);
    const content = await answer.json();
    if (!answer.ok && answer.status !== 422 && answer.status !== 409) throw new Refused(answer.status);
    return { status: answer.status, content };
  }

  /** Learns the session's token anew; true when the same person is still, or again, signed in. */
  async function renewSession() {
    const answer = await fetch(desk.dataset.sessionUrl, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return false;
    const session = await answer.json();
    part("session-other").hidden = session.username === document.body.dataset.person;
    if (session.username !== document.body.dataset.person) return false;
    meta("csrf-header").content = session.csrfHeader;
    meta("csrf-token").content = session.csrfToken;
    for (const field of document.querySelectorAll("input[name=_csrf]")) field.value = session.csrfToken;
    return true;
  }

  let sessionBack = null;
  async function withSession(request) {
    try {
      return await request();
    } catch (fault) {
      if (!(fault instanceof Refused) || (fault.status !== 401 && fault.status !== 403)) throw fault;
      if (!(await renewSession())) await askToSignIn();
      return await request();
    }
  }
  function askToSignIn() {
    const dialog = part("session-dialog");
    if (!dialog.open) dialog.showModal();
    sessionBack ??= new Promise((back) => {
      part("session-retry").addEventListener("click", async function retry() {
        if (!(await renewSession().catch(() => false))) return;
        part("session-retry").removeEventListener("click", retry);
        dialog.close();
        sessionBack = null;
        back();
      });
    });
    return sessionBack;
  }
  part("session-dialog").addEventListener("cancel", (event) => event.preventDefault());

  // ---- The lease ----
  const leaseMillis = Number(desk.dataset.leaseMillis);
  const warnAt = Math.min(120_000, leaseMillis / 3);
  const warning = part("lease-warning");
  let leaseEnd = performance.now() + Number(desk.dataset.leftMillis);
  let leaseGone = false;
  let beating = false;
  let warned = -1;
  let lastBeat = -Infinity;
  function held(lease) {
    leaseEnd = performance.now() + lease.leftMillis;
    leaseGone = false;
    warned = -1;
    warning.hidden = true;
    say(part("lease"), part("lease").dataset.word, lease.clock);
  }
  function lost() {
    leaseGone = true;
    warning.hidden = false;
    part("keep").hidden = true;
    say(part("lease-text"), warning.dataset.wordGone);
  }
  async function beat() {
    if (beating || leaseGone || sending) return;
    beating = true;
    try {
      held((await withSession(() => send(`${url}/heartbeat`, "POST"))).content);
    } catch (fault) {
      if (fault instanceof Refused && fault.status === 404) lost();
    } finally {
      beating = false;
    }
  }
  function watchLease() {
    if (leaseGone) return;
    const left = leaseEnd - performance.now();
    // Somebody is at it: the lease follows by itself, well before its end.
    if (left < leaseMillis * 0.6 && inUse(5 * 60_000)) {
      if (!beating && performance.now() - lastBeat > 10_000) {
        lastBeat = performance.now();
        beat();
      }
    }
    if (left > warnAt) return;
    warning.hidden = false;
    part("keep").hidden = false;
    // A live region read out every second would be unbearable: the text changes in steps.
    const step = left <= 0 ? 0 : Math.ceil(left / 15_000) * 15_000;
    if (step === warned) return;
    warned = step;
    if (step === 0) say(part("lease-text"), warning.dataset.wordLost);
    else say(part("lease-text"), warning.dataset.wordEnding, minutes(step));
  }
  part("keep").addEventListener("click", beat);

  // ---- Drafts ----
  let savedText = JSON.stringify(entry());
  let saving = false;
  let sending = false;
  let saveTimer = 0;
  let retryAfter = 2_000;
  const dirty = () => JSON.stringify(entry()) !== savedText;

  function changed() {
    if (!dirty()) return;
    keepLocal();
    plan(800);
  }
  function plan(after) {
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, after);
  }
  async function save() {
    if (saving || sending || leaseGone || !dirty()) return;
    saving = true;
    const text = JSON.stringify(entry());
    say(status, status.dataset.wordSaving);
    try {
      const body = JSON.stringify({ ...JSON.parse(text), activeMillis: Math.round(active) });
      const { content } = await withSession(() => send(`${url}/draft`, "PUT", body, "application/json"));
      savedText = text;
      retryAfter = 2_000;
      if (!dirty()) dropLocal();
      say(status, status.dataset.wordSaved, content.clock);
      held(content.lease);
    } catch (fault) {
      if (fault instanceof Refused && fault.status === 404) {
        lost();
      } else {
        say(status, status.dataset.wordLocal);
        retryAfter = Math.min(retryAfter * 2, 60_000);
        plan(retryAfter);
      }
    } finally {
      saving = false;
      if (dirty() && !leaseGone && retryAfter === 2_000) plan(800);
    }
  }

  try {
    dropOldCopies();
  } catch {
    // Storage is switched off.
  }
  const local = store.read(storageKey);
  if (local !== null) {
    try {
      fill(JSON.parse(local).entry);
      if (dirty()) {
        say(status, status.dataset.wordLocalOnly);
        plan(300);
      } else {
        dropLocal();
      }
    } catch {
      dropLocal();
    }
  }
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("online", () => plan(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
    else watchLease();
  });
  addEventListener("beforeunload", (event) => {
    if ((dirty() && !sending) || noteForm.elements.text.value.trim() !== "") event.preventDefault();
  });

  // ---- Submit ----
  const submitButton = part("submit");
  const submitWord = part("submit-word").textContent;
  function busy(on) {
    sending = on;
    submitButton.setAttribute("aria-disabled", String(on));
    part("submit-word").textContent = on ? submitButton.dataset.wordSending : submitWord;
  }
  function fail(text) {
    failure.hidden = false;
    part("failure-text").textContent = text;
    failure.scrollIntoView({ block: "nearest" });
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    clearTimeout(saveTimer);
    failure.hidden = true;
    countActive();
    // The form's key stays the same however often it is sent, so a retry cannot become a second judgement.
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("_csrf");
    busy(true);
    try {
      const { status: code, content } = await withSession(() => send(url, "POST", fields, "application/x-www-form-urlencoded"));
      if (code === 422 || (code === 409 && !content.next)) {
        busy(false);
        fail(content.words?.join(" ") || part("failed-word").textContent);
        return;
      }
      savedText = JSON.stringify(entry());
      dropLocal();
      location.assign(code === 409 ? content.next : `${content.next}${content.next.includes("?") ? "&" : "?"}after=saved`);
    } catch (fault) {
      busy(false);
      keepLocal();
      if (fault instanceof Refused && fault.status === 404) lost();
      else fail(part("failed-word").textContent);
    }
  });
  addEventListener("pageshow", (event) => {
    // Back from the browser's cache: the pair may be judged by now, so ask the server.
    if (event.persisted) location.reload();
  });
  // What was done last is taken back once what is in hand is kept: it goes back to the queue.
  const undo = document.querySelector("[data-role=undo]");
  undo?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending || undo.dataset.busy) return;
    undo.dataset.busy = "true";
    failure.hidden = true;
    const fields = new URLSearchParams(new FormData(undo));
    fields.delete("_csrf");
    try {
      await save();
      const { status: code, content } = await withSession(() => send(undo.action, "POST", fields, "application/x-www-form-urlencoded"));
      if (code === 409) {
        undo.hidden = true;
        fail(content.words.join(" "));
        return;
      }
      sending = true;
      location.assign(content.next);
    } catch {
      fail(part("failed-word").textContent);
    } finally {
      delete undo.dataset.busy;
    }
  });
  if (new URLSearchParams(location.search).get("after") === "undone") setTimeout(() => (part("said").textContent = status.textContent), 400);
  part("skip-form").addEventListener("submit", () => {
    savedText = JSON.stringify(entry());
    dropLocal();
  });

  // ---- Notes: the task stays where it is ----
  const noted = part("note-panel");
  const noteForm = part("note-form");
  const noteProblem = part("note-problem");
  function openNote() {
    noted.open = true;
    noteForm.querySelector("input[name=kind]:checked").focus();
    noteForm.scrollIntoView({ block: "nearest" });
  }
  part("note-open").addEventListener("click", openNote);
  /** Puts what was noted so far, and what was answered, into the panel. */
  async function showNotes() {
    const answer = await fetch(noted.dataset.of, { headers: { "HX-Request": "true" }, redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part("own-notes").replaceWith(page.querySelector("[data-role=own-notes]"));
  }
  noteForm.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (noteForm.dataset.busy) return;
    noteForm.dataset.busy = "true";
    noteProblem.hidden = true;
    part("note-said").textContent = "";
    const fields = new URLSearchParams(new FormData(noteForm));
    fields.delete("_csrf");
    try {
      // The key stays the same until it is kept, so a retry is no second note.
      const { status: code, content } = await withSession(() => send(noteForm.action, "POST", fields, "application/x-www-form-urlencoded"));
      if (code === 422) {
        noteProblem.hidden = false;
        noteProblem.textContent = content.words.join(" ");
        noteForm.elements.text.focus();
        return;
      }
      noteForm.elements.text.value = "";
      noteForm.elements.key.value = crypto.randomUUID();
      part("note-said").textContent = content.words.join(" ");
      await showNotes();
    } catch (fault) {
      if (fault instanceof Refused && fault.status === 404) lost();
      else {
        noteProblem.hidden = false;
        noteProblem.textContent = part("failed-word").textContent;
      }
    } finally {
      delete noteForm.dataset.busy;
    }
  });

  // ---- Keys ----
  const strengthKeys = { 1: -4, 2: -3, 3: -2, 4: -1, 5: 1, 6: 2, 7: 3, 8: 4 };
  const gradeKeys = { q: ["left", 0], w: ["left", 1], e: ["left", 2], i: ["right", 0], o: ["right", 1], p: ["right", 2] };
  let row = 0;
  function mark(next) {
    row = Math.max(0, Math.min(rows.length - 1, next));
    rows.forEach((element, i) => element.classList.toggle("current", i === row));
  }
  rows.forEach((element, i) => element.addEventListener("focusin", () => mark(i)));
  const firstOpen = rows.findIndex((r) => !graded(r));
  mark(firstOpen < 0 ? 0 : firstOpen);
  function graded(element) {
    return form.elements[`left.${element.dataset.criterion}`].value !== "" && form.elements[`right.${element.dataset.criterion}`].value !== "";
  }
  function announce(name, radio) {
    say(part("said"), part("said").dataset.word, name, radio.parentElement.textContent.replace(/\s+/g, " ").trim());
  }
  function press(name, value, title) {
    const radio = form.querySelector(`input[name="${name}"][value="${value}"]`);
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    announce(title, radio);
  }

  const shortcuts = part("shortcuts");
  // A switch that did not reach the server yet counts before what the server knows.
  let keysOn = (store.read("workbench.shortcuts") ?? desk.dataset.shortcuts) !== "off";
  function showKeys() {
    setKeys(keysOn);
    document.documentElement.classList.toggle("shortcuts-off", !keysOn);
    shortcuts.setAttribute("aria-pressed", String(keysOn));
    shortcuts.textContent = keysOn ? shortcuts.dataset.wordOn : shortcuts.dataset.wordOff;
  }
  showKeys();
  function keepKeys() {
    const kept = new URLSearchParams({ on: String(keysOn) });
    send(desk.dataset.shortcutsUrl, "POST", kept).then(
      () => store.write("workbench.shortcuts", null),
      () => {},
    );
  }
  if (store.read("workbench.shortcuts") !== null) keepKeys();
  shortcuts.addEventListener("click", () => {
    keysOn = !keysOn;
    store.write("workbench.shortcuts", keysOn ? "on" : "off");
    showKeys();
    keepKeys();
  });

  const guideline = part("guideline");
  const wide = matchMedia("(min-width: 70rem)").matches;
  const wanted = store.read("workbench.guideline");
  guideline.open = wanted === null ? wide : wanted === "open" && wide;
  guideline.addEventListener("toggle", () => store.write("workbench.guideline", guideline.open ? "open" : "closed"));
  const help = part("help-dialog");
  part("help").addEventListener("click", () => help.showModal());
  function openSkip() {
    const panel = part("skip-panel");
    panel.open = true;
    panel.querySelector("input[name=why]:checked").focus();
    panel.scrollIntoView({ block: "nearest" });
  }
  part("skip").addEventListener("click", openSkip);

  document.addEventListener("keydown", (event) => {
    if (!free(event)) return;
    const target = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit(submitButton);
      return;
    }
    if (typing(target)) {
      if (event.key === "Escape") target.blur();
      return;
    }
    const key = keyOf(event);
    if (key === "Enter") {
      // A button, a link or the skip form does its own thing with Enter.
      if (target.closest("button, a, summary, [data-role=skip-form], [data-role=note-form]")) return;
      event.preventDefault();
      form.requestSubmit(submitButton);
      return;
    }
    if (work?.key(key)) {
      // The kind of task has taken it.
    } else if (!work && key in strengthKeys) {
      press("strength", strengthKeys[key], desk.querySelector("[data-role=strength] legend").textContent);
    } else if (!work && key in gradeKeys) {
      const [where, level] = gradeKeys[key];
      const current = rows[row];
      const complete = graded(current);
      press(`${where}.${current.dataset.criterion}`, level, current.querySelector(`.grade-${where} legend`).textContent);
      // On to the next row when this press has completed the row; a correction stays.
      if (!complete && graded(current)) mark(row + 1);
    } else if (!work && key === "j") {
      mark(row + 1);
    } else if (!work && key === "k") {
      mark(row - 1);
    } else if (key === "r") {
      form.elements.reason.focus();
    } else if (key === "s") {
      openSkip();
    } else if (key === "f") {
      openNote();
    } else if (key === "g") {
      guideline.open = !guideline.open;
    } else if (key === "?") {
      help.showModal();
    } else {
      return;
    }
    event.preventDefault();
  });

  countActive();
  setInterval(() => {
    countActive();
    watchLease();
  }, 1_000);
}
