import { createGunzip, type Gunzip as Stream } from 'node:zlib';

/** Why a gzip file cannot be read to its end. */
export class BadGzip extends Error {
  override readonly name = 'BadGzip';
  readonly why: 'truncated' | 'damaged' | 'trailing-bytes' | 'too-large';

  constructor(why: BadGzip['why'], cause?: unknown) {
    super(`gzip: ${why}`, { cause });
    this.why = why;
  }
}

/** How much a gzip file may unpack to. */
export interface UnpackLimits {
  /** Bytes. */
  readonly most: number;
  /** Unpacked bytes for each packed one, once `ratioFrom` bytes are unpacked: CSV has 3 to 30, a bomb up to 1,032. */
  readonly ratio: number;
  readonly ratioFrom: number;
}

const gib = 2 ** 30;
export const unpackLimits: UnpackLimits = { most: 16 * gib, ratio: 250, ratioFrom: gib / 16 };

/**
 * Unpacks gzip a chunk at a time: what comes out of a chunk has been given on when `write` resolves. Zero bytes after
 * the last member are padding, as for `gunzip`; other bytes there are an error of their own.
 */
export class Gunzip {
  readonly #stream: Stream;
  readonly #failed: Promise<never>;
  readonly #ended: Promise<void>;
  #isPadding = false;
  #isProbing = false;
  #unpacked = 0;
  /** The error of a taker, which may come after the write that caused it has ended. */
  #refusal: { readonly error: unknown } | null = null;

  /** @param take receives the output; `write` and `end` throw its errors */
  constructor(take: (chunk: Uint8Array) => void, limits: UnpackLimits = unpackLimits) {
    this.#stream = createGunzip({ chunkSize: 2 ** 17 });
    this.#failed = new Promise((_, reject) => {
      this.#stream.on('error', reject);
    });
    this.#ended = new Promise(resolve => this.#stream.once('end', resolve));
    // Waiting readers see it; otherwise it is not needed.
    this.#failed.catch(() => undefined);
    this.#stream.on('data', (chunk: Uint8Array) => {
      if (this.#isProbing || this.#refusal !== null) return;
      try {
        this.#unpacked += chunk.length;
        this.#proveSize(limits);
        take(chunk);
      } catch (error) {
        this.#refusal = { error };
        this.#stream.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** @throws BadGzip */
  async write(chunk: Uint8Array): Promise<void> {
    const rest = this.#isPadding ? chunk : await this.#unpack(chunk).catch(error => fail(error, 'damaged'));
    if (this.#refusal !== null) throw this.#refusal.error;
    if (rest.length > 0) this.#isPadding = true;
    if (rest.some(byte => byte !== 0)) throw new BadGzip('trailing-bytes');
  }

  /** @throws BadGzip */
  async end(): Promise<void> {
    if (this.#isPadding) return await this.#ended;
    // zlib leaves a zero alone only behind a whole member: it tells a whole file from a truncated one, and from one with
    // a single byte behind its end, where zlib itself reports the same error for both. What a truncated one makes of
    // the zero is not its content.
    this.#isProbing = true;
    const rest = await this.#unpack(new Uint8Array(1)).catch(error => fail(error, 'truncated'));
    if (rest.length === 0) throw new BadGzip('truncated');
    await Promise.race([this.#ended, this.#failed]);
  }

  close(): void {
    this.#stream.destroy();
  }

  /** @throws BadGzip */
  #proveSize({ most, ratio, ratioFrom }: UnpackLimits): void {
    const isBomb = this.#unpacked > ratioFrom && this.#unpacked > ratio * this.#stream.bytesWritten;
    if (isBomb || this.#unpacked > most) throw new BadGzip('too-large');
  }

  /** @returns the bytes that zlib left alone: the padding behind the last member, from its first zero byte on */
  async #unpack(chunk: Uint8Array): Promise<Uint8Array> {
    const before = this.#stream.bytesWritten;
    const written = new Promise<void>(resolve => {
      this.#stream.write(chunk, error => {
        if (error == null) resolve();
      });
    });
    // Behind the last member zlib ends without a word on the rest of the chunk.
    await Promise.race([written, this.#ended, this.#failed]);
    return chunk.subarray(this.#stream.bytesWritten - before);
  }
}

/** @param other what an error of zlib means that does not concern the start of a member */
function fail(error: unknown, other: 'damaged' | 'truncated'): never {
  if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('Z_')) throw error;
  // The first member's magic number is known to be right: it is a later one's that is wrong.
  throw new BadGzip(error.message === 'incorrect header check' ? 'trailing-bytes' : other, error);
}
