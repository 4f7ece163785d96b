import { count, element, fixed, range } from './element.client.js';
import { rocChart } from './roc-chart.client.js';
import { scoreHistogram } from './score-histogram.client.js';

/** @import { IntentData, TuningData } from './tuning-data.ts' */

/**
 * All that is known about an intent: its charts, its numbers, and what its marks say.
 * @param {string} name
 * @param {IntentData} intent
 * @param {TuningData} data
 */
export function intentDetail(name, intent, data) {
  const hasCurve = intent.curve.fpr.length > 0;
  return element(
    'div',
    { class: 'opened' },
    hasCurve ? rocChart(name, intent, data) : noCurve(),
    scoreHistogram(name, intent),
    element('div', { class: 'numbers' }, points(intent), facts(intent, data), notes(intent, data)),
  );
}

const noCurve = () =>
  element(
    'figure',
    {},
    element('figcaption', {}, 'ROC curve'),
    element('p', { class: 'quiet' }, 'All its samples are of one class, so it has no curve.'),
  );

/**
 * The two operating points beside each other.
 * @param {IntentData} intent
 */
function points({ point, rounded, raw, threshold, positives, negatives }) {
  const columns = [
    { at: point, threshold: thresholdText(point === null ? undefined : raw.threshold, 6) },
    { at: rounded, threshold: thresholdText(threshold, 3) },
  ];
  /**
   * @param {string} title
   * @param {(column: (typeof columns)[number]) => (string | Node)[]} cell
   */
  const row = (title, cell) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'text' }, title),
      ...columns.map(column => element('td', {}, ...(column.at === null ? ['–'] : cell(column)))),
    );
  /**
   * @param {'tpr' | 'fpr'} rate
   * @param {(at: NonNullable<IntentData['point']>) => readonly [number, number]} interval
   */
  const rateRow = (rate, interval) =>
    row(rate.toUpperCase(), ({ at }) =>
      at === null ? [] : [fixed(at[rate]), element('small', {}, range(interval(at)))],
    );
  return element(
    'table',
    { class: 'points' },
    element(
      'thead',
      {},
      element('tr', {}, element('td', {}), heading('At the chosen point'), heading('With 3 decimals')),
    ),
    element(
      'tbody',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'row', class: 'text' }, 'Threshold'),
        ...columns.map(column => element('td', {}, column.threshold)),
      ),
      rateRow('tpr', at => at.tprInterval),
      rateRow('fpr', at => at.fprInterval),
      row('Accepted positives', ({ at }) => [`${count(at?.truePositives ?? 0)} of ${count(positives)}`]),
      row('Accepted negatives', ({ at }) => [`${count(at?.falsePositives ?? 0)} of ${count(negatives)}`]),
      row('J', ({ at }) => [at === null ? '' : fixed(at.tpr - at.fpr)]),
    ),
  );
}

/**
 * @param {number | null | undefined} threshold `null`: above every score; `undefined`: there is none
 * @param {number} decimals
 */
function thresholdText(threshold, decimals) {
  if (threshold === undefined) return '–';
  return threshold === null ? '∞' : threshold.toFixed(decimals);
}

/** @param {string} text */
const heading = text => element('th', { scope: 'col', class: 'head' }, text);

/**
 * @param {IntentData} intent
 * @param {TuningData} data
 */
function facts({ raw, curve, interval, before, threshold, isPushable }, { bootstrap }) {
  const change = before === null || threshold === null ? null : threshold - before;
  return element(
    'dl',
    { class: 'facts' },
    curve.fpr.length === 0 ? null : fact('AUC', raw.rocAuc.toFixed(6)),
    interval === null ? null : fact(`Threshold over ${count(bootstrap)} resamples, 95 %`, range(interval)),
    before === null ? null : fact('Pushed last', fixed(before)),
    change === null || !isPushable ? null : fact('Change', `${change < 0 ? '−' : '+'}${fixed(Math.abs(change))}`),
  );
}

/**
 * @param {string} name
 * @param {string} value
 */
const fact = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value));

/**
 * @param {IntentData} intent
 * @param {TuningData} data
 */
function notes({ flags, warnings, isPushable }, { meanings }) {
  const marks = [
    ...(isPushable ? [] : [{ kind: 'held', name: 'not pushed' }]),
    ...flags.map(name => ({ kind: 'flag', name })),
    ...warnings.map(name => ({ kind: 'warning', name })),
  ];
  if (marks.length === 0) return null;
  return element(
    'dl',
    { class: 'legend' },
    ...marks.map(({ kind, name }) =>
      element(
        'div',
        {},
        element('dt', {}, element('span', { class: `mark ${kind}` }, name)),
        element('dd', {}, meanings[name] ?? ''),
      ),
    ),
  );
}
