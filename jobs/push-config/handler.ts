import { isSettled, type Push } from '../../src/domain/push/push.ts';
import { MlopsError } from '../../src/errors.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { cancel, done, snooze } from '../../src/runtime/outcome.ts';
import { causeOf, notify } from '../notify.ts';
import { isCancelled, requestIdOf } from './cancellation.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { pushRefused } from './errors.ts';
import { type PushPayload, pushConfig } from './job.ts';
import { planVersion } from './plan-version.ts';
import { auditOutcome, noteFailure, send, withdraw } from './send.ts';

/** How long a request with unknown outcome may still arrive at the platform. */
const onItsWayMs = 90_000;
const lookAgainMs = 1_000;

export const handler: Handler<Needs> = handle(pushConfig, push, async (payload, error, context) => {
  const request = requestOf(payload);
  await noteFailure(request, error, context);
  await notifyRefused(payload, request, error, context);
});

/**
 * Does the next step by the log, again and again, until this request's push is settled. A push that another request left
 * unsettled comes first, so that no push overtakes one that may still reach the platform.
 */
async function push(payload: PushPayload, context: Context): Promise<Outcome> {
  const { pushes, cancellations } = context.resources;
  const request = requestOf(payload);
  for (;;) {
    const { pushes: all, length } = await pushes.read();
    const newest = all.at(-1);
    const own = all.find(each => each.request === request);
    if (newest !== undefined) await auditOutcome(newest, context);
    if (own?.state === 'applied') return done({ version: own.version, intents: own.thresholds.intents.length });
    if (own?.state === 'refused') throw refusal(own);
    if (own?.state === 'withdrawn') return cancel(`version ${own.version} was withdrawn before it was sent`);

    if (newest?.state === 'pending' && (await isCancelled(newest, context.resources))) {
      await withdraw(newest, length, context);
      continue;
    }
    if (newest !== undefined && !isSettled(newest)) {
      const isOnItsWay = newest.state === 'sent' && newest.sentBy !== request;
      if (isOnItsWay && !(await isPast(newest.version, newest.since, context))) return snooze(lookAgainMs);
      await send(newest, length, request, context);
      continue;
    }
    const isOpen = newest !== undefined && newest.openSince !== null;
    if (isOpen && !(await isPast(newest.version, newest.openSince, context))) return snooze(lookAgainMs);
    await cancellations.proveWanted(requestIdOf(payload));
    await pushes.append(length, await planVersion(payload, request, all, context));
  }
}

/**
 * Whether a request sent at `instant` can no longer reach the platform. The instant is by another host's clock: if that is
 * ahead of ours, our first check counts instead.
 */
async function isPast(version: number, instant: string, context: Context): Promise<boolean> {
  const before = context.lastProgress;
  const looked = before?.waitingForVersion === version ? before.waitingSince : Date.now();
  const since = Math.min(looked, Date.parse(instant));
  if (Date.now() - since >= onItsWayMs) return true;
  await context.progress({ waitingForVersion: version, waitingSince: since });
  return false;
}

function refusal({ version, timesSent, reason }: Push): MlopsError {
  const what = timesSent === 0 ? 'was never sent' : 'was refused by the platform';
  return new MlopsError(pushRefused, `version ${version} ${what}. ${reason}`);
}

/** Refused by the platform or by our own rules, or never answered: the requested thresholds are not in force. */
async function notifyRefused(
  payload: PushPayload,
  request: string,
  error: MlopsError,
  { resources }: Context,
): Promise<void> {
  const source = payload.kind === 'tuning' ? { tuning: payload.tuning } : { rollbackTo: payload.version };
  const subject = { request, ...source };
  await notify({ id: `push-refused.${request}`, type: 'push.refused', subject, ...causeOf(error) }, resources);
}

/** Identifies a push, whichever job carries it. */
function requestOf(payload: PushPayload): string {
  return pushConfig.spec(payload).id;
}
