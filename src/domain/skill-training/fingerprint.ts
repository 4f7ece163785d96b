import type { TrainingData } from './training-data.ts';

/**
 * What identifies training data, line by line: the hash of the UTF-8 bytes of all lines is its fingerprint.
 * The order of utterances and of labels does not count, nor does an `en` that is left out; everything else does, also
 * spaces and repeated utterances. Each line is a JSON array (which writes half a surrogate pair as an escape, so that no
 * two texts have the same bytes) ended by `\n`; lines sort by code units.
 */
export function* fingerprintLines({ utterances, labels }: TrainingData): Generator<string> {
  yield line('training-data', 1);
  yield* labels.map(({ id, name, description }) => line('label', id, name, description)).sort();
  yield* utterances.map(({ text, label, language }) => line('utterance', text, label, language)).sort();
}

function line(...parts: readonly (string | number)[]): string {
  return `${JSON.stringify(parts)}\n`;
}
