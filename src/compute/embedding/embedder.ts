import { availableParallelism } from 'node:os';
import { MlopsError } from '../../errors.ts';
import { InferenceThread } from './inference-thread.ts';
import type { ThreadSettings } from './messages.ts';
import { inspectModel, vendoredModel } from './model.ts';

export { hashModel } from './model.ts';

export interface EmbedderOptions {
  /** The model's folder; by default the one that comes with the package. */
  readonly modelPath?: string | undefined;
  /** Cores that one batch is spread over; by default those of the machine, at most 4. */
  readonly threads?: number | undefined;
  /** Tokens that go through the network at once, padding included (512). Changes the speed, never a vector. */
  readonly tokenBudget?: number | undefined;
}

export interface EmbedOptions {
  /** Aborting rejects the call at once, with the signal's reason; the network stops after the batch it is at. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of the call's texts embedded so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** What the calls that succeeded came to. */
export interface EmbedderStats {
  readonly texts: number;
  /** What went through the network: texts with equal token ids go once in a call. */
  readonly sequences: number;
  readonly batches: number;
}

export interface Embedder {
  /** See `hashModel`. Vectors of different models cannot be compared. */
  readonly modelHash: string;
  /** Numbers in a vector. */
  readonly dimension: number;
  readonly stats: EmbedderStats;
  /**
   * The vectors of `texts` in their order, `texts.length` × `dimension`, each of unit length: the mean of the network's
   * outputs over the tokens. A text has the same vector, bit for bit, in any batch. Calls wait for each other.
   *
   * @throws MlopsError `EMBEDDER_CRASHED` (worth a retry: the next call starts a new thread), `MODEL_DAMAGED` when the
   *   model cannot be loaded, `ABORTED` when the embedder is closed; or the signal's reason.
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array>;
  /** Ends the calls that run or wait, as `ABORTED`, and the thread. */
  close(): Promise<void>;
}

/**
 * Checks the model's files; the model itself is loaded by the first `embed`, in a thread of its own.
 *
 * @throws MlopsError `MODEL_NOT_FOUND`, `MODEL_DAMAGED`.
 */
export async function openEmbedder(options: EmbedderOptions = {}): Promise<Embedder> {
  const model = await inspectModel(options.modelPath ?? vendoredModel());
  return new ThreadedEmbedder({
    model,
    threads: options.threads ?? Math.min(availableParallelism(), 4),
    tokenBudget: options.tokenBudget ?? 512,
  });
}

class ThreadedEmbedder implements Embedder {
  readonly #settings: ThreadSettings;
  readonly #cancellations = new Set<(reason: unknown) => void>();
  #thread: InferenceThread | undefined;
  #lastCall: Promise<unknown> = Promise.resolve();
  #stats: EmbedderStats = { texts: 0, sequences: 0, batches: 0 };
  #closed = false;

  constructor(settings: ThreadSettings) {
    this.#settings = settings;
  }

  get modelHash(): string {
    return this.#settings.model.hash;
  }

  get dimension(): number {
    return this.#settings.model.dimension;
  }

  get stats(): EmbedderStats {
    return this.#stats;
  }

  async embed(texts: readonly string[], { signal, onProgress }: EmbedOptions = {}): Promise<Float32Array> {
    signal?.throwIfAborted();
    if (this.#closed) throw closed();
    const cancelled = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const isCancelled = () => Atomics.load(cancelled, 0) !== 0;

    const vectors = this.#inTurn(async () => {
      if (texts.length === 0 || isCancelled()) return new Float32Array(0);
      const result = await this.#runningThread().embed({ texts, cancelled }, done => {
        if (!isCancelled()) onProgress?.(done);
      });
      if (result === null) return new Float32Array(0);
      this.#count(texts.length, result.sequences, result.batches);
      return result.vectors;
    });
    return this.#unlessCancelled(vectors, cancelled, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#cancellations) cancel(closed());
    await this.#lastCall;
    await this.#thread?.close();
    this.#thread = undefined;
  }

  /** Runs `call` after all earlier calls have settled. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#lastCall.then(call);
    this.#lastCall = result.catch(() => {});
    return result;
  }

  /** Resolves as `vectors` does, or rejects at once with the reason for the cancellation. */
  #unlessCancelled(vectors: Promise<Float32Array>, cancelled: Int32Array, signal?: AbortSignal): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      const cancel = (reason: unknown) => {
        Atomics.store(cancelled, 0, 1);
        reject(reason);
      };
      const abort = () => cancel(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      this.#cancellations.add(cancel);
      vectors.then(resolve, reject).finally(() => {
        signal?.removeEventListener('abort', abort);
        this.#cancellations.delete(cancel);
      });
    });
  }

  #runningThread(): InferenceThread {
    if (!this.#thread?.alive) this.#thread = new InferenceThread(this.#settings);
    return this.#thread;
  }

  #count(texts: number, sequences: number, batches: number): void {
    this.#stats = {
      texts: this.#stats.texts + texts,
      sequences: this.#stats.sequences + sequences,
      batches: this.#stats.batches + batches,
    };
  }
}

function closed(): MlopsError {
  return new MlopsError('ABORTED', 'The embedder was closed.');
}
