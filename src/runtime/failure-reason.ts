/** Why a job failed. BullMQ keeps it as one text, its `failedReason`, which only this module writes and reads. */
export interface FailureReason {
  /** That of an error, or `CANCELLED` or `OTHER`. */
  readonly code: string;
  readonly message: string;
}

/** Of work that was no longer wanted, which BullMQ keeps among the failed. */
export const cancelledCode = 'CANCELLED';

/** Of a reason without a code: BullMQ's own, or another producer's. */
export const otherCode = 'OTHER';

/** The code is at the start, so that Bull Board and a search find it. */
export function writeReason({ code, message }: FailureReason): string {
  return code === otherCode ? message : `${code}: ${message}`;
}

export function readReason(text: string): FailureReason {
  const [, code, message] = /^([A-Z][A-Z_]+): (.*)$/s.exec(text) ?? [];
  return code === undefined || message === undefined ? { code: otherCode, message: text } : { code, message };
}
