import { createHash } from 'node:crypto';
import { unseal } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { hashBytes } from './text-vectors.ts';

/** A key and its vector, little-endian float32. */
export interface VectorRecord {
  readonly key: Buffer;
  readonly vector: Buffer;
}

/**
 * An immutable file of records, sorted by key, and a file of their keys alone. A record carries a checksum: a reader takes
 * a few of them without reading the file.
 */
export interface Segment {
  readonly name: string;
  readonly count: number;
  /** The keys, sorted, one after the other. */
  readonly keys: Buffer;
}

/** Bytes of a record's checksum. */
const checkBytes = 8;

/** The most bytes that one read of records takes, and the most that it takes between two wanted ones. */
const block = { most: 4 << 20, gap: 64 << 10 } as const;

const segmentName = /^[0-9a-f]{32}\.\d+$/;

export function recordBytes(dimension: number): number {
  return hashBytes + dimension * Float32Array.BYTES_PER_ELEMENT + checkBytes;
}

/** The names of segments among the names of a folder. A segment exists once its file of keys does. */
export function segmentNames(names: readonly string[]): string[] {
  return names
    .filter(name => name.endsWith('.keys'))
    .map(name => name.slice(0, -'.keys'.length))
    .filter(name => segmentName.test(name));
}

/** Records that the segment holds, which its name says. */
export function countOf(name: string): number {
  return Number(name.slice(name.indexOf('.') + 1));
}

export function encodeRecord({ key, vector }: VectorRecord): Buffer {
  return Buffer.concat([key, vector, checksum(key, vector)]);
}

/** A record of `bytes`; `null` if it does not match its checksum. */
export function decodeRecord(bytes: Buffer): VectorRecord | null {
  const end = bytes.length - checkBytes;
  if (end < hashBytes) return null;
  const record = { key: bytes.subarray(0, hashBytes), vector: bytes.subarray(hashBytes, end) };
  return checksum(record.key, record.vector).equals(bytes.subarray(end)) ? record : null;
}

function checksum(key: Buffer, vector: Buffer): Buffer {
  return createHash('sha256').update(key).update(vector).digest().subarray(0, checkBytes);
}

/** A segment's name: the hash of its keys, and their number. */
export function nameOf(keys: Buffer): string {
  return `${createHash('sha256').update(keys).digest('hex').slice(0, 32)}.${keys.length / hashBytes}`;
}

/** Reads the keys of a segment; `null` if it was removed in the meantime or is damaged. */
export async function readSegment(store: ArtifactStore, folder: string, name: string): Promise<Segment | null> {
  const bytes = await store.readIfThere(`${folder}/${name}.keys`);
  const keys = bytes === null ? null : unseal(bytes);
  if (keys === null || nameOf(keys) !== name) return null;
  return { name, count: countOf(name), keys };
}

/** The place of `key` among the segment's keys; -1 if it has none. */
export function placeOf({ keys, count }: Segment, key: Buffer): number {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = keys.compare(key, 0, hashBytes, middle * hashBytes, (middle + 1) * hashBytes);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The records at `places`, ascending; those that cannot be read, or are damaged, are left out. */
export async function* readRecords(
  store: ArtifactStore,
  folder: string,
  { name }: Segment,
  places: readonly number[],
  dimension: number,
): AsyncGenerator<VectorRecord> {
  const size = recordBytes(dimension);
  for (const group of groupsOf(places, size)) {
    const first = group[0] ?? 0;
    const last = group.at(-1) ?? first;
    const bytes = await store.readRange(`${folder}/${name}.vectors`, first * size, (last - first + 1) * size);
    if (bytes === null) return;
    for (const place of group) {
      const record = decodeRecord(bytes.subarray((place - first) * size, (place - first + 1) * size));
      if (record !== null) yield record;
    }
  }
}

/** Places that are read at once, because they are near to each other. */
function groupsOf(places: readonly number[], size: number): number[][] {
  const groups: number[][] = [];
  for (const place of places) {
    const group = groups.at(-1);
    const [first = 0, before = 0] = [group?.[0], group?.at(-1)];
    const isNear = (place - before) * size <= block.gap && (place - first + 1) * size <= block.most;
    if (group !== undefined && isNear) group.push(place);
    else groups.push([place]);
  }
  return groups;
}
