import type { Samples } from '../../domain/roc/samples.ts';
import { badExport } from './bad-export.ts';
import { ExportParser } from './export-parser.ts';
import { BadGzip, Gunzip } from './gunzip.ts';

/** Reads an export, plain or gzip (by its first two bytes), as its bytes arrive. */
export class ExportReader {
  readonly #file: string;
  readonly #parser: ExportParser;
  #start = new Uint8Array(0);
  #way: 'unknown' | 'plain' | Gunzip = 'unknown';

  /** As `ExportParser`'s. */
  constructor(file: string, samples?: Samples) {
    this.#file = file;
    this.#parser = new ExportParser(file, samples);
  }

  get rows(): number {
    return this.#parser.rows;
  }

  /** @throws MlopsError BAD_INPUT, at the latest once another 256 KB have arrived */
  async push(chunk: Uint8Array): Promise<void> {
    if (this.#way !== 'unknown') return await this.#give(chunk);
    this.#start = Buffer.concat([this.#start, chunk]);
    if (this.#start.length >= 2) await this.#begin();
  }

  /** @throws MlopsError BAD_INPUT */
  async end(): Promise<void> {
    if (this.#way === 'unknown') await this.#begin();
    if (this.#way instanceof Gunzip) await this.#way.end().catch(error => this.#failUnpacking(error));
    this.#parser.end();
  }

  /** Releases its resources; to be called in every case. */
  close(): void {
    if (this.#way instanceof Gunzip) this.#way.close();
  }

  async #begin(): Promise<void> {
    const isGzip = this.#start[0] === 0x1f && this.#start[1] === 0x8b;
    this.#way = isGzip ? new Gunzip(chunk => this.#parser.push(chunk)) : 'plain';
    await this.#give(this.#start);
  }

  async #give(chunk: Uint8Array): Promise<void> {
    if (this.#way instanceof Gunzip) await this.#way.write(chunk).catch(error => this.#failUnpacking(error));
    else this.#parser.push(chunk);
  }

  #failUnpacking(error: unknown): never {
    if (!(error instanceof BadGzip)) throw error;
    // What is wrong in the lines before comes first.
    this.#parser.flush();
    // Of the chunk that holds other bytes no line is given on, whole as they are.
    const place = error.why === 'trailing-bytes' ? undefined : { line: this.#parser.line };
    throw badExport(this.#file, place, troubles[error.why], error);
  }
}

const troubles = {
  truncated: 'the gzip file is truncated; this is the last line that could be read. Pack or copy it again',
  damaged: 'the gzip file is damaged; this is the last line that could be read. Pack or copy it again',
  'too-large':
    'the gzip file unpacks to more than 16 GiB, or to more than 250 times its size. Check what is in it, or send it unpacked',
  'trailing-bytes': 'there are other bytes after the end of the gzip data. Remove them, or pack the file again',
} as const;
