import { listed, type Problem, quoted } from './problem.ts';
import { defaultLanguage, type TrainingData } from './training-data.ts';

/** A row of a labels file: what a customer wrote, and the id of its label. */
export interface LabelRow {
  /** The line on which the row begins, from 1. */
  readonly line: number;
  readonly utterance: string;
  /** Empty: not labelled yet. */
  readonly label: string;
}

/** A dataset's utterances with their labels, and what did not find its counterpart. */
export interface JoinedLabels {
  /** In the dataset's order; the labels in the order in which they occur there, named by their ids. */
  readonly data: TrainingData;
  /** The dataset's rows that no row of the file labels: left out. */
  readonly unlabelledRows: number;
  /** Utterances of the file that the dataset does not have, and the lines of the first of them. */
  readonly unmatched: { readonly count: number; readonly lines: readonly number[] };
  /** Rows of the file without a label. */
  readonly blankLabels: number;
  /** `conflicting-labels`: utterances that the file gives two labels. `where` is the line of the second. */
  readonly problems: readonly Problem[];
}

const mostShown = 20;

/**
 * Joins a dataset's user utterances to their labels by their texts. As a turn's texts are trimmed, those of the file are
 * too, and its labels. Line ends and the Unicode form (NFC, NFD) are not compared: spreadsheets change them. A row that says the same twice does no harm. An utterance with two labels is left out, and is a
 * problem.
 */
export function joinLabels(
  userUtterances: Iterable<string>,
  rows: Iterable<LabelRow>,
  language: string = defaultLanguage,
): JoinedLabels {
  const { labelOf, conflicts, blankLabels } = readLabels(rows);
  const utterances: TrainingData['utterances'] = [];
  const matched = new Set<string>();
  let unlabelledRows = 0;
  for (const text of userUtterances) {
    const key = keyOf(text);
    const given = labelOf.get(key);
    matched.add(key);
    if (given === undefined) unlabelledRows += 1;
    else if (!conflicts.has(key)) utterances.push({ text, label: given.label, language });
  }
  const unmatched = [...labelOf].filter(([text]) => !matched.has(text)).map(([, given]) => given.line);
  const ids = [...new Set(utterances.map(each => each.label))];
  return {
    data: { utterances, labels: ids.map(id => ({ id, name: id, description: '' })) },
    unlabelledRows,
    unmatched: { count: unmatched.length, lines: unmatched.slice(0, mostShown) },
    blankLabels,
    problems: conflictProblems([...conflicts.values()]),
  };
}

function keyOf(text: string): string {
  return text.replace(/\r\n?/g, '\n').normalize('NFC').trim();
}

interface Given {
  readonly label: string;
  readonly line: number;
}

function readLabels(rows: Iterable<LabelRow>) {
  const labelOf = new Map<string, Given>();
  const conflicts = new Map<string, readonly [Given, ...Given[]]>();
  let blankLabels = 0;
  for (const row of rows) {
    const [text, given] = [keyOf(row.utterance), { label: row.label.trim(), line: row.line }];
    const first = labelOf.get(text);
    if (given.label === '') blankLabels += 1;
    else if (first === undefined) labelOf.set(text, given);
    else if (first.label !== given.label) conflicts.set(text, [...(conflicts.get(text) ?? [first]), given]);
  }
  return { labelOf, conflicts, blankLabels };
}

function conflictProblems(conflicts: readonly (readonly Given[])[]): Problem[] {
  const problems = conflicts.slice(0, mostShown).map((given): Problem => {
    const labels = [...new Set(given.map(each => each.label))].map(quoted);
    const lines = given.map(each => String(each.line));
    return {
      code: 'conflicting-labels',
      message: `lines ${listed(lines)} give one utterance ${labels.length} labels: ${listed(labels)}`,
      count: 1,
      where: String(given[1]?.line),
    };
  });
  const count = conflicts.length - problems.length;
  if (count > 0)
    problems.push({ code: 'conflicting-labels', message: `${count} more utterances have two labels`, count });
  return problems;
}
