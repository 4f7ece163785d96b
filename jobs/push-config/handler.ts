import { MlopsError } from '../../src/errors.ts';
import { type Context, handle } from '../../src/runtime/handler.ts';
import { done, type Outcome, snooze } from '../../src/runtime/outcome.ts';
import type { Edges } from '../edges.ts';
import { type PushPayload, pushConfig } from './job.ts';
import { planVersion } from './plan-version.ts';
import { auditOutcome, noteUnknown, send } from './send.ts';

/** A push that another request sent so recently may still be on its way: no request of ours lives longer. */
const onItsWayMs = 90_000;
const lookAgainMs = 1_000;

export const handler = handle<PushPayload, Edges>(pushConfig, push, async (payload, error, context) => {
  await noteUnknown(requestOf(payload), error, context);
});

/**
 * Looks at the log, does the next thing that it asks for, and looks again, until this request's push is settled: what
 * another request left unsettled comes first, so that no push overtakes one that may still reach the platform.
 */
async function push(payload: PushPayload, context: Context<Edges>): Promise<Outcome> {
  const { pushes } = context.edges;
  const request = requestOf(payload);
  for (;;) {
    const { pushes: all, length } = await pushes.read();
    const newest = all.at(-1);
    const own = all.find(each => each.request === request);
    if (newest !== undefined) await auditOutcome(newest, context);
    if (own?.state === 'applied') return done({ version: own.version, intents: own.thresholds.intents.length });
    if (own?.state === 'refused')
      throw new MlopsError(
        'PUSH_REFUSED',
        `version ${own.version} was refused by the platform, and the one before stays in force. ${own.reason}`,
      );

    if (newest?.state === 'pending' || newest?.state === 'sent' || newest?.state === 'unknown') {
      const isOnItsWay =
        newest.state === 'sent' && newest.sentBy !== request && Date.now() - Date.parse(newest.since) < onItsWayMs;
      if (isOnItsWay) {
        await context.progress({ waitingForVersion: newest.version });
        return snooze(lookAgainMs);
      }
      await send(newest, length, request, context);
      continue;
    }
    await pushes.append(length, await planVersion(payload, request, all, context.edges));
  }
}

/** What makes a push one: whatever job carries it. */
function requestOf(payload: PushPayload): string {
  return pushConfig.order(payload).id;
}
