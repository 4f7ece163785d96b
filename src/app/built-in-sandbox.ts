import { z } from 'zod';
import type { ServiceAccess } from '../config/platform.ts';
import type { Family, Limit } from '../platform/endpoints.ts';
import { builtInCorpus } from '../sandbox/corpus/built-in.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import type { ArtifactStore } from '../store/artifacts/store.ts';

/** The sandbox within this process. */
export interface BuiltInSandbox {
  readonly access: ServiceAccess;
  close(): Promise<void>;
}

const anchor = 'sandbox-anchor';

/**
 * Starts this process's own sandbox. Its log ends at an instant that is stored, so that all processes, now
 * and later, serve the same conversations.
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
    // Trainings are stored, so that another process can poll them after this one has ended.
    training: { state: store },
  });
  return {
    access: { baseUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
    close: () => sandbox.close(),
  };
}
