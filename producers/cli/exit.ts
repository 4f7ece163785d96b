import { isCoded } from '../../src/errors.ts';

/** What a command's end means to a script. */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, interrupted: 130, terminated: 143 } as const;

/** Errors of what was typed or set: nothing was enqueued. */
export function exitCodeOf(error: unknown): number {
  return isCoded(
    error,
    'BAD_INPUT',
    'BAD_CONFIG',
    'SERVICE_FOREIGN',
    'STORE_FOREIGN',
    'STORE_FORMER_LAYOUT',
    'DATASET_NOT_FOUND',
    'DATASET_MISMATCH',
    'MODEL_NOT_FOUND',
    'VERSION_NOT_FOUND',
    'UPLOAD_NOT_FOUND',
    'TRAINING_NOT_FOUND',
  )
    ? exitCodes.badInput
    : exitCodes.failed;
}
