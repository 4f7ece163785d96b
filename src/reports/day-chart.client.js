import { chartFigure, plot, ticksTo } from './chart.client.js';
import { count, svg } from './element.client.js';

/** @import { DayData } from './precision-data.ts' */

const kinds = /** @type {const} */ (['confirmed', 'refuted', 'open']);

/**
 * Alerts over time in stacked columns.
 * @param {readonly DayData[]} days
 */
export function dayChart(days) {
  const sum = (/** @type {DayData} */ { confirmed, refuted, open }) => confirmed + refuted + open;
  const highest = Math.max(1, ...days.map(sum));
  const yTicks = ticksTo(highest);
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  const chart = plot({
    width: 900,
    height: 280,
    label: `Alerts from ${first} to ${last}: at most ${count(highest)} in a column`,
    x: {
      range: [0, days.length],
      ticks: labelled(days.length),
      label: 'UTC day on which they were raised',
      format: index => days[index]?.day ?? '',
    },
    y: { range: [0, yTicks.at(-1) ?? highest], ticks: yTicks, label: 'alerts', format: count },
  });
  const { root, x, y } = chart;
  for (const [index, day] of days.entries()) {
    let below = 0;
    const [left, right] = [x(index + 0.1), x(index + 0.9)];
    for (const kind of kinds) {
      const top = below + day[kind];
      if (day[kind] > 0)
        root.append(
          svg(
            'path',
            { class: `day-${kind}`, d: `M${left} ${y(below)}V${y(top)}H${right}V${y(below)}Z` },
            svg('title', {}, `${day.day}: ${count(day[kind])} ${kind}`),
          ),
        );
      below = top;
    }
  }
  return chartFigure(
    '',
    chart,
    kinds.map(kind => ({ mark: svg('path', { class: `day-${kind}`, d: 'M6 1H18V11H6Z' }), meaning: kind })),
  );
}

/**
 * Some five columns that have a label.
 * @param {number} columns
 */
function labelled(columns) {
  const step = Math.ceil(columns / 5);
  return Array.from({ length: Math.ceil(columns / step) }, (_, index) => index * step);
}
