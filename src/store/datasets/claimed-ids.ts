import { createHash } from 'node:crypto';
import type { Manifest } from '../../domain/dataset/manifest.ts';
import type { Datasets } from './datasets.ts';

/** Bytes of an id's SHA-256 that are kept: 128 bits do not collide. */
export const claimedIdBytes = 16;

function hashOf(id: string): Buffer {
  return createHash('sha256').update(id, 'utf8').digest().subarray(0, claimedIdBytes);
}

/** The content of a part's `taken` file: the hashes of `ids`, sorted. */
export function claimedIdsContent(ids: Iterable<string>): Buffer {
  return Buffer.concat([...new Set(ids)].map(hashOf).sort(Buffer.compare));
}

/** Whether turns of an interaction are in any part of the dataset, or were in one that a restore dropped. */
export async function readClaimedIds(datasets: Datasets, head: Manifest | null): Promise<(id: string) => boolean> {
  const taken = new Set<string>();
  for (const part of head === null ? [] : [...head.parts, ...head.setAside]) {
    const content = await datasets.readFile(head?.dataset ?? '', 'taken', part.taken);
    for (let start = 0; start < content.length; start += claimedIdBytes)
      taken.add(content.toString('latin1', start, start + claimedIdBytes));
  }
  return id => taken.has(hashOf(id).toString('latin1'));
}
