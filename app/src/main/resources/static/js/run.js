// The page of one run: curves, log and state, fed by the run's event stream.

import { HEIGHT, draw as drawPlot, element, joined, onTheme } from "./plots.js";

const root = document.getElementById("run");
const runId = root.dataset.run;
const plotsBox = document.getElementById("plots");
const log = document.getElementById("log");
const streamState = document.getElementById("stream-state");
const MOST_LINES = 1000;
const words = { step: plotsBox.dataset.wordStep, undefined: plotsBox.dataset.wordUndefined };
const curvesTitle = document.getElementById("curves-title").textContent;

// name -> {steps: [], values: []}, in order of steps; a step that comes again replaces itself.
const curves = new Map();
// series -> {stage, stageTitle, family, familyTitle, label}
const legends = new Map();
// stage and family -> {figure, names, plot}
const groups = new Map();

function put(name, step, value) {
  let curve = curves.get(name);
  if (!curve) curves.set(name, (curve = { steps: [], values: [] }));
  const { steps, values } = curve;
  let at = steps.length;
  if (at > 0 && steps[at - 1] >= step) {
    at = lowerBound(steps, step);
    if (steps[at] === step) {
      values[at] = value;
      return;
    }
  }
  steps.splice(at, 0, step);
  values.splice(at, 0, value);
}

function lowerBound(sorted, wanted) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function stageBox(legend) {
  let box = [...plotsBox.children].find((b) => b.dataset.stage === legend.stage);
  if (!box) {
    // A stage that begins while somebody looks is what they look for.
    box = element("details", "plot-stage");
    box.open = true;
    box.dataset.stage = legend.stage;
    const summary = element("summary");
    summary.append(element("span", "plot-stage-title", legend.stageTitle || curvesTitle));
    box.append(summary, element("div", "plots"));
    plotsBox.append(box);
    document.getElementById("no-curves")?.remove();
  }
  return box.querySelector(".plots");
}

function ensureGroup(name) {
  const legend = legends.get(name);
  const key = legend.stage + "/" + legend.family;
  let group = groups.get(key);
  if (!group) {
    const box = stageBox(legend);
    let figure = [...box.children].find((f) => f.dataset.family === legend.family);
    if (!figure) {
      figure = element("figure", "plot");
      figure.dataset.family = legend.family;
      const caption = element("figcaption");
      caption.append(element("span", "", legend.familyTitle));
      figure.append(caption, element("div", "plot-box"));
      figure.dataset.rank = legend.rank;
      const after = [...box.children].find((f) => Number(f.dataset.rank) > legend.rank);
      box.insertBefore(figure, after ?? null);
    }
    figure.dataset.key = key;
    group = { figure, names: [], plot: null, shown: false };
    groups.set(key, group);
    visible.observe(figure);
  }
  if (!group.names.includes(name)) {
    group.names.push(name);
    // The training's own curve first, then what was held out.
    group.names.sort((a, b) => a.includes("heldOut") - b.includes("heldOut") || a.localeCompare(b));
    group.plot?.destroy();
    group.plot = null;
  }
  return group;
}

function curvesOf(group) {
  return group.names.map((name, place) => ({
    ...curves.get(name),
    label: legends.get(name).label,
    place,
  }));
}

function draw(group) {
  if (!group.shown) return;
  if (group.plot && group.plot.data[0].length > 2) group.plot.setData(joined(curvesOf(group)));
  else {
    group.plot?.destroy();
    group.plot = drawPlot(group.figure, curvesOf(group), { words, key: "run" });
  }
}

// Only plots on the screen cost anything.
const visible = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const group = groups.get(entry.target.dataset.key);
      if (!group) continue;
      group.shown = entry.isIntersecting;
      if (group.shown) draw(group);
    }
  },
  { rootMargin: "200px" },
);

new ResizeObserver(() => {
  for (const group of groups.values()) {
    if (!group.plot) continue;
    const width = Math.max(120, group.figure.querySelector(".plot-box").clientWidth);
    if (group.plot.width !== width) group.plot.setSize({ width, height: HEIGHT });
  }
}).observe(plotsBox);

function repaint() {
  for (const group of groups.values()) {
    group.plot?.destroy();
    group.plot = null;
    draw(group);
  }
}
onTheme(repaint);

function say(word) {
  streamState.textContent = streamState.dataset["word" + word] ?? "";
}

function addLines(lines) {
  document.getElementById("no-log")?.remove();
  const atFoot = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  for (const line of lines) {
    const item = document.createElement("li");
    item.className = "log-" + line.level;
    const time = document.createElement("time");
    time.dateTime = line.at.iso;
    time.title = line.at.text;
    time.textContent = line.at.clock;
    const level = document.createElement("span");
    level.className = "log-level";
    level.textContent = line.level;
    const text = document.createElement("span");
    text.className = "log-text";
    text.dir = "auto";
    text.textContent = line.message;
    item.append(time, " ", level, " ", text);
    log.append(item);
  }
  while (log.childElementCount > MOST_LINES) log.firstElementChild.remove();
  if (atFoot) log.scrollTop = log.scrollHeight;
}

let asking = false;
let again = false;
async function refreshStatus() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(`/runs/${runId}/status`, { headers: { "HX-Request": "true" } });
    if (answer.status === 401) {
      location.assign(answer.headers.get("HX-Redirect") ?? "/sign-in");
      return;
    }
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("run-status");
      const old = document.getElementById("run-status");
      // A button that is being pressed must not go away under the finger.
      if (fresh && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
      else if (fresh) {
        for (const part of [".run-now", ".progress", ".figures"]) {
          const into = old.querySelector(part);
          const from = fresh.querySelector(part);
          if (into && from) into.replaceWith(document.adoptNode(from));
        }
      }
    }
  } finally {
    asking = false;
    if (again) {
      again = false;
      refreshStatus();
    }
  }
}

function listen(after) {
  const source = new EventSource(`/runs/${runId}/events?after=${after}`);
  source.addEventListener("open", () => say("Live"));
  source.addEventListener("error", () => say("Lost"));
  source.addEventListener("legends", (event) => {
    for (const legend of JSON.parse(event.data)) legends.set(legend.series, legend);
  });
  source.addEventListener("points", (event) => {
    const touched = new Set();
    for (const [name, step, value] of JSON.parse(event.data)) {
      put(name, step, value);
      touched.add(ensureGroup(name));
    }
    touched.forEach(draw);
  });
  source.addEventListener("log", (event) => addLines(JSON.parse(event.data)));
  source.addEventListener("status", refreshStatus);
  source.addEventListener("end", () => {
    source.close();
    say("Ended");
    refreshStatus();
  });
  window.addEventListener("pagehide", () => source.close());
}

log.scrollTop = log.scrollHeight;
const loaded = await fetch(`/runs/${runId}/curves.json`, { headers: { Accept: "application/json" } });
if (loaded.ok) {
  const { cursor, series, legends: drawn } = await loaded.json();
  for (const legend of drawn) legends.set(legend.series, legend);
  let thinned = false;
  for (const { name, points, steps, values } of series) {
    curves.set(name, { steps, values });
    thinned ||= points > steps.length;
    ensureGroup(name);
  }
  for (const group of groups.values()) draw(group);
  if (document.getElementById("run-status").dataset.live === "true")
    listen(`${cursor}.${root.dataset.lastLine}`);
  else if (thinned) say("Thinned");
}
