import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { DataSource } from '../../src/domain/skill-training/data-summary.ts';
import { type JoinedLabels, joinLabels } from '../../src/domain/skill-training/label-join.ts';
import { listed, refusal } from '../../src/domain/skill-training/problem.ts';
import { parseTrainingData, type TrainingData } from '../../src/domain/skill-training/training-data.ts';
import type { Datasets } from '../../src/store/datasets/datasets.ts';
import { parseJsonFile, readTextFile, repeatedKeys } from '../cli/json-file.ts';
import { readLabels } from './labels-file.ts';

/** Training data and its source. */
export interface GivenData {
  readonly name: string;
  readonly data: TrainingData;
  readonly source: DataSource;
  /** What a person should know of how it was read; no texts. */
  readonly notes: readonly string[];
}

/** @throws MlopsError BAD_INPUT with the place */
export async function readTrainingFile(file: string): Promise<GivenData> {
  const text = await readTextFile(file);
  const parsed = parseTrainingData(parseJsonFile(text, file));
  if (!parsed.ok) throw refusal(`${file} is not valid training data`, parsed.problems);
  return {
    name: basename(file),
    data: parsed.data,
    source: { kind: 'file', name: basename(file) },
    notes: [...repeatedKeys(text, file), ...parsed.warnings.map(({ message }) => `warning: ${file}: ${message}`)],
  };
}

/** A dataset's user utterances with their labels from a file. */
export async function labelDataset(
  datasets: Datasets,
  { dataset, version }: { readonly dataset: string; readonly version: number | undefined },
  labels: string,
): Promise<GivenData> {
  const text = await readTextFile(labels);
  const { number, entry } = await datasets.version(dataset, version);
  const texts: string[] = [];
  for (const part of entry.parts) for (const row of await datasets.keptRows(dataset, part)) texts.push(row[4]);
  const { rows, notes } = await readLabels(text, labels);
  const joined = joinLabels(texts, rows);
  const [problem] = joined.problems;
  if (problem !== undefined) throw refusal(`${labels}:${problem.where ?? 1}`, joined.problems);
  const { unlabelledRows, unmatched, blankLabels, data } = joined;
  return {
    name: `${dataset}@${number}.json`,
    data,
    source: {
      kind: 'dataset',
      dataset,
      version: number,
      manifestSha256: await datasets.manifestSha256(dataset, number),
      labelsSha256: createHash('sha256').update(text).digest('hex'),
    },
    notes: [
      ...notes.map(note => `${labels}: ${note}`),
      `${dataset}@${number}: ${data.utterances.length} of ${texts.length} rows have a label, ${unlabelledRows} have none`,
      ...(blankLabels === 0
        ? []
        : [`${labels}: ${blankLabels === 1 ? '1 row has' : `${blankLabels} rows have`} no label yet`]),
      ...(unmatched.count === 0 ? [] : [unmatchedNote(labels, unmatched)]),
    ],
  };
}

function unmatchedNote(labels: string, { count, lines }: JoinedLabels['unmatched']): string {
  const what = count === 1 ? '1 utterance is' : `${count} utterances are`;
  return `warning: ${labels}: ${what} not in the dataset: ${count === 1 ? 'line' : 'lines'} ${listed(lines.map(String), lines.length)}${count > lines.length ? ', …' : ''}`;
}
