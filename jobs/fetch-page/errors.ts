import { defineError } from '../../src/errors/entry.ts';

export const windowUnstable = defineError({
  code: 'WINDOW_UNSTABLE',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'Rows of the interaction log changed while they were read, so the window may be incomplete',
  remedy: 'Run `curate` again when there is less traffic; it opens a new run',
});

export const windowTooLarge = defineError({
  code: 'WINDOW_TOO_LARGE',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The window has more rows than one run can process',
  remedy: 'Start a new dataset with a later `--since`',
});
