import { isCoded } from '../../errors.ts';

/** One check, its state, and what to fix. */
export interface Check {
  /** `warn`: it works, and should be better. `off`: not set up, which is fine if it is not used. */
  readonly state: 'ok' | 'warn' | 'bad' | 'off';
  readonly what: string;
  readonly detail: string;
}

/** `look` says how it is; what it throws is what is bad. */
export async function check(what: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { state: 'ok', what, detail: await look() };
  } catch (error) {
    return { state: 'bad', what, detail: describe(error) };
  }
}

export function describe(error: unknown): string {
  if (isCoded(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message.slice(0, 200) : 'failed';
}
