import { afterEach, expect, it } from 'vitest';
import { fillSynthetic } from '../../bench/synthetic.ts';
import { type Dedupers, openDedupers } from '../../src/compute/dedup/dedupers.ts';

const dimension = 16;
const settings = { dataset: 'demo', dimension, threshold: 0.85 };
const vectors = new Float32Array(600 * dimension);
fillSynthetic(vectors, dimension);
const rows = (from: number, to: number) => vectors.slice(from * dimension, to * dimension);
const never = new AbortController().signal;

let dedupers: Dedupers;
afterEach(() => dedupers.close());

/** A run: takes a deduper, seeds what it has not kept of the files, decides the rows, and keeps it under one more file. */
async function run(files: ReadonlyMap<string, Float32Array>, decided: Float32Array, next: string | null) {
  const lease = await dedupers.take(settings, [...files.keys()], never);
  const reused = lease.kept.length;
  for (const seeds of [...files.values()].slice(reused)) await lease.deduper.seed(seeds);
  const decisions = await lease.deduper.decide(decided);
  if (next !== null) await lease.keep([...files.keys(), next], 600);
  await lease.end();
  return { reused, decisions };
}

const keptOf = (all: Float32Array, kept: Uint8Array) =>
  Float32Array.from(all).filter((_, index) => kept[Math.floor(index / dimension)] === 1);

it('a deduper that stays decides as one that reads all kept vectors again', async () => {
  dedupers = openDedupers(100);
  const first = await run(new Map(), rows(0, 400), 'a');
  const a = keptOf(rows(0, 400), first.decisions.kept);
  const warm = await run(new Map([['a', a]]), rows(400, 600), null);
  const cold = await run(new Map([['a', a]]), rows(400, 600), null);
  expect([first.reused, warm.reused, cold.reused]).toEqual([0, 1, 0]);
  expect(warm.decisions).toEqual(cold.decisions);
});

it('it is not used after a restore, nor for another threshold', async () => {
  dedupers = openDedupers(100);
  await run(new Map([['a', rows(0, 10)]]), rows(10, 20), 'b');
  expect((await run(new Map([['a', rows(0, 10)]]), rows(10, 20), 'c')).reused).toBe(0);
  const other = await dedupers.take({ ...settings, threshold: 0.9 }, ['a', 'c'], never);
  expect(other.kept).toEqual([]);
  await other.end();
});

it('what does not fit into the memory is not kept', async () => {
  dedupers = openDedupers(0);
  await run(new Map(), rows(0, 10), 'a');
  expect((await run(new Map([['a', rows(0, 10)]]), rows(10, 20), null)).reused).toBe(0);
});

it('an aborted run leaves none', async () => {
  dedupers = openDedupers(100);
  const abort = new AbortController();
  const lease = await dedupers.take(settings, [], abort.signal);
  const pending = lease.deduper.decide(rows(0, 10));
  abort.abort(new Error('enough'));
  await expect(pending).rejects.toMatchObject({ code: 'ABORTED' });
  await lease.keep(['a'], 10);
  await lease.end();
  const next = await dedupers.take(settings, ['a'], never);
  expect(next.kept).toEqual([]);
  await next.end();
});
