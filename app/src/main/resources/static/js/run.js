// The page of one run: curves, log and state, fed by the run's event stream.

const root = document.getElementById("run");
const runId = root.dataset.run;
const plotsBox = document.getElementById("plots");
const log = document.getElementById("log");
const streamState = document.getElementById("stream-state");
const MOST_LINES = 1000;

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

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const palette = ["--accent", "--right", "--left", "--warn", "--good", "--bad"];

function shorten(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function stageBox(legend) {
  let box = [...plotsBox.children].find((b) => b.dataset.stage === legend.stage);
  if (!box) {
    box = element("div", "plot-stage");
    box.dataset.stage = legend.stage;
    if (legend.stageTitle) box.append(element("h3", "", legend.stageTitle));
    box.append(element("div", "plots"));
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
      figure.append(element("figcaption", "", legend.familyTitle), element("div", "plot-box"));
      box.append(figure);
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

// One x axis for all curves of a plot: the union of their steps.
function dataOf(group) {
  const own = group.names.map((name) => curves.get(name));
  if (own.length === 1) return [own[0].steps, own[0].values];
  const steps = [...new Set(own.flatMap((c) => c.steps))].sort((a, b) => a - b);
  return [
    steps,
    ...own.map((c) => {
      const byStep = new Map(c.steps.map((s, i) => [s, c.values[i]]));
      // undefined joins the neighbours, null (no finite value) leaves a gap
      return steps.map((s) => byStep.get(s));
    }),
  ];
}

// A cross at the foot of the plot wherever a value was not a finite number.
function markUndefined(plot) {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour("--bad");
  ctx.lineWidth = 1.5 * devicePixelRatio;
  const reach = 3 * devicePixelRatio;
  const foot = plot.bbox.top + plot.bbox.height - 2 * reach;
  for (let s = 1; s < plot.data.length; s++) {
    plot.data[s].forEach((value, i) => {
      if (value !== null) return;
      const x = plot.valToPos(plot.data[0][i], "x", true);
      ctx.beginPath();
      ctx.moveTo(x - reach, foot - reach);
      ctx.lineTo(x + reach, foot + reach);
      ctx.moveTo(x - reach, foot + reach);
      ctx.lineTo(x + reach, foot - reach);
      ctx.stroke();
    });
  }
  ctx.restore();
}

function build(group) {
  const box = group.figure.querySelector(".plot-box");
  const axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1, size: 4 },
    font: "12px system-ui, sans-serif",
  };
  const options = {
    width: Math.max(120, box.clientWidth),
    height: 200,
    scales: { x: { time: false } },
    axes: [
      { ...axis, space: 60, size: 28 },
      { ...axis, size: 56, values: (_, ticks) => ticks.map(shorten) },
    ],
    cursor: { drag: { x: true, y: false }, sync: { key: "run" } },
    hooks: { draw: [markUndefined] },
    series: [
      {
        label: plotsBox.dataset.wordStep,
        value: (plot, value, _, at) => String((at === null ? plot.data[0].at(-1) : value) ?? "–"),
      },
      ...group.names.map((name, i) => ({
        label: legends.get(name).label,
        stroke: colour(palette[i % palette.length]),
        width: 1.5,
        dash: i < palette.length ? undefined : [6, 3],
        points: { show: curves.get(name).steps.length < 3 },
        // Without a pointer over the plot: the latest value.
        value: (plot, value, own, at) => {
          const shown = at === null ? plot.data[own].at(-1) : value;
          return shown === null ? plotsBox.dataset.wordUndefined : shorten(shown);
        },
      })),
    ],
  };
  box.replaceChildren();
  group.plot = new window.uPlot(options, dataOf(group), box);
}

function draw(group) {
  if (!group.shown) return;
  if (group.plot && group.plot.data[0].length > 2) group.plot.setData(dataOf(group));
  else {
    group.plot?.destroy();
    build(group);
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
    if (group.plot.width !== width) group.plot.setSize({ width, height: 200 });
  }
}).observe(plotsBox);

function repaint() {
  for (const group of groups.values()) {
    group.plot?.destroy();
    group.plot = null;
    draw(group);
  }
}
new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);

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
