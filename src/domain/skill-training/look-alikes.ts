import { listed, type Problem, quoted } from './problem.ts';
import type { TrainingData } from './training-data.ts';

/** What two names or texts share that look the same: no spaces around or doubled, no case, no invisible characters. */
export function appearance(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\p{Variation_Selector}]/gu, character => (/\s/.test(character) ? character : ''))
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase();
}

/** A name for use in a message, with the code points of invisible characters. */
export function shownName(name: string): string {
  return quoted(name).replace(/[^\x20-\x7e\p{L}\p{N}\p{P}\p{S}]|[\p{Cf}\u00a0]/gu, character => codePoint(character));
}

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Labels that differ only in spaces, letter case, invisible characters or Unicode form: likely one label. */
export function similarLabels({ utterances, labels }: TrainingData): Problem[] {
  const ids = new Set([...labels.map(label => label.id), ...utterances.map(each => each.label)]);
  const groups = groupBy([...ids], appearance).filter(group => group.length > 1);
  if (groups.length === 0) return [];
  const pairs = groups.map(group => group.map(shownName).join(' and '));
  const message = `labels differ only in spaces, letter case or invisible characters: ${listed(pairs, 5)}`;
  return [{ code: 'similar-labels', message, count: groups.length }];
}

/** Data of one class: nothing to tell apart. */
export function oneClass({ utterances }: TrainingData): Problem[] {
  const [first, ...others] = new Set(utterances.map(each => each.label));
  if (first === undefined || others.length > 0) return [];
  return [
    {
      code: 'one-class',
      message: `all utterances have one label, ${shownName(first)}: there is nothing to tell apart`,
      count: 1,
    },
  ];
}

/** Texts under several labels that differ only as `similarLabels` says; equal ones are `ambiguous-texts`. */
export function similarTexts({ utterances }: TrainingData, nameOf: (index: number) => string = String): Problem[] {
  const indexed = utterances.map((each, index) => ({ ...each, index })).filter(each => each.text.trim() !== '');
  const groups = groupBy(indexed, each => appearance(each.text)).filter(
    group => new Set(group.map(each => each.label)).size > 1 && new Set(group.map(each => each.text.trim())).size > 1,
  );
  const [first] = groups;
  if (first === undefined) return [];
  const shown = groups.map(
    group =>
      `${firstOfEachLabel(group)
        .map(each => `${nameOf(each.index)} (${shownName(each.label)})`)
        .join(' ~ ')}`,
  );
  const message = `${groups.length === 1 ? '1 text has' : `${groups.length} texts have`} more than one label, written almost the same: utterances ${listed(shown, 5)}`;
  return [{ code: 'similar-texts', message, count: groups.length, where: `utterances[${first[0]?.index ?? 0}]` }];
}

function firstOfEachLabel<Item extends { readonly label: string }>(group: readonly Item[]): Item[] {
  return group.filter((each, index) => group.findIndex(other => other.label === each.label) === index).slice(0, 3);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
