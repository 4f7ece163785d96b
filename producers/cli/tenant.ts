import { Argument, Command } from 'commander';
import { embeddedRedisFolder, openStored, storedTenants, tenantPrefix } from '../../src/app/stored.ts';
import { accessTo, serviceNames } from '../../src/config/platform.ts';
import { MlopsError } from '../../src/errors.ts';
import type { ServiceName } from '../../src/platform/endpoints.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { adoptStore } from '../../src/store/tenant/shared-store.ts';
import { config } from './environment.ts';
import { printJson } from './json-result.ts';
import { print, table } from './terminal.ts';
import { userName } from './user-name.ts';

interface JsonOption {
  readonly json?: boolean;
}

export function tenantCommand(): Command {
  const command = new Command('tenant');
  command
    .command('list')
    .description('List the tenants that have data in this artifact store')
    .option('--json', 'Print the result as JSON')
    .action((options: JsonOption) => list(options));
  command
    .command('show')
    .description('Show the current tenant and the services it has worked with')
    .option('--json', 'Print the result as JSON')
    .action(async (options: JsonOption) => await show(options));
  command
    .command('adopt')
    .description('Continue with a service at a new address, or with another artifact store')
    .addArgument(new Argument('<what>', `a service, or "store"`).choices([...serviceNames, 'store']))
    .option('--json', 'Print the result as JSON')
    .action(async (what: string, options: JsonOption) => await adopt(what, options));
  return command;
}

function list({ json }: JsonOption): void {
  const settings = config();
  const tenants = storedTenants(settings).map(name => ({ name, isCurrent: name === settings.tenant.key }));
  if (json === true) {
    printJson({ tenants });
    return;
  }
  if (tenants.length === 0) print('no tenant has data here yet');
  for (const { name, isCurrent } of tenants) print(`${name}${isCurrent ? '  (current)' : ''}`);
}

async function show({ json }: JsonOption): Promise<void> {
  const settings = config();
  const { serviceIdentities } = openStored(settings);
  const services = await Promise.all(
    serviceNames.map(async service => {
      const access = settings.services[service];
      const recorded = await serviceIdentities.recorded(service);
      return {
        service,
        configured: 'identity' in access ? access.identity : null,
        recorded: recorded?.identity ?? null,
        since: recorded?.at ?? null,
      };
    }),
  );
  if (json === true) return printJson({ services });
  print(`tenant ${settings.tenant.key}`);
  print(
    table(
      services.map(({ service, configured, recorded }) => [
        service,
        `${configured ?? 'not configured'}${describeRecorded(configured, recorded)}`,
      ]),
    ),
  );
}

function describeRecorded(configured: string | null, recorded: string | null): string {
  if (recorded === null) return configured === null ? '' : ' (not used yet)';
  return recorded === configured ? '' : ` (has worked with ${recorded})`;
}

async function adopt(what: string, { json }: JsonOption): Promise<void> {
  const settings = config();
  const by = userName();
  const stored = openStored(settings);
  if (what === 'store') {
    const redis = await connectRedis(settings.redisUrl, embeddedRedisFolder(), tenantPrefix(settings));
    try {
      // Until then nothing can be written, not even to the audit log.
      await stored.store.establish();
      await stored.audit.append([
        {
          id: `tenant-adopt-store-${Date.now()}`,
          kind: 'action',
          what: 'tenant.adopt',
          by,
          details: { store: stored.store.place },
        },
      ]);
      await adoptStore(stored.store, redis.client, tenantPrefix(settings));
    } finally {
      await redis.close();
    }
    if (json === true) return printJson({ store: stored.store.place });
    return print(`the store at ${stored.store.place} now belongs to the tenant ${settings.tenant.key}`);
  }
  const service = serviceOf(what);
  const { identity } = accessTo(settings, service);
  await stored.audit.append([
    {
      id: `tenant-adopt-${service}-${Date.now()}`,
      kind: 'action',
      what: 'tenant.adopt',
      by,
      details: { service, identity },
    },
  ]);
  const before = await stored.serviceIdentities.adopt(service, identity, by);
  if (json === true) return printJson({ service, identity, before });
  print(
    `the tenant ${settings.tenant.key} continues with ${identity}${before === null ? '' : ` instead of ${before}`}`,
  );
}

function serviceOf(name: string): ServiceName {
  const service = serviceNames.find(each => each === name);
  if (service === undefined) throw new MlopsError('BAD_INPUT', `unknown service ${name}`);
  return service;
}
