import { vi } from 'vitest';
import type { ProgramRun } from './program-run.ts';

/** Where `up` or `api` serves, as it says on stderr once it does. To be asked right after its start. */
export async function addressOf({ child }: ProgramRun): Promise<string> {
  let said = '';
  child.stderr?.on('data', (text: string) => {
    said += text;
  });
  const told = /Bull Board: (http:\S+)\/board/;
  await vi.waitUntil(() => told.test(said) || child.exitCode !== null, { timeout: 60_000, interval: 50 });
  const [, address] = told.exec(said) ?? [];
  if (address === undefined) throw new Error(`it ended without an address: ${said}`);
  return address;
}
