import { chartFigure, plot, ticksTo } from './chart.client.js';
import { count, element, fixed, range, svg } from './element.client.js';

/** @import { PointData, TriggerData } from './precision-data.ts' */
/** @import { Plot } from './chart.client.js' */

const size = { width: 480, height: 300 };
const ticks = [0, 0.25, 0.5, 0.75, 1];

/**
 * The precision of a trigger against its threshold, with the interval as a band. Under the pointer, and with the arrow
 * keys, a threshold is read.
 * @param {TriggerData} trigger
 */
export function precisionChart({ emotion, directive, threshold, points }) {
  const [first, last] = [points[0]?.threshold ?? 0, points.at(-1)?.threshold ?? 1];
  const low = Math.min(first, threshold ?? first);
  const judged = points.filter(({ precision }) => precision !== null);
  const chart = plot({
    ...size,
    label: `Precision of ${emotion}, ${directive} against the threshold, from ${fixed(first)} to ${fixed(last)}`,
    x: { range: [low, last], ticks: between(low, last), label: 'threshold', format: value => value.toFixed(2) },
    y: { range: [0, 1], ticks, label: 'precision' },
  });
  const { root, x, y, top, bottom } = chart;
  root.append(
    svg('path', { class: 'interval', d: band(judged, chart) }),
    svg('path', { class: 'curve', d: steps(judged, low, chart) }),
  );
  if (threshold !== null) root.append(svg('path', { class: 'before', d: `M${x(threshold)} ${top}V${bottom}` }));
  const figure = chartFigure(`${emotion}, ${directive}`, chart, [
    { mark: svg('path', { class: 'curve', d: 'M1 9H8V4H23' }), meaning: 'precision' },
    { mark: svg('path', { class: 'interval', d: 'M1 1H23V11H1Z' }), meaning: '95 % interval' },
    ...(threshold === null
      ? []
      : [{ mark: svg('path', { class: 'before', d: 'M12 0V12' }), meaning: `in force, ${fixed(threshold)}` }]),
  ]);
  figure.append(reader(chart, points, [low, last], y));
  return figure;
}

/**
 * @param {number} low
 * @param {number} high
 */
function between(low, high) {
  const step = ticksTo(high - low || 1)[1] ?? 1;
  const first = Math.ceil(low / step - 1e-9);
  const length = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * A threshold between two points raises what the higher one does: the curve has steps.
 * @param {readonly PointData[]} points
 * @param {number} low
 * @param {Plot} plot
 */
function steps(points, low, { x, y }) {
  const [first] = points;
  if (first === undefined) return '';
  return `M${x(low)} ${y(first.precision ?? 0)}${points
    .map(({ threshold, precision }) => `V${y(precision ?? 0)}H${x(threshold)}`)
    .join('')}`;
}

/**
 * @param {readonly PointData[]} points
 * @param {Plot} plot
 */
function band(points, { x, y }) {
  const [first] = points;
  if (first === undefined) return '';
  const upper = points.map(({ threshold, interval }) => `${x(threshold)} ${y(interval[1])}`);
  const lower = points.map(({ threshold, interval }) => `${x(threshold)} ${y(interval[0])}`).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

/**
 * @param {Plot} chart
 * @param {readonly PointData[]} points
 * @param {readonly [number, number]} range
 * @param {(value: number) => number} y
 */
function reader({ root, x, left, right, top, bottom }, points, [low, high], y) {
  const hint = 'Point at the curve, or use the arrow keys, to read it.';
  const words = element('p', { class: 'read quiet', 'aria-live': 'polite' }, hint);
  const line = svg('g', { class: 'reading' });
  root.append(line);
  let at = -1;
  /** @param {number} index */
  const read = index => {
    const point = points[index];
    if (point === undefined) return;
    at = index;
    const { threshold, precision, interval, confirmed, refuted, open } = point;
    line.replaceChildren(
      svg('path', { class: 'before', d: `M${x(threshold)} ${top}V${bottom}` }),
      ...(precision === null ? [] : [svg('circle', { class: 'chosen', cx: x(threshold), cy: y(precision), r: 3.5 })]),
    );
    const figure = precision === null ? 'no outcomes' : `precision ${precision.toFixed(4)} (${range(interval)})`;
    words.replaceChildren(
      `Threshold ${fixed(threshold)}: ${figure}; ${count(confirmed)} confirmed, ${count(refuted)} refuted, ${count(open)} open.`,
    );
  };
  root.tabIndex = 0;
  root.addEventListener('pointermove', event => {
    const matrix = root.getScreenCTM();
    if (matrix === null) return;
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).x;
    const wanted = low + ((place - left) / (right - left)) * (high - low);
    const next = points.findIndex(({ threshold }) => threshold >= wanted);
    read(next < 0 ? points.length - 1 : next);
  });
  root.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    read(at < 0 ? 0 : Math.max(0, Math.min(points.length - 1, at + step)));
  });
  return words;
}
