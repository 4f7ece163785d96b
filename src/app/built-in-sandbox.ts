import { z } from 'zod';
import type { ServiceAccess } from '../config/platform.ts';
import type { Family, Limit } from '../platform/endpoints.ts';
import { builtInCorpus } from '../sandbox/corpus/built-in.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { ArtifactStore } from '../store/artifacts/store.ts';

/** The sandbox that a process brings itself while no service is configured. */
export interface BuiltInSandbox {
  readonly access: ServiceAccess;
  close(): Promise<void>;
}

const anchor = 'sandbox-anchor';

/**
 * Starts this process's own sandbox. Its log ends at an instant that is kept in the store, so that every process, now
 * and tomorrow, serves the same conversations.
 */
export async function openBuiltInSandbox(
  store: ArtifactStore,
  limits: Readonly<Record<Family, Limit>>,
): Promise<BuiltInSandbox> {
  await store.create(anchor, new Date().toISOString());
  const until = z.iso.datetime().parse((await store.read(anchor)).toString('utf8'));
  const sandbox = await startSandbox({
    corpus: builtInCorpus(Date.parse(until)),
    limits,
    // A training outlives the process that submitted it: who polls it next finds it in the store.
    training: { state: store },
  });
  return {
    access: { baseUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
    close: () => sandbox.close(),
  };
}
