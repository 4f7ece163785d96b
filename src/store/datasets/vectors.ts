import type { Manifest } from '../../domain/dataset/manifest.ts';
import { floats } from '../artifacts/floats.ts';
import type { Datasets } from './datasets.ts';

/** The vectors of the rows that a dataset kept, part after part: a row's place in them is not its number. */
export async function* keptVectors(datasets: Datasets, head: Manifest): AsyncGenerator<Float32Array> {
  for (const part of head.parts) yield floats(await datasets.readFile(head.dataset, 'vectors', part.vectors));
}

/** The row numbers of a dataset's kept rows, in the order of `keptVectors`. */
export function keptGroups(head: Manifest): number[] {
  return head.parts.flatMap(part => Array.from({ length: part.keptCount }, (_, row) => part.firstGroup + row));
}
