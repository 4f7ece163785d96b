/** Rows are the actual labels, columns the predicted ones, both in the order of the evaluation's `labels`. */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * Counts what was predicted for what. A prediction that `labels` does not have has no column, and is not counted.
 * @param labels ids, each once
 */
export function confusionMatrix(
  labels: readonly string[],
  actuals: readonly string[],
  predicted: readonly (string | null)[],
): ConfusionMatrix {
  const indexes = new Map(labels.map((id, index) => [id, index]));
  const matrix = labels.map(() => labels.map(() => 0));
  for (const [index, actual] of actuals.entries()) {
    const row = matrix[indexes.get(actual) ?? -1];
    const column = indexes.get(predicted[index] ?? '');
    if (row !== undefined && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return matrix;
}

/** An actual label and another that was predicted for it. */
export interface Confusion {
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
}

/** The pairs of labels that were mistaken most often, worst first; of equals the first of the matrix. */
export function worstConfused(labels: readonly string[], matrix: ConfusionMatrix, most: number): Confusion[] {
  const pairs = matrix.flatMap((row, actual) =>
    row.flatMap((count, predicted): Confusion[] =>
      count === 0 || actual === predicted
        ? []
        : [{ actual: labels[actual] ?? '', predicted: labels[predicted] ?? '', count }],
    ),
  );
  return pairs.sort((a, b) => b.count - a.count).slice(0, most);
}
