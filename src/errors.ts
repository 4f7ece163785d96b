/**
 * Every error this system raises on purpose has a code, says what is wrong and what to do, and is either final
 * (trying again cannot help) or worth a retry. The message never holds a secret, a token or a customer's text: it
 * ends up in Redis, in logs and on Bull Board.
 */

/** What becomes of a job that throws an error of this code: `final` fails at once, `retry` is tried again by the job's policy. */
export type Verdict = 'final' | 'retry';

export const codes = {
  // What the user gave us.
  BAD_INPUT: 'final',
  BAD_CONFIG: 'final',
  BAD_PAYLOAD: 'final',
  // What the platform answered.
  CREDENTIALS_REFUSED: 'final',
  SCOPE_MISSING: 'final',
  PLATFORM_REFUSED: 'final',
  PLATFORM_NOT_FOUND: 'final',
  PLATFORM_WRONG_SHAPE: 'final',
  /** It answered 5xx, or its answer never came: what was asked for may have been done. */
  PLATFORM_UNAVAILABLE: 'retry',
  /** It gave no answer in time: what was asked for may still be done. */
  PLATFORM_SILENT: 'retry',
  /** No connection was made: nothing was sent. */
  PLATFORM_UNREACHABLE: 'retry',
  DOWNLOAD_BROKEN: 'retry',
  DOWNLOAD_EXPIRED: 'retry',
  // Curation.
  DATASET_MISMATCH: 'final',
  DATASET_DAMAGED: 'final',
  DATASET_NOT_FOUND: 'final',
  WINDOW_UNSTABLE: 'final',
  WINDOW_TOO_LARGE: 'final',
  TOO_MANY_REJECTS: 'final',
  RUN_FAILED: 'final',
  RUN_CLOSED: 'final',
  RUN_LOG_DAMAGED: 'final',
  /** The file was removed: another try fetches or computes it again. */
  RUN_FILE_DAMAGED: 'retry',
  CLOCK_SKEWED: 'final',
  // Thresholds.
  UPLOAD_NOT_FOUND: 'final',
  NOTHING_TO_PUSH: 'final',
  CHANGE_TOO_LARGE: 'final',
  PUSH_REFUSED: 'final',
  VERSION_NOT_FOUND: 'final',
  PUSH_LOG_DAMAGED: 'final',
  INTENTS_UNSTABLE: 'retry',
  // Training.
  SUBMISSION_UNKNOWN: 'final',
  SUBMISSION_REFUSED: 'final',
  TRAINING_FAILED: 'final',
  TRAINING_CANCELLED: 'final',
  TRAINING_TIMED_OUT: 'final',
  TRAINING_NOT_FOUND: 'final',
  TRAINING_LOG_DAMAGED: 'final',
  REGISTRY_DAMAGED: 'final',
  // Schedules.
  SCHEDULE_LOG_DAMAGED: 'final',
  // Outgoing webhooks.
  WEBHOOK_REFUSED: 'final',
  WEBHOOK_UNAVAILABLE: 'retry',
  // The embedding model.
  MODEL_NOT_FOUND: 'final',
  MODEL_DAMAGED: 'final',
  EMBEDDER_CRASHED: 'retry',
  // The artifact store.
  ARTIFACT_MISSING: 'retry',
  ARTIFACT_DAMAGED: 'final',
  STORE_UNWRITABLE: 'final',
  STORE_UNREADABLE: 'final',
  STORE_TROUBLE: 'retry',
  STORE_FOREIGN: 'final',
  STORE_CONTENDED: 'retry',
  AUDIT_LOG_DAMAGED: 'final',
  // The app.
  TENANT_MISMATCH: 'final',
  REDIS_UNAVAILABLE: 'retry',
  WORKER_CRASHED_REPEATEDLY: 'final',
  UNKNOWN_OUTCOME: 'final',
  TIMED_OUT: 'retry',
  ABORTED: 'retry',
  INTERNAL: 'retry',
} as const satisfies Record<string, Verdict>;

export type Code = keyof typeof codes;

/** An error with a stable code. `where` names the place: a file and line, an option, an endpoint and field, a path. */
export class MlopsError extends Error {
  override readonly name = 'MlopsError';
  readonly code: Code;
  readonly where: string | undefined;
  /** The HTTP status of the platform's answer, where that is what went wrong. */
  readonly status: number | undefined;

  constructor(
    code: Code,
    message: string,
    options: { where?: string | undefined; cause?: unknown; status?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.where = options.where;
    this.status = options.status;
  }

  get verdict(): Verdict {
    return codes[this.code];
  }
}

/** Whether `error` carries one of `wanted` (any code of ours when none is named). */
export function isCoded(error: unknown, ...wanted: Code[]): error is MlopsError {
  return error instanceof MlopsError && (wanted.length === 0 || wanted.includes(error.code));
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
