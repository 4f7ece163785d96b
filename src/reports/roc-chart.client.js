import { chartFigure, diamond, plot } from './chart.client.js';
import { fixed, range, svg } from './element.client.js';

/** @import { IntentData, TuningData } from './tuning-data.ts' */
/** @import { Plot } from './chart.client.js' */

const quarters = [0, 0.25, 0.5, 0.75, 1];

/**
 * The ROC curve with the chosen point, the intervals of its two rates as a cross, and the highest FPR allowed.
 * @param {string} name
 * @param {IntentData} intent
 * @param {TuningData} data
 */
export function rocChart(name, { curve, point, rounded, rocAuc }, { maxFpr, curveSteps }) {
  const chart = plot({
    width: 360,
    height: 340,
    label: `ROC curve of ${name}: area ${fixed(rocAuc)}${point === null ? '' : `, ${atPoint(point)}`}`,
    x: { range: [0, 1], ticks: quarters, label: 'false positive rate' },
    y: { range: [0, 1], ticks: quarters, label: 'true positive rate' },
  });
  const { root, x, y, left, right, top, bottom } = chart;
  root.append(
    svg('rect', { class: 'beyond', x: x(maxFpr), y: top, width: right - x(maxFpr), height: bottom - top }),
    svg('path', { class: 'chance', d: `M${left} ${bottom}L${right} ${top}` }),
    svg('path', { class: 'limit', d: `M${x(maxFpr)} ${top}V${bottom}` }),
    svg('path', { class: 'curve', d: line(points(curve, curveSteps), chart) }),
  );
  /** @type {{ mark: SVGElement, meaning: string }[]} */
  const key = [
    { mark: svg('path', { class: 'limit', d: 'M12 0V12' }), meaning: `highest FPR asked for, ${maxFpr}` },
    { mark: svg('path', { class: 'chance', d: 'M2 10L22 2' }), meaning: 'chance' },
  ];
  if (point !== null) {
    root.append(cross(point, chart), svg('circle', { class: 'chosen', cx: x(point.fpr), cy: y(point.tpr), r: 5 }));
    key.unshift({
      mark: svg('g', {}, svg('path', { class: 'cross', d: 'M2 6H22M12 0V12' }), chosenMark()),
      meaning: 'chosen point, with the 95 % intervals of its rates',
    });
  }
  if (rounded !== null && point !== null && (rounded.fpr !== point.fpr || rounded.tpr !== point.tpr)) {
    root.append(svg('path', { class: 'rounded', d: diamond(x(rounded.fpr), y(rounded.tpr), 7) }));
    key.splice(1, 0, { mark: svg('path', { class: 'rounded', d: diamond(12, 6, 5) }), meaning: 'with 3 decimals' });
  }
  return chartFigure('ROC curve', chart, key);
}

/** @param {NonNullable<IntentData['point']>} point */
function atPoint({ tpr, tprInterval, fpr, fprInterval }) {
  return `chosen point at TPR ${fixed(tpr)} (${range(tprInterval)}) and FPR ${fixed(fpr)} (${range(fprInterval)})`;
}

const chosenMark = () => svg('circle', { class: 'chosen', cx: 12, cy: 6, r: 4 });

/**
 * @param {IntentData['curve']} curve
 * @param {number} steps
 */
function points({ fpr, tpr }, steps) {
  let [across, up] = [0, 0];
  return fpr.map((step, index) => {
    across += step;
    up += tpr[index] ?? 0;
    return { fpr: across / steps, tpr: up / steps };
  });
}

/**
 * @param {readonly { fpr: number, tpr: number }[]} curve
 * @param {Plot} chart
 */
function line(curve, { x, y }) {
  return curve.map(({ fpr, tpr }, index) => `${index === 0 ? 'M' : 'L'}${x(fpr)} ${y(tpr)}`).join('');
}

/**
 * @param {NonNullable<IntentData['point']>} point
 * @param {Plot} chart
 */
function cross({ tpr, fpr, tprInterval, fprInterval }, { x, y }) {
  const [across, up] = [x(fpr), y(tpr)];
  const [left, right] = fprInterval.map(x);
  const [low, high] = tprInterval.map(y);
  const ends = `M${left} ${up - 4}v8M${right} ${up - 4}v8M${across - 4} ${low}h8M${across - 4} ${high}h8`;
  return svg('path', { class: 'cross', d: `M${left} ${up}H${right}M${across} ${low}V${high}${ends}` });
}
