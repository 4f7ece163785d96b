import { encodeRecord, recordBytes, type Segment, type VectorRecord } from './segment.ts';
import { hashBytes } from './text-vectors.ts';

/** Segments of one size class that are merged at once, and the largest number of records of the result. */
const fanIn = 8;
const mostRecords = 200_000;

/** The segments to merge next: those of a size class that has too many; `null` if there are none. */
export function crowdedClass(segments: readonly Segment[]): Segment[] | null {
  const classes = new Map<number, Segment[]>();
  for (const segment of segments) {
    const size = Math.floor(Math.log2(segment.count) / Math.log2(fanIn));
    const others = classes.get(size);
    if (others === undefined) classes.set(size, [segment]);
    else others.push(segment);
  }
  const recordsOf = (some: readonly Segment[]) => some.reduce((sum, { count }) => sum + count, 0);
  return [...classes.values()].find(each => each.length >= fanIn && recordsOf(each) <= mostRecords) ?? null;
}

/** Which record comes next, and which of the segments it is taken from. */
interface Entry {
  readonly key: Buffer;
  readonly source: number;
}

/** The records of several segments in the order of their keys, each key once. */
export function mergedOrder(segments: readonly Segment[]): Entry[] {
  return segments
    .flatMap(({ keys, count }, source) =>
      Array.from({ length: count }, (_, place) => ({
        key: keys.subarray(place * hashBytes, (place + 1) * hashBytes),
        source,
      })),
    )
    .sort((a, b) => a.key.compare(b.key) || a.source - b.source)
    .filter(({ key }, index, entries) => entries[index - 1]?.key.equals(key) !== true);
}

/**
 * The bytes of the records in `order`, read from the sources as they are needed. In place of a record that is damaged or
 * missing come zeros, which a reader takes for a damaged one.
 */
export async function* mergedRecords(
  order: readonly Entry[],
  sources: readonly AsyncGenerator<VectorRecord>[],
  dimension: number,
): AsyncGenerator<Buffer> {
  const next = await Promise.all(sources.map(takeFrom));
  for (const { key, source } of order) {
    const records = sources[source];
    let record = next[source] ?? null;
    // A key that another source holds too was taken from that one.
    while (records !== undefined && record !== null && record.key.compare(key) < 0) record = await takeFrom(records);
    next[source] = record;
    yield record?.key.equals(key) === true ? encodeRecord(record) : Buffer.alloc(recordBytes(dimension));
  }
}

async function takeFrom(records: AsyncGenerator<VectorRecord>): Promise<VectorRecord | null> {
  const { value, done } = await records.next();
  return done === true ? null : value;
}
