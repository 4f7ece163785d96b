import { vi } from 'vitest';

/** Waits until `isSo`, looking again and again; fails when it is not so within `ms`. */
export async function eventually(isSo: () => Promise<boolean> | boolean, ms = 60_000): Promise<void> {
  await vi.waitUntil(isSo, { timeout: ms, interval: 20 });
}
