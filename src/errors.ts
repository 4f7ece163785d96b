import type { ErrorEntry, ErrorTerms, Verdict } from './errors/entry.ts';
import { inputErrors } from './errors/input.ts';
import { platformErrors } from './errors/platform.ts';
import { runtimeErrors } from './errors/runtime.ts';
import { storageErrors } from './errors/storage.ts';

/**
 * Every error this system raises on purpose has a code, says what is wrong and what to do, and is either final
 * (trying again cannot help) or worth a retry. The message never holds a secret, a token or a customer's text: it
 * ends up in Redis, in logs and on Bull Board.
 */

export const sharedErrors = { ...inputErrors, ...platformErrors, ...storageErrors, ...runtimeErrors };

/** A code that more than one queue uses. */
export type SharedCode = keyof typeof sharedErrors;

/** An error by its code where it is shared, by its entry where it is a queue's own. */
export type ErrorKind = SharedCode | ErrorEntry;

export function entryOf(kind: ErrorKind): ErrorEntry {
  if (typeof kind !== 'string') return kind;
  const terms: ErrorTerms = sharedErrors[kind];
  return { code: kind, ...terms };
}

/**
 * An error with a stable code. `where` names the place: a file and line, an endpoint and field, a path. `field` names
 * the parameter that is wrong, in camel case: commands show it as an option, the API as a field of the body.
 */
export class MlopsError extends Error {
  override readonly name = 'MlopsError';
  readonly entry: ErrorEntry;
  readonly where: string | undefined;
  readonly field: string | undefined;
  /** The HTTP status of the platform's answer, where that is what went wrong. */
  readonly status: number | undefined;

  constructor(
    kind: ErrorKind,
    message: string,
    options: {
      where?: string | undefined;
      field?: string | undefined;
      cause?: unknown;
      status?: number | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.entry = entryOf(kind);
    this.where = options.where;
    this.field = options.field;
    this.status = options.status;
  }

  get code(): string {
    return this.entry.code;
  }

  get verdict(): Verdict {
    return this.entry.verdict;
  }
}

/** Whether `error` is one of `wanted` (any error with a code when none is named). */
export function isCoded(error: unknown, ...wanted: ErrorKind[]): error is MlopsError {
  if (!(error instanceof MlopsError)) return false;
  return wanted.length === 0 || wanted.some(kind => (typeof kind === 'string' ? kind : kind.code) === error.code);
}

/** The `code` of a Node system error (`ENOENT`, `ECONNREFUSED`), if it is one. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Thrown where somebody has cancelled what is being done: the job ends for good, and nothing counts as failed. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/**
 * Thrown where a limit says "not now": no failure. `job`: this job comes back in `ms`; `queue`: there is no slot for
 * any job of the queue, which waits as a whole.
 */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  readonly ms: number;
  readonly who: 'job' | 'queue';
  /** Whether the platform itself said how long. */
  readonly isTold: boolean;

  constructor(ms: number, who: 'job' | 'queue', isTold = false) {
    super(`not now: again in ${Math.ceil(ms)} ms`);
    this.ms = ms;
    this.who = who;
    this.isTold = isTold;
  }
}
