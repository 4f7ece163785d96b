/** Reproducible randomness: the same seed draws the same sequence on every machine. Not for secrets. */
export class Random {
  #state: number;

  constructor(...seed: readonly (string | number)[]) {
    this.#state = hash(...seed);
  }

  /** The next number in [0, 1). The generator is mulberry32 (Tommy Ettinger, public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number in 0 … `bound` − 1. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(from: readonly T[]): T {
    for (const item of from.slice(this.below(from.length))) return item;
    throw new RangeError('nothing to pick from');
  }

  /** Picks in proportion to the weights. @throws RangeError when there is nothing to pick from. */
  weighted<T>(from: readonly { readonly weight: number; readonly value: T }[]): T {
    let left = this.next() * from.reduce((sum, { weight }) => sum + weight, 0);
    for (const { weight, value } of from) {
      left -= weight;
      if (left < 0) return value;
    }
    throw new RangeError('nothing to pick from');
  }
}

/** A 32-bit hash of the parts: FNV-1a over their texts, finished as in MurmurHash3. */
export function hash(...parts: readonly (string | number)[]): number {
  const text = parts.join('\u0000');
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return finish(value);
}

/** Mixes two 32-bit numbers into one; fast enough to order a page by. */
export function mix(one: number, other: number): number {
  return finish(one ^ Math.imul(other, 0x9e3779b1));
}

function finish(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
