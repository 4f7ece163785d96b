const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The reasons why `CsvRecord.read` returns no whole record; all are negative. */
export const unread = {
  /** It continues after the available bytes. */
  goesOn: -1,
  /** It continues within quotes. */
  goesOnQuoted: -2,
  /** The file ends within quotes. */
  unclosed: -3,
  /** There is text after a closing quote. */
  behindQuote: -4,
} as const;

/** A record: the text between two line ends outside of quotes (RFC 4180), as the positions of its fields. */
export class CsvRecord {
  /** How many fields there are. */
  count = 0;
  /** Whether any field is in quotes. */
  isQuoted = false;
  /** The position of the error. */
  troubleAt = 0;
  /** Where each field's content starts and ends, its quotes left out. */
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  /** 1 for fields in quotes, 2 if these hold doubled quotes, 0 for all others. */
  #quoting = new Uint8Array(64);

  /**
   * Reads the record that starts at `start`.
   * @param isLast whether the file ends at `end`
   * @returns where the next one starts, or one of `unread`
   */
  read(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    this.count = 0;
    if (this.isQuoted) this.#quoting.fill(0);
    this.isQuoted = false;
    for (let at = start; ; at++) {
      if (this.count === this.#starts.length) this.#grow();
      const isPlain = at === end || bytes[at] !== quote;
      const fieldEnd = isPlain ? this.#readPlain(bytes, at, end) : this.#readQuoted(bytes, at, end, isLast);
      if (fieldEnd < 0) return fieldEnd;
      if (fieldEnd === end) return isLast ? end : unread.goesOn;
      at = fieldEnd;
      if (bytes[at] === lineFeed) return at + 1;
    }
  }

  /** Where a field's content starts. */
  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  /** Where a field's content ends. */
  end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  hasDoubledQuotes(field: number): boolean {
    return this.#quoting[field] === 2;
  }

  /** Where a field starts, its quote included. */
  outerStart(field: number): number {
    return this.start(field) - (this.#quoting[field] === 0 ? 0 : 1);
  }

  /** Whether the line is empty. */
  get isEmpty(): boolean {
    return this.count === 1 && !this.isQuoted && this.start(0) === this.end(0);
  }

  text(bytes: Uint8Array, field: number): string {
    const [start, end] = [this.start(field), this.end(field)];
    const content = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
    return this.hasDoubledQuotes(field) ? content.replaceAll('""', '"') : content;
  }

  /** @returns the position of the comma or line end after the field */
  #readPlain(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      // Most bytes are above both.
      if (byte <= comma && (byte === comma || byte === lineFeed)) break;
    }
    const isLineEnd = at === end || bytes[at] === lineFeed;
    this.#add(start, isLineEnd && at > start && bytes[at - 1] === carriageReturn ? at - 1 : at);
    return at;
  }

  /** @returns the same, or one of `unread` */
  #readQuoted(bytes: Uint8Array, start: number, end: number, isLast: boolean): number {
    this.isQuoted = true;
    this.troubleAt = start;
    let quoting = 1;
    let at = start + 1;
    for (; ; at += 2) {
      while (at < end && bytes[at] !== quote) at++;
      if (at === end) return isLast ? unread.unclosed : unread.goesOnQuoted;
      if (at + 1 === end || bytes[at + 1] !== quote) break;
      quoting = 2;
    }
    this.#quoting[this.count] = quoting;
    this.#add(start + 1, at);
    at++;
    if (at < end && bytes[at] === carriageReturn && (at + 1 === end || bytes[at + 1] === lineFeed)) at++;
    if (at === end || bytes[at] === comma || bytes[at] === lineFeed) return at;
    this.troubleAt = at;
    return unread.behindQuote;
  }

  #add(start: number, end: number): void {
    this.#starts[this.count] = start;
    this.#ends[this.count] = end;
    this.count++;
  }

  #grow(): void {
    const length = 2 * this.#starts.length;
    const [starts, ends, quoting] = [new Int32Array(length), new Int32Array(length), new Uint8Array(length)];
    starts.set(this.#starts);
    ends.set(this.#ends);
    quoting.set(this.#quoting);
    this.#starts = starts;
    this.#ends = ends;
    this.#quoting = quoting;
  }
}
