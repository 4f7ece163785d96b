import type { Manifest } from '../../domain/dataset/manifest.ts';
import { keptRecord, removedRecord } from '../../domain/dataset/row.ts';
import type { Datasets } from './datasets.ts';

export type RowKind = 'kept' | 'removed';

/**
 * The rows of a version from number `from` on, in the dataset's order, as the export's columns. Only the files that hold
 * them are read, one at a time.
 * @throws MlopsError DATASET_DAMAGED
 */
export async function* rowsOf(
  datasets: Datasets,
  { dataset, parts }: Manifest,
  kind: RowKind,
  from = 0,
): AsyncGenerator<string[]> {
  let before = 0;
  for (const part of parts) {
    const count = kind === 'kept' ? part.keptCount : part.removedCount;
    const skipped = Math.max(0, from - before);
    before += count;
    if (skipped >= count) continue;
    if (kind === 'removed')
      for (const row of (await datasets.removedRows(dataset, part)).slice(skipped)) yield removedRecord(row);
    else
      for (const [index, row] of (await datasets.keptRows(dataset, part)).entries())
        if (index >= skipped) yield keptRecord(row, part.firstGroup + index);
  }
}
