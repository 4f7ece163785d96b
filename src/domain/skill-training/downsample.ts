import { drawOf } from '../dataset/split.ts';
import { classBalance, classCounts, highestImbalance } from './class-counts.ts';
import type { TrainingData, Utterance } from './training-data.ts';

/** Training data within the platform's highest imbalance, and what that took. */
export interface Downsampled {
  readonly data: TrainingData;
  /** The classes that lost utterances, largest first. */
  readonly dropped: readonly { readonly label: string; readonly had: number; readonly kept: number }[];
}

/**
 * Keeps at most three times the smallest class of each class, chosen by draws that hang on the seed and the utterance
 * alone: the order of the data does not matter, and the same data and seed keep the same utterances. What stays keeps
 * its order. Labels without utterances do not count as a class.
 */
export function downsample(data: TrainingData, seed: number): Downsampled {
  const most = highestImbalance * (classBalance(data.utterances)?.smallest.count ?? 0);
  const dropped = [...classCounts(data.utterances)]
    .filter(([, had]) => had > most)
    .map(([label, had]) => ({ label, had, kept: most }))
    .sort((a, b) => b.had - a.had);
  const shrinking = new Set(dropped.map(each => each.label));

  const draws = new Map<string, Draw[]>([...shrinking].map(label => [label, []]));
  const copies = new Map<string, number>();
  for (const [index, each] of data.utterances.entries()) {
    if (!shrinking.has(each.label)) continue;
    const key = keyOf(each);
    const copy = copies.get(key) ?? 0;
    copies.set(key, copy + 1);
    draws.get(each.label)?.push({ index, key, at: drawOf(JSON.stringify([seed, copy, key])) });
  }
  const left = new Set([...draws.values()].flatMap(of => of.sort(compareDraws).slice(most)).map(draw => draw.index));
  return { data: { ...data, utterances: data.utterances.filter((_, index) => !left.has(index)) }, dropped };
}

interface Draw {
  readonly index: number;
  readonly key: string;
  readonly at: number;
}

/** Ties between utterances are broken by their text, never by their position. */
function compareDraws(a: Draw, b: Draw): number {
  return a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function keyOf({ text, label, language }: Utterance): string {
  return JSON.stringify([text, label, language]);
}
