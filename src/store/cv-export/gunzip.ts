import { createGunzip, type Gunzip as Stream } from 'node:zlib';

/** Decompresses gzip a chunk at a time: `write` resolves once the chunk's output has been passed on. */
export class Gunzip {
  readonly #stream: Stream;
  readonly #failed: Promise<never>;

  /** @param take receives the output; `write` and `end` throw its errors */
  constructor(take: (chunk: Uint8Array) => void) {
    this.#stream = createGunzip({ chunkSize: 2 ** 17 });
    this.#failed = new Promise((_, reject) => {
      this.#stream.on('error', reject);
    });
    // Waiting readers see it; otherwise it is not needed.
    this.#failed.catch(() => undefined);
    this.#stream.on('data', (chunk: Uint8Array) => {
      try {
        take(chunk);
      } catch (error) {
        this.#stream.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    const written = new Promise<void>(resolve => {
      this.#stream.write(chunk, error => {
        if (error == null) resolve();
      });
    });
    await Promise.race([written, this.#failed]);
  }

  async end(): Promise<void> {
    const ended = new Promise<void>(resolve => this.#stream.once('end', resolve));
    this.#stream.end();
    await Promise.race([ended, this.#failed]);
  }

  close(): void {
    this.#stream.destroy();
  }
}
