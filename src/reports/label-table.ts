import { count, counted, fixed } from './figures.ts';
import { breakable, type Content, type Html, html } from './html.ts';
import { type LabelSortKey, mostMistaken } from './training-data.ts';
import type { TrainingReport } from './training-input.ts';

type Evaluation = TrainingReport['evaluation'];

/** How well each label is recognised, in the platform's order; it reads without the script, which sorts and filters it. */
export function labelTable({ labels, confusionMatrix }: Evaluation): Content {
  return html`<section aria-labelledby="labels">
<h2 id="labels">Labels</h2>
<form class="filters" id="filters" hidden>
<label class="search">Name or id <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<output id="shown">${counted(labels.length, 'label')}</output>
</form>
<div class="scroller wide-frame">
<table class="wide" id="label-table">
<thead><tr>
${columns.map(columnHeading)}
</tr></thead>
<tbody>
${labels.map((label, index) => row(label, index, labels, confusionMatrix[index] ?? []))}</tbody>
</table>
</div>
<p id="no-match" hidden>No label matches.</p>
</section>
`;
}

interface Column {
  /** What the page's script calls the value that the column is sorted by. */
  readonly key: LabelSortKey;
  readonly title: string;
  readonly about: string;
}

const columns: readonly Column[] = [
  { key: 'name', title: 'Label', about: 'name and id' },
  { key: 'support', title: 'Support', about: 'utterances that really are the label' },
  { key: 'predicted', title: 'Predicted', about: 'utterances for which the label was predicted' },
  { key: 'precision', title: 'Precision', about: 'of what was predicted as the label, the share that is' },
  { key: 'recall', title: 'Recall', about: 'of what is the label, the share that was predicted so' },
  { key: 'f1', title: 'F1', about: 'harmonic mean of precision and recall' },
  { key: 'mistaken', title: 'Most mistaken for', about: 'sorts by how often' },
];

function columnHeading({ key, title, about }: Column): Html {
  const kind = key === 'name' ? ' text name' : key === 'mistaken' ? ' text' : '';
  return html`<th scope="col" class="head column${kind}" data-sort="${key}" title="${about}">${title}</th>`;
}

function row(
  { id, name, precision, recall, f1, support, predicted }: Evaluation['labels'][number],
  index: number,
  labels: Evaluation['labels'],
  counts: readonly number[],
): Html {
  const mistaken = mostMistaken(counts, index);
  return html`<tr class="label"><th scope="row" class="text name"><b>${breakable(name)}</b> <code>${id}</code></th><td>${count(
    support,
  )}</td><td>${count(predicted)}</td><td>${fixed(precision)}${
    predicted === 0 ? html` <small>never predicted</small>` : null
  }</td><td>${fixed(recall)}${support === 0 ? html` <small>never occurs</small>` : null}</td><td>${bar(f1)}${fixed(f1)}</td><td class="text">${
    mistaken === null
      ? html`<span class="quiet">–</span>`
      : html`<span data-cell="${index} ${mistaken.predicted}">${breakable(labels[mistaken.predicted]?.name ?? '')}</span> <small>${mistaken.count} of ${count(support)}</small>`
  }</td></tr>
`;
}

/** A share as a length, so that the eye finds the short ones. */
const bar = (share: number) =>
  html`<svg class="length" viewBox="0 0 60 8" aria-hidden="true"><rect class="whole" width="60" height="8"/><rect class="part" width="${(share * 60).toFixed(1)}" height="8"/></svg>`;
