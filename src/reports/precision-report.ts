import { triggerKey } from '../domain/sentiment/calibration.ts';
import type { Precision } from '../domain/sentiment/precision.ts';
import { count, counted, fixed, minute, range } from './figures.ts';
import { type Content, html, jsonElement } from './html.ts';
import { renderPage } from './page.ts';
import { precisionData } from './precision-data.ts';
import type { PrecisionFigures } from './precision-input.ts';

export type { PrecisionFigures } from './precision-input.ts';

/** The precision of alerts as one HTML page that needs nothing else, for deciding about thresholds. */
export function precisionPage(page: PrecisionFigures): string {
  const { precision, thresholds } = page;
  const data = precisionData(page);
  const alerts = precision.confirmed + precision.refuted + precision.open;
  const body = html`<header>
<h1>Alerts <small>precision</small></h1>
<p class="quiet">Computed at ${minute(page.at)} from ${counted(alerts, 'alert')}.</p>
</header>
<main>
${summary(precision)}
${table(
  'Triggers',
  ['Emotion', 'Directive', 'Threshold'],
  precision.byTrigger.map(each => {
    const threshold = thresholds.get(triggerKey(each));
    return { names: [each.emotion, each.directive, threshold === undefined ? '–' : fixed(threshold)], each };
  }),
)}
${data.triggers.length === 0 ? null : curvesSection}
${data.days.length === 0 ? null : daysSection}
${table(
  'Calibrations',
  ['Version'],
  precision.byCalibration.map(each => ({
    names: [each.calibration === null ? 'unknown' : String(each.calibration)],
    each,
  })),
)}
</main>
${jsonElement('data', data)}
`;
  return renderPage({
    title: 'Precision of alerts',
    tenant: page.tenant,
    body,
    styles: ['charts.css', 'tables.css', 'precision-report.css'],
    script: 'precision-report.client.js',
  });
}

const curvesSection = html`<section aria-labelledby="curves">
<h2 id="curves">Precision against threshold</h2>
<p class="quiet">The precision of the alerts whose score is at least the threshold, with its exact 95 % interval. Nothing is known below the lowest score that raised an alert.</p>
<div id="curve-charts" class="charts"></div>
</section>
`;

const daysSection = html`<section aria-labelledby="days">
<h2 id="days">Alerts over time</h2>
<div id="day-chart"></div>
</section>
`;

function summary(precision: Precision): Content {
  const judged = precision.confirmed + precision.refuted;
  const tiles = [
    ['confirmed', precision.confirmed],
    ['refuted', precision.refuted],
    ['open', precision.open],
  ] as const;
  return html`<section class="summary" aria-label="Summary">
<div class="headline"><strong>${judged === 0 ? 'none' : precision.precision.toFixed(4)}</strong>
<span>precision <small>${
    judged === 0 ? 'no alert was judged yet' : html`95 % interval ${range(precision.interval)}`
  }</small></span></div>
<ul class="tiles">${tiles.map(([name, of]) => html`<li><b>${count(of)}</b> ${name}</li>`)}</ul>
</section>
`;
}

interface Row {
  readonly names: readonly string[];
  readonly each: Precision;
}

function table(title: string, columns: readonly string[], rows: readonly Row[]): Content {
  if (rows.length === 0) return null;
  return html`<section aria-label="${title}">
<h2>${title}</h2>
<div class="scroll"><table class="precision">
<thead><tr>${[...columns, 'Confirmed', 'Refuted', 'Open', 'Precision', '95 % interval'].map(column => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody>
</table></div>
</section>
`;
}

function row({ names, each }: Row): Content {
  const [first, ...others] = names;
  const isJudged = each.confirmed + each.refuted > 0;
  const figures = [count(each.confirmed), count(each.refuted), count(each.open)];
  return html`<tr><th scope="row">${first ?? ''}</th>${others.map(name => html`<td>${name}</td>`)}${figures.map(
    figure => html`<td class="number">${figure}</td>`,
  )}<td class="number">${isJudged ? each.precision.toFixed(4) : '–'}</td><td class="number">${
    isJudged ? range(each.interval) : '–'
  }</td></tr>
`;
}
