import { Command } from 'commander';
import { accessTo, type Config } from '../../src/config.ts';
import { listInteractions, putNlpConfig, services, submitTraining } from '../../src/edges/cxone/endpoints.ts';
import { openTokens } from '../../src/edges/cxone/tokens.ts';
import { openTransport } from '../../src/edges/cxone/transport.ts';
import { hashModel } from '../../src/edges/embedder/embedder.ts';
import { vendoredModel } from '../../src/edges/embedder/model.ts';
import { connectRedis } from '../../src/edges/redis/connect.ts';
import { isCoded } from '../../src/errors.ts';
import { proveWritable } from '../../src/operators/readiness.ts';
import { redisFindings } from '../../src/operators/redis-findings.ts';
import { embeddedRedisFolder, openStored } from '../house.ts';
import { openOwnTenant } from '../own-tenant.ts';
import { config } from './environment.ts';
import { exitCodes } from './exit.ts';
import { patiently } from './patience.ts';
import { grid, print, printJson } from './terminal.ts';

/** One thing looked at, how it is, and what to mend. */
interface Check {
  /** `off`: not set up, which is fine for whoever does not use it. */
  readonly state: 'ok' | 'bad' | 'off';
  readonly what: string;
  readonly detail: string;
}

/** The services that the queues there are ask. */
const used = [listInteractions.service, putNlpConfig.service, submitTraining.service];

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything the system stands on, and say what to mend; exits 1 when something is bad')
    .option('--json', 'print the checks as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await examine(config());
      if (json === true) printJson({ checks });
      else
        print(
          grid(
            ['', 'what', 'detail'],
            checks.map(({ state, what, detail }) => [state, what, detail]),
          ),
        );
      if (checks.some(check => check.state === 'bad')) process.exitCode = exitCodes.failed;
    });
}

/** Each thing is looked at by itself, so that one that is broken hides no other. */
async function examine(settings: Config): Promise<Check[]> {
  const { tenant, modelPath } = settings;
  const { store } = openStored(settings);
  return [
    {
      state: 'ok',
      what: 'tenant',
      detail: tenant.kind === 'sandbox' ? 'sandbox: no service is configured' : tenant.key,
    },
    ...(await examineRedis(settings)),
    await check('artifact store', async () => {
      await proveWritable(store);
      return store.place;
    }),
    await check('model', async () => (await hashModel(modelPath ?? vendoredModel())).slice(0, 16)),
    ...(await Promise.all(used.map(name => examineService(settings, name)))),
  ];
}

async function examineRedis({ redisUrl }: Config): Promise<Check[]> {
  try {
    const redis = await connectRedis(redisUrl, embeddedRedisFolder());
    const findings = await redisFindings(redis.client);
    await redis.close();
    return findings.map(({ what, problem, detail }) => ({ state: problem ? 'bad' : 'ok', what, detail }));
  } catch (error) {
    return [{ state: 'bad', what: 'Redis', detail: describe(error) }];
  }
}

async function examineService(settings: Config, name: (typeof used)[number]): Promise<Check> {
  const what = `service ${name}`;
  const access = settings.services[name];
  if (settings.tenant.kind === 'platform' && 'missing' in access)
    return { state: 'off', what, detail: `not configured; to use it set ${access.missing.join(' and ')}` };
  return await check(what, () => signIn(settings, name));
}

/** Proves credentials and scopes by asking for a token. */
async function signIn(settings: Config, name: (typeof used)[number]): Promise<string> {
  const isSandbox = settings.tenant.kind === 'sandbox';
  const own = isSandbox ? await openOwnTenant(openStored(settings).store, settings.limits) : null;
  const transport = openTransport();
  try {
    const tokens = openTokens(transport, service => own?.access ?? accessTo(settings, service));
    await patiently(() => tokens.token(name), AbortSignal.timeout(60_000));
    return `credentials and scopes are good: ${services[name].scopes.join(' ')}`;
  } finally {
    transport.close();
    await own?.close();
  }
}

async function check(what: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { state: 'ok', what, detail: await look() };
  } catch (error) {
    return { state: 'bad', what, detail: describe(error) };
  }
}

function describe(error: unknown): string {
  if (isCoded(error)) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message.slice(0, 200) : 'failed';
}
