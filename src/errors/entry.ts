/** Whether a job that throws this error fails at once (`final`) or is tried again by its queue's policy (`retry`). */
export type Verdict = 'final' | 'retry';

/** The definition of an error code. */
export interface ErrorTerms {
  readonly verdict: Verdict;
  /** The HTTP status of an answer that reports it. */
  readonly http: number;
  /** A command's exit code: 2 for what was typed or set, 1 for what went wrong later. */
  readonly exit: 1 | 2;
  readonly meaning: string;
  readonly remedy: string;
  /** Seconds after which an HTTP client may try again, where waiting can be enough. */
  readonly retryAfterS?: number;
  /** What HTTP clients see instead of the message, where that names paths of the server. */
  readonly publicMessage?: string;
}

export interface ErrorEntry extends ErrorTerms {
  readonly code: string;
}

/** Defines an error code of one queue. The queue lists it in the `errors` of its definition. */
export function defineError(entry: ErrorEntry): ErrorEntry {
  return entry;
}
