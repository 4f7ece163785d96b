import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createDedup } from '../../domain/dedup/dedup.ts';
import type { Answer, Request, ThreadOptions } from './messages.ts';

// The worker thread's entry. It catches nothing: after an error the dedup's state is unknown, and the thread ends.
const { dimension, threshold }: ThreadOptions = workerData;
const kernel = readFileSync(new URL('../../domain/dedup/kernel/kernel.wasm', import.meta.url));
const dedup = createDedup({ dimension, threshold, kernel });

parentPort?.on('message', ({ kind, vectors }: Request) => {
  if (kind === 'seed') {
    dedup.seed(vectors);
    answer(undefined);
  } else {
    answer(dedup.decide(vectors));
  }
});

function answer(decisions: Answer): void {
  parentPort?.postMessage(decisions);
}
