import { Worker } from 'node:worker_threads';
import { type Decisions, rowsOf } from '../../domain/dedup/decisions.ts';
import { MlopsError } from '../../errors.ts';
import type { Answer, Request, ThreadOptions } from './messages.ts';

export interface DeduperOptions {
  /** Components of a vector (384). */
  readonly dimension?: number;
  /** A vector whose cosine with a kept one is this or more is removed. */
  readonly threshold: number;
  /** Ends the thread at once; pending and later calls reject as `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The domain's dedup in a thread of its own, so that no event loop waits for it. Calls are done in the order in which
 * they are made. Vectors are rows of float32; those in a SharedArrayBuffer are read where they are and must not change
 * meanwhile, others are copied.
 *
 * A call rejects with an `MlopsError` when the thread is aborted (`ABORTED`), closed, or ended by an error (`INTERNAL`,
 * with the cause); it cannot be used afterwards. A call with a partial vector rejects with a `RangeError` and has no other effect.
 */
export interface Deduper {
  /** Takes vectors as kept already, under the next numbers. */
  seed(vectors: Float32Array): Promise<void>;
  /** Decides vectors in order; many calls decide as one does. */
  decide(vectors: Float32Array): Promise<Decisions>;
  /** Whether it can take no more calls. */
  readonly hasEnded: boolean;
  /** Lets the process end while the thread waits for the next call. */
  rest(): void;
  /** Ends the thread at once; pending and later calls reject as `ABORTED`. */
  abort(reason: unknown): void;
  /** Ends the thread and rejects pending calls. */
  close(): Promise<void>;
}

/** Starts a thread with nothing kept. */
export function openDeduper(options: DeduperOptions): Deduper {
  return new ThreadedDeduper(options);
}

interface Pending {
  resolve(answer: Answer): void;
  reject(error: MlopsError): void;
}

class ThreadedDeduper implements Deduper {
  readonly #dimension: number;
  readonly #thread: Worker;
  readonly #signal: AbortSignal | undefined;
  readonly #pending: Pending[] = [];
  #ended: MlopsError | undefined;

  constructor({ dimension = 384, threshold, signal }: DeduperOptions) {
    this.#dimension = dimension;
    this.#signal = signal;
    this.#thread = startThread({ dimension, threshold });
    this.#thread.on('message', (answer: Answer) => this.#pending.shift()?.resolve(answer));
    this.#thread.on('error', cause => this.#end(new MlopsError('INTERNAL', 'the dedup thread failed', { cause })));
    this.#thread.on('exit', code => this.#end(new MlopsError('INTERNAL', `the dedup thread ended with code ${code}`)));
    if (signal?.aborted === true) this.#abort();
    else signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async seed(vectors: Float32Array): Promise<void> {
    await this.#ask('seed', vectors);
  }

  async decide(vectors: Float32Array): Promise<Decisions> {
    const answer = await this.#ask('decide', vectors);
    if (answer === undefined) throw new MlopsError('INTERNAL', 'the dedup thread answered without decisions');
    return answer;
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  rest(): void {
    this.#thread.unref();
  }

  abort(reason: unknown): void {
    this.#end(new MlopsError('ABORTED', 'deduplication was aborted', { cause: reason }));
    void this.#thread.terminate();
  }

  async close(): Promise<void> {
    this.#end(new MlopsError('INTERNAL', 'the dedup thread is closed'));
    await this.#thread.terminate();
  }

  #ask(kind: Request['kind'], vectors: Float32Array): Promise<Answer> {
    rowsOf(vectors, this.#dimension);
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#thread.ref();
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      if (vectors.buffer instanceof SharedArrayBuffer) {
        this.#thread.postMessage({ kind, vectors } satisfies Request);
      } else {
        // Posting a view would copy all of the buffer below it.
        const copy = vectors.slice();
        this.#thread.postMessage({ kind, vectors: copy } satisfies Request, [copy.buffer]);
      }
    });
  }

  readonly #abort = (): void => this.abort(this.#signal?.reason);

  /** The first reason to end is the one that every pending and later call gets. */
  #end(reason: MlopsError): void {
    this.#ended ??= reason;
    this.#signal?.removeEventListener('abort', this.#abort);
    for (const { reject } of this.#pending.splice(0)) reject(this.#ended);
  }
}

function startThread(workerData: ThreadOptions): Worker {
  const compiled = import.meta.url.endsWith('.js');
  const entry = new URL(compiled ? './thread.js' : './thread-from-source.js', import.meta.url);
  return new Worker(entry, { name: 'deduper', workerData, execArgv: [] });
}
