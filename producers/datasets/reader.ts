import type { App } from '../../src/app/app.ts';
import { isCoded } from '../../src/errors.ts';
import { forbidden } from '../http/access.ts';
import { type Caller, mayUse } from '../http/guard.ts';

/**
 * Who may read a dataset's texts: operators, reviewers, and the key whose request made its first version.
 * @throws Refused 403
 */
export async function proveReader(
  { datasets, runs, requests }: Pick<App, 'datasets' | 'runs' | 'requests'>,
  caller: Caller,
  dataset: string,
): Promise<void> {
  if (caller.role === 'operator' || caller.role === 'reviewer') return;
  await datasets.version(dataset);
  const { made } = await datasets.summary(dataset, 1);
  const run = made.by === 'run' ? await runs.read(made.run).catch(nullIfExpired) : null;
  const id = run?.openedBy ?? null;
  const request = id === null ? null : await requests.find(id.slice(id.lastIndexOf('.') + 1));
  if (caller.role === 'viewer' || request === null || !mayUse(caller, request)) throw forbidden(caller);
}

/** The record of an old run expires when those of its requests do. */
function nullIfExpired(error: unknown): null {
  if (isCoded(error, 'ARTIFACT_MISSING')) return null;
  throw error;
}
