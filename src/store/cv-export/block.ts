import { isUtf8 } from 'node:buffer';
import type { Place } from './bad-export.ts';

const smallest = 2 ** 18;
/** The longest accepted record, in bytes. */
export const longestRecord = 2 ** 20;

/** The unread bytes in memory: up to the longest record, and the bytes that arrived with its end. */
export class Block {
  bytes = new Uint8Array(smallest);
  length = 0;
  /** The line at which the block starts, counted from 1. */
  line = 1;
  /** How many bytes at its start are known to be UTF-8. */
  #checked = 0;

  /** Takes as much of `chunk` from `from` on as fits, and returns the number of bytes. */
  fill(chunk: Uint8Array, from: number): number {
    const taken = Math.min(chunk.length - from, this.bytes.length - this.length);
    this.bytes.set(chunk.subarray(from, from + taken), this.length);
    this.length += taken;
    return taken;
  }

  get isFull(): boolean {
    return this.length === this.bytes.length;
  }

  /** Drops the first bytes. `lines`: the number of line ends among them. */
  drop(count: number, lines: number): void {
    this.bytes.copyWithin(0, count, this.length);
    this.length -= count;
    this.#checked = Math.max(0, this.#checked - count);
    this.line += lines;
  }

  /** Grows the block if it may be larger; returns whether it did. */
  grow(): boolean {
    if (this.bytes.length >= longestRecord) return false;
    const larger = new Uint8Array(2 * this.bytes.length);
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    return true;
  }

  /**
   * Checks the bytes added since the last call.
   * @param isLast whether the file ends here, so that no character may be incomplete
   * @returns the place of the first byte that is not UTF-8; `undefined` if all are
   */
  notUtf8At(isLast: boolean): number | undefined {
    const end = isLast ? this.length : this.length - brokenOff(this.bytes.subarray(0, this.length));
    if (end <= this.#checked || isUtf8(this.bytes.subarray(this.#checked, end))) {
      this.#checked = Math.max(this.#checked, end);
      return undefined;
    }
    return this.#checked + validPrefix(this.bytes.subarray(this.#checked, end));
  }

  /** The line and the column, in characters, of the byte at `at`. */
  placeOf(at: number): Place {
    let line = this.line;
    let lineStart = 0;
    for (let i = this.bytes.indexOf(0x0a); i >= 0 && i < at; i = this.bytes.indexOf(0x0a, i + 1)) {
      line++;
      lineStart = i + 1;
    }
    const before = Buffer.from(this.bytes.buffer, lineStart, at - lineStart).toString();
    return { line, column: before.length + 1 };
  }
}

/** How many bytes at the end are the start of an incomplete character. */
function brokenOff(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** How many bytes at the start are whole characters. */
function validPrefix(bytes: Uint8Array): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    const cut = middle - brokenOff(bytes.subarray(0, middle));
    if (cut <= valid) {
      // The character cut off at the middle starts in the valid half: look after it.
      const behind = bytes.subarray(valid, Math.min(valid + 4, bytes.length));
      const whole = [1, 2, 3, 4].find(length => length <= behind.length && isUtf8(behind.subarray(0, length)));
      if (whole === undefined) return valid;
      valid += whole;
    } else if (isUtf8(bytes.subarray(valid, cut))) valid = cut;
    else invalid = cut;
  }
  return valid;
}
