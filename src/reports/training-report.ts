import { confusedPairs } from './confused-pairs.ts';
import { confusionPicture } from './confusion-picture.ts';
import { minute } from './figures.ts';
import { html, jsonElement } from './html.ts';
import { labelTable } from './label-table.ts';
import { renderPage } from './page.ts';
import { thresholdSection } from './threshold-section.ts';
import { trainingData } from './training-data.ts';
import type { TrainingReport } from './training-input.ts';
import { originSection } from './training-origin.ts';
import { trainingSummary } from './training-summary.ts';

export type { TrainingReport } from './training-input.ts';

/** A trained model's evaluation as one self-contained HTML page, for the engineers responsible for the model. */
export function trainingReport(report: TrainingReport): string {
  const { tenant, skillId, jobId, request, at, by, evaluation } = report;
  const body = html`<header>
<h1>${skillId} <small>evaluation of a trained model</small></h1>
<p class="quiet">Trained at ${minute(at)} by ${by}. Job <code>${jobId}</code>, request <code>${request}</code>.</p>
</header>
<main>
${trainingSummary(report)}
${originSection(report)}
<section class="matrix" aria-labelledby="matrix">
<h2 id="matrix">Confusion matrix</h2>
<div class="beside">
${confusionPicture(evaluation)}
${confusedPairs(evaluation)}
</div>
</section>
${thresholdSection(evaluation)}
${labelTable(evaluation)}
</main>
${jsonElement('data', trainingData(evaluation))}
`;
  return renderPage({
    title: `Training: ${skillId}`,
    tenant,
    body,
    styles: ['charts.css', 'tables.css', 'confusion-matrix.css', 'training-report.css'],
    script: 'training-report.client.js',
  });
}
