import { defineError } from '../../src/errors/entry.ts';

export const sealedElsewhere = defineError({
  code: 'SEALED_ELSEWHERE',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'A text in Redis was sealed with another secret than the one in the store (`tenant/secret`), or was altered',
  remedy: 'Restore `tenant/secret` from a backup of the store, or send the request again',
});
