import { count, counted, exact, fixed } from './figures.ts';
import { type Content, type Html, html } from './html.ts';
import type { TrainingReport } from './training-input.ts';
import { tiesAtGrid } from './training-summary.ts';

type Evaluation = TrainingReport['evaluation'];
type Thresholds = NonNullable<Evaluation['thresholds']>;

/** What a threshold on the score does: the chart is drawn by the script, its points are listed in a table. */
export function thresholdSection({ thresholds, unscored, predictions }: Evaluation): Content {
  const heading = html`<h2 id="thresholds">F1 against the threshold</h2>`;
  if (thresholds === null)
    return html`<section aria-labelledby="thresholds">${heading}
<p>The platform returned no scores with its predictions: no threshold can be chosen from them, and there is no curve.</p></section>
`;
  return html`<section aria-labelledby="thresholds">${heading}
<p class="quiet">A prediction whose score is below the threshold counts as “unknown”. F1 = 2tp / (2tp + fp + fn): accepted and right, accepted and wrong, rejected. Of equal F1 the lowest threshold is the best.</p>
<p>This F1 never rises with the threshold, since a wrong prediction costs it the same whether it is accepted or rejected: the lowest threshold is always among the best. What a higher one keeps out, and what it loses, stands under Wrong and Right.</p>
${
  unscored === 0
    ? null
    : html`<p><span class="mark warning">unscored</span> ${count(unscored)} of ${counted(predictions, 'prediction')} came without a score: no threshold rejects them.</p>
`
}<div class="thresholds">
<div id="f1-chart" hidden></div>
${pointTable(thresholds)}
</div>
</section>
`;
}

function pointTable(thresholds: Thresholds): Html {
  const { grid, exact: best, gridPoints, tiesAtExact } = thresholds;
  const tied = (ties: number) => (ties > 1 ? html` <small>lowest of ${count(ties)} with this F1</small>` : null);
  return html`<div class="scroller"><table class="grid-points">
<thead><tr><th scope="col" class="head text">Threshold</th><th scope="col" class="head">F1</th><th scope="col" class="head">Right</th><th scope="col" class="head">Wrong</th><th scope="col" class="head">Rejected</th></tr></thead>
<tbody>
${gridPoints.map(point =>
  pointRow(
    point,
    html`${point.threshold.toFixed(2)}${
      point.threshold === grid.threshold
        ? html` <span class="mark">best of the grid</span>${tied(tiesAtGrid(thresholds))}`
        : null
    }`,
    point.threshold === grid.threshold,
  ),
)}${pointRow(
  best,
  html`<span title="${best.threshold}">${exact(best.threshold)}</span> <span class="mark">best of all scores</span>${tied(tiesAtExact)}`,
  true,
)}</tbody></table></div>`;
}

function pointRow({ tp, fp, fn, f1 }: Thresholds['grid'], name: Html, isBest: boolean): Html {
  return html`<tr${isBest ? html` class="best"` : null}><th scope="row" class="text">${name}</th><td>${fixed(f1)}</td><td>${count(tp)}</td><td>${count(fp)}</td><td>${count(fn)}</td></tr>
`;
}
