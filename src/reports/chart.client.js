import { element, svg } from './element.client.js';

/**
 * A plotting area in an SVG, and its scales.
 * @typedef {object} Plot
 * @property {SVGSVGElement} root
 * @property {(value: number) => number} x
 * @property {(value: number) => number} y
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 */

/**
 * @typedef {object} Axis
 * @property {readonly [number, number]} range the values at its two ends
 * @property {readonly number[]} ticks
 * @property {(tick: number) => string} [format]
 * @property {string} label
 */

const margin = { left: 56, right: 14, top: 14, bottom: 44 };

/*
 * No library of charts: one on a canvas (uPlot) leaves nothing to style sheets, screen readers and printers, and one in
 * SVG (Observable Plot) makes each report 250 kB larger and needs a style element that the report's policy refuses.
 */

/**
 * An empty chart with its axes. `label` must describe what it shows, for screen readers.
 * @param {{ width: number, height: number, label: string, x: Axis, y: Axis }} frame
 * @returns {Plot}
 */
export function plot({ width, height, label, x: xAxis, y: yAxis }) {
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const x = scale(xAxis.range, [left, right]);
  const y = scale(yAxis.range, [bottom, top]);
  const root = svg('svg', { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
  for (const tick of xAxis.ticks) {
    root.append(svg('path', { class: 'grid', d: `M${x(tick)} ${top}V${bottom}` }));
    root.append(
      svg('text', { class: 'tick', x: x(tick), y: bottom + 16, 'text-anchor': 'middle' }, shown(xAxis, tick)),
    );
  }
  for (const tick of yAxis.ticks) {
    root.append(svg('path', { class: 'grid', d: `M${left} ${y(tick)}H${right}` }));
    root.append(svg('text', { class: 'tick', x: left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, shown(yAxis, tick)));
  }
  const middle = (top + bottom) / 2;
  root.append(
    svg('text', { class: 'axis', x: (left + right) / 2, y: height - 8, 'text-anchor': 'middle' }, xAxis.label),
    svg(
      'text',
      { class: 'axis', transform: `rotate(-90 12 ${middle})`, x: 12, y: middle, 'text-anchor': 'middle' },
      yAxis.label,
    ),
  );
  return { root, x, y, left, right, top, bottom };
}

/**
 * @param {Axis} axis
 * @param {number} tick
 */
const shown = ({ format }, tick) => (format === undefined ? String(tick) : format(tick));

/**
 * @param {readonly [number, number]} from
 * @param {readonly [number, number]} to
 */
function scale([low, high], [start, end]) {
  const unit = (end - start) / (high - low || 1);
  return (/** @type {number} */ value) => Math.round((start + (value - low) * unit) * 10) / 10;
}

/**
 * Round numbers from 0 to about `highest`, three or four of them.
 * @param {number} highest above 0
 */
export function ticksTo(highest) {
  const rough = highest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(each => each * power).find(each => each >= rough) ?? rough;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/**
 * The path of a mark.
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export const diamond = (x, y, size) => `M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`;

/**
 * A chart with its heading and with what its marks mean.
 * @param {string} title
 * @param {Plot} chart
 * @param {readonly { mark: SVGElement, meaning: string }[]} key
 */
export function chartFigure(title, { root }, key) {
  return element(
    'figure',
    {},
    element('figcaption', {}, title),
    root,
    element(
      'ul',
      { class: 'key' },
      ...key.map(({ mark, meaning }) =>
        element('li', {}, svg('svg', { viewBox: '0 0 24 12', 'aria-hidden': 'true' }, mark), meaning),
      ),
    ),
  );
}
