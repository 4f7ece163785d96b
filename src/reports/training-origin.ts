import type { DataSource } from '../domain/skill-training/data-summary.ts';
import { count, counted, duration } from './figures.ts';
import { type Content, type Html, html } from './html.ts';
import type { TrainingReport } from './training-input.ts';

/** What the model was trained on, what that took, and what lies in the store of it. */
export function originSection({ data, trainingDurationSeconds, computeUnits, files }: TrainingReport): Content {
  const { utterances, labels, source, downsampled, fingerprint } = data;
  return html`<section aria-labelledby="origin">
<h2 id="origin">Where it came from</h2>
<dl class="facts origin">
<div><dt>Training data</dt><dd>${sourceName(source)} <small>${counted(utterances, 'utterance')} of ${counted(
    labels,
    'label',
  )}</small></dd></div>
<div><dt>Left out</dt><dd>${
    downsampled === undefined
      ? 'nothing'
      : html`${counted(downsampled.dropped, 'utterance')} <small>dropped from the largest labels against an imbalance, seed ${downsampled.seed}</small>`
  }</dd></div>
<div><dt>Training took</dt><dd>${duration(trainingDurationSeconds)}</dd></div>
${
  computeUnits === undefined
    ? null
    : html`<div><dt>Compute units</dt><dd>${units(computeUnits.used, 'used')}, ${units(computeUnits.allocated, 'allocated')}</dd></div>
`
}</dl>
<dl class="hashes">
<div><dt>Fingerprint of the training data</dt><dd><code>${fingerprint}</code></dd></div>
${
  source.kind === 'dataset'
    ? html`<div><dt>Manifest of ${datasetName(source)}</dt><dd><code>${source.manifestSha256}</code></dd></div>
<div><dt>Labels of its rows</dt><dd><code>${source.labelsSha256}</code></dd></div>
`
    : null
}</dl>
${filesTable(files ?? [])}
</section>
`;
}

const datasetName = ({ dataset, version }: DataSource & { kind: 'dataset' }) => `${dataset}@${version}`;

const sourceName = (source: DataSource): Html =>
  source.kind === 'file' ? html`the file <b>${source.name}</b>` : html`the dataset <b>${datasetName(source)}</b>`;

const units = (value: number | null, name: string) =>
  value === null ? `${name}: not reported` : `${count(value)} ${name}`;

function filesTable(files: NonNullable<TrainingReport['files']>): Content {
  if (files.length === 0) return null;
  return html`<details><summary>${counted(files.length, 'file')} of the model</summary>
<div class="scroller"><table>
<thead><tr><th scope="col" class="head text">File</th><th scope="col" class="head">Bytes</th><th scope="col" class="head text">SHA-256</th><th scope="col" class="head text">In the store</th></tr></thead>
<tbody>${files.map(
    ({
      name,
      bytes,
      sha256,
      key,
    }) => html`<tr><th scope="row" class="text">${name}</th><td>${count(bytes)}</td><td class="text"><code>${sha256}</code></td><td class="text"><code>${key}</code></td></tr>
`,
  )}</tbody></table></div></details>
`;
}
