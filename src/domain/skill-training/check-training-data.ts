import { classBalance, classCounts, countBy, highestImbalance } from './class-counts.ts';
import { oneClass, similarLabels, similarTexts } from './look-alikes.ts';
import { listed, type Problem, quoted } from './problem.ts';
import type { TrainingData, Utterance } from './training-data.ts';

/** What is wrong with training data: problems keep it from being submitted, warnings do not. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Looks for everything at once, so that a file is fixed in one go. Texts are compared without the spaces around them,
 * languages and labels unchanged.
 *
 * Problems are what the platform refuses or cannot learn from: `no-utterances`, `empty-texts`, `languages` (more than
 * one), `imbalance` (over the classes that occur), `undefined-labels`, `duplicate-label-ids`. Warnings are what real
 * data has and a model survives: `unused-labels`, `similar-labels`, `one-class`, `ambiguous-texts` (one text, two labels),
 * `similar-texts`, `duplicates`.
 *
 * @param nameOf how warnings name an utterance, by its index: the index, unless the caller's user does not have this list
 */
export function checkTrainingData(data: TrainingData, nameOf: (index: number) => string = String): Findings {
  const same = equalTexts(data.utterances);
  return {
    problems: [
      ...noUtterances(data),
      ...emptyTexts(data),
      ...languages(data),
      ...imbalance(data),
      ...undefinedLabels(data),
      ...duplicateLabelIds(data),
    ],
    warnings: [
      ...unusedLabels(data),
      ...similarLabels(data),
      ...oneClass(data),
      ...ambiguousTexts(same, nameOf),
      ...similarTexts(data, nameOf),
      ...duplicates(same, nameOf),
    ],
  };
}

function noUtterances({ utterances }: TrainingData): Problem[] {
  if (utterances.length > 0) return [];
  return [{ code: 'no-utterances', message: 'no utterances found', count: 0, where: 'utterances' }];
}

function emptyTexts({ utterances }: TrainingData): Problem[] {
  const empty = indexesOf(utterances, each => each.text.trim() === '').map(index => `utterances[${index}].text`);
  const [where] = empty;
  if (where === undefined) return [];
  const message = `${plural(empty.length, 'text is', 'texts are')} empty: ${listed(empty, 5)}`;
  return [{ code: 'empty-texts', message, count: empty.length, where }];
}

function languages({ utterances }: TrainingData): Problem[] {
  const counts = countBy(utterances, each => each.language);
  if (counts.size < 2) return [];
  const message = `${counts.size} languages where one is allowed: ${listed(withCounts(counts))}`;
  const other = utterances.findIndex(each => each.language !== utterances[0]?.language);
  return [{ code: 'languages', message, count: counts.size, where: `utterances[${other}].language` }];
}

function imbalance({ utterances }: TrainingData): Problem[] {
  const balance = classBalance(utterances);
  // Whole numbers, so that a ratio of exactly 3 passes whatever the division rounds to.
  if (balance === null || balance.largest.count <= highestImbalance * balance.smallest.count) return [];
  const { largest, smallest, ratio } = balance;
  const show = ({ label, count }: typeof largest) => `${quoted(label)} with ${count}`;
  const message = `the largest class, ${show(largest)}, is ${Number(ratio.toPrecision(6))} times the smallest, ${show(smallest)}; at most 3.0 is allowed`;
  const over = [...classCounts(utterances).values()].filter(count => count > highestImbalance * smallest.count);
  return [{ code: 'imbalance', message, count: over.length }];
}

function undefinedLabels({ utterances, labels }: TrainingData): Problem[] {
  const defined = new Set(labels.map(label => label.id));
  const isUndefined = (each: Utterance) => !defined.has(each.label);
  const lost = utterances.filter(isUndefined);
  if (lost.length === 0) return [];
  const counts = countBy(lost, each => each.label);
  const message = `${plural(counts.size, 'label is', 'labels are')} not defined: ${listed(withCounts(counts))}`;
  const where = `utterances[${utterances.findIndex(isUndefined)}].label`;
  return [{ code: 'undefined-labels', message, count: lost.length, where }];
}

function duplicateLabelIds({ labels }: TrainingData): Problem[] {
  const counts = countBy(labels, label => label.id);
  const doubled = new Map([...counts].filter(([, count]) => count > 1));
  if (doubled.size === 0) return [];
  const seen = new Set<string>();
  const second = labels.findIndex(({ id }) => seen.size === seen.add(id).size);
  const message = `${plural(doubled.size, 'label id is', 'label ids are')} defined more than once: ${listed(withCounts(doubled))}`;
  return [{ code: 'duplicate-label-ids', message, count: doubled.size, where: `labels[${second}].id` }];
}

function unusedLabels({ utterances, labels }: TrainingData): Problem[] {
  const used = new Set(utterances.map(each => each.label));
  const unused = [...new Set(labels.map(label => label.id))].filter(id => !used.has(id));
  const [first] = unused;
  if (first === undefined) return [];
  const message = `${plural(unused.length, 'label has', 'labels have')} no utterances: ${listed(unused.map(quoted))}`;
  const where = `labels[${labels.findIndex(label => label.id === first)}]`;
  return [{ code: 'unused-labels', message, count: unused.length, where }];
}

/** Of each text that occurs: the indexes of its utterances under each of its labels. Empty texts are left out. */
type EqualTexts = Map<string, Map<string, number[]>>;

function equalTexts(utterances: readonly Utterance[]): EqualTexts {
  const texts: EqualTexts = new Map();
  for (const [index, each] of utterances.entries()) {
    const text = each.text.trim();
    if (text === '') continue;
    const labels = texts.get(text) ?? new Map<string, number[]>();
    const indexes = labels.get(each.label) ?? [];
    indexes.push(index);
    texts.set(text, labels.set(each.label, indexes));
  }
  return texts;
}

function ambiguousTexts(texts: EqualTexts, nameOf: (index: number) => string): Problem[] {
  const ambiguous = [...texts.values()].filter(labels => labels.size > 1);
  const groups = ambiguous.map(labels => [...labels.values()].flatMap(indexes => indexes.slice(0, 1)));
  const where = groups[0]?.[0];
  if (where === undefined) return [];
  const message = `${plural(groups.length, 'text has', 'texts have')} more than one label: utterances ${showGroups(groups, nameOf)}`;
  return [{ code: 'ambiguous-texts', message, count: groups.length, where: `utterances[${where}]` }];
}

function duplicates(texts: EqualTexts, nameOf: (index: number) => string): Problem[] {
  const groups = [...texts.values()].flatMap(labels => [...labels.values()]).filter(indexes => indexes.length > 1);
  const count = groups.reduce((sum, indexes) => sum + indexes.length - 1, 0);
  const where = groups[0]?.[1];
  if (where === undefined) return [];
  const message = `${plural(count, 'utterance repeats', 'utterances repeat')} another with the same label: utterances ${showGroups(groups, nameOf)}`;
  return [{ code: 'duplicates', message, count, where: `utterances[${where}]` }];
}

function showGroups(groups: readonly (readonly number[])[], nameOf: (index: number) => string): string {
  const show = (indexes: readonly number[]) => {
    // Equal texts have one name where texts are their names.
    const names = [...new Set(indexes.map(nameOf))];
    return (names.length > 3 ? [...names.slice(0, 3), '…'] : names).join(' = ');
  };
  return listed(groups.map(show), 5);
}

function indexesOf<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): number[] {
  return items.flatMap((item, index) => (isWanted(item) ? [index] : []));
}

function withCounts(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([name, count]) => `${quoted(name)} (${count})`);
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
