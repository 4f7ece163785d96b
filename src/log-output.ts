import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { systemCode } from './errors.ts';

/** Where log lines go. Writing never waits for the reader. */
export interface LogOutput {
  write(line: string): void;
}

/** How much is kept for a reader that has stopped reading, in bytes. */
const mostKept = 4 * 1024 * 1024;
const tryEveryMs = 50;
/** At the end of the process the reader gets this long to take what is kept. */
const lastTriesMs = 500;

/** Writes without waiting. @returns the bytes taken; 0: the reader takes nothing now */
export type WriteNow = (bytes: Uint8Array) => number;

/**
 * Keeps the lines that the reader does not take, up to `most` bytes; after that lines are lost, and a line says how many
 * as soon as one can be written again.
 */
export class BoundedOutput implements LogOutput {
  readonly #writeNow: WriteNow;
  readonly #most: number;
  readonly #kept: Uint8Array[] = [];
  #bytes = 0;
  #lost = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(writeNow: WriteNow, most = mostKept) {
    this.#writeNow = writeNow;
    this.#most = most;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#bytes + bytes.length > this.#most) this.#lost += 1;
    else this.#keep(bytes);
    this.flush();
  }

  /** Writes what the reader takes now. @returns whether nothing is left */
  flush(): boolean {
    for (let first = this.#kept[0]; first !== undefined; first = this.#kept[0]) {
      const taken = this.#writeNow(first);
      this.#bytes -= taken;
      if (taken === first.length) this.#kept.shift();
      else if (taken > 0) this.#kept[0] = first.subarray(taken);
      else break;
      if (this.#kept.length === 0 && this.#lost > 0) this.#sayLost();
    }
    const isDone = this.#kept.length === 0;
    if (!isDone) this.#timer ??= setTimeout(() => this.#retry(), tryEveryMs).unref();
    return isDone;
  }

  #retry(): void {
    this.#timer = undefined;
    this.flush();
  }

  #sayLost(): void {
    const msg = `${this.#lost} log lines lost: the reader of stderr was too slow`;
    const entry = { level: 'warn', time: new Date().toISOString(), lost: this.#lost, msg };
    this.#lost = 0;
    this.#keep(Buffer.from(`${JSON.stringify(entry)}\n`));
  }

  #keep(bytes: Uint8Array): void {
    this.#kept.push(bytes);
    this.#bytes += bytes.length;
  }
}

let output: LogOutput | undefined;

/**
 * The standard error of this process. A pipe or a terminal is opened a second time, without blocking: the first opening is
 * shared with other processes. A write that blocked would hold the event loop, and one in a thread the end of the process.
 */
export function standardError(): LogOutput {
  output ??= openStandardError();
  return output;
}

function openStandardError(): LogOutput {
  const own = reopened();
  if (own === null) return writtenByNode();
  const bounded = new BoundedOutput(bytes => {
    try {
      return writeSync(own, bytes);
    } catch (error) {
      // A reader that has gone will take nothing more.
      return systemCode(error) === 'EAGAIN' ? 0 : bytes.length;
    }
  });
  process.once('exit', () => {
    const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    for (let waited = 0; !bounded.flush() && waited < lastTriesMs; waited += tryEveryMs)
      Atomics.wait(sleeper, 0, 0, tryEveryMs);
  });
  return bounded;
}

/** `null`: it is a socket, or belongs to another user. */
function reopened(): number | null {
  if (fstatSync(2).isFile()) return 2;
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
}

/** Node writes to sockets, such as the journal's, without blocking. */
function writtenByNode(): LogOutput {
  const status = fstatSync(2);
  if (!status.isSocket() && !status.isFIFO()) return { write: line => void process.stderr.write(line) };
  const socket = new Socket({ fd: 2, readable: false, writable: true });
  socket.on('error', () => undefined);
  socket.unref();
  return new BoundedOutput(bytes => {
    if (socket.writableLength > mostKept) return 0;
    socket.write(bytes);
    return bytes.length;
  });
}
