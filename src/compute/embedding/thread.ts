import { parentPort, workerData } from 'node:worker_threads';
import { isCoded } from '../../errors.ts';
import { embedTexts } from './embed-texts.ts';
import type { Answer, Request, ThreadSettings } from './messages.ts';
import { loadNetwork } from './network.ts';
import { loadTokenizer } from './tokenizer.ts';

const port = parentPort;
const settings: ThreadSettings = workerData;
const { model, threads, tokenBudget } = settings;
const loaded = Promise.all([loadTokenizer(model), loadNetwork(model, threads)]);
// The first request gets the failure.
loaded.catch(() => {});

port?.on('message', async (request: Request) => {
  const answer = await embed(request).catch(failure);
  port.postMessage(answer, answer.kind === 'embedded' ? [answer.result.vectors.buffer] : []);
});

async function embed({ texts, cancelled }: Request): Promise<Answer> {
  const [tokenizer, network] = await loaded.catch(error => {
    throw new LoadError(reason(error));
  });
  const result = await embedTexts(texts, {
    tokenizer,
    network,
    tokenBudget,
    dimension: model.dimension,
    isCancelled: () => Atomics.load(cancelled, 0) !== 0,
    onProgress: done => port?.postMessage({ kind: 'progress', done } satisfies Answer),
  });
  return result === null ? { kind: 'cancelled' } : { kind: 'embedded', result };
}

class LoadError extends Error {}

function failure(error: unknown): Answer {
  const damaged = error instanceof LoadError || isCoded(error, 'MODEL_DAMAGED');
  return { kind: 'failed', code: damaged ? 'MODEL_DAMAGED' : 'EMBEDDER_CRASHED', reason: reason(error) };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
