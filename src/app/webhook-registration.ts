import type { Registration, RegistrationEvent } from '../domain/sentiment/webhook-registration.ts';
import { isCoded, MlopsError, NotNow } from '../errors.ts';
import type { Cxone } from '../platform/client.ts';
import { registerWebhook, webhookEvents } from '../platform/endpoints.ts';
import { waitOutLimits } from '../platform/wait-out-limits.ts';
import type { Audit } from '../store/audit/audit.ts';
import type { Registrations } from '../store/webhooks/registrations.ts';

/** What a registration uses. */
export interface RegistrationPlace {
  readonly registrations: Registrations;
  readonly audit: Audit;
  readonly cxone: Cxone;
}

export interface RegistrationRequest {
  readonly url: string;
  /** Signs the events; never stored. */
  readonly secret: string;
  readonly by: string;
  /** What to do where the outcome of an earlier registration is unknown. `attach`: it exists, under this id. */
  readonly recovery: 'none' | 'resubmit' | { readonly attach: string };
}

/** No request of ours is under way for longer. */
const onItsWayMs = 90_000;
/** Statuses that mean: not accepted. */
const notAccepted: readonly number[] = [500, 503];

/**
 * Registers a webhook at the platform, at most once: a registration whose answer is lost is not repeated until the user
 * says so.
 * @returns the registration, and whether it existed already
 * @throws MlopsError WEBHOOK_UNCERTAIN; the errors of the platform
 */
export async function registerOnce(
  place: RegistrationPlace,
  request: RegistrationRequest,
  signal: AbortSignal,
): Promise<{ readonly registration: Registration; readonly existed: boolean }> {
  return await waitOutLimits(() => register(place, request, signal), signal);
}

async function register(place: RegistrationPlace, request: RegistrationRequest, signal: AbortSignal) {
  const { registrations } = place;
  const { url, by, recovery } = request;
  const { registration: before, length } = await find(registrations, url);
  if (before?.state === 'registered') return { registration: before, existed: true };
  const isUncertain = before !== null && (before.state === 'registering' || before.state === 'unknown');
  if (isUncertain && typeof recovery === 'object') {
    await registrations.append(length, { kind: 'registered', url, at: now(), id: recovery.attach });
    return { registration: await auditOutcome(url, place), existed: false };
  }
  const mayArrive = before?.state === 'registering' && Date.now() - Date.parse(before.since) < onItsWayMs;
  if (isUncertain && (recovery === 'none' || mayArrive)) throw uncertain(before, mayArrive);

  let claimed: number | null = null;
  const beforeSend = async (): Promise<void> => {
    const entry = await registrations.append(claimed ?? length, { kind: 'registering', url, at: now(), by });
    if (entry === null)
      throw new MlopsError('STORE_CONTENDED', `${hostOf(url)} is being registered by another command`);
    claimed = entry.number;
    const id = `webhook-register-${entry.number}`;
    await place.audit.intent({ id, what: 'webhook.register', by, details: { url } });
  };
  const body = { url, events: [...webhookEvents], secret: request.secret, active: true };
  const event = await place.cxone
    .ask(registerWebhook, { body, beforeSend, once: true, confidential: request.secret }, signal)
    .then(
      ({ answer }): RegistrationEvent => ({ kind: 'registered', url, at: now(), id: answer.id ?? null }),
      async (error: unknown): Promise<never> => {
        if (claimed !== null) await registrations.append(claimed, verdictOf(url, error));
        if (claimed !== null) await auditOutcome(url, place);
        throw claimed !== null && isUncertainAfter(error)
          ? uncertain((await find(registrations, url)).registration)
          : error;
      },
    );
  await registrations.append(claimed ?? length, event);
  return { registration: await auditOutcome(url, place), existed: false };
}

/**
 * Forgets a webhook: its events are refused from now on. The platform keeps it, and goes on sending.
 * @throws MlopsError BAD_INPUT if it is not registered
 */
export async function removeRegistration(
  { registrations, audit }: Omit<RegistrationPlace, 'cxone'>,
  url: string,
  by: string,
): Promise<void> {
  for (;;) {
    const { registration, length } = await find(registrations, url);
    if (registration === null || registration.state === 'removed')
      throw new MlopsError('BAD_INPUT', 'this URL is not registered. List the webhooks with `webhook list`', {
        where: 'URL',
      });
    const entry = await registrations.append(length, { kind: 'removed', url, at: now(), by });
    if (entry === null) continue;
    await audit.append([
      { id: `webhook-remove-${entry.number}`, kind: 'action', what: 'webhook.remove', by, details: { url } },
    ]);
    return;
  }
}

async function find(registrations: Registrations, url: string) {
  const { registrations: all, length } = await registrations.read();
  return { registration: all.find(each => each.url === url) ?? null, length };
}

function isUncertainAfter(error: unknown): boolean {
  return verdictOf('', error).kind === 'unknown';
}

/** What an error of a request that left means. */
function verdictOf(url: string, error: unknown): RegistrationEvent {
  const at = now();
  if (error instanceof NotNow)
    return { kind: 'not-registered', url, at, reason: { code: 'NOT_NOW', message: 'the platform answered 429' } };
  const reason = isCoded(error)
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: 'the command failed during the registration' };
  const isRejected = isCoded(
    error,
    'PLATFORM_UNREACHABLE',
    'CREDENTIALS_REFUSED',
    'SCOPE_MISSING',
    'PLATFORM_REFUSED',
    'PLATFORM_NOT_FOUND',
  );
  const isNotAccepted = isCoded(error) && error.status !== undefined && notAccepted.includes(error.status);
  return { kind: isRejected || isNotAccepted ? 'not-registered' : 'unknown', url, at, reason };
}

/** Records the outcome of the registration in the audit log, unless it is unknown. */
async function auditOutcome(url: string, { registrations, audit }: RegistrationPlace): Promise<Registration> {
  const { registration } = await find(registrations, url);
  if (registration === null) throw new MlopsError('INTERNAL', 'the registration is missing from its log');
  const { state, by, number, id } = registration;
  if (state === 'registered' || state === 'not-registered')
    await audit.outcome({
      id: `webhook-register-${number}`,
      what: 'webhook.register',
      by,
      details: { url, state, ...(id === null ? {} : { webhookId: id }) },
    });
  return registration;
}

function uncertain(registration: Registration | null, mayArrive = false): MlopsError {
  const host = registration === null ? 'the webhook' : `the webhook at ${hostOf(registration.url)}`;
  return new MlopsError(
    'WEBHOOK_UNCERTAIN',
    mayArrive
      ? `${host} is being registered by another command, or that command has just ended without an answer. Try again in 90 s`
      : `it is unknown whether ${host} was registered: the answer was lost. Look for it on the platform: if it is there, give its id with --attach; otherwise register it again with --resubmit`,
  );
}

const hostOf = (url: string) => new URL(url).host;
const now = () => new Date().toISOString();
