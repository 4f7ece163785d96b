import { Worker } from 'node:worker_threads';
import { MlopsError } from '../../errors.ts';
import type { EmbeddedTexts } from './embed-texts.ts';
import type { Answer, Request, ThreadSettings } from './messages.ts';

interface Waiting {
  readonly resolve: (result: EmbeddedTexts | null) => void;
  readonly reject: (error: MlopsError) => void;
  readonly onProgress: (done: number) => void;
}

/**
 * The thread that holds the model: a run of the network blocks the event loop it is on. It keeps the process alive only
 * while it works.
 */
export class InferenceThread {
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

  /** One call at a time. `null`: cancelled. */
  embed(request: Request, onProgress: (done: number) => void): Promise<EmbeddedTexts | null> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, onProgress };
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
    await this.#exited;
  }

  #take(answer: Answer): void {
    if (answer.kind === 'progress') {
      this.#waiting?.onProgress(answer.done);
      return;
    }
    const waiting = this.#settle();
    if (answer.kind === 'failed') {
      waiting?.reject(new MlopsError(answer.code, `The embedding model does not run: ${answer.reason}`));
    } else {
      waiting?.resolve(answer.kind === 'embedded' ? answer.result : null);
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
  return new Worker(entry, { name: 'embedder', workerData, execArgv: [] });
}

function crashed(cause: unknown): MlopsError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MlopsError('EMBEDDER_CRASHED', `The embedding thread ended in the middle of its work: ${why}`, { cause });
}
