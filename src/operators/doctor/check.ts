import { isCoded } from '../../errors.ts';
import { redisError } from '../../redis/replies.ts';

/** One check: its state, and what to fix. */
export interface Check {
  /** `warn`: works, but should be improved. `off`: not configured, which is fine if it is not used. */
  readonly state: 'ok' | 'warn' | 'bad' | 'off';
  readonly what: string;
  readonly detail: string;
}

/** `look` returns the detail; an error that it throws makes the check `bad`. */
export async function check(what: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { state: 'ok', what, detail: await look() };
  } catch (error) {
    return { state: 'bad', what, detail: describe(error) };
  }
}

export function describe(thrown: unknown): string {
  const error = redisError(thrown) ?? thrown;
  if (isCoded(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message.slice(0, 200) : 'failed';
}
