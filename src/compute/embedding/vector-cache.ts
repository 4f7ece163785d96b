/**
 * The vectors of the sequences embedded last, by the hash of their token ids, and those that are being embedded: a text
 * that several pages or runs of a process hold is embedded once.
 */
export class VectorCache {
  readonly #most: number;
  readonly #vectors = new Map<string, Float32Array>();
  readonly #pending = new Map<string, Promise<Float32Array | null>>();

  /** @param most vectors to hold; 0: the cache holds only what is being embedded */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Float32Array | undefined {
    const vector = this.#vectors.get(key);
    if (vector === undefined) return undefined;
    // The one used longest ago comes first.
    this.#vectors.delete(key);
    this.#vectors.set(key, vector);
    return vector;
  }

  /** The vector that another call is embedding; it gives `null` if that call ends without it. */
  pending(key: string): Promise<Float32Array | null> | undefined {
    return this.#pending.get(key);
  }

  /** Announces a vector; the function returned hands it in, or `null` if there is none. */
  announce(key: string): (vector: Float32Array | null) => void {
    let settle: (vector: Float32Array | null) => void = () => undefined;
    this.#pending.set(
      key,
      new Promise(resolve => {
        settle = resolve;
      }),
    );
    return vector => {
      this.#pending.delete(key);
      if (vector !== null) this.#add(key, vector);
      settle(vector);
    };
  }

  #add(key: string, vector: Float32Array): void {
    if (this.#most === 0) return;
    this.#vectors.set(key, vector);
    for (const oldest of this.#vectors.keys()) {
      if (this.#vectors.size <= this.#most) return;
      this.#vectors.delete(oldest);
    }
  }
}
