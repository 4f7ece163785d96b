import { chartFigure, diamond, plot, ticksTo } from './chart.client.js';
import { count, element, fixed, svg } from './element.client.js';

/** @import { TrainingData } from './training-data.ts' */
/** @import { Plot } from './chart.client.js' */

/** @typedef {NonNullable<TrainingData['thresholds']>} Thresholds */

/**
 * F1 against the threshold: between two scores nothing changes, hence the steps. Under the pointer, and with the arrow
 * keys, the nearest score is read.
 * @param {Thresholds} thresholds
 * @param {number} width that it has: its letters must not shrink on a narrow screen
 */
export function f1Chart({ curve, gridPoints, grid, exact }, width) {
  const scores = curve.map(point => point.threshold);
  const [low, high] = [Math.min(0, ...scores), Math.max(1, ...scores)];
  const chart = plot({
    width: Math.round(Math.max(300, Math.min(width, 700))),
    height: 340,
    label: `F1 against the threshold: best ${fixed(grid.f1)} at ${grid.threshold.toFixed(2)} of the grid, ${fixed(exact.f1)} at ${exact.threshold.toFixed(6)} of all scores`,
    x: { range: [low, high], ticks: ticksBetween(low, high), label: 'threshold on the score' },
    y: { range: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], label: 'F1' },
  });
  const { root, x, y } = chart;
  // A grid point beside all scores is not drawn: the axis is the scores'.
  const drawn = gridPoints.filter(({ threshold }) => threshold >= low && threshold <= high);
  root.append(
    svg('path', { class: 'curve', d: stairs(curve, low, chart) }),
    ...drawn.map(({ threshold, f1 }) =>
      svg(
        'circle',
        { class: 'grid-point', cx: x(threshold), cy: y(f1), r: 3.5 },
        svg('title', {}, `${threshold.toFixed(2)}: ${fixed(f1)}`),
      ),
    ),
    svg('path', { class: 'rounded best-grid', d: diamond(x(grid.threshold), y(grid.f1), 8) }),
    svg('circle', { class: 'chosen best-exact', cx: x(exact.threshold), cy: y(exact.f1), r: 5 }),
  );
  const figure = chartFigure('', chart, [
    { mark: svg('path', { class: 'curve', d: 'M1 9H8V4H16V8H23' }), meaning: 'all scores' },
    { mark: svg('circle', { class: 'grid-point', cx: 12, cy: 6, r: 3.5 }), meaning: 'grid, 0.30 to 0.90' },
    {
      mark: svg('path', { class: 'rounded', d: diamond(12, 6, 5) }),
      meaning: `best of the grid, ${grid.threshold.toFixed(2)}`,
    },
    {
      mark: svg('circle', { class: 'chosen', cx: 12, cy: 6, r: 4.5 }),
      meaning: `best of all scores, ${exact.threshold.toFixed(6)}`,
    },
  ]);
  figure.querySelector('figcaption')?.remove();
  figure.append(reader(chart, curve, [low, high]));
  return figure;
}

/**
 * @param {number} low
 * @param {number} high
 */
function ticksBetween(low, high) {
  if (low === 0 && high === 1) return [0, 0.2, 0.4, 0.6, 0.8, 1];
  const step = ticksTo(high - low)[1] ?? 1;
  const first = Math.ceil(low / step - 1e-9);
  const length = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * @param {Thresholds['curve']} curve
 * @param {number} low
 * @param {Plot} plot
 */
function stairs(curve, low, { x, y }) {
  const [first] = curve;
  if (first === undefined) return '';
  return `M${x(low)} ${y(first.f1)}${curve.map(({ threshold, f1 }) => `V${y(f1)}H${x(threshold)}`).join('')}`;
}

/**
 * What reads the curve: a line on the chart, and its point in words.
 * @param {Plot} chart
 * @param {Thresholds['curve']} curve
 * @param {readonly [number, number]} range
 */
function reader({ root, x, y, left, right, top, bottom }, curve, [low, high]) {
  const hint = 'Point at the curve, or use the arrow keys, to read it.';
  const words = element('p', { class: 'read quiet', 'aria-live': 'polite' }, hint);
  const line = svg('g', { class: 'reading' });
  root.append(line);
  let at = -1;
  /** @param {number} index */
  const read = index => {
    const point = curve[index];
    if (point === undefined) return;
    at = index;
    const { threshold, f1, tp, fp, fn } = point;
    line.replaceChildren(
      svg('path', { class: 'before', d: `M${x(threshold)} ${top}V${bottom}` }),
      svg('circle', { class: 'chosen', cx: x(threshold), cy: y(f1), r: 3.5 }),
    );
    words.replaceChildren(
      `Threshold ${threshold.toFixed(6)}: F1 ${fixed(f1)}; ${count(tp)} right, ${count(fp)} wrong, ${count(fn)} rejected.`,
    );
  };
  root.tabIndex = 0;
  root.addEventListener('pointermove', event => {
    const matrix = root.getScreenCTM();
    if (matrix === null) return;
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).x;
    const wanted = low + ((place - left) / (right - left)) * (high - low);
    read(nearest(curve, wanted));
  });
  root.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    read(at < 0 ? 0 : Math.max(0, Math.min(curve.length - 1, at + step)));
  });
  return words;
}

/**
 * @param {Thresholds['curve']} curve
 * @param {number} wanted
 */
function nearest(curve, wanted) {
  let best = 0;
  for (const [index, { threshold }] of curve.entries())
    if (Math.abs(threshold - wanted) < Math.abs((curve[best]?.threshold ?? 0) - wanted)) best = index;
  return best;
}
