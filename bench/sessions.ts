import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { usableCores } from '../src/compute/cores.ts';
import { planBatches } from '../src/compute/embedding/batches.ts';
import { vendoredModel } from '../src/compute/embedding/model.ts';
import { loadTokenizer } from '../src/compute/embedding/tokenizer.ts';

/** Padded token ids of some texts, as the network takes them. */
interface Batch {
  readonly ids: BigInt64Array;
  readonly mask: BigInt64Array;
  readonly shape: readonly [number, number];
}

/**
 * The seconds that one ONNX Runtime session a core takes for the batches that the embedder would make of `texts`, nothing
 * else: tokenizing, pooling and loading are not counted. What an embedder can reach at most.
 */
export async function secondsByHand(texts: readonly string[]): Promise<number> {
  const batches = await batchesOf(texts);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { model: join(vendoredModel(), 'onnx', 'model_fp16.onnx'), batches, next };
  const threads = Array.from(
    { length: usableCores() },
    () => new Worker(new URL('./session.mjs', import.meta.url), { workerData, execArgv: [] }),
  );
  await Promise.all(threads.map(thread => once(thread, 'message')));
  const began = performance.now();
  await Promise.all(
    threads.map(async thread => {
      const done = once(thread, 'message');
      thread.postMessage('go');
      await done;
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(threads.map(thread => thread.terminate()));
  return seconds;
}

async function batchesOf(texts: readonly string[]): Promise<Batch[]> {
  const tokenizer = await loadTokenizer({ path: vendoredModel(), maxPositions: 512 });
  const sequences = texts.map(text => tokenizer(text));
  const plan = planBatches(
    sequences.map(ids => ids.length),
    512,
  );
  return plan.map(places => {
    const width = Math.max(...places.map(place => sequences[place]?.length ?? 0));
    const ids = new BigInt64Array(places.length * width);
    const mask = new BigInt64Array(places.length * width);
    places.forEach((place, row) => {
      sequences[place]?.forEach((id, column) => {
        ids[row * width + column] = BigInt(id);
        mask[row * width + column] = 1n;
      });
    });
    return { ids, mask, shape: [places.length, width] };
  });
}
