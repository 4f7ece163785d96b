import { Command } from 'commander';
import { accessTo, type Config } from '../../src/config.ts';
import { type ServiceName, services } from '../../src/edges/cxone/endpoints.ts';
import { isCoded } from '../../src/errors.ts';
import { proveWritable } from '../../src/operators/readiness.ts';
import { redisFindings } from '../../src/operators/redis-findings.ts';
import type { House } from '../house.ts';
import { withHouse } from './environment.ts';
import { exitCodes } from './exit.ts';
import { patiently } from './patience.ts';
import { grid, print, printJson } from './terminal.ts';

/** One thing looked at, how it is, and what to mend. */
interface Check {
  readonly what: string;
  readonly state: 'ok' | 'bad' | 'not set';
  readonly detail: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything the system stands on, and say what to mend; exits 1 when something is bad')
    .option('--json', 'print the checks as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await withHouse('silent', examine);
      if (json === true) printJson(checks);
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

async function examine(house: House): Promise<Check[]> {
  const { config, redis, store } = house;
  const names = Object.values(services).map(service => service.name);
  const fixed: Check[] = [
    {
      what: 'tenant',
      state: 'ok',
      detail: config.tenant.kind === 'sandbox' ? 'sandbox: no service is configured' : config.tenant.key,
    },
    ...(await redisFindings(redis.client)).map(
      ({ what, problem, detail }): Check => ({ what, state: problem ? 'bad' : 'ok', detail }),
    ),
    await check('artifact store', async () => {
      await proveWritable(store);
      return store.place;
    }),
    await check('model', async () => (await house.edges()).embedder.modelHash.slice(0, 16)),
  ];
  const remote =
    config.tenant.kind === 'sandbox'
      ? [await checkService(house, 'interactions')]
      : await Promise.all(names.map(name => checkService(house, name)));
  return [...fixed, ...remote];
}

/** A service that is not configured at all is nothing bad: not every flow is used everywhere. */
async function checkService(house: House, name: ServiceName): Promise<Check> {
  const what = `service ${name}`;
  if (house.config.tenant.kind === 'platform' && !isConfigured(house.config, name)) {
    return await check(what, async () => accessTo(house.config, name).baseUrl, 'not set');
  }
  return await check(what, async () => {
    const { cxone } = await house.edges();
    await patiently(() => cxone.signIn(name), AbortSignal.timeout(60_000));
    return `credentials and scopes are good: ${services[name].scopes.join(' ')}`;
  });
}

function isConfigured(config: Config, name: ServiceName): boolean {
  return 'baseUrl' in config.services[name];
}

async function check(what: string, look: () => Promise<string>, otherwise: 'bad' | 'not set' = 'bad'): Promise<Check> {
  try {
    return { what, state: 'ok', detail: await look() };
  } catch (error) {
    return {
      what,
      state: otherwise,
      detail: isCoded(error) ? `${error.code}: ${error.message}` : error instanceof Error ? error.name : 'failed',
    };
  }
}
