import { isCoded } from '../../src/errors.ts';

/** Exit codes of all commands. */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, interrupted: 130, terminated: 143 } as const;

export function exitCodeOf(error: unknown): number {
  return isCoded(error) ? error.entry.exit : exitCodes.failed;
}
