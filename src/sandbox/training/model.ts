import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Labelled } from './split.ts';

/**
 * The sandbox's own toy model, good enough that its mistakes look like mistakes: a label is the centroid of its
 * utterances' TF-IDF vectors over words and pairs of neighbours, and an utterance is of the label whose centroid is
 * nearest by cosine. Scores are a softmax over the cosines. A linear pass in all it does; deterministic.
 */
export interface Model {
  readonly vocabulary: number;
  /** The best label of each text with its score, 0 to 1; of equal ones the first of the labels. */
  classify(texts: readonly string[]): Promise<Prediction[]>;
}

export interface Prediction {
  readonly label: string;
  readonly score: number;
}

/** Turns differences of cosines into odds. With it the scores of real questions are about the share that is right. */
const sharpness = 30;

/** Utterances between two breaths of the event loop: a few milliseconds' work. */
const slice = 250;

/** Trains on the utterances that have one of the labels. @throws RangeError if there are no labels. */
export async function train(utterances: readonly Labelled[], labels: readonly string[]): Promise<Model> {
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const inUtterances = new Map<string, number>();
  await inSlices(utterances, ({ text }) => {
    for (const term of termsOf(text).keys()) inUtterances.set(term, (inUtterances.get(term) ?? 0) + 1);
  });
  const rarity = new Map(
    [...inUtterances].map(([term, count]) => [term, 1 + Math.log(utterances.length / count)] as const),
  );

  /** By term: what it weighs in the centroid of each label that has it. */
  const weights = new Map<string, Map<number, number>>();
  await inSlices(utterances, ({ text, label }) => {
    const index = indexOf.get(label);
    if (index === undefined) return;
    for (const [term, weight] of vectorOf(text, rarity)) {
      const ofTerm = weights.get(term) ?? new Map<number, number>();
      ofTerm.set(index, (ofTerm.get(index) ?? 0) + weight);
      weights.set(term, ofTerm);
    }
  });
  const lengths = new Float64Array(labels.length);
  for (const ofTerm of weights.values())
    for (const [index, weight] of ofTerm) lengths[index] = (lengths[index] ?? 0) + weight ** 2;

  function best(text: string): Prediction {
    const cosines = new Float64Array(labels.length);
    for (const [term, weight] of vectorOf(text, rarity))
      for (const [index, other] of weights.get(term) ?? [])
        cosines[index] = (cosines[index] ?? 0) + (weight * other) / Math.sqrt(lengths[index] ?? 1);
    const nearest = cosines.reduce((at, cosine, index) => (cosine > (cosines[at] ?? 0) ? index : at), 0);
    const label = labels[nearest];
    if (label === undefined) throw new RangeError('there is no label');
    const odds = cosines.reduce((sum, cosine) => sum + Math.exp(sharpness * (cosine - (cosines[nearest] ?? 0))), 0);
    return { label, score: Math.round(1e6 / odds) / 1e6 };
  }

  return {
    vocabulary: rarity.size,
    async classify(texts) {
      const predictions: Prediction[] = [];
      await inSlices(texts, text => predictions.push(best(text)));
      return predictions;
    },
  };
}

/** How often each word, and each pair of neighbouring words, is in a text. */
function termsOf(text: string): Map<string, number> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const counts = new Map<string, number>();
  const count = (term: string): void => void counts.set(term, (counts.get(term) ?? 0) + 1);
  words.forEach((word, index) => {
    count(word);
    const next = words[index + 1];
    if (next !== undefined) count(`${word} ${next}`);
  });
  return counts;
}

/** The TF-IDF vector of a text, of length 1; terms that the training did not see are left out. */
function vectorOf(text: string, rarity: ReadonlyMap<string, number>): [string, number][] {
  const vector = [...termsOf(text)].flatMap(([term, count]): [string, number][] => {
    const rare = rarity.get(term);
    return rare === undefined ? [] : [[term, (1 + Math.log(count)) * rare]];
  });
  const length = Math.sqrt(vector.reduce((sum, [, weight]) => sum + weight ** 2, 0));
  return vector.map(([term, weight]) => [term, weight / length]);
}

/** A sandbox shares its process with the workers that ask it: its turns must be short. */
async function inSlices<T>(items: readonly T[], each: (item: T) => void): Promise<void> {
  for (let from = 0; from < items.length; from += slice) {
    for (const item of items.slice(from, from + slice)) each(item);
    await letOthersRun();
  }
}
