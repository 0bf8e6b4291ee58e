// The page that lays the curves of some runs over each other.

import { HEIGHT, draw, onTheme } from "./plots.js";

const plotsBox = document.getElementById("plots");
const words = { step: plotsBox.dataset.wordStep, undefined: plotsBox.dataset.wordUndefined };
const runs = [...document.querySelectorAll("#compared [data-run]")];
// figure -> {curves, plot, shown}
const figures = new Map();

function show(figure) {
  const own = figures.get(figure);
  if (!own.shown || own.curves.length === 0) return;
  own.plot?.destroy();
  own.plot = draw(figure, own.curves, { words, key: "compare", dashed: true });
}

const visible = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const own = figures.get(entry.target);
      own.shown = entry.isIntersecting;
      if (own.shown && !own.plot) show(entry.target);
    }
  },
  { rootMargin: "200px" },
);

const loaded = await Promise.all(
  runs.map(async (run) => {
    const answer = await fetch(`/runs/${run.dataset.run}/curves.json`, { headers: { Accept: "application/json" } });
    const { series } = answer.ok ? await answer.json() : { series: [] };
    return new Map(series.map((s) => [s.name, s]));
  }),
);
for (const figure of plotsBox.querySelectorAll("figure")) {
  const curves = [];
  loaded.forEach((series, place) => {
    const curve = series.get(figure.dataset.series);
    if (curve) curves.push({ ...curve, label: runs[place].dataset.name, place });
  });
  figures.set(figure, { curves, plot: null, shown: false });
  visible.observe(figure);
}

new ResizeObserver(() => {
  for (const [figure, own] of figures) {
    if (!own.plot) continue;
    const width = Math.max(120, figure.querySelector(".plot-box").clientWidth);
    if (own.plot.width !== width) own.plot.setSize({ width, height: HEIGHT });
  }
}).observe(plotsBox);

onTheme(() => {
  for (const figure of figures.keys()) show(figure);
});
