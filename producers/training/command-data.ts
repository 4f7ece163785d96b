import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DataSource } from '../../src/domain/skill-training/data-summary.ts';
import { type JoinedLabels, joinLabels } from '../../src/domain/skill-training/label-join.ts';
import { listed, quoted, refusal } from '../../src/domain/skill-training/problem.ts';
import { parseTrainingData, type TrainingData } from '../../src/domain/skill-training/training-data.ts';
import { MlopsError } from '../../src/errors.ts';
import { BadGzip, Gunzip } from '../../src/store/cv-export/gunzip.ts';
import type { Datasets } from '../../src/store/datasets/datasets.ts';
import { whyUnreadable } from '../../src/unreadable-file.ts';
import { inspectJson } from '../json-inspection.ts';
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
  const text = await readText(file);
  const parsed = parseTrainingData(parseJson(text, file));
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
  const text = await readText(labels);
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

/** `JSON.parse` keeps the last of several values of one key, and drops the others. */
function repeatedKeys(text: string, file: string): string[] {
  const { repetitions, repeated } = inspectJson(text);
  if (repetitions === 0) return [];
  const places = repeated.map(({ key, place }) => `${quoted(key)} at ${file}:${place.line}:${place.column}`);
  const what = repetitions === 1 ? '1 key repeats one' : `${repetitions} keys repeat one`;
  return [`warning: ${what} of the same object, and the earlier value is dropped: ${listed(places, 5)}`];
}

function unmatchedNote(labels: string, { count, lines }: JoinedLabels['unmatched']): string {
  const what = count === 1 ? '1 utterance is' : `${count} utterances are`;
  return `warning: ${labels}: ${what} not in the dataset: ${count === 1 ? 'line' : 'lines'} ${listed(lines.map(String), lines.length)}${count > lines.length ? ', …' : ''}`;
}

/** The text of a file, which may be packed with gzip. @throws MlopsError BAD_INPUT */
async function readText(file: string): Promise<string> {
  const refused = (why: string, cause?: unknown) =>
    new MlopsError('BAD_INPUT', `${file}: ${why}`, { where: file, cause });
  let bytes: Uint8Array;
  try {
    bytes = await unpacked(await readFile(file));
  } catch (error) {
    if (error instanceof BadGzip) throw refused(gzipTrouble[error.why], error);
    throw refused(whyUnreadable(error) ?? 'this file cannot be read', error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refused(isUtf16(bytes) ? 'the file is UTF-16. Save it as UTF-8' : 'the file is not UTF-8. Convert it', error);
  }
}

const gzipTrouble: Readonly<Record<BadGzip['why'], string>> = {
  truncated: 'the gzip file is truncated. Copy it again',
  damaged: 'the gzip file is damaged. Copy it again',
  'trailing-bytes': 'there are other bytes after the end of the gzip data. Remove them, or pack the file again',
};

async function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const chunks: Uint8Array[] = [];
  const gunzip = new Gunzip(chunk => chunks.push(chunk));
  try {
    await gunzip.write(bytes);
    await gunzip.end();
  } finally {
    gunzip.close();
  }
  return Buffer.concat(chunks);
}

function isUtf16([first = 0, second = 0]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The parser's own message quotes the text and often omits the place. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { error } = inspectJson(text);
    const place = `${file}:${error?.line ?? 1}:${error?.column ?? 1}`;
    throw new MlopsError('BAD_INPUT', `${place}: not valid JSON`, { where: place });
  }
}
