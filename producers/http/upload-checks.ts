import { Refused } from './problem.ts';

/** Checks of uploaded files, which may take minutes of a core each: a few at once in a process that serves others too. */
export interface UploadChecks {
  /** Runs a check. @throws Refused 503 if as many as allowed are under way */
  run<Result>(check: () => Promise<Result>): Promise<Result>;
}

/** How many checks run at once. */
const mostChecks = 2;
const retryAfterS = 10;

export function openUploadChecks(most: number = mostChecks): UploadChecks {
  let running = 0;
  return {
    async run(check) {
      if (running >= most)
        throw new Refused(
          503,
          'checks-busy',
          `${running} uploads are being checked, as many as this server checks at once. Retry later; nothing was enqueued`,
          { 'retry-after': String(retryAfterS) },
        );
      running++;
      try {
        return await check();
      } finally {
        running--;
      }
    },
  };
}
