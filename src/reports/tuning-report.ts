import { withCodePoints } from '../domain/roc/look-alike-ids.ts';
import { isPushable } from '../domain/roc/pushable.ts';
import { count, counted, fixed, minute } from './figures.ts';
import { type Content, html, jsonElement } from './html.ts';
import { renderPage } from './page.ts';
import { tuningData } from './tuning-data.ts';
import { differenceSection } from './tuning-difference.ts';
import { legend } from './tuning-notes.ts';

export type { TunedIntent, TuningReport } from './tuning-input.ts';

import type { TuningReport } from './tuning-input.ts';
import { intentTable, rowId } from './tuning-table.ts';

/** A tuning as one HTML page that needs nothing else, for deciding whether to push its thresholds. */
export function tuningReport(report: TuningReport): string {
  const { parameters, difference } = report;
  const intents = [...report.intents].sort(
    (a, b) => byName.compare(a.name, b.name) || byName.compare(a.intentId, b.intentId),
  );
  const rows = new Map(intents.map((intent, index) => [intent.intentId, rowId(index)]));
  const body = html`<header>
<h1>${report.title} <small>tuning of confidence thresholds</small></h1>
<p class="quiet">Computed at ${minute(report.at)} from ${counted(report.rows, 'row')}.</p>
</header>
<main>
${summary(report)}
${differenceSection(difference, intentId => rows.get(intentId) ?? null)}
${intentTable(intents, parameters)}
${legend(intents)}
${skippedSection(report.skipped)}
</main>
${jsonElement('data', tuningData(intents, parameters, difference))}
`;
  return renderPage({
    title: `Thresholds: ${report.title}`,
    tenant: report.tenant,
    body,
    styles: ['charts.css', 'tables.css', 'tuning-report.css'],
    script: 'tuning-report.client.js',
  });
}

/** As the page's script sorts them, so that the first order is the one that its heading says. */
const byName = new Intl.Collator('en', { numeric: true });

function summary({ parameters, globalThreshold, intents, skipped }: TuningReport): Content {
  const pushable = intents.filter(isPushable).length;
  const tiles = [
    { name: 'tuned', of: intents.length, about: 'intents with samples in the export' },
    { name: 'pushable', of: pushable, about: 'intents whose new threshold a push sends' },
    { name: 'flagged', of: intents.filter(each => each.flags.length > 0).length, about: 'intents with a flag' },
    { name: 'warned', of: intents.filter(each => each.warnings.length > 0).length, about: 'no threshold fixes it' },
    { name: 'skipped', of: skipped.length, about: 'intents of the export that the tenant does not have' },
  ];
  const { maxFpr, maxFprConfidence, minPositives, minNegatives, bootstrap, seed } = parameters;
  const requested = [
    [
      'Highest false positive rate',
      html`${maxFpr} <small>${maxFprConfidence ? 'for the upper end of its 95 % interval' : 'for the rate itself'}</small>`,
    ],
    ['Fewest samples', html`${count(minPositives)} positive, ${count(minNegatives)} negative`],
    ['Resamples', bootstrap === 0 ? 'none' : html`${count(bootstrap)} <small>seed ${seed}</small>`],
  ] as const;
  return html`<section class="summary" aria-label="Summary">
<div class="headline"><strong>${globalThreshold === null ? 'none' : fixed(globalThreshold)}</strong>
<span>global threshold <small>${
    globalThreshold === null ? 'no threshold can be pushed' : `median of ${counted(pushable, 'pushable threshold')}`
  }</small></span></div>
<ul class="tiles">${tiles.map(({ name, of, about }) => html`<li title="${about}"><b>${count(of)}</b> ${name}</li>`)}</ul>
<dl class="facts">${requested.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>
`;
}

function skippedSection(skipped: readonly string[]): Content {
  if (skipped.length === 0) return null;
  return html`<section aria-labelledby="skipped">
<h2 id="skipped">Skipped</h2>
<details${skipped.length <= 24 ? html` open` : null}><summary>${counted(skipped.length, 'intent')} of the export that the tenant does not have</summary>
<ul class="ids">${skipped.map(intentId => html`<li><code>${intentId}</code>${/[^\x20-\x7e]/.test(intentId) ? html` <small>${withCodePoints(intentId)}</small>` : null}</li>`)}</ul></details>
</section>
`;
}
