import type { Manifest, Part } from '../../domain/dataset/manifest.ts';
import { floats } from '../artifacts/floats.ts';
import type { Datasets } from './datasets.ts';

/** The vectors of the rows that a part kept. */
export async function readVectorsOf(datasets: Datasets, dataset: string, part: Part): Promise<Float32Array> {
  return floats(await datasets.readFile(dataset, 'vectors', part.vectors));
}

/**
 * The row number of a dataset's kept row by its place among the kept rows, part after part: a restore leaves gaps in the
 * numbers. -1 for a place that has no row.
 */
export function keptGroups({ parts }: Manifest): (place: number) => number {
  const ends: number[] = [];
  for (const { keptCount } of parts) ends.push((ends.at(-1) ?? 0) + keptCount);
  return place => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    const part = parts[low];
    return part === undefined ? -1 : part.firstGroup + place - (ends[low - 1] ?? 0);
  };
}
