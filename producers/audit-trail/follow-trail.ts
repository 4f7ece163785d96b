import { setTimeout as pause } from 'node:timers/promises';
import { isCoded, MlopsError } from '../../src/errors.ts';
import type { Cxone } from '../../src/platform/client.ts';
import { auditTrailQuery, readAuditTrail } from '../../src/platform/endpoints.ts';
import { waitOutLimits } from '../../src/platform/wait-out-limits.ts';
import type { TrailEvent } from '../../src/store/audit-trail/trail-file.ts';

/** Where pages go. */
export interface TrailSink {
  /** Where to begin, and which cursors were seen before. */
  readonly reached: { readonly pages: number; readonly next: string | null };
  readonly cursors: ReadonlySet<string>;
  add(events: readonly TrailEvent[], next: string | null): Promise<void>;
}

const mostTries = 6;
const firstWaitMs = 1_000;

/**
 * Adds the pages of the platform's audit trail to `sink`, from where it is to the end. An empty page that names a next one
 * is followed.
 * @throws MlopsError AUDIT_TRAIL_LOOPS if a cursor repeats; the errors of the platform, and of the sink
 */
export async function followTrail(
  { ask }: Pick<Cxone, 'ask'>,
  sink: TrailSink,
  signal: AbortSignal,
  waitMs = firstWaitMs,
): Promise<void> {
  for (let isFirst = true; isFirst || sink.reached.next !== null; isFirst = false) {
    const { pages, next: cursor } = sink.reached;
    const request = { query: auditTrailQuery(cursor) };
    const { answer } = await retried(async () => await ask(readAuditTrail, request, signal), signal, waitMs).catch(
      (error: unknown) => {
        throw isFirst && pages > 0 ? aboutResuming(error, pages) : error;
      },
    );
    const next = answer.next_cursor;
    if (next !== null && (next === cursor || sink.cursors.has(next)))
      throw new MlopsError(
        'AUDIT_TRAIL_LOOPS',
        `page ${pages + 1} of the platform’s audit trail names a cursor that an earlier page named`,
      );
    await sink.add(answer.items, next);
  }
}

/** Waits as limits require, and tries again what may succeed later. */
async function retried<Result>(task: () => Promise<Result>, signal: AbortSignal, firstMs: number): Promise<Result> {
  for (let tries = 1, waitMs = firstMs; ; tries += 1, waitMs *= 2) {
    try {
      return await waitOutLimits(task, signal);
    } catch (error) {
      const isRetryable = isCoded(error, 'PLATFORM_UNAVAILABLE', 'PLATFORM_SILENT', 'PLATFORM_UNREACHABLE');
      if (!isRetryable || tries === mostTries) throw error;
      await pause(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function aboutResuming(error: unknown, pages: number): unknown {
  if (!isCoded(error, 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND')) return error;
  const about = `The interrupted export was continued after page ${pages}: if its cursor has expired, use --restart`;
  return new MlopsError(error.entry, `${error.message}. ${about}`, { where: error.where, status: error.status });
}
