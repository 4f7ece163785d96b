import type { WorkerTimes } from '../../src/runtime/worker.ts';

const soon: WorkerTimes = { lockMs: 4_000, stalledEveryMs: 1_000 };

/** For tests that kill workers: times of workers in this process, and the variables of a process that has them. */
export const takenOverSoon = { times: soon, variables: { TEST_TAKEOVER: 'soon' } } as const;

/** The times that the variables of this process ask for; `undefined` for the usual ones. */
export function timesOf({ TEST_TAKEOVER }: NodeJS.ProcessEnv): WorkerTimes | undefined {
  return TEST_TAKEOVER === takenOverSoon.variables.TEST_TAKEOVER ? soon : undefined;
}
