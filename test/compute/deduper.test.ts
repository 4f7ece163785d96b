import { expect, onTestFinished, test } from 'vitest';
import { type DeduperOptions, openDeduper } from '../../src/compute/dedup/deduper.ts';
import { naiveDedup } from '../../src/domain/dedup/naive.ts';
import { plantedVectors } from '../domain/dedup/planted-vectors.ts';

const dimension = 24;
const threshold = 0.85;
const vectors = plantedVectors(7, 1000, dimension, threshold);

function open(options: Partial<DeduperOptions> = {}) {
  const deduper = openDeduper({ dimension, threshold, ...options });
  onTestFinished(() => deduper.close());
  return deduper;
}

/** Rows `first` to `end` − 1: a view into all vectors. */
function rows(first: number, end: number): Float32Array {
  return vectors.subarray(first * dimension, end * dimension);
}

test('decides as the rule does, after what is kept already', async () => {
  const deduper = open();
  await deduper.seed(rows(0, 300));
  const decisions = await deduper.decide(rows(300, 1000));
  expect(decisions).toEqual(naiveDedup(rows(300, 1000), { dimension, threshold, seed: rows(0, 300) }));
});

test('does calls in the order in which they are made', async () => {
  const deduper = open();
  const [, first, second] = await Promise.all([
    deduper.seed(rows(0, 100)),
    deduper.decide(rows(100, 500)),
    deduper.decide(rows(500, 1000)),
  ]);
  const whole = naiveDedup(rows(100, 1000), { dimension, threshold, seed: rows(0, 100) });
  expect([...first.keeper, ...second.keeper]).toEqual([...whole.keeper]);
});

test('leaves the caller’s vectors as they are', async () => {
  const own = rows(0, 10).slice();
  await open().decide(own);
  expect(own).toEqual(rows(0, 10));
});

test('reads shared vectors', async () => {
  const shared = new Float32Array(new SharedArrayBuffer(vectors.byteLength));
  shared.set(vectors);
  expect(await open().decide(shared)).toEqual(naiveDedup(vectors, { dimension, threshold }));
});

test('lets other work go on meanwhile', async () => {
  const events: string[] = [];
  const decided = open()
    .decide(vectors)
    .then(() => events.push('decided'));
  await new Promise(resolve => setImmediate(resolve));
  events.push('other work');
  await decided;
  expect(events).toEqual(['other work', 'decided']);
});

test('an abort rejects what is pending, and all that follows', async () => {
  const controller = new AbortController();
  const deduper = open({ signal: controller.signal });
  const pending = deduper.decide(vectors);
  controller.abort(new Error('shutting down'));
  await expect(pending).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'shutting down' } });
  await expect(deduper.decide(vectors)).rejects.toMatchObject({ code: 'ABORTED' });
});

test('a signal that was aborted before rejects at once', async () => {
  const deduper = open({ signal: AbortSignal.abort() });
  await expect(deduper.seed(vectors)).rejects.toMatchObject({ code: 'ABORTED' });
});

test('closing rejects what is pending; closing again does no harm', async () => {
  const deduper = open();
  const pending = expect(deduper.decide(vectors)).rejects.toMatchObject({ code: 'INTERNAL' });
  await deduper.close();
  await pending;
  await deduper.close();
});

test('a thread that fails rejects with the cause', async () => {
  const deduper = open({ threshold: Number.NaN });
  await expect(deduper.decide(vectors)).rejects.toMatchObject({
    name: 'MlopsError',
    code: 'INTERNAL',
    cause: { name: 'RangeError' },
  });
  await expect(deduper.seed(vectors)).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('refuses what is no whole number of vectors, and goes on', async () => {
  const deduper = open();
  await expect(deduper.decide(new Float32Array(dimension + 1))).rejects.toThrow(RangeError);
  expect([...(await deduper.decide(rows(0, 1))).kept]).toEqual([1]);
});
