import { auditIdOf, isSettled, type Push, type PushEvent } from '../../src/domain/push/push.ts';
import type { Thresholds } from '../../src/domain/push/thresholds.ts';
import { type NlpConfig, putNlpConfig } from '../../src/edges/cxone/endpoints.ts';
import { isCoded, type MlopsError } from '../../src/errors.ts';
import type { Context } from '../../src/runtime/handler.ts';
import type { Edges } from '../edges.ts';

type Verdict = Extract<PushEvent, { kind: 'applied' | 'refused' | 'unknown' }>;

/** Another writer was first: what is in the log now decides, not what was meant to be sent. */
class Overtaken extends Error {}

/**
 * Sends `push`, the newest of a log of `length` entries, and notes the platform's verdict. The sending is claimed in the
 * log as the last thing before it leaves: where the log has moved on nothing is sent, and nothing noted.
 * @throws what may be tried again: then the push stays as it is
 */
export async function send(push: Push, length: number, request: string, context: Context<Edges>): Promise<void> {
  const { pushes, cxone, audit } = context.edges;
  await audit.intent({
    ...{ id: auditIdOf(push), what: 'config.push', by: push.by },
    details: {
      version: push.version,
      ...sourceOf(push),
      global: push.thresholds.global,
      intents: push.thresholds.intents.length,
    },
  });
  let claimed = length;
  const claim = async (): Promise<void> => {
    const entry = await pushes.append(claimed, { kind: 'sent', version: push.version, at: now(), request });
    if (entry === null) throw new Overtaken();
    claimed = entry.number;
  };
  const verdict = await cxone
    .ask(putNlpConfig, { body: configOf(push.thresholds), lastLook: claim }, context.signal)
    .then(
      (): Verdict => ({ kind: 'applied', version: push.version, at: now() }),
      (error: unknown) => refusalOf(push, error),
    );
  if (verdict === null) return;
  if ((await pushes.append(claimed, verdict)) !== null)
    context.logger.info({ version: push.version }, `push ${verdict.kind}`);
}

/** The verdict that an error is; `null` where nothing was sent. @throws what is none */
function refusalOf(push: Push, error: unknown): Verdict | null {
  if (error instanceof Overtaken) return null;
  if (!isCoded(error)) throw error;
  const isAboutContent = isCoded(error, 'PLATFORM_REFUSED', 'PLATFORM_NOT_FOUND');
  const isAboutUs = isCoded(error, 'CREDENTIALS_REFUSED', 'SCOPE_MISSING');
  // An earlier sending of the same, whose answer was lost, may have been taken.
  const wasSentBefore = push.timesSent > 0;
  if (!isAboutContent && (!isAboutUs || wasSentBefore)) throw error;
  const { code, message } = error;
  return { kind: 'refused', version: push.version, at: now(), code, message };
}

/** The push of `request`, or the one that it could not settle, was sent, and its tries are used up: nobody knows. */
export async function noteUnknown(
  request: string,
  error: MlopsError,
  { edges }: Pick<Context<Edges>, 'edges'>,
): Promise<void> {
  const { pushes: all, length } = await edges.pushes.read();
  const newest = all.at(-1);
  if (newest?.state !== 'sent' || newest.sentBy !== request) return;
  const { code, message } = error;
  await edges.pushes.append(length, { kind: 'unknown', version: newest.version, at: now(), code, message });
}

/** Sees to it that the audit log holds what became of a settled push, whoever settled it. */
export async function auditOutcome(push: Push, { edges }: Pick<Context<Edges>, 'edges'>): Promise<void> {
  if (!isSettled(push)) return;
  await edges.audit.outcome({
    ...{ id: auditIdOf(push), what: 'config.push', by: push.by },
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

/** As the platform takes it. */
function configOf({ global, intents }: Thresholds): NlpConfig {
  return {
    defaultConfidenceThreshold: global,
    intentThresholds: intents.map(({ intentId, threshold }) => ({ intentId, confidenceThreshold: threshold })),
  };
}

const now = () => new Date().toISOString();
