/** The numbers of intents by the bytes of their ids, so that no string is created for each row's id. */
export class IntentKeys {
  readonly #numberOf: (id: string) => number;
  /** Open addressing: the number plus 1, 0 where free. */
  #slots = new Int32Array(4096);
  #hashes = new Int32Array(4096);
  readonly #ids: Uint8Array[] = [];
  /** For each intent, the intent of the row after its last one: most exports repeat the intents in the same order. */
  readonly #followers: number[] = [];
  #previous = 0;

  /** @param numberOf called once for each id; counts from 0 */
  constructor(numberOf: (id: string) => number) {
    this.#numberOf = numberOf;
  }

  get count(): number {
    return this.#ids.length;
  }

  /** The number of the intent whose id `bytes` hold from `start` to `end`; a new one if it has not been seen. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const guess = this.#followers[this.#previous] ?? 0;
    const intent = this.#isId(guess, bytes, start, end) ? guess : this.#lookUp(bytes, start, end);
    this.#followers[this.#previous] = intent;
    this.#previous = intent;
    return intent;
  }

  #lookUp(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;

    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const intent = (this.#slots[slot] ?? 0) - 1;
      if (intent === -1) return this.#take(bytes.slice(start, end), hash, slot);
      if (this.#hashes[slot] === hash && this.#isId(intent, bytes, start, end)) return intent;
    }
  }

  #isId(intent: number, bytes: Uint8Array, start: number, end: number): boolean {
    const id = this.#ids[intent];
    if (id === undefined || id.length !== end - start) return false;
    for (let i = 0; i < id.length; i++) if (id[i] !== bytes[start + i]) return false;
    return true;
  }

  #take(id: Uint8Array, hash: number, slot: number): number {
    const intent = this.#numberOf(Buffer.from(id).toString());
    this.#ids[intent] = id;
    this.#slots[slot] = intent + 1;
    this.#hashes[slot] = hash;
    if (this.#ids.length * 2 > this.#slots.length) this.#grow();
    return intent;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    const mask = 2 * slots.length - 1;
    this.#slots = new Int32Array(mask + 1);
    this.#hashes = new Int32Array(mask + 1);
    for (const [from, intent] of slots.entries()) {
      if (intent === 0) continue;
      const hash = hashes[from] ?? 0;
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = intent;
      this.#hashes[slot] = hash;
    }
  }
}
