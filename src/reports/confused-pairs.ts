import { type Confusion, worstConfused } from '../domain/skill-training/confusion-matrix.ts';
import { count, counted, percent } from './figures.ts';
import { breakable, type Content, type Html, html } from './html.ts';
import type { TrainingReport } from './training-input.ts';

type Evaluation = TrainingReport['evaluation'];

/** So many pairs are listed; a model that learnt nothing has thousands. */
const mostListed = 200;

/** The pairs of labels that are mistaken most often; the rest of them is folded. */
export function confusedPairs({ labels, confusionMatrix, worstConfused: worst }: Evaluation): Content {
  const heading = html`<h3 id="confused">Most confused</h3>`;
  if (worst.length === 0)
    return html`<section class="confused" aria-labelledby="confused">${heading}<p>No label was mistaken for another.</p></section>`;
  const places = new Map(labels.map(({ id }, index) => [id, index]));
  const table = (pairs: readonly Confusion[], name: string) => html`<table class="pairs" aria-label="${name}">
<thead><tr><th scope="col" class="head text">Actual and predicted</th><th scope="col" class="head">Count</th><th scope="col" class="head" title="of the actual label’s utterances">Share</th></tr></thead>
<tbody>${pairs.map(pair => pairRow(pair, labels, places))}</tbody></table>`;
  const all = worstConfused(
    labels.map(({ id }) => id),
    confusionMatrix,
    Number.POSITIVE_INFINITY,
  );
  const rest = all.slice(worst.length, mostListed);
  const unlisted = all.length - worst.length - rest.length;
  return html`<section class="confused" aria-labelledby="confused">
${heading}
${table(worst, 'Most confused pairs')}
${
  rest.length === 0
    ? null
    : html`<details><summary>${unlisted === 0 ? 'All' : 'The next'} ${counted(rest.length, 'other pair')}</summary>
${table(rest, 'Other confused pairs')}
${unlisted === 0 ? null : html`<p class="quiet">${counted(unlisted, 'pair is', 'pairs are')} not listed; none was mistaken more than ${counted(rest.at(-1)?.count ?? 0, 'time')}.</p>`}</details>`
}
</section>
`;
}

function pairRow(
  { actual, predicted, count: mistaken }: Confusion,
  labels: Evaluation['labels'],
  places: ReadonlyMap<string, number>,
): Html {
  const [row, column] = [places.get(actual) ?? -1, places.get(predicted) ?? -1];
  const support = labels[row]?.support ?? 0;
  return html`<tr><th scope="row" class="text"><span data-cell="${row} ${column}"><b>${breakable(labels[row]?.name ?? actual)}</b> <span class="taken">${breakable(labels[column]?.name ?? predicted)}</span></span></th><td>${count(mistaken)} <span class="quiet">of ${count(support)}</span></td><td>${percent(support === 0 ? 0 : mistaken / support)}</td></tr>
`;
}
