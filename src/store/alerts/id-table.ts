import { createHash } from 'node:crypto';

/** 96 bits of the SHA-256 of an id, as three 32-bit words. */
export type IdHash = readonly [number, number, number];

/** @param kind keeps the ids of events and of alerts apart */
export function hashOf(kind: 'alert' | 'event', id: string): IdHash {
  const digest = createHash('sha256').update(`${kind}\0${id}`, 'utf8').digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8)];
}

const wordsPerSlot = 4;
const leastSlots = 1024;

/**
 * Numbers by the hashes of ids, in open addressing: 16 bytes a slot, at most two thirds of which are used. Two of a
 * million ids have equal hashes with a probability of 1 in 10^17.
 */
export class IdTable {
  #slots = new Uint32Array(leastSlots * wordsPerSlot);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** `null` if there is none. */
  get(hash: IdHash): number | null {
    const at = this.#place(this.#slots, hash);
    const stored = this.#slots[at + 3] ?? 0;
    return stored === 0 ? null : stored - 1;
  }

  /** Adds `value`, a whole number below 2^32 - 1, unless the hash has one. */
  add(hash: IdHash, value: number): void {
    if ((this.#size + 1) * 3 > (this.#slots.length / wordsPerSlot) * 2) this.#grow();
    const at = this.#place(this.#slots, hash);
    if (this.#slots[at + 3] !== 0) return;
    this.#slots.set([...hash, value + 1], at);
    this.#size += 1;
  }

  /** The start of the slot that holds `hash`, or of the free one where it belongs. */
  #place(slots: Uint32Array, [first, second, third]: IdHash): number {
    const mask = slots.length / wordsPerSlot - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const at = slot * wordsPerSlot;
      if (slots[at + 3] === 0) return at;
      if (slots[at] === first && slots[at + 1] === second && slots[at + 2] === third) return at;
    }
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += wordsPerSlot) {
      const [first = 0, second = 0, third = 0, stored = 0] = this.#slots.subarray(at, at + wordsPerSlot);
      if (stored !== 0) larger.set([first, second, third, stored], this.#place(larger, [first, second, third]));
    }
    this.#slots = larger;
  }
}
