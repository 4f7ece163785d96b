import type { ErrorTerms } from './entry.ts';

/** Jobs, workers and Redis. */
export const runtimeErrors = {
  RUN_FAILED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The awaited work was cancelled, or failed for a reason that has no code',
    remedy: 'Fix the cause that the message names, then run the command again; it resumes where it stopped',
  },
  TENANT_MISMATCH: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A job of another tenant reached this worker and was not processed',
    remedy: 'Give workers and producers the same platform settings, then request the work again',
  },
  REDIS_UNAVAILABLE: {
    verdict: 'retry',
    http: 503,
    exit: 1,
    meaning: 'Redis cannot be reached',
    remedy: 'Start Redis, or correct `REDIS_URL`',
    retryAfterS: 5,
  },
  WORKER_CRASHED_REPEATEDLY: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The workers that processed this job crashed or lost it 25 times',
    remedy: 'Check the workers’ logs and memory, fix the cause, then retry',
  },
  UNKNOWN_OUTCOME: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A handler returned an invalid outcome: a bug in cxone-mlops',
    remedy: 'Report it with the log entry',
  },
  TIMED_OUT: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The job took longer than its queue allows in every attempt',
    remedy: 'Check what the job waits for (platform, disk, processor), then retry',
  },
  ABORTED: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The work was interrupted: its worker stopped or lost the job, or its caller disconnected',
    remedy: 'None for a job, which resumes automatically; repeat a request that got no answer',
  },
  INTERNAL: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'An unexpected error of cxone-mlops or of the machine in every attempt',
    remedy: 'Report it with the stack trace from the log, then retry',
  },
  CLOCK_SKEWED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The end of a window, or a dataset’s watermark, is minutes after this machine’s clock or the platform’s',
    remedy:
      'Set this machine’s clock (`doctor` compares it); if it is right, `dataset restore NAME@VERSION --rewind` an earlier version',
  },
} as const satisfies Record<string, ErrorTerms>;
