import fc from 'fast-check';
import { type TrainingData, trainingData } from '../../../src/domain/skill-training/training-data.ts';

/** Training data of `[text, label, language?]`, with the labels that occur defined unless others are named. */
export function dataOf(
  utterances: readonly (readonly [text: string, label: string, language?: string])[],
  ids: readonly string[] = [...new Set(utterances.map(([, label]) => label))],
): TrainingData {
  return trainingData.parse({
    utterances: utterances.map(([text, label, language]) => ({ text, label, language })),
    labels: ids.map(id => ({ id, name: `Name of ${id}`, description: '' })),
  });
}

/** Classes of the sizes named, with texts that differ. */
export function classesOf(sizes: Readonly<Record<string, number>>): TrainingData {
  const classes = Object.entries(sizes);
  return dataOf(
    classes.flatMap(([label, size]) =>
      Array.from({ length: size }, (_, index) => [`${label} ${index}`, label] as const),
    ),
    classes.map(([label]) => label),
  );
}

/** Small sets in which texts repeat, labels are missing and sizes differ. */
export const anyTrainingData: fc.Arbitrary<TrainingData> = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'b ', 'c', '', ' ', '__proto__'),
        fc.constantFrom('x', 'y', 'z', 'constructor'),
        fc.constantFrom('en', 'en', 'en', 'de'),
      ),
      { maxLength: 40 },
    ),
    fc.array(fc.constantFrom('x', 'y', 'z', 'constructor', 'w'), { maxLength: 6 }),
  )
  .map(([utterances, ids]) => dataOf(utterances, ids));
