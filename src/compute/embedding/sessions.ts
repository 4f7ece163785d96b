import { MlopsError } from '../../errors.ts';
import type { Answer, Sequences } from './messages.ts';
import type { Model } from './model.ts';
import { ModelThread } from './model-thread.ts';

/** A batch that waits for a session or is with one. */
interface Batch {
  readonly sequences: Sequences;
  /** Looked at right before the batch would start. */
  readonly isCancelled: () => boolean;
  resolve(vectors: Float32Array | null): void;
  reject(error: unknown): void;
}

/** Up to `most` inference sessions, each in a thread of its own, started when there is work for them. */
export class Sessions {
  readonly #model: Model;
  readonly #most: number;
  readonly #waiting: Batch[] = [];
  readonly #idle: ModelThread[] = [];
  readonly #all = new Set<ModelThread>();
  readonly #running = new Set<Promise<void>>();

  constructor(model: Model, most: number) {
    this.#model = model;
    this.#most = most;
  }

  /** Starts all sessions, so that the first batches do not wait for the model. */
  warm(): void {
    const nothing = { ids: new Int32Array(0), lengths: new Int32Array(0) };
    // A model that cannot be loaded fails the first batch.
    while (this.#all.size < this.#most)
      this.#begin(this.#start(), { sequences: nothing, isCancelled: () => false, resolve() {}, reject() {} });
  }

  /** The vectors of a batch; `null` if it was cancelled before it started. Batches start in the order of the calls. */
  embed(sequences: Sequences, isCancelled: () => boolean): Promise<Float32Array | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sequences, isCancelled, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    const reason = new MlopsError('ABORTED', 'The embedder was closed.');
    for (const batch of this.#waiting.splice(0)) batch.reject(reason);
    // A thread that is ended inside of the native runtime takes the process with it.
    await Promise.all(this.#running);
    const threads = [...this.#all];
    this.#all.clear();
    await Promise.all(threads.map(thread => thread.close()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#free();
      if (thread === undefined) return;
      const batch = this.#waiting.shift();
      if (batch === undefined || batch.isCancelled()) {
        batch?.resolve(null);
        this.#idle.push(thread);
      } else this.#begin(thread, batch);
    }
  }

  #begin(thread: ModelThread, batch: Batch): void {
    const run = this.#run(thread, batch).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(thread: ModelThread, batch: Batch): Promise<void> {
    try {
      const answer: Answer = await thread.ask(batch.sequences);
      batch.resolve(answer.kind === 'embedded' ? answer.vectors : null);
    } catch (error) {
      batch.reject(error);
    }
    if (thread.alive) this.#idle.push(thread);
    else this.#all.delete(thread);
    this.#dispatch();
  }

  #free(): ModelThread | undefined {
    for (let thread = this.#idle.pop(); thread !== undefined; thread = this.#idle.pop()) {
      if (thread.alive) return thread;
      this.#all.delete(thread);
    }
    return this.#all.size < this.#most ? this.#start() : undefined;
  }

  #start(): ModelThread {
    const thread = new ModelThread({ role: 'network', model: this.#model });
    this.#all.add(thread);
    return thread;
  }
}
