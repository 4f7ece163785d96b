import { vi } from 'vitest';

/** The first value of `look` that is neither `null`, `undefined` nor `false`. */
export async function eventually<Value>(look: () => Promise<Value> | Value, within = 20_000): Promise<NonNullable<Value>> {
  return await vi.waitUntil(look, { timeout: within, interval: 20 });
}
