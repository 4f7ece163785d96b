import { auditIdOf, isSettled, type Push, type PushEvent } from '../../src/domain/push/push.ts';
import { isCoded, type MlopsError, NotNow } from '../../src/errors.ts';
import { putNlpConfig } from '../../src/platform/endpoints.ts';
import { bodyOf, provenThresholds } from './body.ts';
import { isCancelled } from './cancellation.ts';
import type { Context } from './context.ts';

/** Another writer was first: the log now decides, not the push that was to be sent. */
class Overtaken extends Error {}

/** The longest time from the claim to the request; after it the push is claimed again. */
const mostMs = 5_000;

/**
 * Sends `push`, the newest of a log of `length` entries, and records the platform's verdict. The request is claimed in the
 * log as the last step before it is sent: if the log has changed, nothing is sent or recorded.
 * @throws retryable errors: then the push stays unsettled
 */
export async function send(push: Push, length: number, request: string, context: Context): Promise<void> {
  const { pushes, cxone } = context.resources;
  const { version } = push;
  const body = bodyOf(provenThresholds(push));
  await auditIntent(push, context);
  let claimed = length;
  const note = async (event: PushEvent): Promise<boolean> => {
    const entry = await pushes.append(claimed, event);
    claimed = entry?.number ?? claimed;
    return entry !== null;
  };
  const claim = async (): Promise<void> => {
    if (await isCancelled(push, context.resources)) throw new Overtaken();
    // The token had become invalid: the platform did not read the body.
    if (claimed > length)
      await note({ kind: 'ended', version, at: now(), code: 'CREDENTIALS_REFUSED', message: 'answered 401' });
    let began: number;
    do {
      began = performance.now();
      if (!(await note({ kind: 'sent', version, at: now(), request }))) throw new Overtaken();
    } while (performance.now() - began > mostMs);
  };
  try {
    await cxone.ask(putNlpConfig, { body, beforeSend: claim }, context.signal);
  } catch (error) {
    if (error instanceof Overtaken) return;
    const verdict = refusalOf(push, error);
    if (verdict === null && claimed > length && hasEnded(error))
      await note({ kind: 'ended', version, at: now(), ...reasonOf(error) });
    if (verdict === null) throw error;
    await note(verdict);
    return;
  }
  if (await note({ kind: 'applied', version, at: now() })) context.logger.info({ version }, 'push applied');
  else await sendAgainWhatCameAfter(push, request, context);
}

/**
 * This request was considered lost, and others followed; if it reached the platform only now, it undid them. The last push
 * is sent again, so that it is in force.
 */
async function sendAgainWhatCameAfter(push: Push, request: string, context: Context): Promise<void> {
  const { pushes: all, length } = await context.resources.pushes.read();
  const later = all.findLast(
    each => each.version > push.version && each.state !== 'refused' && each.state !== 'withdrawn',
  );
  if (later === undefined) return;
  context.logger.warn(
    { version: push.version, again: later.version },
    'a push was answered late: sending the last one again',
  );
  await send(later, length, request, context);
}

/** The verdict for this error, or `null` if it is not one of ours. */
function refusalOf(push: Push, error: unknown): PushEvent | null {
  if (!isCoded(error)) return null;
  const isAboutContent = isCoded(error, 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND');
  const isAboutUs = isCoded(error, 'CREDENTIALS_REFUSED', 'SCOPE_MISSING');
  // An earlier request for the same push, whose answer was lost, may have been accepted.
  const wasSentBefore = push.timesSent > 0;
  if (!isAboutContent && (!isAboutUs || wasSentBefore)) return null;
  const { code, message } = error;
  const caveat = wasSentBefore
    ? '. The answer to an earlier request was lost: if that push is in force, roll back to another version'
    : '';
  return { kind: 'refused', version: push.version, at: now(), code, message: message + caveat };
}

/** Whether the request that failed with `error` can have no further effect. */
function hasEnded(error: unknown): boolean {
  return error instanceof NotNow || (isCoded(error) && !isCoded(error, 'PLATFORM_SILENT', 'ABORTED', 'TIMED_OUT'));
}

function reasonOf(error: unknown): { readonly code: string; readonly message: string } {
  if (isCoded(error)) return { code: error.code, message: error.message };
  return { code: 'NOT_NOW', message: 'answered 429' };
}

/**
 * The attempts of `request` are used up. The outcome of the last push that it sent, its own or the one before, is unknown;
 * its own push, if never sent, must not be sent by a later request, long after it was reported as failed.
 */
export async function noteFailure(
  request: string,
  error: MlopsError,
  context: Pick<Context, 'resources'>,
): Promise<void> {
  const { pushes } = context.resources;
  const { pushes: all, length } = await pushes.read();
  const newest = all.at(-1);
  if (newest === undefined) return;
  const { code, message } = error;
  const failed = { version: newest.version, at: now(), code, message };
  const isOurs = newest.request === request || newest.sentBy === request;
  if (isSettled(newest) || newest.state === 'unknown' || !isOurs) return;
  if (newest.timesSent > 0) {
    await pushes.append(length, { kind: 'unknown', ...failed });
    return;
  }
  await pushes.append(length, { kind: 'refused', ...failed });
  const settled = (await pushes.read()).pushes.find(each => each.version === newest.version);
  if (settled !== undefined) await auditOutcome(settled, context);
}

/** The push was cancelled before it was sent, and never will be. If the log has changed, nothing is recorded. */
export async function withdraw(push: Push, length: number, context: Context): Promise<void> {
  await auditIntent(push, context);
  await context.resources.pushes.append(length, { kind: 'withdrawn', version: push.version, at: now() });
}

/** Written to the audit log before anything is sent. */
async function auditIntent(push: Push, { resources }: Pick<Context, 'resources'>): Promise<void> {
  await resources.audit.intent({
    id: auditIdOf(push),
    what: 'config.push',
    by: push.by,
    details: {
      version: push.version,
      ...sourceOf(push),
      global: push.thresholds.global,
      intents: push.thresholds.intents.length,
      sha256: push.sha256,
    },
  });
}

/** Ensures that the audit log has the outcome of a settled push, whichever job settled it. */
export async function auditOutcome(push: Push, context: Pick<Context, 'resources'>): Promise<void> {
  if (!isSettled(push)) return;
  // A push that was never sent has no outcome yet.
  await auditIntent(push, context);
  await context.resources.audit.outcome({
    id: auditIdOf(push),
    what: 'config.push',
    by: push.by,
    details: {
      version: push.version,
      ...sourceOf(push),
      state: push.state,
      ...(push.reason === null ? {} : { reason: push.reason }),
    },
  });
}

function sourceOf({ source }: Push): { tuning: string } | { rollbackTo: number } {
  return source.kind === 'tuning' ? { tuning: source.tuning } : { rollbackTo: source.version };
}

const now = () => new Date().toISOString();
