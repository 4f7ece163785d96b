import { Worker } from 'node:worker_threads';
import { MlopsError } from '../../errors.ts';
import { runtimeFailure } from './load-failure.ts';
import type { Answer, NetworkRequest, TextRequest, ThreadSettings } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: MlopsError) => void;
}

/**
 * A thread that holds the tokenizer or the network: both block the event loop they are on. It keeps the process alive only
 * while it works.
 */
export class ModelThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #waiting: Waiting | undefined;
  #crash: unknown;
  #alive = true;

  constructor(settings: ThreadSettings) {
    this.#worker = startWorker(settings);
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', error => {
      this.#alive = false;
      this.#crash = error;
    });
    this.#exited = new Promise(resolve => {
      this.#worker.once('exit', code => {
        this.#alive = false;
        this.#settle()?.reject(crashed(this.#crash ?? new Error(`exit code ${code}`)));
        resolve();
      });
    });
  }

  /** Whether the thread can take requests. */
  get alive(): boolean {
    return this.#alive;
  }

  /** One request at a time. Rejects with EMBEDDER_CRASHED or MODEL_DAMAGED. */
  ask(request: TextRequest | NetworkRequest): Promise<Answer> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
    await this.#exited;
  }

  #take(answer: Answer): void {
    const waiting = this.#settle();
    if (answer.kind === 'failed') {
      const unusable = runtimeFailure(new Error(answer.reason));
      waiting?.reject(unusable ?? new MlopsError(answer.code, `The embedding model does not run: ${answer.reason}`));
    } else {
      waiting?.resolve(answer);
    }
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    return waiting;
  }
}

function startWorker(workerData: ThreadSettings): Worker {
  const compiled = import.meta.url.endsWith('.js');
  const entry = new URL(compiled ? './thread.js' : './thread-from-source.js', import.meta.url);
  return new Worker(entry, { name: `embedder ${workerData.role}`, workerData, execArgv: [] });
}

function crashed(cause: unknown): MlopsError {
  const unusable = runtimeFailure(cause);
  if (unusable !== null) return unusable;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MlopsError('EMBEDDER_CRASHED', `The embedding thread ended in the middle of its work: ${why}`, { cause });
}
