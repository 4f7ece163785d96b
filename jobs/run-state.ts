import { closeIfUnwanted } from '../src/edges/runs/close-unwanted.ts';
import type { MlopsError } from '../src/errors.ts';
import type { Context } from '../src/runtime/handler.ts';
import type { Edges } from './edges.ts';

/** Errors after which a run cannot be taken up again: the next request opens a new one. */
const closing: readonly string[] = ['WINDOW_UNSTABLE', 'TOO_MANY_REJECTS', 'ARTIFACT_DAMAGED'];

/** A job that fails for good marks its run as failed, with the cause, so that whoever waits for it learns of it. */
export async function noteFailure(
  run: string,
  error: MlopsError,
  { edges, jobId }: Pick<Context<Edges>, 'edges' | 'jobId'>,
): Promise<void> {
  const { code, message } = error;
  await edges.runs.note(
    run,
    closing.includes(code) ? { kind: 'closed', code, message } : { kind: 'failed', code, message, job: jobId },
  );
}

/**
 * Whether the run was committed or closed, so that nothing is left to do for it; one that nobody wants any more is closed
 * here. Asked before every effect.
 */
export function isOver(run: string, edges: Pick<Edges, 'runs' | 'cancellations'>): Promise<boolean> {
  return closeIfUnwanted(run, edges);
}
