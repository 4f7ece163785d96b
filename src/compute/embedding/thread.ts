import { parentPort, workerData } from 'node:worker_threads';
import { isCoded } from '../../errors.ts';
import type { Answer, NetworkRequest, TextRequest, ThreadSettings } from './messages.ts';

// A worker thread's entry: the tokenizer, or one inference session.
const port = parentPort;
const { role, model }: ThreadSettings = workerData;
const work = role === 'tokenizer' ? loadTokenizing() : loadInference();
// The first request gets the failure.
work.catch(() => {});

port?.on('message', async (request: TextRequest & NetworkRequest) => {
  const answer = await answerTo(request).catch(failure);
  port.postMessage(answer, buffersOf(answer));
});

async function answerTo(request: TextRequest & NetworkRequest): Promise<Answer> {
  return await (await work)(request);
}

async function loadTokenizing(): Promise<(request: TextRequest) => Promise<Answer>> {
  const [{ loadTokenizer }, { tokenizeTexts }] = await Promise.all([
    import('./tokenizer.ts'),
    import('./tokenize-texts.ts'),
  ]);
  const tokenizer = await loadTokenizer(model).catch(damaged);
  return async ({ kind, texts, cancelled }) => {
    if (kind === 'look') return { kind: 'looked', known: texts.map(text => tokenizer.knowsAny(tokenizer(text))) };
    const result = tokenizeTexts(texts, tokenizer, () => Atomics.load(cancelled, 0) !== 0);
    return result === null ? { kind: 'cancelled' } : { kind: 'tokenized', result };
  };
}

async function loadInference(): Promise<(request: NetworkRequest) => Promise<Answer>> {
  const { loadNetwork } = await import('./network.ts');
  const network = await loadNetwork(model).catch(damaged);
  return async sequences => ({ kind: 'embedded', vectors: await network.embed(sequences) });
}

/** The model could not be loaded. A module that cannot be imported says nothing about the model. */
class LoadError extends Error {}

function damaged(error: unknown): never {
  throw new LoadError(reason(error));
}

function failure(error: unknown): Answer {
  const isDamaged = error instanceof LoadError || isCoded(error, 'MODEL_DAMAGED');
  return { kind: 'failed', code: isDamaged ? 'MODEL_DAMAGED' : 'EMBEDDER_CRASHED', reason: reason(error) };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Handed over instead of copied. */
function buffersOf(answer: Answer): ArrayBuffer[] {
  if (answer.kind === 'embedded') return [answer.vectors.buffer];
  if (answer.kind !== 'tokenized') return [];
  const { ids, lengths, keys, sequenceOf } = answer.result;
  return [ids.buffer, lengths.buffer, keys.buffer, sequenceOf.buffer];
}
