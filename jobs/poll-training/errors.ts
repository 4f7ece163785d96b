import { defineError } from '../../src/errors/entry.ts';

export const submissionUnknown = defineError({
  code: 'SUBMISSION_UNKNOWN',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'It is unknown whether the platform accepted the training: its answer was lost',
  remedy:
    'Look for the job on the platform. If it exists, run `train --attach JOBID --request REQUEST`; otherwise, run `train --resubmit --request REQUEST`',
});

export const submissionRefused = defineError({
  code: 'SUBMISSION_REFUSED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The platform rejected the training',
  remedy: 'Fix the data or the skill as the message says, then run `train` again',
});

export const trainingFailed = defineError({
  code: 'TRAINING_FAILED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The training failed on the platform',
  remedy: 'Look up the reason on the platform, fix it, then run `train` again',
});

export const trainingCancelled = defineError({
  code: 'TRAINING_CANCELLED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The training was cancelled',
  remedy: 'Run `train` again if the model is still needed',
});

export const trainingTimedOut = defineError({
  code: 'TRAINING_TIMED_OUT',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The training was still running after the maximum number of polls (`--max-polls`)',
  remedy: 'Run `train --attach JOBID` to resume polling',
});

export const trainingNotFound = defineError({
  code: 'TRAINING_NOT_FOUND',
  verdict: 'final',
  http: 404,
  exit: 2,
  meaning: 'The training request does not exist',
  remedy: 'Check the id of the request',
});
