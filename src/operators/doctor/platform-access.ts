import { registry } from '../../../jobs/registry.ts';
import { openBuiltInSandbox } from '../../app/built-in-sandbox.ts';
import { openStored } from '../../app/stored.ts';
import type { Config } from '../../config/config.ts';
import { accessTo } from '../../config/platform.ts';
import { withinDeadline } from '../../deadline.ts';
import { type ServiceName, services } from '../../platform/endpoints.ts';
import { openTokens } from '../../platform/tokens.ts';
import { openTransport, type Transport } from '../../platform/transport.ts';
import { waitOutLimits } from '../../platform/wait-out-limits.ts';
import { type Check, check } from './check.ts';
import { clockCheck, watchingClock } from './clock.ts';

/** The services that the queues call. */
const used = new Set(registry.flatMap(({ calls }) => calls.flatMap(({ service }) => service ?? [])));

/** Credentials and scopes of each service, and its clock. */
export async function examineServices(settings: Config): Promise<Check[]> {
  return (await Promise.all([...used].map(name => examineService(settings, name)))).flat();
}

async function examineService(settings: Config, name: ServiceName): Promise<Check[]> {
  const what = `service ${name}`;
  const access = settings.services[name];
  if (settings.tenant.kind === 'platform' && 'missing' in access)
    return [{ state: 'warn', what, detail: `not configured; to use it set ${access.missing.join(' and ')}` }];
  const { transport, skews } = watchingClock(openTransport());
  const signedIn = await check(what, () => signIn(settings, name, transport));
  const [skew] = skews;
  return skew === undefined ? [signedIn] : [signedIn, clockCheck(name, skew)];
}

/** Checks credentials and scopes by requesting a token. */
async function signIn(settings: Config, name: ServiceName, transport: Transport): Promise<string> {
  const isSandbox = settings.tenant.kind === 'sandbox';
  const own = isSandbox ? await openBuiltInSandbox(openStored(settings).store, settings.limits) : null;
  try {
    const tokens = openTokens(transport, service => own?.access ?? accessTo(settings, service));
    await withinDeadline(60_000, null, signal => waitOutLimits(() => tokens.token(name), signal));
    return `credentials and scopes are valid: ${services[name].scopes.join(' ')}`;
  } finally {
    transport.close();
    await own?.close();
  }
}
