import { defineError } from '../../src/errors/entry.ts';

export const nothingToPush = defineError({
  code: 'NOTHING_TO_PUSH',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'None of the tuning’s intents can be pushed',
  remedy: 'See the report for each intent’s reason; add samples, or use intents that the tenant has',
});

export const changeTooLarge = defineError({
  code: 'CHANGE_TOO_LARGE',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'A threshold in force would change by more than the allowed maximum (`--max-change`)',
  remedy: 'Review the report; if the change is intended, push with `--force` or a larger `--max-change`',
});

export const pushRefused = defineError({
  code: 'PUSH_REFUSED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The platform rejected the thresholds; the previous ones stay in force',
  remedy: 'Fix what the message names, then tune and push again',
});

export const versionNotFound = defineError({
  code: 'VERSION_NOT_FOUND',
  verdict: 'final',
  http: 404,
  exit: 2,
  meaning: 'This version of the thresholds does not exist or was never in force',
  remedy: 'Run `config history` to see the versions',
});
