import { defineError } from '../../src/errors/entry.ts';

export const intentsUnstable = defineError({
  code: 'INTENTS_UNSTABLE',
  verdict: 'retry',
  http: 500,
  exit: 1,
  meaning: 'The tenant’s list of intents changed during every attempt to read it',
  remedy: 'Run `tune` again when no intents are being edited',
});
