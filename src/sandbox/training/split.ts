import { hash } from '../kernel/random.ts';

export interface Labelled {
  readonly text: string;
  readonly label: string;
}

export interface Split {
  readonly trained: readonly Labelled[];
  readonly heldOut: readonly Labelled[];
}

/**
 * Keeps the share `validationSplit` of each class from the training: at least one utterance where the class has two, and
 * never all. Which ones is left to a hash, so it is the same every time.
 */
export function stratified(utterances: readonly Labelled[], validationSplit: number): Split {
  const classes = new Map<string, { readonly index: number; readonly order: number }[]>();
  utterances.forEach(({ label }, index) => {
    const members = classes.get(label) ?? [];
    members.push({ index, order: hash('split', label, members.length) });
    classes.set(label, members);
  });
  const held = new Set(
    [...classes.values()].flatMap(members =>
      [...members]
        .sort((one, other) => one.order - other.order || one.index - other.index)
        .slice(0, heldOf(members.length, validationSplit))
        .map(({ index }) => index),
    ),
  );
  return {
    trained: utterances.filter((_, index) => !held.has(index)),
    heldOut: utterances.filter((_, index) => held.has(index)),
  };
}

function heldOf(members: number, share: number): number {
  return Math.min(members - 1, Math.max(1, Math.round(members * share)));
}
