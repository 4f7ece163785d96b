import type { Code } from '../../errors.ts';

/** What to do after a failure of each code; of one that is missing here, its message says it, or nobody knows. */
const cures: Partial<Record<Code, string>> = {
  CREDENTIALS_REFUSED: 'Check the client id and secret; doctor tries them',
  SCOPE_MISSING: 'Give the OAuth client the scopes that the message names; doctor tries them',
  PLATFORM_REFUSED: 'The platform does not take the request: its own message says why',
  PLATFORM_WRONG_SHAPE: 'The platform answers in a way that this version does not know: update it, or tell its makers',
  PLATFORM_UNAVAILABLE: 'Wait until the platform is well; then ask for it again, and it goes on where it stopped',
  PLATFORM_UNREACHABLE: 'Check the network and the host; then ask for it again, and it goes on where it stopped',
  BAD_CONFIG: 'Set what the message names, and start the workers again',
  DATASET_MISMATCH: 'Ask with the parameters that the dataset was made with, or for a new dataset',
  DATASET_DAMAGED: 'dataset verify says what is damaged; dataset restore goes back to a whole version',
  WINDOW_UNSTABLE: 'Ask for it again when the log is quieter: a new run is opened',
  WINDOW_TOO_LARGE: 'Start a new dataset with --since',
  TOO_MANY_REJECTS: 'Look at what the platform delivers; once that is mended, ask for a new run',
  ARTIFACT_DAMAGED: 'A stored file is damaged: look at the disk; then ask for a new run',
  STORE_UNWRITABLE: 'Look at the disk: full, read-only, or not ours to write to; then ask for it again',
  STORE_UNREADABLE: 'Look at the disk and at who may read it; then ask for it again',
  MODEL_NOT_FOUND: 'Check MODEL_PATH; doctor tries it',
  WORKER_CRASHED_REPEATEDLY: 'Look at the workers’ logs and memory; then ask for it again',
  NOTHING_TO_PUSH: 'Look at the report: every intent is flagged or unknown to the tenant',
  CHANGE_TOO_LARGE: 'Look at the report; push with --force or a larger --max-change if that is meant',
  PUSH_REFUSED: 'The thresholds before stay in force; the platform’s message says what is wrong',
  SUBMISSION_UNKNOWN: 'Look whether the platform has the job: train --attach JOBID if it has, train --resubmit if not',
  TRAINING_TIMED_OUT: 'train --attach JOBID goes on waiting',
  TRAINING_FAILED: 'The platform’s message says why; train again once that is mended',
};

export function cureOf(code: Code): string {
  return cures[code] ?? 'The message says what happened; ask for it again once that is mended';
}
