import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseString } from 'fast-csv';
import { z } from 'zod';
import type { DataSource } from '../../src/domain/skill-training/data-summary.ts';
import { joinLabels, type LabelRow } from '../../src/domain/skill-training/label-join.ts';
import { refusal } from '../../src/domain/skill-training/problem.ts';
import { parseTrainingData, type TrainingData } from '../../src/domain/skill-training/training-data.ts';
import { MlopsError, systemCode } from '../../src/errors.ts';
import type { Datasets } from '../../src/store/datasets/datasets.ts';
import { say } from '../cli/terminal.ts';
import { inspectJson } from '../json-inspection.ts';

/** Training data as it was given, and where it comes from. */
export interface GivenData {
  readonly name: string;
  readonly data: TrainingData;
  readonly source: DataSource;
}

/** @throws MlopsError BAD_INPUT with the place */
export async function readTrainingFile(file: string): Promise<GivenData> {
  const parsed = parseTrainingData(parseJson(await readText(file), file));
  if (!parsed.ok) throw refusal(`${file} is not valid training data`, parsed.problems);
  for (const { message } of parsed.warnings) say(`warning: ${file}: ${message}`);
  return { name: basename(file), data: parsed.data, source: { kind: 'file', name: basename(file) } };
}

/** A dataset's user utterances, each with the label that a file gives it. */
export async function labelDataset(
  datasets: Datasets,
  { dataset, version }: { readonly dataset: string; readonly version: number | undefined },
  labels: string,
): Promise<GivenData> {
  const text = await readText(labels);
  const { number, entry } = await datasets.version(dataset, version);
  const texts: string[] = [];
  for (const part of entry.parts) for (const row of await datasets.keptRows(dataset, part)) texts.push(row[4]);
  const joined = joinLabels(texts, await readLabels(text, labels));
  const [problem] = joined.problems;
  if (problem !== undefined) throw refusal(`${labels}:${problem.where ?? 1}`, joined.problems);
  const { unlabelledRows, unmatched, blankLabels, data } = joined;
  say(
    `${dataset}@${number}: ${data.utterances.length} of ${texts.length} rows have a label, ${unlabelledRows} have none` +
      `; of ${labels} ${unmatched.count} utterances are not in the dataset, ${blankLabels} have no label yet`,
  );
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
  };
}

async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const code = systemCode(error);
    const what =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8' : `cannot be read: ${code ?? 'unknown error'}`;
    throw new MlopsError('BAD_INPUT', `${file} ${what}`, { where: file });
  }
}

/** The parser's own message quotes the text, and often does not tell the place. */
function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { error } = inspectJson(text);
    const place = `${file}:${error?.line ?? 1}:${error?.column ?? 1}`;
    throw new MlopsError('BAD_INPUT', `${place}: not valid JSON`, { where: place });
  }
}

const utteranceColumns = ['utterance', 'text', 'user_utterance'];
const labelColumns = ['label', 'intent', 'category'];

/** CSV with a header that names the columns `utterance` (or `text`, `user_utterance`) and `label`. */
async function readLabels(text: string, file: string): Promise<LabelRow[]> {
  const rows: LabelRow[] = [];
  let columns: { utterance: number; label: number } | null = null;
  let line = 1;
  try {
    for await (const row of parseString(text, { headers: false })) {
      const cells = z.array(z.string()).parse(row);
      if (columns === null) columns = columnsOf(cells, file);
      else rows.push({ line, utterance: cells[columns.utterance] ?? '', label: cells[columns.label] ?? '' });
      line += 1 + cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    }
  } catch (error) {
    if (error instanceof MlopsError) throw error;
    throw new MlopsError(
      'BAD_INPUT',
      `${file}:${lineOfBadQuote(text) ?? line}: this is not valid CSV: a quote is not closed, or is inside a field`,
      { where: file },
    );
  }
  if (columns === null) throw new MlopsError('BAD_INPUT', `${file} is empty`, { where: file });
  return rows;
}

/** The line on which the first field begins whose quotes are wrong; the parser does not tell it. */
function lineOfBadQuote(text: string): number | null {
  const field = /"(?:[^"]|"")*"(?=[,\r\n]|$)|[^",\r\n][^,\r\n]*|(?=[,\r\n])/y;
  let line = 1;
  for (let at = 0; at < text.length; ) {
    field.lastIndex = at;
    const found = field.exec(text)?.[0];
    if (found === undefined) return line;
    at += found.length;
    line += found.split('\n').length - 1;
    if (text[at] === '\n') line += 1;
    at += 1;
  }
  return null;
}

/** @throws MlopsError BAD_INPUT naming all columns that are missing */
function columnsOf(header: readonly string[], file: string): { utterance: number; label: number } {
  const names = header.map(name => name.replace(/^\uFEFF/, '').trim());
  const find = (wanted: readonly string[]) => names.findIndex(name => wanted.includes(name));
  const columns = { utterance: find(utteranceColumns), label: find(labelColumns) };
  const missing = [
    ...(columns.utterance < 0 ? [utteranceColumns.join(' or ')] : []),
    ...(columns.label < 0 ? [labelColumns.join(' or ')] : []),
  ];
  if (missing.length === 0) return columns;
  throw new MlopsError('BAD_INPUT', `${file}:1: there is no column ${missing.join(', and none ')}`, {
    where: `${file}:1`,
  });
}
