import { Readable } from 'node:stream';
import { bytesOf, floats } from '../artifacts/floats.ts';
import { seal } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { crowdedClass, mergedOrder, mergedRecords } from './merge-segments.ts';
import {
  encodeRecord,
  nameOf,
  placeOf,
  readRecords,
  readSegment,
  type Segment,
  segmentNames,
  type VectorRecord,
} from './segment.ts';

/**
 * The vectors of all texts that the tenant has embedded with one model, by the hash of their token ids: `vectors/<model>`.
 * Segments are immutable and sorted; small ones are merged into larger ones, so that a lookup opens few files however many
 * runs there were. It is a cache: what is missing or damaged is embedded again. It holds no texts.
 */
export interface VectorIndex {
  /** The vectors of those of `keys` that are there. */
  find(keys: readonly string[]): Promise<Map<string, Float32Array>>;
  /** Adds those of `vectors` that are not there yet. */
  add(vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
}

/** @param model the model's hash */
export function openVectorIndex(store: ArtifactStore, model: string, dimension: number): VectorIndex {
  const folder = `vectors/${model.slice(0, 32)}`;
  const known = new Map<string, Segment>();

  /** The segments that exist now; only new ones are read. */
  async function segments(): Promise<Segment[]> {
    const names = segmentNames(await store.list(folder));
    const there = new Set(names);
    for (const name of known.keys()) if (!there.has(name)) known.delete(name);
    for (const name of names) {
      const segment = known.get(name) ?? (await readSegment(store, folder, name));
      if (segment !== null) known.set(name, segment);
    }
    return [...known.values()];
  }

  const recordsOf = (segment: Segment, places: readonly number[]) =>
    readRecords(store, folder, segment, places, dimension);

  async function write(keys: Buffer, records: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    const name = nameOf(keys);
    await store.create(`${folder}/${name}.vectors`, Readable.from(records));
    // Written last: it makes the segment exist.
    await store.create(`${folder}/${name}.keys`, seal(keys));
  }

  async function merge(): Promise<void> {
    for (let some = crowdedClass(await segments()); some !== null; some = crowdedClass(await segments())) {
      const order = mergedOrder(some);
      const sources = some.map(segment => recordsOf(segment, [...Array(segment.count).keys()]));
      await write(Buffer.concat(order.map(({ key }) => key)), mergedRecords(order, sources, dimension));
      for (const { name } of some) {
        await store.remove(`${folder}/${name}.keys`);
        await store.remove(`${folder}/${name}.vectors`);
      }
    }
  }

  return {
    async find(wanted) {
      const found = new Map<string, Float32Array>();
      const keys = wanted.map(key => Buffer.from(key, 'latin1')).sort(Buffer.compare);
      for (const segment of await segments()) {
        const places = keys.map(key => placeOf(segment, key)).filter(place => place >= 0);
        for await (const { key, vector } of recordsOf(segment, places))
          found.set(key.toString('latin1'), floats(vector));
      }
      return found;
    },
    async add(vectors) {
      const there = await segments();
      const added = [...vectors]
        .map(([key, vector]) => ({ key: Buffer.from(key, 'latin1'), vector: Buffer.from(bytesOf(vector)) }))
        .filter(({ key }) => there.every(segment => placeOf(segment, key) < 0))
        .sort((a, b) => a.key.compare(b.key));
      if (added.length === 0) return;
      await write(Buffer.concat(added.map(({ key }) => key)), encodeAll(added));
      await merge();
    },
  };
}

function* encodeAll(records: Iterable<VectorRecord>): Generator<Buffer> {
  for (const record of records) yield encodeRecord(record);
}
