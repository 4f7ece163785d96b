import { MlopsError } from '../../errors.ts';
import { usableCores } from '../cores.ts';
import { Cancellations } from './cancellation.ts';
import { EmbedCall } from './embed-call.ts';
import { inspectModel, type KnownHashes, type Model, vendoredModel } from './model.ts';
import { Sessions } from './sessions.ts';
import { TokenizerThread } from './tokenizer-thread.ts';
import { VectorCache } from './vector-cache.ts';

export { hashModel } from './model.ts';

export interface EmbedderOptions {
  /** The model's folder; by default the one that comes with the package. */
  readonly modelPath?: string | undefined;
  /** See `inspectModel`. */
  readonly knownHashes?: KnownHashes | undefined;
  /** Inference sessions, each on a core of its own; by default one for each core that this process may use. */
  readonly sessions?: number | undefined;
  /** Tokens that go through the network at once, padding included (512). Changes the speed, never a vector. */
  readonly tokenBudget?: number | undefined;
  /** Vectors that the process remembers (none), 4 bytes a number: what it embeds again is then free. */
  readonly cachedVectors?: number | undefined;
}

/** Finds vectors that exist already, by their keys; it leaves out those that do not. */
export type FindStored = (keys: readonly string[]) => Promise<ReadonlyMap<string, Float32Array>>;

export interface EmbedOptions {
  /** Aborting rejects the call at once, with the signal's reason; the network stops after the batches it is at. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of the call's texts embedded so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Asked before anything goes through the network. */
  readonly stored?: FindStored | undefined;
}

/** The vectors of some texts, those of equal token ids once. */
export interface DistinctVectors {
  /** Of each text, the row of its vector. */
  readonly rowOf: Int32Array;
  /** Of each row, the hash of its token ids, 16 bytes as latin1: what its vector depends on besides the model. */
  readonly keys: readonly string[];
  /** Rows × dimension, each of unit length. */
  readonly vectors: Float32Array;
}

/** Sums over the calls that succeeded. */
export interface EmbedderStats {
  readonly texts: number;
  /** Sequences of token ids that went through the network: texts with equal ones go once. */
  readonly sequences: number;
  readonly batches: number;
}

export interface Embedder {
  /** See `hashModel`. Vectors of different models cannot be compared. */
  readonly modelHash: string;
  /** Numbers in a vector. */
  readonly dimension: number;
  readonly stats: EmbedderStats;
  /** Starts to load the model in all sessions, for work that comes soon. */
  warm(): void;
  /**
   * The vectors of `texts` in their order, `texts.length` × `dimension`, each of unit length: the mean of the network's
   * outputs over the tokens. A text has the same vector, bit for bit, in any batch. Calls share the sessions; batches run
   * in the order in which the calls are made.
   *
   * @throws MlopsError `EMBEDDER_CRASHED` (worth a retry: the next call starts a new thread), `MODEL_DAMAGED` when the
   *   model cannot be loaded, `ABORTED` when the embedder is closed; or the signal's reason.
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array>;
  /** As `embed`, each vector once, with what it depends on. */
  embedDistinct(texts: readonly string[], options?: EmbedOptions): Promise<DistinctVectors>;
  /**
   * Whether the model knows at least one word of each text: texts of which it knows none have the same tokens, whatever
   * they say. Fails as `embed` does.
   */
  knows(texts: readonly string[]): Promise<readonly boolean[]>;
  /** Ends the calls that run or wait, as `ABORTED`, and the threads. */
  close(): Promise<void>;
}

/**
 * Checks the model's files; the model itself is loaded by the first `embed`, in threads of their own.
 *
 * @throws MlopsError `MODEL_NOT_FOUND`, `MODEL_DAMAGED`.
 */
export async function openEmbedder(options: EmbedderOptions = {}): Promise<Embedder> {
  return new ThreadedEmbedder(await inspectModel(options.modelPath ?? vendoredModel(), options.knownHashes), options);
}

/**
 * Proves that the model runs here, by embedding a word.
 * @throws MlopsError `MODEL_NOT_FOUND`, `MODEL_DAMAGED`, `RUNTIME_UNUSABLE`, `EMBEDDER_CRASHED`
 */
export async function proveModelRuns(modelPath: string | null): Promise<void> {
  const embedder = await openEmbedder({ modelPath: modelPath ?? undefined });
  try {
    await embedder.embed(['word']);
  } finally {
    await embedder.close();
  }
}

/** A word that a model for Latin script certainly knows, in whatever pieces: it need not be looked at. */
const plainWord = /(?:^|\s)[a-z]{1,20}(?:\s|$)/i;

class ThreadedEmbedder implements Embedder {
  readonly #model: Model;
  readonly #tokenBudget: number;
  readonly #tokenizer: TokenizerThread;
  readonly #sessions: Sessions;
  readonly #cache: VectorCache;
  readonly #cancellations = new Cancellations();
  #stats: EmbedderStats = { texts: 0, sequences: 0, batches: 0 };

  constructor(model: Model, { sessions, tokenBudget = 512, cachedVectors = 0 }: EmbedderOptions) {
    this.#model = model;
    this.#tokenBudget = tokenBudget;
    this.#tokenizer = new TokenizerThread(model);
    this.#sessions = new Sessions(model, sessions ?? usableCores());
    this.#cache = new VectorCache(cachedVectors);
  }

  get modelHash(): string {
    return this.#model.hash;
  }

  get dimension(): number {
    return this.#model.dimension;
  }

  get stats(): EmbedderStats {
    return this.#stats;
  }

  warm(): void {
    this.#tokenizer.warm();
    this.#sessions.warm();
  }

  async embed(texts: readonly string[], options: EmbedOptions = {}): Promise<Float32Array> {
    const { rowOf, vectors } = await this.embedDistinct(texts, options);
    const { dimension } = this;
    const all = new Float32Array(texts.length * dimension);
    rowOf.forEach((row, index) => {
      all.set(vectors.subarray(row * dimension, (row + 1) * dimension), index * dimension);
    });
    return all;
  }

  async embedDistinct(texts: readonly string[], options: EmbedOptions = {}): Promise<DistinctVectors> {
    const { signal, onProgress, stored } = options;
    return await this.#cancellations.orCancelled(signal, async cancellation => {
      const tokens = texts.length === 0 ? null : await this.#tokenizer.tokenize(texts, cancellation);
      if (tokens === null) return { rowOf: new Int32Array(0), keys: [], vectors: new Float32Array(0) };
      const call = new EmbedCall(tokens, {
        sessions: this.#sessions,
        cache: this.#cache,
        dimension: this.dimension,
        tokenBudget: this.#tokenBudget,
        cancellation,
        onProgress: done => {
          if (!cancellation.isCancelled) onProgress?.(done);
        },
      });
      await call.run((await stored?.(call.keys)) ?? new Map());
      const { texts: before, sequences, batches } = this.#stats;
      this.#stats = {
        texts: before + texts.length,
        sequences: sequences + call.sums.sequences,
        batches: batches + call.sums.batches,
      };
      return { rowOf: tokens.sequenceOf, keys: call.keys, vectors: call.vectors };
    });
  }

  async knows(texts: readonly string[]): Promise<readonly boolean[]> {
    const doubtful = texts.filter(text => !plainWord.test(text));
    return await this.#cancellations.orCancelled(undefined, async cancellation => {
      const known = doubtful.length === 0 ? [] : await this.#tokenizer.look(doubtful, cancellation);
      const unknown = new Set(doubtful.filter((_, index) => known[index] === false));
      return texts.map(text => !unknown.has(text));
    });
  }

  async close(): Promise<void> {
    this.#cancellations.close(new MlopsError('ABORTED', 'The embedder was closed.'));
    await Promise.all([this.#tokenizer.close(), this.#sessions.close()]);
  }
}
