/** A sample says that its intent was meant (1) or was not (0). */
export type Label = 0 | 1;

const chunkRows = 2 ** 17;

/**
 * Rows `(intent, label, score)` in the order in which they came, in 12 bytes each; they grow by chunks, so that nothing
 * is ever copied to make room. Scores are confidences: finite, from 0 to 1, and higher for what is more likely meant.
 */
export class Samples {
  readonly #intentIds: string[] = [];
  readonly #intents = new Map<string, number>();
  /** Rows by `2 · intent + label`. */
  #counts = new Uint32Array(2048);
  readonly #chunks: Chunk[] = [];
  #chunk: Chunk = { classes: new Uint32Array(0), scores: new Float64Array(0) };
  #inChunk = chunkRows;

  get rows(): number {
    return this.#chunks.length * chunkRows - (chunkRows - this.#inChunk);
  }

  /** The ids of the intents, in the order in which they first came. */
  get intentIds(): readonly string[] {
    return this.#intentIds;
  }

  /** The number of the intent, its place in `intentIds`. */
  intent(id: string): number {
    const known = this.#intents.get(id);
    if (known !== undefined) return known;
    const intent = this.#intentIds.push(id) - 1;
    this.#intents.set(id, intent);
    if (2 * intent >= this.#counts.length) {
      const larger = new Uint32Array(2 * this.#counts.length);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    return intent;
  }

  /** Appends a row of the intent that has this number. */
  add(intent: number, label: Label, score: number): void {
    if (this.#inChunk === chunkRows) this.#open();
    const at = this.#inChunk++;
    const row = 2 * intent + label;
    this.#chunk.classes[at] = row;
    this.#chunk.scores[at] = score;
    this.#counts[row] = (this.#counts[row] ?? 0) + 1;
  }

  /** How many rows of an intent have this label. */
  count(intent: number, label: Label): number {
    return this.#counts[2 * intent + label] ?? 0;
  }

  /** The rows again, a chunk at a time: of each row `2 · intent + label`, and the score. */
  *chunks(): Generator<Chunk> {
    for (const [number, { classes, scores }] of this.#chunks.entries()) {
      const rows = number === this.#chunks.length - 1 ? this.#inChunk : chunkRows;
      yield { classes: classes.subarray(0, rows), scores: scores.subarray(0, rows) };
    }
  }

  #open(): void {
    this.#chunk = { classes: new Uint32Array(chunkRows), scores: new Float64Array(chunkRows) };
    this.#chunks.push(this.#chunk);
    this.#inChunk = 0;
  }
}

export interface Chunk {
  readonly classes: Uint32Array;
  readonly scores: Float64Array;
}
