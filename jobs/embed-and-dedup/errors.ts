import { defineError } from '../../src/errors/entry.ts';

export const tooManyRejects = defineError({
  code: 'TOO_MANY_REJECTS',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'More than 5 % of the records are not valid interactions: the platform’s schema may have changed',
  remedy: 'Inspect the rejects that the message names, update cxone-mlops, then run `curate` again',
});

export const datasetTooLarge = defineError({
  code: 'DATASET_TOO_LARGE',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The dataset would have more rows than new ones can be compared with',
  remedy: 'Start a new dataset with a later `--since`, or with `--bot`',
});

export const runClosed = defineError({
  code: 'RUN_CLOSED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The run was closed, or a later run was committed first',
  remedy: 'Run `curate` again if rows are missing; the next run includes them',
});
