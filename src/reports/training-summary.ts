import type { EvaluationResult } from '../domain/skill-training/evaluate.ts';
import { count, counted, exact, fixed, percent } from './figures.ts';
import { type Content, type Html, html } from './html.ts';
import type { TrainingReport } from './training-input.ts';

/** How good the model is, at a glance. */
export function trainingSummary({ evaluation }: TrainingReport): Content {
  const { metrics, predictions, labels, confusionMatrix } = evaluation;
  const right = confusionMatrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  const tiles = [
    {
      name: 'macro precision',
      value: fixed(metrics.macroPrecision),
      about: 'mean over all labels, those that never occur included',
    },
    {
      name: 'macro recall',
      value: fixed(metrics.macroRecall),
      about: 'mean over all labels, those that never occur included',
    },
    {
      name: 'macro F1',
      value: fixed(metrics.macroF1),
      about: 'mean over all labels, those that never occur included',
    },
    {
      name: predictions === 1 ? 'prediction' : 'predictions',
      value: count(predictions),
      about: 'utterances that the platform held back to evaluate on',
    },
    { name: labels.length === 1 ? 'label' : 'labels', value: count(labels.length), about: 'of the evaluation' },
  ];
  return html`<section class="summary" aria-label="Summary">
<div class="headline"><strong>${percent(metrics.accuracy)}</strong>
<span>accuracy <small>${count(right)} of ${counted(predictions, 'prediction')} right</small></span></div>
<ul class="tiles">${tiles.map(({ name, value, about }) => html`<li title="${about}"><b>${value}</b> ${name}</li>`)}</ul>
<dl class="facts">${bestThresholds(evaluation)}</dl>
</section>
`;
}

function bestThresholds({ thresholds }: EvaluationResult): Html {
  if (thresholds === null)
    return html`<div><dt>Best threshold</dt><dd>none <small>the platform returned no scores</small></dd></div>`;
  const { grid, exact: best, tiesAtExact } = thresholds;
  const ties = tiesAtGrid(thresholds);
  return html`<div><dt>Best threshold of the grid</dt><dd><b>${grid.threshold.toFixed(2)}</b> F1 ${fixed(grid.f1)}${
    ties > 1 ? html` <small>the lowest of ${ties} grid points with this F1</small>` : null
  }</dd></div><div><dt>Best threshold of all scores</dt><dd><b>${exact(best.threshold)}</b> F1 ${fixed(best.f1)}${
    tiesAtExact > 1 ? html` <small>the lowest of ${count(tiesAtExact)} scores with this F1</small>` : null
  }</dd></div>`;
}

/** How many points of the grid have its best F1. */
export function tiesAtGrid({ grid, gridPoints }: NonNullable<EvaluationResult['thresholds']>): number {
  return gridPoints.filter(point => point.f1 === grid.f1).length;
}
