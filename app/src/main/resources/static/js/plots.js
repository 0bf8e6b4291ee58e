// What the pages with curves share: how a plot looks, and how undefined values show.

export const HEIGHT = 140;
const palette = ["--accent", "--right", "--left", "--warn", "--good", "--bad"];
const dashes = [undefined, [7, 3], [2, 3], [9, 3, 2, 3]];

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function shorten(value) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace(/^-/, "−");
}

// One x axis for several curves: the union of their steps.
export function joined(curves) {
  if (curves.length === 1) return [curves[0].steps, curves[0].values];
  const steps = [...new Set(curves.flatMap((c) => c.steps))].sort((a, b) => a - b);
  return [
    steps,
    ...curves.map((c) => {
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

// Draws curves into a figure. A curve is {label, steps, values, place}: its place gives its colour,
// and with dashed its pattern too, where lines of several runs must be told apart without colour.
export function draw(figure, curves, { words, key, dashed = false }) {
  const box = figure.querySelector(".plot-box");
  const caption = figure.querySelector("figcaption");
  const axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1, size: 4 },
    font: "11px system-ui, sans-serif",
  };
  const options = {
    width: Math.max(120, box.clientWidth),
    height: HEIGHT,
    legend: { mount: (_, legend) => caption.append(legend) },
    scales: { x: { time: false } },
    axes: [
      { ...axis, space: 60, size: 24 },
      { ...axis, space: 20, size: 52, values: (_, ticks) => ticks.map(shorten) },
    ],
    cursor: { drag: { x: true, y: false }, sync: { key } },
    hooks: { draw: [markUndefined] },
    series: [
      {
        label: words.step,
        value: (plot, value, _, at) => String((at === null ? plot.data[0].at(-1) : value) ?? "–"),
      },
      ...curves.map((curve) => ({
        // A label that is empty would be filled in by the library.
        label: curve.label || "\u00a0",
        stroke: colour(palette[curve.place % palette.length]),
        width: 1.5,
        dash: dashed ? dashes[curve.place % dashes.length] : curve.place < palette.length ? undefined : [6, 3],
        points: { show: curve.steps.length < 3 },
        // Without a pointer over the plot: the curve's latest value.
        value: (plot, value, own, at) => {
          const shown = at === null ? curve.values.at(-1) : value;
          return shown === null ? words.undefined : shorten(shown);
        },
      })),
    ],
  };
  box.replaceChildren();
  caption.querySelector(".u-legend")?.remove();
  return new window.uPlot(options, joined(curves), box);
}

// Calls back when the theme changes: canvases do not follow the style sheet.
export function onTheme(repaint) {
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}
