import { createHash } from 'node:crypto';
import type { Manifest, PartFile } from '../../domain/dataset/manifest.ts';

/** Bytes of an id's SHA-256 that are kept: 128 bits do not collide. */
export const claimedIdBytes = 16;

/** Datasets whose claimed ids stay in memory, 16 bytes an interaction: those that were used last. */
const mostDatasets = 4;

function hashOf(id: string): Buffer {
  return createHash('sha256').update(id, 'utf8').digest().subarray(0, claimedIdBytes);
}

/** The content of a part's `taken` file: the hashes of `ids`, sorted. */
export function claimedIdsContent(ids: Iterable<string>): Buffer {
  return Buffer.concat([...new Set(ids)].map(hashOf).sort(Buffer.compare));
}

/** The claimed ids of the datasets of a process: a file, which never changes, is read once. */
export interface ClaimedIds {
  /** Whether turns of an interaction are in any part of the version, or were in one that a restore dropped. */
  of(head: Manifest | null): Promise<(id: string) => boolean>;
}

interface Known {
  /** The hashes of the files that were read. */
  readonly files: Set<string>;
  /** Sorted hashes of ids, in a few lists of growing size. */
  lists: readonly Buffer[];
}

/** @param read a `taken` file of a dataset, checked against its hash */
export function openClaimedIds(read: (dataset: string, file: PartFile) => Promise<Buffer>): ClaimedIds {
  const datasets = new Map<string, Known>();

  /** What is known of the dataset; nothing, if it holds files that the version does not name. */
  function knownOf(dataset: string, wanted: ReadonlySet<string>): Known {
    const before = datasets.get(dataset);
    const isOfVersion = before !== undefined && [...before.files].every(file => wanted.has(file));
    const known = isOfVersion ? before : { files: new Set<string>(), lists: [] };
    datasets.delete(dataset);
    datasets.set(dataset, known);
    for (const oldest of datasets.keys()) if (datasets.size > mostDatasets) datasets.delete(oldest);
    return known;
  }

  return {
    async of(head) {
      if (head === null) return () => false;
      const files = new Map([...head.parts, ...head.setAside].map(({ taken }) => [taken.sha256, taken]));
      const known = knownOf(head.dataset, new Set(files.keys()));
      for (const [sha256, file] of files) {
        if (known.files.has(sha256)) continue;
        const content = await read(head.dataset, file);
        // Another call may have read it meanwhile.
        if (known.files.has(sha256)) continue;
        known.files.add(sha256);
        known.lists = withList(known.lists, content);
      }
      const { lists } = known;
      return id => {
        const hash = hashOf(id);
        return lists.some(list => holds(list, hash));
      };
    },
  };
}

/** `lists` and one more; lists of similar size are merged, so that there are few. */
function withList(lists: readonly Buffer[], added: Buffer): Buffer[] {
  const all = [...lists];
  let last = added;
  for (let before = all.at(-1); before !== undefined && before.length < 2 * last.length; before = all.at(-1)) {
    all.pop();
    last = mergeSorted(before, last);
  }
  if (last.length > 0) all.push(last);
  return all;
}

function mergeSorted(a: Buffer, b: Buffer): Buffer {
  const merged = Buffer.allocUnsafe(a.length + b.length);
  let [fromA, fromB, to] = [0, 0, 0];
  while (fromA < a.length || fromB < b.length) {
    const isA = fromB >= b.length || (fromA < a.length && compareAt(a, fromA, b, fromB) <= 0);
    if (isA) a.copy(merged, to, fromA, fromA + claimedIdBytes);
    else b.copy(merged, to, fromB, fromB + claimedIdBytes);
    if (isA) fromA += claimedIdBytes;
    else fromB += claimedIdBytes;
    to += claimedIdBytes;
  }
  return merged;
}

function compareAt(a: Buffer, atA: number, b: Buffer, atB: number): number {
  return a.compare(b, atB, atB + claimedIdBytes, atA, atA + claimedIdBytes);
}

function holds(list: Buffer, hash: Buffer): boolean {
  let low = 0;
  let high = list.length / claimedIdBytes - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareAt(list, middle * claimedIdBytes, hash, 0);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
