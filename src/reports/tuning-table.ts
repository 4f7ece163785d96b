import { isPushable } from '../domain/roc/pushable.ts';
import type { OperatingPoint, TuningParameters } from '../domain/roc/result.ts';
import { count, counted, fixed, range } from './figures.ts';
import { type Content, type Html, html } from './html.ts';
import type { SortKey } from './tuning-data.ts';
import type { TunedIntent } from './tuning-input.ts';
import { noteMarks } from './tuning-notes.ts';

/** The address of an intent's row within the page. */
export const rowId = (index: number) => `intent-${index}`;

/** The table of intents, in the order of `intents`; it reads without the script, which makes it sort, filter and open. */
export function intentTable(intents: readonly TunedIntent[], parameters: TuningParameters): Content {
  const heading = html`<h2 id="intents">Intents</h2>`;
  if (intents.length === 0)
    return html`<section aria-labelledby="intents">${heading}<p>No intents to tune.</p></section>`;
  const hasIntervals = intents.some(each => each.thresholdInterval !== null);
  return html`<section aria-labelledby="intents">
${heading}
${filters(intents)}
<div class="scroller wide-frame">
<table class="intents" id="intent-table">
<thead><tr>
${columns.filter(({ key }) => key !== 'interval' || hasIntervals).map(columnHeading)}
</tr></thead>
<tbody>
${intents.map((intent, index) => row(intent, index, hasIntervals, parameters))}</tbody>
</table>
</div>
<p id="no-match" hidden>No intent matches.</p>
</section>
`;
}

interface Column {
  /** What the page's script calls the value that the column is sorted by. */
  readonly key: SortKey;
  readonly title: string;
  readonly about: string;
}

const columns: readonly Column[] = [
  { key: 'name', title: 'Intent', about: 'name and id' },
  { key: 'threshold', title: 'Threshold', about: 'as it would be pushed: 3 decimals, ties to even' },
  { key: 'interval', title: '95 % interval', about: 'of the threshold, over resamples; sorts by its width' },
  { key: 'jScore', title: 'J', about: 'Youden’s J: true positive rate − false positive rate, at the chosen point' },
  { key: 'rocAuc', title: 'AUC', about: 'area under the ROC curve' },
  { key: 'positives', title: 'Positives', about: 'samples that are the intent' },
  { key: 'negatives', title: 'Negatives', about: 'samples that are not the intent' },
  { key: 'tpr', title: 'TPR', about: 'true positive rate at the threshold as rounded, with its exact 95 % interval' },
  { key: 'fpr', title: 'FPR', about: 'false positive rate at the threshold as rounded, with its exact 95 % interval' },
  { key: 'notes', title: 'Notes', about: 'flags and warnings; sorts by their number' },
];

function columnHeading({ key, title, about }: Column): Html {
  const isText = key === 'name' || key === 'notes';
  const kind = key === 'name' ? ' text name' : isText ? ' text notes' : '';
  // The rows are sorted by name at first.
  const sorted = key === 'name' ? html` aria-sort="ascending"` : null;
  return html`<th scope="col" class="head column${kind}" data-sort="${key}"${sorted} title="${about}">${title}</th>`;
}

function filters(intents: readonly TunedIntent[]): Html {
  const choices = [
    { value: 'all', label: 'All', of: intents.length },
    { value: 'flagged', label: 'Flagged', of: intents.filter(each => each.flags.length > 0).length },
    { value: 'warned', label: 'Warned', of: intents.filter(each => each.warnings.length > 0).length },
    { value: 'held', label: 'Not pushed', of: intents.filter(each => !isPushable(each)).length },
  ];
  return html`<form class="filters" id="filters" hidden>
<label class="search">Name or id <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>Show</legend>
${choices.map(
  ({
    value,
    label,
    of,
  }) => html`<label><input type="radio" name="kind" value="${value}"${value === 'all' ? html` checked` : null}><span class="choice">${label} <small>${count(of)}</small></span></label>
`,
)}</fieldset>
<output id="shown">${counted(intents.length, 'intent')}</output>
</form>`;
}

function row(intent: TunedIntent, index: number, hasIntervals: boolean, parameters: TuningParameters): Html {
  const { threshold, thresholdInterval, rounded } = intent;
  const cells = [
    html`<td${isPushable(intent) ? null : unsent}>${threshold === null ? aboveEvery : fixed(threshold)}</td>`,
    hasIntervals ? html`<td>${thresholdInterval === null ? none : range(thresholdInterval)}</td>` : null,
    html`<td>${fixed(intent.jScore)}</td><td>${fixed(intent.rocAuc)}</td>`,
    html`<td>${count(intent.positives)}</td><td>${count(intent.negatives)}</td>`,
    html`<td>${rounded === null ? none : rate(rounded.tpr, rounded.tprInterval)}</td>`,
    html`<td${isOver(rounded, parameters) ? over : null}>${rounded === null ? none : rate(rounded.fpr, rounded.fprInterval)}</td>`,
    html`<td class="text">${noteMarks(intent)}</td>`,
  ];
  return html`<tr id="${rowId(index)}" class="intent"><th scope="row" class="text name"><b>${intent.name}</b> <code>${intent.intentId}</code></th>${cells}</tr>
`;
}

function isOver(rounded: OperatingPoint | null, { maxFpr, maxFprConfidence }: TuningParameters): boolean {
  if (rounded === null) return false;
  return (maxFprConfidence ? rounded.fprInterval[1] : rounded.fpr) > maxFpr;
}

const none = html`<span class="quiet">–</span>`;
const aboveEvery = html`<abbr title="above every score: nothing is accepted">∞</abbr>`;
const unsent = html` class="unsent" title="not pushed"`;
const over = html` class="over" title="above the requested maximum false positive rate"`;

const rate = (value: number, interval: readonly [number, number]) =>
  html`${fixed(value)} <small>${range(interval)}</small>`;
