import type { ErrorEntry } from '../src/errors/entry.ts';
import { entryOf, MlopsError, type SharedCode, sharedErrors } from '../src/errors.ts';
import { cancelledCode, type FailureReason, otherCode } from '../src/runtime/failure-reason.ts';
import { registry } from './registry.ts';

const isShared = (code: string): code is SharedCode => code in sharedErrors;

/** All error codes: the shared ones, then those of each queue. */
export const errors: readonly ErrorEntry[] = [
  ...Object.keys(sharedErrors).filter(isShared).map(entryOf),
  ...registry.flatMap(queue => queue.errors),
];

const byCode: ReadonlyMap<string, ErrorEntry> = new Map(errors.map(entry => [entry.code, entry]));

/** The entry of a code read from Redis, the store or an option; `undefined` if there is none. */
export function findError(code: string): ErrorEntry | undefined {
  return byCode.get(code);
}

/** What to do about failed jobs of this code. */
export function remedyFor(code: string): string {
  if (code === cancelledCode) return 'None: the work was no longer wanted';
  return byCode.get(code)?.remedy ?? 'See the reason: this version does not know its error code';
}

/** The code by which a job with this reason can be selected. */
export const failureCodes: readonly string[] = [...byCode.keys(), cancelledCode, otherCode];

/**
 * The failure of awaited work, under the code of its cause; RUN_FAILED if the cause has none. The command itself was
 * correct, so it exits with 1 whatever the cause.
 */
export function failureOfWork({ code, message }: FailureReason): MlopsError {
  return new MlopsError({ ...(byCode.get(code) ?? entryOf('RUN_FAILED')), exit: 1 }, message);
}
