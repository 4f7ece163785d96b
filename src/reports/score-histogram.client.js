import { chartFigure, plot, ticksTo } from './chart.client.js';
import { count, fixed, svg } from './element.client.js';

/** @import { IntentData } from './tuning-data.ts' */
/** @import { Plot } from './chart.client.js' */

/** A page has many charts, and the ids of their clip paths must be unique in it. */
let charts = 0;

/**
 * Scores of positive samples upwards and of negative ones downwards, each as a share of its own class: what stands
 * right of the threshold is then the true and the false positive rate.
 * @param {string} name
 * @param {IntentData} intent
 */
export function scoreHistogram(name, { histogram, positives, negatives, threshold, interval, before }) {
  const up = shares(histogram.positives, positives);
  const down = shares(histogram.negatives, negatives);
  const ticks = ticksTo(Math.max(...up, ...down) || 1);
  const highest = ticks.at(-1) ?? 1;
  const chart = plot({
    width: 380,
    height: 340,
    label: `Scores of ${name}: ${count(positives)} positive and ${count(negatives)} negative samples, ${
      threshold === null ? 'no finite threshold' : `threshold ${fixed(threshold)}`
    }`,
    x: { range: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], label: 'predicted confidence' },
    y: {
      range: [-highest, highest],
      ticks: [...ticks.slice(1).map(tick => -tick), ...ticks],
      format: tick => `${Number((Math.abs(tick) * 100).toPrecision(3))} %`,
      label: '← negatives · share · positives →',
    },
  });
  const { root, x, left, right, top, bottom } = chart;
  if (interval !== null) {
    const [low, high] = interval.map(x);
    root.append(
      svg('rect', {
        class: 'band',
        x: low ?? left,
        y: top,
        width: (high ?? left) - (low ?? left),
        height: bottom - top,
      }),
    );
  }
  charts += 1;
  const cut = threshold === null ? right : x(threshold);
  const clips = [
    { id: `rejected-${charts}`, from: left, to: cut, kind: 'rejected' },
    { id: `accepted-${charts}`, from: cut, to: right, kind: 'accepted' },
  ];
  const bars = [...barsOf(up, 1, histogram.positives, chart), ...barsOf(down, -1, histogram.negatives, chart)];
  for (const { id, from, to, kind } of clips) {
    const area = svg('rect', { x: from, y: top, width: to - from, height: bottom - top });
    root.append(
      svg('clipPath', { id }, area),
      svg('g', { class: kind, 'clip-path': `url(#${id})` }, ...bars.map(bar => bar.cloneNode(true))),
    );
  }
  root.append(svg('path', { class: 'zero', d: `M${left} ${chart.y(0)}H${right}` }));
  if (before !== null) root.append(svg('path', { class: 'before', d: `M${x(before)} ${top}V${bottom}` }));
  if (threshold !== null) root.append(svg('path', { class: 'threshold', d: `M${cut} ${top}V${bottom}` }));
  return chartFigure('Scores', chart, key({ threshold, interval, before, positives, negatives }));
}

/** @param {Pick<IntentData, 'threshold' | 'interval' | 'before' | 'positives' | 'negatives'>} intent */
function key({ threshold, interval, before, positives, negatives }) {
  const swatch = (/** @type {string} */ kind) => svg('rect', { class: kind, x: 2, y: 0, width: 20, height: 12 });
  return [
    { mark: swatch('positive'), meaning: `positives (${count(positives)}), upwards` },
    { mark: swatch('negative'), meaning: `negatives (${count(negatives)}), downwards` },
    ...(threshold === null
      ? []
      : [
          {
            mark: svg('path', { class: 'threshold', d: 'M12 0V12' }),
            meaning: `threshold ${fixed(threshold)}; paler: rejected`,
          },
        ]),
    ...(interval === null ? [] : [{ mark: swatch('band'), meaning: 'its 95 % interval over resamples' }]),
    ...(before === null
      ? []
      : [{ mark: svg('path', { class: 'before', d: 'M12 0V12' }), meaning: `pushed last, ${fixed(before)}` }]),
  ];
}

/**
 * @param {readonly number[]} counts
 * @param {number} total
 */
const shares = (counts, total) => counts.map(each => (total === 0 ? 0 : each / total));

/**
 * @param {readonly number[]} heights
 * @param {1 | -1} direction
 * @param {readonly number[]} counts
 * @param {Plot} chart
 */
function barsOf(heights, direction, counts, { x, y }) {
  const bins = heights.length;
  return heights.flatMap((height, bin) => {
    if (height === 0) return [];
    const [start, end] = [x(bin / bins), x((bin + 1) / bins)];
    const [top, bottom] = direction === 1 ? [y(height), y(0)] : [y(0), y(-height)];
    const kind = direction === 1 ? 'positive' : 'negative';
    // A bin with few samples must not vanish beside one with many.
    const size = Math.max(bottom - top, 1);
    const box = { x: start, y: direction === 1 ? bottom - size : top, width: Math.max(end - start - 0.6, 0.6) };
    const says = `${fixed(bin / bins)} to ${fixed((bin + 1) / bins)}: ${count(counts[bin] ?? 0)} ${kind}`;
    return [svg('rect', { class: kind, ...box, height: size }, svg('title', {}, says))];
  });
}
